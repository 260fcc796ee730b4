#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# APP install, status, path, uninstall: the installed state, complete or not at all.

bats_require_minimum_version 1.5.0
load helpers

fixture=debian/12/x86_64/6.1.0-54-cloud-amd64.btf.tar.xz
twin=6.1.0-54-twin-amd64

# One archive for all tests: this machine's kernel, whatever it is, stands there with the BTF of a
# fixture, since an install looks at names only; and so does a second release, for hard links.
setup_file() {
	local arch
	arch=$(uname -m)
	[ "$arch" != aarch64 ] || arch=arm64
	cd "$BATS_FILE_TMPDIR"
	mkdir -p archive/debian/12/"$arch"
	tar -xJOf "$archive/$fixture" >archive/debian/12/"$arch/$(uname -r).btf"
	cp archive/debian/12/"$arch/$(uname -r).btf" archive/debian/12/"$arch/$twin.btf"
	cp -r "$B/bpf" manifests
	pack one.payload 1.0
	pack two.payload 2.0
	export ONE=$PWD/one.payload TWO=$PWD/two.payload
}

pack() { # OUT VERSION
	sed -i "s/^version = .*/version = $2/" manifests/proctrace.ini
	"$BTFPACK" build -a archive -o "$1" manifests/proctrace.ini >/dev/null
}

setup() {
	unset BTFERRY_BTF_FILE BTFERRY_BPF_FILE
	cd "$BATS_TEST_TMPDIR"
	mkdir root
	root=$PWD/root
	state=$root/var/lib/proctrace
	running=$(uname -r)
}

needs_root() { [ "$(id -u)" -eq 0 ] || skip "not root"; }

# The kernel of this machine is in the payload; without its BTF in sight the stored one is taken.
install_one() { without_btf "$BTFERRY" install --payload "$ONE" --root root "$@"; }
install_two() { without_btf "$BTFERRY" install --payload "$TWO" --root root "$@"; }
ask() { "$BTFERRY" "$@" --app proctrace --root root; }

# Everything that a write would change: names, inodes, modes, sizes, times, targets.
snapshot() { find "${1:-root}" -printf '%p %i %m %s %T@ %C@ %l\n' | sort; }

# The state is one whole generation of version $1 or $2, or nothing was ever installed (- for that).
is_whole() { # VERSION...
	local got
	if [ ! -e "$state/current" ]; then
		got=-
	else
		"$BTFERRY" status --app proctrace --root root --json >status.json 2>status.err ||
			{ cat status.json status.err; return 1; }
		got=$(jq -r .version status.json)
	fi
	[[ " $* " = *" $got "* ]] || { echo "version $got is there, wanted: $*"; return 1; }
}

# Nothing but current, the lock and numbered generations: at most three, and one of each other
# version.
is_clean() {
	local name count=0
	for name in $(ls -A "$state/gen"); do
		[[ $name =~ ^[1-9][0-9]*$ ]] || { echo "left over: gen/$name"; return 1; }
		count=$((count + 1))
	done
	[ "$count" -le 4 ] || { echo "$count generations"; return 1; }
	[ "$(ls -A "$state" | tr '\n' ' ')" = "current gen lock " ] || { ls -A "$state"; return 1; }
}

@test "without kernel BTF, the stored one is installed; status and path agree" {
	needs_root
	run -0 install_one
	[[ $output = *"proctrace 1.0: installed in $state/gen/1"* ]]
	[[ $output = *"$running (running)"* ]]
	[[ $output = *"stored BTF, chosen by release"* ]]
	[[ $output = *"next: $BTFERRY --app proctrace --root root run"* ]]
	[ "$(readlink "$state/current")" = gen/1 ]
	cmp "$state/current/payload" "$ONE"
	cmp "$state/current/proctrace.bpf.o" "$B/bpf/proctrace.bpf.o"
	cmp "$state/current/canary.bpf.o" "$B/bpf/canary.bpf.o"

	run -0 ask status
	[[ $output = *"files intact"* ]]
	run -0 ask status --json
	jq -e --arg r "$running" '.schema == 1 and .installed and .intact and .problems == []
		and .generation == 1 and .running.state == "covered" and .running.release == $r
		and .kernels[0].source == "stored" and .kernels[0].row == "4"' <<<"$output"

	run -0 ask path btf
	[ "$output" = "$state/gen/1/btf/$running.btf" ]
	jq -r '"\(.kernels[0].btf)  '"$output"'"' "$state/current/plan.json" | sha256sum --check --quiet
	bpftool btf dump file "$output" >/dev/null
	run -0 ask path object
	[ "$output" = "$state/gen/1/proctrace.bpf.o" ]
}

