#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# make ARCH=...: programs and packages for other architectures, with a sysroot of Debian's packages.

bats_require_minimum_version 1.5.0
load helpers
load hardening

setup() {
	cd "$BATS_TEST_TMPDIR"
	! nm -D "$BTFERRY" | grep -q __asan || skip "instrumented: foreign programs are not"
}

# A build folder of its own beside this host's objects; what is up to date stays.  The tests in
# virtual machines build there as well.
cross() { # ARCH TARGET...
	local arch=$1
	shift
	[ "$arch" != "$(uname -m | sed 's/aarch64/arm64/')" ] || skip "$arch is this host's architecture"
	env -u MAKEFLAGS -u MAKELEVEL flock "$B/$arch.lock" \
		make -C "$repo" ARCH="$arch" B="$B/$arch" HOST_B="$B" "$@"
}

# A program for this architecture, here or in an emulator.
on() { # ARCH PROGRAM [ARGUMENT...]
	local arch=$1
	shift
	if [ "$arch" = i386 ] && "$B/i386/bin/btferry-static" help >/dev/null 2>&1; then
		timeout 120 "$@"
	else
		timeout 120 "qemu-${arch/arm64/aarch64}-static" "$@"
	fi
}

is_for() { # MACHINE FILE...
	local machine=$1 file
	shift
	for file; do
		readelf -h "$file" | grep -qE "Machine: +$machine\$" || { readelf -h "$file"; return 1; }
	done
}

# Programs and packages, all of them: checks ARCH DEB RPM MACHINE LOADER LIBRARY
checks() {
	local bin=$B/$1/bin dist=$B/$1/dist deb rpm run
	cross "$1" dist
	deb=$(echo "$dist"/proctrace_*_"$2".deb) rpm=$(echo "$dist"/proctrace-*."$3".rpm)
	run=$(echo "$dist"/proctrace-*-"$3".run)
	is_for "$4" "$bin/btferry" "$bin/btferry-static" "$run"
	readelf -lW "$bin/btferry" | grep -qF "interpreter: $5]"
	hardened dynamic "$bin/btferry"
	hardened static "$run"

	[ "$(dpkg-deb -f "$deb" Architecture)" = "$2" ]
	dpkg-deb -f "$deb" Depends | grep -q 'libbpf1 (>= .*libc6 (>= .*zlib1g'
	dpkg-deb -x "$deb" deb
	is_for "$4" deb/usr/bin/proctrace
	hardened dynamic deb/usr/bin/proctrace
	[ "$(readelf -SW deb/usr/bin/proctrace | grep -c debug_info)" -eq 0 ]

	[ "$(rpm -qp --qf '%{ARCH}' "$rpm")" = "$3" ]
	rpm -qpR "$rpm" | grep -qxF "$6"

	# Kernels of that architecture, and no others, in each of them.
	readelf -SW "$run" | grep -qF .btferry.payload
	for payload in "$run" "$dist"/*.payload deb/usr/share/proctrace/proctrace.payload; do
		"$BTFPACK" verify "$payload"
		[ "$("$BTFPACK" list "$payload" | awk 'NR > 1 { print $1 }' | sort -u)" = "$1" ]
	done
	# What is inside comes from packages of that architecture.
	jq -e --arg arch "$2" '[.packages[].SPDXID] as $ids |
		all("libc6-dev", "libbpf-dev", "libc6"; . as $name |
			$ids | index("SPDXRef-Package-" + $name + "-" + $arch)) and
		any(.files[]; .fileName == "./bin/btferry-static") and
		all(.files[]; .fileName != "./bin/btfpack")' "$dist"/*.spdx.json
	on "$1" "$run" verify
	on "$1" "$run" list | grep -q "^$1 "
	# All of the static program is there and ends: what it has in the place of the C library, too.
	local status=0
	echo '# CONFIG_DEBUG_INFO_BTF is not set' >config
	on "$1" "$run" check --release 5.4.0-none --config config >checked 2>&1 || status=$?
	[ "$status" -eq 3 ] || { cat checked; return 1; }
	grep -q "needs a build for 5.4.0-none" checked
}

@test "arm64: programs, .run, .deb and .rpm" {
	checks arm64 arm64 aarch64 AArch64 /lib/ld-linux-aarch64.so.1 'libbpf.so.1()(64bit)'
	branches_protected "$B/arm64/obj" "BTI, PAC"
}

@test "i386: programs, .run, .deb and .rpm" {
	checks i386 i386 i686 'Intel 80386' /lib/ld-linux.so.2 libbpf.so.1
}

@test "i386: the unit tests" {
	cross i386 all unit
	# The BTF of another kernel, which is the same for every architecture, stays with the host's.
	ln -sf "$B/bpf/vmlinux.btf" "$B/i386/bpf/vmlinux.btf"
	cd "$repo"
	local file name failed=0
	for file in tests/unit/*.c; do
		name=$(basename "$file" .c)
		[[ $name != btfpack_* ]] || continue
		if ! on i386 "$B/i386/tests/$name" >"$BATS_TEST_TMPDIR/said" 2>&1; then
			failed=$((failed + 1))
			echo "$name: exit status $?"
			tail -n 30 "$BATS_TEST_TMPDIR/said"
		fi
		# Why it was skipped stands in the line before.
		awk -v name="$name" '/^\[  SKIPPED \] [a-z0-9_]+$/ && before !~ /^\[/ {
				print "# skipped: " name ": " $NF ": " before
			} { before = $0 }' "$BATS_TEST_TMPDIR/said" >&3
	done
	[ $failed -eq 0 ]
}

@test "BPF objects are the same for every architecture" {
	cross i386 bpf
	cmp "$B/bpf/proctrace.bpf.o" "$B/i386/bpf/proctrace.bpf.o"
	cmp "$B/bpf/canary.bpf.o" "$B/i386/bpf/canary.bpf.o"
}

@test "a package takes programs of one architecture" {
	cross i386 all
	run -6 --separate-stderr "$BTFPACK" package --deb -a "$repo/tests/vm/btf" -o out \
		--program "$B/i386/bin/btferry" "$B/bpf/proctrace.ini"
	[[ $stderr == *"libraries for i386, whose place --sysroot says: "*"library libbpf.so.1"* ]]
	run -2 --separate-stderr "$BTFPACK" package --run --deb -a "$archive" -o out \
		--program "$BTFERRY" --static-program "$B/i386/bin/btferry-static" "$B/bpf/proctrace.ini"
	[[ $stderr == *"btferry-static is for i386, and "*"btferry is for "*": name both programs"* ]]
	[ -z "$(ls -A out)" ]
}

@test "an architecture that there is not" {
	run -2 make -C "$repo" ARCH=sparc
	[[ $output == *"ARCH=sparc: no such architecture; there are arm64 i386 x86_64"* ]]
	run -1 "$repo/packaging/sysroot.sh" sparc
	[[ $output == *"sparc: no such architecture"* ]]
}

@test "a sysroot that cannot be fetched: what was wanted, and why not" {
	export BTFERRY_CACHE=$PWD/cache MIRROR=http://127.0.0.1:9 SECURITY_MIRROR=http://127.0.0.1:9
	run -1 "$repo/packaging/sysroot.sh" i386
	[[ $output == *"no package list could be had"* ]]
	[ ! -e "$("$repo/packaging/sysroot.sh" --path i386)" ]
	run -2 make -C "$repo" ARCH=i386 B="$PWD/build" "$PWD/build/obj/lib/array.o"
	[[ $output == *"no package list could be had"* ]]
	[ ! -e build/obj/lib/array.o ]
}
