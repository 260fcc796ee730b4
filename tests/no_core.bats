#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# proctrace without CO-RE: compiled for one kernel with the headers that Debian ships for it, from
# the files that a payload carries.  tests/vm/steps/no-core.sh runs it.

bats_require_minimum_version 1.5.0
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# Of the VM tests' kernels, which are there with their BTF.
release_of() { # KERNEL: in $kernel its folder, in $release its uname -r, in $headers their folder
	kernel=$("$repo/tests/vm/kernels.sh" get "$1" 2>why) || { cat why; false; }
	release=$(cat "$kernel/release")
	headers=$("$repo/tests/headers.sh" get "$release" 2>why) || { cat why; false; }
	arch=$(cat "$kernel/arch")
}

# Bytes of CO-RE relocations, as the header of .BTF.ext has it.
core_bytes() { # OBJECT
	llvm-objcopy --dump-section .BTF.ext=ext "$1" /dev/null
	od -An -tu4 -j28 -N4 ext | tr -d ' '
}

# What of an object does not depend on how it was compiled.
outline() { # OBJECT
	"$BTFERRY" run --settings --object "$1"
	llvm-readelf -sW "$1" | awk '$4 == "FUNC" && $5 == "GLOBAL" || $4 == "OBJECT" && $5 == "GLOBAL" {
		print $4, $8 }' | sort
	bpftool btf dump file "$1" | grep DECL_TAG | sed "s/^[^']*//; s/ type_id=[0-9]*//" | sort
}

# Compiled from the payload's files alone, with no relocation, and the same to who looks at it; and
# each member that the CO-RE object would find in the BTF of this very kernel is where headers say.
compiles_for() { # KERNEL
	release_of "$1"
	"$BTFPACK" build -q -o p.payload "$B/bpf/proctrace.ini"
	"$BTFPACK" extract -o p p.payload >extracted
	"$repo/tests/no_core/compile.sh" "$headers" "$arch" p/source/proctrace.bpf.c object.o
	[ "$(core_bytes object.o)" = 0 ]
	[ "$(core_bytes "$B/bpf/proctrace.bpf.o")" -gt 0 ]
	diff <(outline "$B/bpf/proctrace.bpf.o") <(outline object.o)

	"$BTFPACK" reduce -q -o read.btf "$kernel/btf" "$B/bpf/proctrace.bpf.o"
	{
		echo '#include "proctrace_kernel.h"'
		bpftool btf dump file read.btf -j | jq -rf "$repo/tests/no_core/places.jq"
	} >places.c
	[ "$(grep -c _Static_assert places.c)" -gt 80 ]
	"$repo/tests/no_core/compile.sh" "$headers" "$arch" places.c places.o -Ip/source
	# And the check finds what is elsewhere.
	sed -i 's/\(mnt_mountpoint) \* 8 == \)/\11 + /' places.c
	run ! "$repo/tests/no_core/compile.sh" "$headers" "$arch" places.c places.o -Ip/source
	[[ $output = *"struct mount: mnt_mountpoint"* ]]
}

# The version that headers of a release would have, as far as layouts depend on it.
version_code() { # RELEASE
	local major minor
	IFS=. read -r major minor _ <<<"$1"
	echo $((major * 65536 + minor * 256))
}

# ARCHIVE=DIR has more kernels.
@test "types that no headers have: as in the BTF of every kernel" {
	local file release version
	while read -r file; do
		release=$(basename "$file" .btf.tar.xz)
		tar -xJOf "$file" >kernel.btf
		bpftool btf dump file kernel.btf format c |
			sed -E 's/\bstruct (mount|mnt_namespace|proc_inode)\b/struct kernels_\1/g' >vmlinux.h
		version=$(version_code "$release")
		clang -fsyntax-only -target bpf -w -I. -I"$repo" -DLINUX_VERSION_CODE="$version" \
			"$repo/tests/bpf/no_core/private.c" || { echo "$file"; false; }
		echo "$release" >>seen
	done < <(find "$archive" ${ARCHIVE:+"$ARCHIVE"} -path '*/x86_64/*.btf.tar.xz' -o \
		-path '*/arm64/*.btf.tar.xz')
	[ "$(wc -l <seen)" -ge 4 ]
	# The last one's, with the version of another.
	run ! clang -fsyntax-only -target bpf -w -I. -I"$repo" \
		-DLINUX_VERSION_CODE=$((version > 0x50b00 ? 0x50a00 : 0x50b00)) \
		"$repo/tests/bpf/no_core/private.c"
	[[ $output = *mnt_namespace.ns* ]]
}

@test "5.10" { compiles_for 5.10-cloud; }
@test "6.1 on arm64" { compiles_for 6.1-arm64; }
@test "7" { compiles_for 7-cloud; }

# The headers of a kernel that has them all, told otherwise: with what else hangs on cgroups there.
@test "a kernel without cgroups, without their pids controller, without IPv6" {
	local without
	release_of 6.1-cloud
	for without in IPV6 CGROUP_PIDS "CGROUPS CGROUP_PIDS MEMCG MEMCG_KMEM CGROUP_WRITEBACK \
		BLK_CGROUP CGROUP_BPF CGROUP_NET_PRIO CGROUP_NET_CLASSID SOCK_CGROUP_DATA"; do
		printf '#undef CONFIG_%s\n' $without >without.h
		"$repo/tests/no_core/compile.sh" "$headers" "$arch" "$repo/bpf/proctrace.bpf.c" object.o \
			-include "$PWD/without.h"
	done
	# Such a kernel has no bpf_get_current_cgroup_id(): helper 80.
	llvm-objdump -d object.o >code
	grep -q "call 113$" code
	run ! grep -q "call 80$" code
}

@test "a kernel whose layouts the compiler gets wrong is refused: 32 bits, structs at random" {
	release_of 6.1-cloud
	run ! "$repo/tests/no_core/compile.sh" "$headers" "$arch" "$repo/bpf/proctrace.bpf.c" o -m32
	[[ $output = *"32-bit kernel would read wrong places"* ]]
	for option in RANDSTRUCT GCC_PLUGIN_RANDSTRUCT; do
		run ! "$repo/tests/no_core/compile.sh" "$headers" "$arch" "$repo/bpf/proctrace.bpf.c" o \
			-DCONFIG_$option=1
		[[ $output = *"laid out at random"* ]]
	done
}