@test "with kernel BTF, btf/RELEASE.btf is a link to it" {
	needs_root
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel exposes no BTF"
	run -0 "$BTFERRY" install --payload "$ONE" --root root
	[ "$(readlink "$state/current/btf/$running.btf")" = /sys/kernel/btf/vmlinux ]
	run -0 ask status
	ln -sf /etc/passwd "$state/current/btf/$running.btf"
	run -5 ask status
	[[ $output = *"btf/$running.btf: is no link to /sys/kernel/btf/vmlinux"* ]]
}

@test "installed while the kernel exposed BTF, which then is gone: exit 3, and install helps" {
	needs_root
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel exposes no BTF"
	"$BTFERRY" install --payload "$ONE" --root root
	run -0 ask path btf
	run -3 --separate-stderr without_btf "$BTFERRY" path btf --app proctrace --root root
	[ -z "$output" ]
	[[ $stderr = *"exposed BTF when this was installed, which it does not now: "*install* ]]
	run -3 --separate-stderr without_btf "$BTFERRY" status --app proctrace --root root --json
	jq -e '.running.state == "gone" and .intact' <<<"$output"
	[[ $stderr = *"exposed BTF when this was installed"* ]]
	run -3 without_btf "$BTFERRY" run --app proctrace --root root --dry-run
	[[ $output = *"installed to use the BTF that kernel $running exposed"* ]]
	[[ $output = *"install\`: the packed BTF takes its place"* ]]
	install_one
	run -0 without_btf "$BTFERRY" status --app proctrace --root root
	run -0 without_btf "$BTFERRY" path btf --app proctrace --root root

	# A payload without this kernel cannot help.
	"$BTFPACK" build -q -a "$archive" -o others.payload "$B/bpf/proctrace.ini"
	"$BTFERRY" install --payload others.payload --root root
	run -3 without_btf "$BTFERRY" status --app proctrace --root root
	[[ $output = *"is not served: run "*"check for what to do"* ]]
	run -3 without_btf "$BTFERRY" path btf --app proctrace --root root
	ln -sf /etc/passwd "$state/current/btf/$running.btf"
	run -5 ask path btf
	[[ $output = *"is no link to /sys/kernel/btf/vmlinux"* ]]
}

@test "the same install again writes nothing" {
	needs_root
	install_one
	snapshot >before
	run -0 install_one
	[[ $output = *"already installed"*"nothing was written"* ]]
	snapshot >after
	diff before after
	run --separate-stderr -0 install_one --json
	jq -e '.result == "already-installed" and .generation == 1' <<<"$output"
}

@test "plan.json names every file, with its size and its hash, in order" {
	needs_root
	install_one
	cd "$state/current"
	jq -e '.schema == 1 and .app == "proctrace" and .version == "1.0"
		and (.fingerprint | test("^[0-9a-f]{64}$")) and ([.files[].path] | . == sort)' plan.json
	find . -type f ! -name plan.json -printf '%P %s\n' | sort >"$BATS_TEST_TMPDIR/found"
	jq -r '.files[] | "\(.path) \(.size)"' plan.json | sort | diff - "$BATS_TEST_TMPDIR/found"
	jq -r '.files[] | "\(.sha256)  \(.path)"' plan.json | sha256sum --check --quiet
}

