#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Signatures: what btfpack signs, minisign verifies; what a host trusts is installed, the rest is
# not, and nothing is written for it.

bats_require_minimum_version 1.5.0
load helpers
load installed

setup_file() {
	make_payloads
	local name
	for name in vendor other; do
		minisign -G -W -p $name.pub -s $name.key >/dev/null
	done
	for name in v1 v2; do
		"$BTFPACK" sign --sign vendor.key --epoch "${name#v}0" $name.payload
	done
	cp v2.payload of-other.payload
	"$BTFPACK" sign --sign other.key --epoch 20 of-other.payload
	cp v2.payload unsigned.payload
	cp v2.payload v2-again.payload
	"$BTFPACK" sign --sign vendor.key --epoch 21 v2-again.payload
}

setup() {
	use_payloads
	keys=$BATS_FILE_TMPDIR
	mkdir -p root/etc/btferry/trusted.d root/lib/modules/$old
	cp "$BATS_FILE_TMPDIR"/*.payload* .
}

trust() { cp "$keys/$1.pub" root/etc/btferry/trusted.d; }
policy() { printf '[trust]\npolicy = %s\n' "$1" >root/etc/btferry/btferry.conf; }
install_signed() { # NAME OPTION...
	"$BTFERRY" install --root root --payload "$1.payload" --kernel $old "${@:2}"
}

# An install that is refused: exit 5, a reason, and not one byte of the state changed.
refused() { # REASON NAME OPTION...
	local reason=$1
	shift
	snapshot >before
	run --separate-stderr -5 install_signed "$@"
	[[ $stderr = *"$reason"* ]] || { echo "$stderr"; return 1; }
	snapshot | diff before -
}

@test "minisign verifies what btfpack signed, and shows what it is" {
	run -0 minisign -V -p "$keys/vendor.pub" -m v1.payload
	[[ $output = *'"app":"proctrace","arch":["any"],"epoch":10,"payload":1,"version":"1.0"'* ]]
	run -1 minisign -V -p "$keys/other.pub" -m v1.payload
}

@test "a .run carries the payload's signature, and has one of its own beside it" {
	export SOURCE_DATE_EPOCH=1764000000
	"$BTFPACK" build -q --sign "$keys/vendor.key" -a "$BATS_FILE_TMPDIR/one" -o app.run \
		"$B/bpf/proctrace.ini"
	run -0 minisign -V -p "$keys/vendor.pub" -m app.run
	[[ $output = *'"epoch":1764000000,"run":1'* ]]
	objcopy -O binary --dump-section .btferry.payload=inside \
		--dump-section .btferry.minisig=inside.minisig app.run /dev/null
	minisign -V -p "$keys/vendor.pub" -m inside
	# Built without the key and signed later, it is the same file.
	"$BTFPACK" build -q -a "$BATS_FILE_TMPDIR/one" -o later.run "$B/bpf/proctrace.ini"
	"$BTFPACK" sign --sign "$keys/vendor.key" later.run
	cmp app.run later.run
	cmp app.run.minisig later.run.minisig
	run -2 "$BTFPACK" sign --sign "$keys/vendor.key" later.run
	[[ $output = *"later.run: is signed already"* ]]
	# strip(1) takes neither away.
	strip -o stripped.run app.run
	policy require
	trust vendor
	./stripped.run verify --root root | grep -q 'signature: good'
	./stripped.run install --root root --kernel $old
}

@test "a key with a password" {
	printf 'secret\nsecret\n' | minisign -G -p locked.pub -s locked.key >/dev/null
	echo secret >password
	"$BTFPACK" sign --sign locked.key --password-file password unsigned.payload
	minisign -V -p locked.pub -m unsigned.payload
	echo guess >password
	run -4 "$BTFPACK" sign --sign locked.key --password-file password v1.payload
	[[ $output = *"locked.key: the password is wrong" ]]
	run -4 setsid -w "$BTFPACK" sign --sign locked.key v1.payload </dev/null
	[[ $output = *"there is no terminal to ask for it: name a file that holds it with "* ]]
	run -5 "$BTFPACK" sign --sign "$keys/vendor.pub" v1.payload
	[[ $output = *"vendor.pub: is no secret key of minisign" ]]
	run -2 "$BTFPACK" sign --sign locked.key --epoch 0 v1.payload
}

@test "an unsigned build takes the signature of the one before away" {
	"$BTFPACK" build -q --sign "$keys/vendor.key" -a "$BATS_FILE_TMPDIR/one" -o a.payload \
		"$B/bpf/proctrace.ini"
	[ -e a.payload.minisig ]
	run -0 "$BTFPACK" build -a "$BATS_FILE_TMPDIR/one" -o a.payload "$B/bpf/proctrace.ini"
	[[ $output = *"a.payload.minisig: was the signature of what was here before, and is removed"* ]]
	[ ! -e a.payload.minisig ]
}

@test "shards are signed when they are merged" {
	for i in 1 2; do
		"$BTFPACK" build -q -a "$BATS_FILE_TMPDIR/both" --shard $i/2 -o $i.part \
			"$B/bpf/proctrace.ini"
	done
	run -2 "$BTFPACK" build -q -a "$BATS_FILE_TMPDIR/both" --shard 1/2 -o x.part \
		--sign "$keys/vendor.key" "$B/bpf/proctrace.ini"
	"$BTFPACK" merge -q --sign "$keys/vendor.key" -o whole.payload 1.part 2.part
	minisign -V -p "$keys/vendor.pub" -m whole.payload
}

@test "where nothing is configured: what is not signed is installed, and told" {
	run --separate-stderr -0 install_signed unsigned
	[[ $stderr = *"warning: install: unsigned.payload: is not signed, so nobody can tell "* ]]
	[ "$(jq .signature "$state/current/plan.json")" = null ]
	run --separate-stderr -0 install_signed of-other
	[[ $stderr = *"of-other.payload: is signed by key "*": the signature was not verified" ]]
	policy off
	run --separate-stderr -0 install_signed unsigned
	[ -z "$stderr" ]
	policy prefer
	trust vendor
	run --separate-stderr -0 install_signed v2
	[ -z "$stderr" ]
}

@test "a payload that a known key signed must be what was signed" {
	trust vendor
	printf X | dd of=v2.payload bs=1 seek=5000 conv=notrunc status=none
	refused "v2.payload: its signature by root/etc/btferry/trusted.d/vendor.pub does not hold" v2
	cp of-other.payload v2.payload
	sed -i '4s/./A/' v2.payload.minisig
	refused "does not hold" v2
	echo >v2.payload.minisig
	refused "v2.payload: is no signature of minisign, or a damaged one" v2
	: >v2.payload.minisig
	refused "v2.payload.minisig: is no signature of minisign" v2
	# No command parses it.
	run -5 "$BTFERRY" list --root root --payload v2.payload
	run -5 "$BTFERRY" check --root root --payload v2.payload
	run -5 "$BTFERRY" extract --root root --payload v2.payload out
	[ ! -e out ]
}

@test "a signature of one version does not serve another one" {
	trust vendor
	cp v1.payload.minisig v2.payload.minisig
	refused "does not hold" v2
	# Nor does one that was made for something else with the same key.
	rm v2.payload.minisig
	minisign -S -s "$keys/vendor.key" -m v2.payload >/dev/null
	refused "its signature does not say which payload it is for: sign it with \`btfpack\`" v2
	minisign -S -l -s "$keys/vendor.key" -m v2.payload >/dev/null
	refused "is a signature of the old kind" v2
}

@test "require: only what a trusted key signed" {
	policy require
	refused "unsigned.payload: is not signed, and the policy here is require" unsigned
	trust other
	refused ", which is not in /etc/btferry/trusted.d: if you trust it, put its .pub file there" v2
	trust vendor
	run --separate-stderr -0 install_signed v2
	[ -z "$stderr" ]
	[ "$(jq .signature.epoch "$state/current/plan.json")" = 20 ]
	key=$(sed -n 's/^untrusted comment: minisign public key //p' "$keys/vendor.pub")
	[ "$(jq -r .signature.key "$state/current/plan.json")" = "$key" ]
	run ask status
	[[ $output = *"signed by key $key, epoch 20"* ]]
	ask status --json >status.json || true
	matches_schema status.json status.json
	"$BTFERRY" info --json --root root --payload v2.payload >info.json
	matches_schema info.json info.json
	[ "$(jq -c .signature info.json)" = "{\"state\":\"good\",\"key\":\"$key\",\"epoch\":20}" ]
}

@test "a key that is trusted no more takes what it signed with it" {
	policy require
	trust vendor
	install_signed v1
	install_signed v2
	rm root/etc/btferry/trusted.d/vendor.pub
	run -5 ask run --dry-run
	[[ $output = *"/gen/2: was signed by key "*", which is not in /etc/btferry/trusted.d any more"* ]]
	run -1 ask rollback
	[[ $output = *"passed over: $state/gen/1/payload: is signed by key "* ]]
	mkdir root/lib/modules/$new
	run -0 ask kernel-hook add $new
	[[ $output = *"is signed by key "* ]]
	# What is there can still be looked at and removed.
	run ask status
	[[ $output = *"files intact"* ]]
	ask uninstall
}

@test "what was installed without a signature does not run once the policy wants one" {
	install_signed unsigned
	policy require
	run -5 ask run --dry-run
	[[ $output = *"was installed without a signature that verified"*"install it again, signed"* ]]
}

@test "no way back behind the newest epoch, but for who asks for it" {
	trust vendor
	install_signed v2
	[ "$(jq .epoch "$state/epoch.json")" = 20 ]
	refused "is of epoch 10, and epoch 20 was installed here before" v1
	run -5 install_signed v1 --dry-run
	refused "was signed (epoch 20), and this has no signature that verifies" unsigned
	refused "what was installed here before was signed" of-other
	# The same again, and a newer one.
	install_signed v2
	install_signed v2-again
	[ "$(jq .epoch "$state/epoch.json")" = 21 ]
	refused "is of epoch 20, and epoch 21 was" v2
	# Asked for, it is installed, and what is known stays known.
	install_signed v1 --allow-older
	[ "$(jq -r .version "$state/current/plan.json")" = 1.0 ]
	[ "$(jq .epoch "$state/epoch.json")" = 21 ]
	refused "is of epoch 20, and epoch 21 was" v2
}

@test "the epoch survives rollback and uninstall, and a purge forgets it" {
	trust vendor
	install_signed v1
	install_signed v2
	ask rollback
	[ "$(jq -r .version "$state/current/plan.json")" = 1.0 ]
	[ "$(jq .signature.epoch "$state/current/plan.json")" = 10 ]
	[ "$(jq .epoch "$state/epoch.json")" = 20 ]
	run -0 ask uninstall
	[[ $output = "proctrace: $state is removed but for epoch.json"* ]]
	[ "$(ls -A "$state")" = epoch.json ]
	run -0 ask uninstall
	[ "$output" = "proctrace: nothing is installed" ]
	[ "$(ls -A "$state")" = epoch.json ]
	refused "epoch 20 was installed here before" v1
	run -0 ask uninstall --purge
	[ ! -e "$state" ]
	install_signed v1
}

@test "an epoch.json that is not ours to believe" {
	trust vendor
	install_signed v2
	echo '{"schema":1,"epoch":"20"}' >"$state/epoch.json"
	refused "epoch.json: is damaged" v2
	ln -sf /etc/passwd "$state/epoch.json"
	refused "epoch.json: is damaged" v2
	rm "$state/epoch.json"
	echo '{"schema":2,"epoch":20}' >"$state/epoch.json"
	refused "epoch.json: is newer than this program" v2
	echo '{"schema":1,"epoch":20}' >"$state/epoch.json"
	chmod 666 "$state/epoch.json"
	run -4 install_signed v2
	[[ $output = *"epoch.json: others can write to it (mode 666): chmod it to 644"* ]]
}

@test "trust that others could change is none" {
	policy require
	trust vendor
	chmod 777 root/etc/btferry/trusted.d
	run -4 install_signed v2
	[[ $output = *"trusted.d: others can write to it"* ]]
	chmod 755 root/etc/btferry/trusted.d
	chown 1234 root/etc/btferry/btferry.conf
	run -4 install_signed v2
	[[ $output = *"btferry.conf: belongs to user 1234"* ]]
}

@test "given files need signatures of their own, where the policy wants them" {
	policy require
	trust vendor
	install_signed v2
	kernel_btf $old >given.btf
	cp "$B/bpf/proctrace.bpf.o" given.bpf.o
	run -5 "$BTFERRY" check --root root --payload v2.payload --btf given.btf
	[[ $output = *"given.btf: is not signed, and the policy here is require"* ]]
	run -5 "$BTFERRY" check --root root --object given.bpf.o
	[[ $output = *"given.bpf.o: is not signed"* ]]
	run -5 ask run --dry-run --object given.bpf.o
	[[ $output = *"given.bpf.o: is not signed"* ]]
	BTFERRY_BTF_FILE=given.btf run -5 ask run --dry-run
	[[ $output = *"given.btf: is not signed"* ]]
	run -5 install_signed v2 --btf given.btf
	[[ $output = *"given.btf: is not signed"* ]]
	run -5 install_signed v2 --object given.bpf.o
	minisign -S -s "$keys/vendor.key" -m given.btf given.bpf.o >/dev/null
	"$BTFERRY" check --root root --payload v2.payload --btf given.btf >out || true
	grep -q "verdict" out || grep -qi "ready\|run" out
	install_signed v2 --btf given.btf
	[ "$(jq -c .given "$state/current/build/$old/build.json")" = \
		"{\"key\":$(jq .signature.key "$state/current/plan.json")}" ]
	# Signed, and changed afterwards.
	printf X >>given.btf
	run -5 install_signed v2 --btf given.btf
	[[ $output = *"given.btf: its signature by "*" does not hold"* ]]
}

@test "what was given is judged anew when the policy changes, by everybody who would use it" {
	kernel_btf $old >given.btf
	mkdir -p root/boot
	policy prefer
	trust vendor
	install_signed v2 --btf given.btf
	[ "$(jq -c .given "$state/current/build/$old/build.json")" = '{"key":null}' ]
	policy require
	# Not taken over by the next install, which has a packed one, too.
	run -0 install_signed v2
	[[ $output = *"kernel $old: left out: $state/gen/1/build/$old: was installed without a "* ]]
	[ "$(kernels)" = "$old stored true" ]
	[ ! -e "$state/current/build" ]
	is_intact
}

@test "check, path and status use nothing that run would refuse" {
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF to hide"
	cp /sys/kernel/btf/vmlinux given.btf
	without_btf "$BTFERRY" install --root root --payload v2.payload --btf given.btf >/dev/null
	trust vendor
	without_btf "$BTFERRY" check --root root --payload v2.payload >check.out || true
	grep -q "built here" check.out
	policy require
	run -5 without_btf "$BTFERRY" check --root root --payload v2.payload
	[[ $output = *"/gen/1/build/$(uname -r): was installed without a signature"*"FILE.minisig"* ]]
	# Nor what is installed of an unsigned payload, or of a key that is trusted no more.
	run -5 ask path object
	[[ $output = *"/gen/1: was installed without a signature"*"install it again, signed"* ]]
	run -5 ask status
	[[ $output = *"files intact"* ]]
	[[ $output = *"was installed without a signature"* ]]
	ask status --json >status.json || true
	[ "$(jq .trusted status.json)" = false ]
	matches_schema status.json status.json
}

@test "a signature that is damaged is in nobody's way who does not need the payload" {
	trust vendor
	install_signed v2
	mkdir -p bin usr
	cp "$BTFERRY" bin/proctrace
	cp v2.payload own.payload
	echo broken >own.payload.minisig
	"$BTFPACK" build -q -a "$BATS_FILE_TMPDIR/one" -o own.run "$B/bpf/proctrace.ini"
	objcopy --add-section .btferry.minisig=own.payload.minisig own.run proctrace
	run ./proctrace status --root root
	[[ $output = *"files intact"* ]]
	# Whom one can trust is no matter for removing it.
	echo broken >root/etc/btferry/trusted.d/broken.pub
	run -5 ./proctrace status --root root
	./proctrace uninstall --root root
}

@test "packages carry the payload's signature" {
	export SOURCE_DATE_EPOCH=1764000000
	"$BTFPACK" package --deb --rpm --run --sign "$keys/vendor.key" -a "$BATS_FILE_TMPDIR/one" -o dist \
		"$B/bpf/proctrace.ini"
	dpkg-deb -x dist/*.deb deb
	minisign -V -p "$keys/vendor.pub" -m deb/usr/share/proctrace/proctrace.payload
	rpm -qlp dist/*.rpm | grep -qx /usr/share/proctrace/proctrace.payload.minisig
	minisign -V -p "$keys/vendor.pub" -m dist/*.run
}
