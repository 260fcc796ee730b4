#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The self-extracting .run, in places where such files tend to fail: no /tmp, noexec and read-only
# mounts, odd umasks, no terminal and no standard input, other users, damage on the way.

load helpers

bats_require_minimum_version 1.5.0

setup_file() {
	local arch release
	export RUNFILE=$BATS_FILE_TMPDIR/proctrace.run
	arch=$(uname -m) release=$(uname -r)
	[ "$arch" != aarch64 ] || arch=arm64
	mkdir -p "$BATS_FILE_TMPDIR/here/test/1/$arch"
	# Any kernel's BTF will do for this one's: nothing here loads it.
	kernel_btf 6.1.0-54-cloud-amd64 >"$BATS_FILE_TMPDIR/here/test/1/$arch/$release.btf"
	"$BTFPACK" build -q -a "$BATS_FILE_TMPDIR/here" -o "$RUNFILE" "$B/bpf/proctrace.ini"
	chmod 755 "$RUNFILE" "$BATS_FILE_TMPDIR"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset BTFERRY_BTF_FILE BTFERRY_BPF_FILE
	[ "$(id -u)" -eq 0 ] || skip "not root"
	mkdir -p root
}

@test "from a read-only place, with every /tmp read-only and noexec" {
	unshare -m true || skip "no mount namespaces here"
	mkdir -p place
	cp "$RUNFILE" place/proctrace.run
	# What is below /tmp is out of sight then.
	# shellcheck disable=SC2016 # the inner shell expands it
	run -0 without_btf unshare -m sh -euc 'mount --bind place place
		mount -o remount,ro,bind place
		mount --bind root /mnt
		cd place
		mount -t tmpfs -o ro,noexec tmpfs /tmp
		mount -t tmpfs -o ro,noexec tmpfs /var/tmp
		export TMPDIR=/no/such/folder
		./proctrace.run install --root /mnt'
	[ -f root/var/lib/proctrace/current/plan.json ]
	run -0 "$BTFERRY" status --app proctrace --root root
	# Nothing is written outside of the root.
	command -v strace >/dev/null || skip "strace is not installed"
	mkdir other
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -o trace \
		-e trace=openat,openat2,open,creat,mkdir,mkdirat,rename,renameat,renameat2 \
		"$RUNFILE" install --root other >/dev/null
	! grep -E 'O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE' trace | grep '"/' | grep -v '"/dev/null"' || false
}

@test "alone in a root: no /tmp, no library, no /dev; with /proc and without" {
	[ -x "$BTFERRY_STATIC" ] || skip "instrumented, it is not static"
	unshare -m true || skip "no mount namespaces here"
	mkdir -p jail/proc
	cp "$RUNFILE" jail/proctrace.run
	run -0 chroot jail /proctrace.run install
	run -0 chroot jail /proctrace.run status
	# shellcheck disable=SC2016 # the inner shell expands it
	run -0 unshare -m sh -euc 'mount --bind /proc jail/proc
		chroot jail /proctrace.run install
		chroot jail /proctrace.run verify
		chroot jail /proctrace.run uninstall'
	[[ $output = *"already installed"* ]]
	[ "$(find jail -mindepth 1 -printf '%P\n' | sort | tr '\n' ' ')" = \
		"proc proctrace.run var var/lib " ]
}

@test "without standard input, without a terminal, into a pipe that nobody reads to its end" {
	[ ! -r /sys/kernel/btf/vmlinux ] || run -0 "$RUNFILE" check --quiet <&-
	run -0 without_btf "$RUNFILE" install --root root <&- 2>&-
	"$RUNFILE" list | head -n 1 | grep -q .
	[[ $("$RUNFILE" info --json) = *'"schema"'* ]]
	# Neither colour nor progress where nobody looks.
	! "$RUNFILE" check 2>&1 | grep -q $'\033' || false
}

@test "umask 000 and 077: the same files with the same modes" {
	local mask
	for mask in 000 022 077; do
		mkdir "root$mask"
		(umask $mask && without_btf "$RUNFILE" install -q --root "root$mask" >/dev/null)
		(cd "root$mask" && find . -printf '%m %P\n' | sort) >"modes$mask"
	done
	diff modes000 modes022
	diff modes022 modes077
	! grep -E '^[0-7]?[0-7][2367][0-7]|^[0-7]?[0-7][0-7][2367]' modes022 |
		grep -v '^777 .*/current$\|^777 var/lib/proctrace/current' || false
}

@test "as another user: what reads works, what writes says that only root can" {
	local nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups) word
	cp "$RUNFILE" /dev/shm/runfile.$$ 2>/dev/null || skip "no place that others may enter"
	chmod 755 /dev/shm/runfile.$$
	for word in list info verify "list --json"; do
		# shellcheck disable=SC2086 # words
		run -0 "${nobody[@]}" /dev/shm/runfile.$$ $word
	done
	run "${nobody[@]}" /dev/shm/runfile.$$ check --quiet
	[ "$status" -eq 4 ]
	run "${nobody[@]}" /dev/shm/runfile.$$ install --root root
	rm /dev/shm/runfile.$$
	[ "$status" -ge 4 ]
	[[ $output = *"install: "*root* ]]
	[ -z "$(find root -mindepth 1)" ]
}

@test "with another application's payload, the next step names that application" {
	printf '%s\n' '[app]' 'name = other' 'version = 1' '[object]' 'path = proctrace.bpf.o' >other.ini
	cp "$B/bpf/proctrace.bpf.o" .
	"$BTFPACK" build -q -a "$BATS_FILE_TMPDIR/here" -o other.payload other.ini
	run -0 without_btf "$RUNFILE" --payload other.payload install --root root
	[[ $output = *"other 1: installed in "*"next: $RUNFILE --app other --root root run"* ]]
	run -0 without_btf "$RUNFILE" install --root root
	[[ $output = *"next: $RUNFILE --root root run"* ]]
}

@test "damaged anywhere in what it carries, it installs nothing" {
	local size start at byte
	start=$(readelf -SW "$RUNFILE" | awk '$2 == ".btferry.payload" || $3 == ".btferry.payload" {
		for (i = 1; i <= NF; i++) if ($i == "PROGBITS") print $(i + 2), $(i + 3) }')
	size=$((16#${start#* })) start=$((16#${start% *}))
	[ "$size" -gt 1000 ]
	for at in 0 9 100 $((size / 4)) $((size / 2)) $((size * 3 / 4)) $((size - 1)); do
		cp "$RUNFILE" bad.run
		byte=$(od -An -tu1 -j $((start + at)) -N 1 bad.run)
		printf "\\x$(printf %02x $((byte ^ 0x41)))" |
			dd of=bad.run bs=1 seek=$((start + at)) conv=notrunc status=none
		run -5 ./bad.run verify
		run without_btf ./bad.run install --root root
		# What this kernel does not need may be damaged: then it is not read, and not installed.
		[ "$status" -eq 5 ] || { [ "$status" -eq 0 ] && ./bad.run --root root status >/dev/null; }
		[ "$status" -eq 0 ] || [ ! -e root/var/lib/proctrace/current ]
		rm -rf root && mkdir root
	done
	head -c $((start + size / 2)) "$RUNFILE" >cut.run
	chmod 755 cut.run
	run without_btf ./cut.run install --root root
	[ "$status" -ne 0 ]
	[ ! -e root/var/lib/proctrace/current ]
}