@test "one flipped byte in any file is found and named, and the next install repairs it" {
	needs_root
	install_one
	local path number=1
	for path in $(jq -r '.files[].path' "$state/current/plan.json"); do
		printf '\xa5' | dd of="$state/current/$path" bs=1 seek=33 conv=notrunc status=none
		run -5 ask status
		[[ $output = *"$state/gen/$number/$path: is not what was installed"* ]]
		run -5 ask status --json
		run -0 install_one
		number=$((number + 1))
		[[ $output = *"installed in $state/gen/$number"* ]]
		run -0 ask status
	done
	is_clean
	rm "$state/current/manifest.ini"
	run -5 ask status
	[[ $output = *"manifest.ini: is missing"* ]]
	echo '{' >"$state/current/plan.json"
	run -5 ask status
	[[ $output = *"plan.json: line"* ]]
	run -5 ask path btf
	run -0 install_one
	run -0 ask status
}

@test "a kernel that is not packed: exit 3, what to do, and nothing is written" {
	needs_root
	snapshot >before
	run -3 install_one --kernel 9.9.9
	[[ $output = *"9.9.9"*"none is stored"* ]]
	[[ $output = *"btfpack build"* ]]
	snapshot >after
	diff before after
	run -3 --separate-stderr install_one --kernel 9.9.9 --json
	jq -e '.result == "refused" and .status == 3 and .generation == null
		and (.remedies[0].remedy | contains("9.9.9"))
		and .plan.kernels[0].covered == false' <<<"$output"
	# Next to one that is, it is in the plan, with its reason.
	run -3 install_one --kernel 9.9.9 --kernel "$running"
	[[ $output = *"installed in"* ]]
	run -0 ask status --json
	jq -e '.kernels | any(.release == "9.9.9" and .covered == false and .source == "none")' \
		<<<"$output"
}

@test "kernels with equal BTF share one file; an unplanned kernel is not served" {
	needs_root
	run -0 install_one --kernel "$running" --kernel "$twin" --kernel "$twin"
	[ "$(jq '.kernels | length' "$state/current/plan.json")" -eq 2 ]
	[ "$state/current/btf/$running.btf" -ef "$state/current/btf/$twin.btf" ]
	run -0 ask status
	run -0 install_one --kernel "$twin"
	run -3 ask status
	[[ $output = *"$running: was not planned for"* ]]
	run -3 ask path btf
}

@test "--all-kernels takes what is below lib/modules; a configuration tells which expose BTF" {
	needs_root
	mkdir -p root/lib/modules/"$twin" root/usr/lib/modules/6.66.6-own root/boot
	mkdir root/lib/modules/7.77.7-unknown
	echo CONFIG_DEBUG_INFO_BTF=y >root/boot/config-6.66.6-own
	run -0 install_one --all-kernels
	jq -r '.kernels[] | "\(.release) \(.source) \(.covered)"' "$state/current/plan.json" >got
	diff got - <<-END
		$twin stored true
		6.66.6-own kernel true
		7.77.7-unknown none false
	END
	[ "$(readlink "$state/current/btf/6.66.6-own.btf")" = /sys/kernel/btf/vmlinux ]
	mkdir empty
	run -1 without_btf "$BTFERRY" install --payload "$ONE" --root empty --all-kernels
	[[ $output = *"no kernel below lib/modules"* ]]
}

@test "kernels of a merged-usr system and of every OSTree deployment are found" {
	needs_root
	local deploy=root/ostree/deploy/os/deploy
	mkdir -p root/usr/lib/modules/"$twin" root/usr/lib/ostree-boot
	ln -s usr/lib root/lib
	mkdir -p $deploy/1111.0/usr/lib/modules/"$twin"
	mkdir -p $deploy/2222.0/usr/lib/modules/{6.66.6-next,7.77.7-plain}
	touch $deploy/1111.0.origin
	echo CONFIG_DEBUG_INFO_BTF=y >$deploy/2222.0/usr/lib/modules/6.66.6-next/config
	echo '# CONFIG_DEBUG_INFO_BTF is not set' >root/usr/lib/ostree-boot/config-7.77.7-plain
	run -0 install_one --all-kernels
	jq -r '.kernels[] | "\(.release) \(.source) \(.covered)"' "$state/current/plan.json" >got
	diff got - <<-END
		$twin stored true
		6.66.6-next kernel true
		7.77.7-plain none false
	END
	# As OSTree lays out what runs: the trees are below /sysroot.
	mkdir root/sysroot
	mv root/ostree root/sysroot
	ln -s sysroot/ostree root/ostree
	run -0 install_one --all-kernels
	[[ $output = *"already installed"* ]]
}

