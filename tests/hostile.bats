#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What somebody made to do harm, or what a disk made of it: payloads, folders, names.  Each is
# refused with its exit code and a sentence that names it, and nothing is written.

bats_require_minimum_version 1.5.0
load helpers
load installed

fixture=debian/12/x86_64/6.1.0-54-cloud-amd64.btf.tar.xz

setup_file() { make_payloads; }
setup() { use_payloads; }

# With sanitizers all takes several times as long, and the 10,000th damage shows nothing that the
# 1,000th did not: which of two counts to take.
count() { if [[ $B = */asan ]]; then echo "$2"; else echo "$1"; fi; }

damage() { "$B/tests/hostile/damage" "$BATS_FILE_TMPDIR"/{v1,less}.payload "$@"; }

# Neither an escape nor anything else that a terminal would obey came out.
is_plain() { ! LC_ALL=C grep -q $'[\x01-\x09\x0b-\x1f\x7f]' <<<"$output"; }

@test "a damaged payload is refused: each bit of header and index, 10,000 others, cuts, splices" {
	run damage "$(count 10000 1000)"
	echo "$output"
	printf '# %s\n' "${lines[@]}" >&3
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 6 ]
	[[ $output = *"header: 1024, 0 not refused"* ]]
	[[ $output = *"contents: $(count 10000 1000), 0 not refused"* ]]
}

