#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Makes what one kernel's guest gets as /kit: proctrace packed for that kernel and four others, the
# load, and what single steps need.
#
#     kit.sh KERNEL OUT      KERNEL: a folder that `kernels.sh get` printed
#
# WANTED has the names of the steps that it will do: what takes a compiler is made for these only.
# OUT/STEP.guest, where a step needs a guest of its own, has what boot.sh is to be asked for:
# an argument a line.
#
# B is the build folder of this host; what runs in the guest comes from that of the guest's
# architecture, which is brought up to date.
set -eu
cd "$(dirname "$0")/../.."
[ $# -eq 2 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
kernel=$1 out=$2 B=${B:-build}
arch=$(cat "$kernel/arch") release=$(cat "$kernel/release")
target=$B
if [ "$arch" != "$(uname -m)" ]; then
	target=$B/$arch
	flock "$target.lock" "${MAKE:-make}" -s --no-print-directory ARCH="$arch" B="$target" \
		HOST_B="$B" all vm
fi

wants() { [[ " ${WANTED:-} " = *" $1 "* ]]; } # STEP

# Packs a manifest for the guest's architecture.
pack() { # MANIFEST OUT ARCHIVE...
	local manifest=$1 to=$2 archives=()
	shift 2
	while [ $# -gt 0 ]; do
		archives+=(-a "$1")
		shift
	done
	"$B/bin/btfpack" build -q "${archives[@]}" --program "$target/bin/btferry-static" -o "$to" \
		"$manifest"
}

# The guest's kernel in one archive, those of others in another; bare, since they are read often.
others=$out/others/debian own=$out/own/debian
archives() {
	local file name
	for file in tests/files/btf/debian/*/*/*.btf.tar.xz; do
		name=${file#tests/files/btf/debian/}
		mkdir -p "$others/${name%/*}"
		tar -xJOf "$file" >"$others/${name%.tar.xz}"
	done
	mkdir -p "$own/vm/$arch"
	cp "$kernel/btf" "$own/vm/$arch/$release.btf"
}

# What all steps use.
basics() {
	cp "$target"/tests/vm/{load,watch,really_load,without} "$target/tests/proctrace/act" "$out/kit"
	cp "$target/bin/btferry-static" "$out/kit/btferry"
	cp "$target/tests/sandbox/probe" "$out/kit/probe"
	pack "$B/bpf/proctrace.ini" "$out/kit/proctrace.run" "$others" "$own"
}

# Objects and BTF that are named by hand; an application of which one program cannot run without the
# kernel's own BTF; and proctrace for kernels of others only.
for_cases() {
	mkdir "$out/kit/objects"
	cp "$B/bpf/proctrace.bpf.o" "$B"/tests/bpf/runtime/told_*.bpf.o "$out/kit/objects"
	cp "$kernel/btf" "$out/kit/own.btf"
	printf '%s\n' '[app]' 'name = told' 'version = 1' '[object]' 'path = told_fentry.bpf.o' \
		'[events]' 'map = events' '[program with_btf]' 'alternative = without_btf' \
		>"$out/kit/objects/told.ini"
	pack "$out/kit/objects/told.ini" "$out/kit/told.payload" "$others" "$own"
	pack "$B/bpf/proctrace.ini" "$out/kit/elsewhere.run" "$others"
}

# BTF of other kernels: one to be named, one that was packed by mistake as this kernel's, and one of
# another architecture.
for_wrong_btf() {
	tests/vm/wrong_btf.sh "$kernel" "$out/wrong" >"$out/wrong.names"
	cp "$out/wrong/near.btf" "$out/kit/wrong.btf"
	cp "$out/wrong/foreign.btf" "$out/kit/foreign.btf"
	mkdir -p "$out/mistaken/debian/vm/$arch"
	cp "$out/wrong/far.btf" "$out/mistaken/debian/vm/$arch/$release.btf"
	pack "$B/bpf/proctrace.ini" "$out/kit/mistaken.payload" "$out/mistaken"
}

# One object for each thing that needs the kernel's own BTF; an application whose manifest says what
# to do where there is none, and the same without a word of it.
for_own_btf() {
	local subjects=(fentry tp_btf lsm iter struct_ops ksym_typed ksym_typed_weak kfunc kfunc_weak
		helper_btf task_storage) name
	mkdir "$out/forks" "$out/kit/own"
	for name in "${subjects[@]}"; do cp "$B/tests/truth/objects/$name.bpf.o" "$out/kit/own"; done
	cp "$B/tests/vm/bpf/snprintf_btf.bpf.o" "$out/kit/own"
	cp tests/vm/bpf/forks.ini "$B/tests/vm/bpf/forks.bpf.o" "$out/kit/own"/*.bpf.o "$out/forks"
	sed "s|^path = .*|&\nalso = ${subjects[*]/%/.bpf.o} snprintf_btf.bpf.o|" tests/vm/bpf/forks.ini \
		>"$out/forks/forks.ini"
	sed '/^\[program/,$d' tests/vm/bpf/forks.ini >"$out/forks/helpless.ini"
	pack "$out/forks/forks.ini" "$out/kit/forks.payload" "$others" "$own"
	pack "$out/forks/helpless.ini" "$out/kit/helpless.payload" "$others" "$own"
}

# Objects as Debian's libbpf-tools carry them, packed beside proctrace; and some that are not.
for_third_party() {
	local tools=(exitsnoop execsnoop tcpstates syscount) name
	cp -r "$B/bpf" "$out/beside"
	mkdir "$out/kit/third"
	for name in "${tools[@]}" solisten sigsnoop; do
		cp "$B/tests/truth/tools/$name.bpf.o" "$out/kit/third"
	done
	cp "$out/kit/third"/*.bpf.o "$out/beside"
	sed -i "s|^path = .*|&\nalso = ${tools[*]/%/.bpf.o}|" "$out/beside/proctrace.ini"
	pack "$out/beside/proctrace.ini" "$out/kit/beside.payload" "$others" "$own"
}

# Built for this kernel out of its headers, as Debian has them for its own kernels: BTF for the
# CO-RE object of an application that asks for nothing else, and proctrace without CO-RE.  Whoever
# built a kernel has its whole tree, which declares all that proctrace's CO-RE object reads.
for_built() {
	local headers folder=${kernel##*/}
	if wants tree; then
		headers=$(tests/vm/kernels.sh headers "${folder%-*}")
	elif wants built || wants no-core || wants compiler; then
		headers=$(tests/headers.sh get "$release")
	else
		return 0
	fi
	build() { # PAYLOAD WAY OUT
		"$B/bin/btferry" --payload "$1" build --kernel "$release" --arch "$arch" \
			--headers "$headers" --way "$2" --out "$3"
	}
	mkdir "$out/execs"
	cp "$B/tests/bpf/runtime/told_covered.bpf.o" "$out/execs/execs.bpf.o"
	printf '%s\n' '[app]' 'name = execs' 'version = 1' '[object]' 'path = execs.bpf.o' '[events]' \
		'map = events' >"$out/execs/execs.ini"
	pack "$out/execs/execs.ini" "$out/kit/execs.payload" "$others"
	pack "$B/bpf/proctrace.ini" "$out/proctrace.payload" "$others"
	! wants built || build "$out/kit/execs.payload" headers "$out/kit/execs.built"
	! wants tree || build "$out/proctrace.payload" headers "$out/kit/tree.built"
	! { wants tree || wants no-core; } ||
		build "$out/proctrace.payload" object "$out/kit/proctrace.built"
}

# A compiler with its libraries, and the headers as their packages have them, for a guest that
# builds by itself.  Links of the headers lead into packages that only modules need, so they travel
# in a tar.
for_compiler() {
	local headers clang kin resources
	wants compiler || return 0
	headers=$(tests/headers.sh get "$release")
	tar -C "$headers" -cf "$out/headers.tar" usr/src lib/modules
	clang=$(realpath "$(command -v clang)")
	resources=$("$clang" -print-resource-dir)/include
	printf '%s\n' -m 2560 -s 1800 -f "$out/headers.tar:/headers.tar" \
		-f "$(realpath "$resources"):$resources" >"$out/guest"
	for kin in clang opt llc; do printf '%s\n' -p "$(dirname "$clang")/$kin"; done >>"$out/guest"
	mv "$out/guest" "$out/compiler.guest"
}

rm -rf "$out"
mkdir -p "$out/kit"
archives
made=()
for part in basics for_cases for_wrong_btf for_own_btf for_third_party for_built for_compiler; do
	$part &
	made+=($!)
done
for part in "${made[@]}"; do wait "$part"; done