@test "a kernel is judged by its own configuration, not by that of the one that runs" {
	needs_root
	# Task storage needs BTF inside the kernel, which need not expose it.
	cp "$B/tests/bpf/runtime/hidden_btf.bpf.o" .
	printf '[app]\nname = proctrace\nversion = 4\n[object]\npath = hidden_btf.bpf.o\n' >manifest.ini
	"$BTFPACK" build -q -a "$BATS_FILE_TMPDIR/archive" -o hidden.payload manifest.ini
	mkdir -p root/boot
	echo '# CONFIG_DEBUG_INFO_BTF is not set' >"root/boot/config-$twin"
	run -1 "$BTFERRY" install --payload hidden.payload --root root --kernel "$twin"
	[[ $output = *"needs the kernel's own BTF"* ]]
}

@test "a configuration that cannot be read: told, and which question stays open" {
	needs_root
	mkdir -p root/boot
	printf 'no option in it\n' >"root/boot/config-$twin"
	run -0 install_one --kernel "$twin"
	[[ $output = *"kernel $twin: its configuration cannot be used: root/boot/config-$twin: "* ]]
	[ "$(jq -r '.kernels[0].source' "$state/current/plan.json")" = stored ]
}

@test "an object with .kconfig externs gets a line for each, from each kernel's configuration" {
	needs_root
	mkdir -p root/boot
	cp "$B/tests/bpf/runtime/kconfig.bpf.o" .
	printf '[app]\nname = proctrace\nversion = 3\n[object]\npath = kconfig.bpf.o\n' >manifest.ini
	"$BTFPACK" build -a "$BATS_FILE_TMPDIR/archive" -o kconfig.payload manifest.ini
	echo 'CONFIG_BTFERRY_NO_SUCH_TEXT="abc"' >root/boot/config-6.66.6
	run -0 "$BTFERRY" install --payload kconfig.payload --root root --kernel 6.66.6 --kernel 7.77.7
	[[ $output = *"kconfig/7.77.7: left out: no kernel configuration"* ]]
	diff "$state/current/kconfig/6.66.6" - <<-END
		CONFIG_BTFERRY_NO_SUCH_BOOL=n
		CONFIG_BTFERRY_NO_SUCH_NUMBER=0
		CONFIG_BTFERRY_NO_SUCH_TEXT="abc"
	END
	[ "$(ls "$state/current/kconfig")" = 6.66.6 ]
	# Not one extern of proctrace is such a one, so it needs no configuration.
	install_one
	[ -z "$(ls "$state/current/kconfig")" ]
}

@test "--dry-run says what would be written, and writes nothing" {
	needs_root
	snapshot >before
	run -0 install_one --dry-run
	[[ $output = *"would be installed"*"btf/$running.btf"* ]]
	run --separate-stderr -0 install_one --dry-run --json
	jq -e '.result == "dry-run" and .path == null and (.plan.files | length == 5)' <<<"$output"
	snapshot >after
	diff before after
}

@test "nothing installed: status 1, path 1, uninstall 0" {
	run -1 ask status
	[[ $output = *"proctrace: nothing is installed"* ]]
	run -1 --separate-stderr ask status --json
	jq -e '. == {"schema": 1, "installed": false, "app": "proctrace"}' <<<"$output"
	run -1 ask path btf
	run -0 ask uninstall
	[[ $output = *"nothing is installed"* ]]
}