@test "an install refuses it as well, exit 5, and writes nothing" {
	local file before
	mkdir damaged
	damage "$(count 6 2)" damaged
	before=$(snapshot)
	for file in damaged/*.payload; do
		run -5 "$BTFERRY" install --payload "$file" --root root --kernel $new
		[[ $output = *"install: $file: "* ]]
	done
	[ "$(snapshot)" = "$before" ]
	# Where something is installed, it stays as it is.
	install_payload v1 --kernel $new
	before=$(snapshot)
	for file in damaged/*5.payload; do
		run -5 "$BTFERRY" install --payload "$file" --root root --kernel $new
	done
	[ "$(snapshot | sed '\|/lock |d')" = "$(sed '\|/lock |d' <<<"$before")" ]
	is_intact
}

@test "damage in a part that this kernel does not need is found by install, too" {
	local index_size before
	# A kernel that exposes BTF: those in the payload, which come first behind the index, stay there.
	mkdir -p "root/lib/modules/$new"
	printf 'CONFIG_BPF_SYSCALL=y\nCONFIG_DEBUG_INFO_BTF=y\n' >"root/lib/modules/$new/config"
	before=$(snapshot)
	cp "$BATS_FILE_TMPDIR/v1.payload" bad.payload
	index_size=$(od -An -tu8 -j 64 -N 8 bad.payload)
	printf xxxx | dd of=bad.payload bs=1 seek=$((128 + index_size + 100)) conv=notrunc status=none
	run -5 "$BTFERRY" install --payload bad.payload --root root --kernel $new
	[[ $output = *"bad.payload: cluster 0 is damaged: its checksum differs"* ]]
	[ "$(snapshot)" = "$before" ]
	install_payload v1 --kernel $new
	[ "$(kernels)" = "$new kernel true" ]
}

# refuses STATUS SENTENCE COMMAND...: each with the state as it was before.
refuses() {
	local status=$1 sentence=$2 before
	shift 2
	before=$(snapshot)
	run "-$status" "$@"
	[[ $output = *"$sentence"* ]] || { echo "$*: $output"; return 1; }
	is_plain
	[ "$(snapshot | sed '\|/lock |d')" = "$(sed '\|/lock |d' <<<"$before")" ]
}

@test "state folders that are links are refused" {
	local command elsewhere=$PWD/elsewhere
	install_payload v1 --kernel $new
	mv "$state" "$elsewhere"
	ln -s "$elsewhere" "$state"
	for command in status run "path object" uninstall; do
		refuses 5 "$state: is not a directory" ask $command
	done
	refuses 5 "$state: is not a directory" "$BTFERRY" install \
		--payload "$BATS_FILE_TMPDIR/v2.payload" --root root --kernel $new
	rm "$state"
	mv "$elsewhere" "$state"
	mv "$state/gen" "$elsewhere"
	ln -s "$elsewhere" "$state/gen"
	for command in status run "path object" uninstall; do
		refuses 5 "$state/gen" ask $command
	done
	refuses 5 "$state/gen: is no directory" "$BTFERRY" install \
		--payload "$BATS_FILE_TMPDIR/v2.payload" --root root --kernel $new
	rm "$state/gen"
	mv "$elsewhere" "$state/gen"
	mv "$state/gen/1" "$elsewhere"
	ln -s "$elsewhere" "$state/gen/1"
	for command in run "path object"; do
		refuses 5 "$state/gen/1: is no directory" ask $command
	done
}

@test "current points to a generation and nowhere else" {
	local target
	install_payload v1 --kernel $new
	for target in "$state/gen/1" ../proctrace/gen/1 gen/../gen/1 gen/1/ gen/01 gen/-1 gen/ \
		gen/1/../../../../../etc $'gen/1\e[2J' gen/99999999999 /; do
		ln -sfn "$target" "$state/current"
		refuses 5 "$state/current: points to " ask status
		refuses 5 "$state/current: points to " ask run
	done
	rm "$state/current"
	cp -r "$state/gen/1" "$state/current"
	refuses 5 "$state/current: is not a symbolic link" ask status
}

@test "what others can write to is refused: each folder, and the plan" {
	local path command
	install_payload v1 --kernel $new
	for path in "$state" "$state/gen" "$state/gen/1" "$state/gen/1/plan.json"; do
		for command in status run "path object"; do
			chmod o+w "$path"
			refuses 4 "$path: others can write to it" ask $command
			chmod o-w,g+w "$path"
			refuses 4 "$path: others can write to it" ask $command
			chmod g-w "$path"
			chown 65534 "$path"
			refuses 4 "$path: belongs to user 65534" ask $command
			chown 0 "$path"
		done
	done
	chmod o+w "$state/gen"
	refuses 4 "$state/gen: others can write to it (mode 757): chmod it to 755" \
		"$BTFERRY" install --payload "$BATS_FILE_TMPDIR/v2.payload" --root root --kernel $new
	refuses 4 "$state/gen: others can write to it" ask rollback
	refuses 4 "$state/gen: others can write to it" ask uninstall
	chmod o-w "$state/gen"
	is_intact
}

@test "a plan that names what is elsewhere is refused" {
	local plan=$state/gen/1/plan.json path
	install_payload v1 --kernel $new
	cp "$plan" good.json
	for path in /etc/passwd ../../../../../etc/passwd btf/../../x ./x a//b '' $'a\e[2Jb' $'a\nb'; do
		jq --arg path "$path" '.files[0].path = $path' good.json >"$plan"
		refuses 5 "$plan: path: " ask status
		refuses 5 "$plan: path: " ask run
	done
	for path in ../6 6/1 $'6\e[2J' ''; do
		jq --arg text "$path" '.kernels[0].release = $text' good.json >"$plan"
		refuses 5 "$plan: release: " ask status
		jq --arg text "$path" '.version = $text' good.json >"$plan"
		refuses 5 "$plan: version: " ask status
		jq --arg text "$path" '.app = $text' good.json >"$plan"
		refuses 5 "$plan: " ask status
	done
	jq '.kernels[0].reason = "\u001b]0;x\u0007"' good.json >"$plan"
	refuses 5 "$plan: reason: has a control character" ask status
	head -c 100000 /dev/zero | tr '\0' '[' >"$plan"
	refuses 5 "$plan: line 1: " ask status
}

@test "names on the command line are refused, and steer no terminal" {
	local name
	for name in ../x /x 6/1 .. . '' $'6\e[2J' $'6\n1' "$(head -c 200 /dev/zero | tr '\0' 6)"; do
		refuses 2 "is no kernel release" "$BTFERRY" install --payload \
			"$BATS_FILE_TMPDIR/v1.payload" --root root --kernel "$name"
		refuses 2 "" "$BTFERRY" check --payload "$BATS_FILE_TMPDIR/v1.payload" --release "$name"
	done
	for name in ../x /x .. '' $'a\e[2J' A "$(head -c 64 /dev/zero | tr '\0' a)"; do
		refuses 2 "is no application name" "$BTFERRY" status --root root --app "$name"
		refuses 2 "is no application name" "$BTFERRY" run --root root --app "$name"
	done
	refuses 2 "is no command" "$BTFERRY" $'\e[31mx'
	refuses 5 '\x1b[31mx' "$BTFERRY" list --payload $'\e[31mx' || refuses 6 '\x1b[31mx' \
		"$BTFERRY" list --payload $'\e[31mx'
	# A hook never fails the package that calls it.
	install_payload v1 --kernel $new
	for name in ../x 6/1 $'6\e[2J'; do
		refuses 0 "is no kernel release" ask kernel-hook add "$name"
		refuses 0 "is no kernel release" ask kernel-hook remove "$name"
	done
}

@test "names in an object are refused, and steer no terminal" {
	local esc=$'\e[31mX' object=$B/bpf/proctrace.bpf.o
	cp "$object" field.bpf.o
	llvm-objcopy --redefine-sym "on_open=on_open$esc" "$object" symbol.bpf.o
	llvm-objcopy --rename-section "license=license$esc" "$object" section.bpf.o
	for object in symbol section; do
		refuses 5 '\x1b[31mX, has a control character' "$BTFERRY" check --object $object.bpf.o
		run "$BTFPACK" reduce -o out.btf "$archive/$fixture" $object.bpf.o
		[ "$status" -ne 0 ]
		is_plain
	done
	# A field that no kernel has: the report names it.
	LC_ALL=C sed -i 's/\x00start_boottime\x00/\x00start_boot\x1b[2J\x00/' field.bpf.o
	! cmp -s field.bpf.o "$B/bpf/proctrace.bpf.o"
	for object in "--verbose" "--json"; do
		run "$BTFERRY" check --object field.bpf.o $object
		is_plain
	done
	run "$BTFPACK" coverage -a "$archive" field.bpf.o
	is_plain
}

@test "names in an archive are left out, and steer no terminal" {
	local place=evil/debian/12/x86_64 release=$'6\e[31m1'
	mkdir -p "$place" outside
	kernel_btf $new >"$place/$release.btf"
	# A tar file whose member wants to be elsewhere: its content is taken, its name is not.
	cp "$place/$release.btf" outside/x.btf
	tar -C outside -cPf "$place/6.1.btf.tar" --transform 's|^|../../../|' x.btf
	rm -r outside
	run "$BTFPACK" import -o imported evil
	is_plain
	[[ $output = *"its kernel release '6\x1b[31m1' has characters that none has"* ]]
	[ "$(find imported -type f -name '*.btf.lz4' | wc -l)" -eq 1 ]
	[ ! -e outside ] && [ ! -e x.btf ]
	run "$BTFPACK" import -o imported "$place/$release.btf"
	is_plain
	run "$BTFPACK" build -a evil -o out.payload "$B/bpf/proctrace.ini"
	is_plain
	"$BTFPACK" build -q -a imported -o out.payload "$B/bpf/proctrace.ini"
	run -0 "$BTFPACK" list out.payload
	[[ $output = *"6.1"* ]]
	is_plain
}

@test "names in a manifest and of its files are refused" {
	local name
	cp "$B"/bpf/* .
	for name in ../x a/b A 'a b' "" $'a\e[2J' "$(head -c 64 /dev/zero | tr '\0' a)"; do
		sed "s|^name = .*|name = $(sed 's/[\/&]/\\&/g' <<<"$name")|" "$B/bpf/proctrace.ini" >bad.ini
		run -5 "$BTFPACK" build -o out.payload bad.ini
		[[ $output = *"bad.ini: "* ]]
		is_plain
	done
	for name in /etc/passwd ../../etc/passwd $'a\e[2J'; do
		sed "s|^path[^=]*=.*|path = $name|" "$B/bpf/proctrace.ini" >bad.ini
		run -5 "$BTFPACK" build -o out.payload bad.ini
		is_plain
	done
	[ ! -e out.payload ]
}
