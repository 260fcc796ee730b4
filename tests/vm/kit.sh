#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Makes what one kernel's guest gets as /kit: proctrace packed for that kernel and four others, the
# load, and what single steps need.
#
#     kit.sh KERNEL OUT      KERNEL: a folder that `kernels.sh get` printed
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

rm -rf "$out"
mkdir -p "$out/kit" "$out/archive/debian/vm/$arch"
cp -r tests/files/btf/. "$out/archive"
cp "$kernel/btf" "$out/archive/debian/vm/$arch/$release.btf"
cp "$target"/tests/vm/{load,watch,really_load,without} "$out/kit"
cp "$target/bin/btferry-static" "$out/kit/btferry"

# Packs a manifest for the guest's architecture.
pack() { # ARCHIVE MANIFEST OUT
	"$B/bin/btfpack" build -q -a "$1" --program "$target/bin/btferry-static" -o "$3" "$2"
}
pack "$out/archive" "$B/bpf/proctrace.ini" "$out/kit/proctrace.run"
# The same application, for kernels of others only.
pack tests/files/btf "$B/bpf/proctrace.ini" "$out/kit/elsewhere.run"

# What is named by hand: objects, and this kernel's whole BTF.
mkdir "$out/kit/objects"
cp "$B/bpf/proctrace.bpf.o" "$B"/tests/bpf/runtime/told_*.bpf.o "$out/kit/objects"
cp "$kernel/btf" "$out/kit/own.btf"
# An application of which one program cannot run without the kernel's own BTF.
printf '%s\n' '[app]' 'name = told' 'version = 1' '[object]' 'path = told_fentry.bpf.o' '[events]' \
	'map = events' '[program with_btf]' 'alternative = without_btf' >"$out/kit/objects/told.ini"
pack "$out/archive" "$out/kit/objects/told.ini" "$out/kit/told.payload"

# BTF of other kernels: one to be named, one that was packed by mistake as this kernel's.
tests/vm/wrong_btf.sh "$kernel" "$out/wrong" >"$out/wrong.names"
cp "$out/wrong/near.btf" "$out/kit/wrong.btf"
mkdir -p "$out/mistaken/debian/vm/$arch"
cp "$out/wrong/far.btf" "$out/mistaken/debian/vm/$arch/$release.btf"
pack "$out/mistaken" "$B/bpf/proctrace.ini" "$out/kit/mistaken.payload"

# An application whose manifest says what to do where the kernel has no BTF of its own, the same
# without a word of it, and one object for each thing that needs it.
own=(fentry tp_btf lsm iter struct_ops ksym_typed ksym_typed_weak kfunc kfunc_weak helper_btf
	task_storage)
mkdir "$out/forks" "$out/kit/own"
for name in "${own[@]}"; do cp "$B/tests/truth/objects/$name.bpf.o" "$out/kit/own"; done
cp "$B/tests/vm/bpf/snprintf_btf.bpf.o" "$out/kit/own"
cp tests/vm/bpf/forks.ini "$B/tests/vm/bpf/forks.bpf.o" "$out/kit/own"/*.bpf.o "$out/forks"
sed "s|^path = .*|&\nalso = ${own[*]/%/.bpf.o} snprintf_btf.bpf.o|" tests/vm/bpf/forks.ini \
	>"$out/forks/forks.ini"
sed '/^\[program/,$d' tests/vm/bpf/forks.ini >"$out/forks/helpless.ini"
pack "$out/archive" "$out/forks/forks.ini" "$out/kit/forks.payload"
pack "$out/archive" "$out/forks/helpless.ini" "$out/kit/helpless.payload"

# Objects of third parties, as Debian's libbpf-tools carry them, packed beside proctrace; and some
# that are not.
third=(exitsnoop execsnoop tcpstates syscount)
cp -r "$B/bpf" "$out/beside"
mkdir "$out/kit/third"
for name in "${third[@]}" opensnoop solisten sigsnoop; do
	cp "$B/tests/truth/tools/$name.bpf.o" "$out/kit/third"
done
cp "$out/kit/third"/*.bpf.o "$out/beside"
sed -i "s|^path = .*|&\nalso = ${third[*]/%/.bpf.o}|" "$out/beside/proctrace.ini"
pack "$out/archive" "$out/beside/proctrace.ini" "$out/kit/beside.payload"