@test "uninstall leaves nothing, and refuses what is not an installer's" {
	needs_root
	mkdir -p root/var/lib
	install_one
	install_two
	touch "$state/notes"
	snapshot >before
	run -5 ask uninstall
	[[ $output = *"$state/notes: was not put there by an install: move it away"* ]]
	snapshot >after
	diff before after
	rm "$state/notes"
	mkdir "$state/gen/junk"
	run -5 ask uninstall
	[[ $output = *"$state/gen/junk: was not put there by an install: move it away" ]]
	rmdir "$state/gen/junk"
	mv "$state/gen/1/plan.json" "$state/gen/1/p"
	run -5 ask uninstall
	[[ $output = *"gen/1: has no plan.json"* ]]
	mv "$state/gen/1/p" "$state/gen/1/plan.json"
	run -0 ask uninstall
	[ "$(find root)" = $'root\nroot/var\nroot/var/lib' ]
	mkdir -p victim/proctrace
	ln -s "$PWD/victim/proctrace" "$state"
	run -5 ask uninstall
	[ -d victim/proctrace ]
}

@test "a full disk: exit 6, the old generation stays, nothing is left over" {
	needs_root
	cat >script <<-'END'
		set -e
		mount -t tmpfs -o size=64k none root
		status=0
		"$BTFERRY" install --payload "$ONE" --root root || status=$?
		[ "$status" -eq 6 ]
		[ ! -e root/var/lib/proctrace/current ]
		[ -z "$(ls -A root/var/lib/proctrace/gen)" ]
		mount -o remount,size=900k root
		"$BTFERRY" install --payload "$ONE" --root root
		status=0
		"$BTFERRY" install --payload "$TWO" --root root || status=$?
		[ "$status" -eq 6 ]
		[ "$(ls -A root/var/lib/proctrace/gen)" = 1 ]
		"$BTFERRY" status --app proctrace --root root
		mount -o remount,size=4m root
		"$BTFERRY" install --payload "$TWO" --root root
	END
	run -0 unshare -m bash script
	[[ $output = *"No space left on device: it takes "*" KiB: free as much and install again"* ]]
	[[ $output = *"what was installed before is untouched"* ]]
	[[ $output = *"proctrace 2.0: installed in"* ]]
}

@test "a full disk: as much as is said suffices, and much less does not" {
	needs_root
	cat >script <<-'END'
		mount -t tmpfs -o size=64k none root
		"$BTFERRY" install --payload "$ONE" --root root 2>err
		[ $? -eq 6 ] || exit 9
		size=$(grep -o 'it takes [0-9]* KiB' err | tr -dc 0-9)
		umount root
		mount -t tmpfs -o size=$((size / 2))k none root
		"$BTFERRY" install --payload "$ONE" --root root
		[ $? -eq 6 ] || exit 8
		umount root
		mount -t tmpfs -o size="$size"k none root
		exec "$BTFERRY" install --payload "$ONE" --root root
	END
	run -0 without_btf bash script
}

@test "a read-only root: exit 6, and why" {
	needs_root
	install_one
	run -6 unshare -m sh -c 'mount --bind root root && mount -o remount,bind,ro root &&
		"$BTFERRY" install --payload "$TWO" --root root'
	[[ $output = *"Read-only file system"* ]]
	is_whole 1.0
}

@test "not root: exit 4, and what to do" {
	needs_root
	command -v setpriv >/dev/null || skip "no setpriv"
	local open
	open=$(mktemp -d)
	chmod 755 "$open"
	mkdir "$open/root"
	cp "$BTFERRY" "$ONE" "$open"
	run -4 setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$open/btferry" install --payload "$open/one.payload" --root "$open/root" --kernel "$twin"
	rm -r "$open"
	[[ $output = *"Permission denied: only root can install there"* ]]
}

@test "uninstall, not root: exit 4, and the whole sentence" {
	needs_root
	command -v setpriv >/dev/null || skip "no setpriv"
	local open
	open=$(mktemp -d)
	chmod 755 "$open"
	cp "$BTFERRY" "$open"
	mkdir "$open/root"
	without_btf "$BTFERRY" install --payload "$ONE" --root "$open/root"
	run -4 --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$open/btferry" uninstall --app proctrace --root "$open/root"
	state=$open/${state#"$PWD/"}
	[ -e "$state/current/plan.json" ]
	rm -r "$open"
	[ "$stderr" = "btferry: uninstall: $state/lock: Permission denied: only root can uninstall" ]
}

@test "a state directory that others can change is refused" {
	needs_root
	mkdir -p "$state"
	chmod 777 "$state"
	run -4 install_one
	[[ $output = *"others can write to it"* ]]
	chmod 755 "$state"
	chown 65534 "$state"
	run -4 install_one
	[[ $output = *"belongs to user 65534"* ]]
}

@test "what others can change is not used either, however it came there" {
	needs_root
	install_one
	local command
	for command in run status "path btf" "path object" uninstall; do
		chown 65534 "$state"
		run -4 --separate-stderr ask $command
		[ -z "$output" ]
		[[ $stderr = *": $state: belongs to user 65534: remove it or give it to root" ]]
		chown 0 "$state"
		chmod 775 "$state"
		run -4 --separate-stderr ask $command
		[ -z "$output" ]
		[[ $stderr = *": $state: others can write to it (mode 775): chmod it to 755" ]]
		chmod 755 "$state"
	done
	run -0 ask status
}

@test "installers at the same time: one after the other, and the state is whole" {
	needs_root
	local i pids=()
	install_one
	for i in 1 2 3 4 5 6; do
		if [ $((i % 2)) -eq 0 ]; then install_one; else install_two; fi >"out$i" 2>&1 &
		pids+=($!)
	done
	for i in "${pids[@]}"; do wait "$i"; done
	is_whole 1.0 2.0
	is_clean
}

@test "a wrong command line: exit 2, and what is wrong" {
	run -2 "$BTFERRY"
	run -2 "$BTFERRY" instal
	[[ $output = *"\`instal\`: is no command"* ]]
	run -2 "$BTFERRY" status --kernel 6.1 --app x
	[[ $output = *"status: has no option --kernel"* ]]
	local command
	for command in uninstall "path btf" verify "extract out"; do
		run -2 "$BTFERRY" $command --app x --json
		[[ $output = *"${command% *}: has no option --json"* ]]
		run -0 "$BTFERRY" "${command% *}" --help
		[[ $output != *--json* ]]
	done
	run -0 "$BTFERRY" status --help
	[[ $output = *--json* ]]
	run -2 "$BTFERRY" path --app x
	run -2 "$BTFERRY" path root --app x
	run -2 "$BTFERRY" status --app ../etc
	run -2 "$BTFERRY" status
	[[ $output = *"--app NAME"* ]]
	run -2 "$BTFERRY" install
	[[ $output = *"--payload FILE"* ]]
	run -2 "$BTFERRY" install --payload "$ONE" --kernel ../6.1 --dry-run
	run -6 "$BTFERRY" info --payload missing
	run -0 "$BTFERRY" install --help
	[[ $output = *"--all-kernels"* ]]
	run -0 "$BTFERRY" --help
	[[ $output = *"uninstall"* ]]
}

needs_strace() {
	needs_root
	command -v strace >/dev/null || skip "no strace"
	strace -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
}

@test "a lock that is stale for ever ends in a message" {
	needs_strace
	install_one
	# who is traced cannot look for leaks
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 run -6 timeout 60 strace -f -qq -o /dev/null \
		-e trace=flock -e inject=flock:error=ESTALE \
		"$BTFERRY" uninstall --app proctrace --root root
	[[ $output = *"proctrace: its state was removed 100 times while it was being locked: try again"* ]]
}

@test "a lock that cannot be looked at is an error of its own" {
	needs_strace
	install_one
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 run -6 timeout 60 \
		strace -f -qq -o /dev/null -P lock -e trace=newfstatat -e inject=newfstatat:error=EIO \
		"$BTFERRY" uninstall --app proctrace --root root
	[[ $output = *"$state/lock: Input/output error" ]]
}
