#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Makes what one kernel's guest gets as /kit: proctrace packed for that kernel and four others, the
# load, and what single steps need.
#
#     kit.sh KERNEL OUT      KERNEL: a folder that `kernels.sh get` printed
#
# B is the build folder of this host; what runs in the guest comes from that of the guest's
# architecture.
set -eu
cd "$(dirname "$0")/../.."
[ $# -eq 2 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
kernel=$1 out=$2 B=${B:-build}
arch=$(cat "$kernel/arch") release=$(cat "$kernel/release")
target=$B
[ "$arch" = "$(uname -m)" ] || target=$B/$arch

rm -rf "$out"
mkdir -p "$out/kit" "$out/archive/debian/vm/$arch"
cp -r tests/files/btf/. "$out/archive"
cp "$kernel/btf" "$out/archive/debian/vm/$arch/$release.btf"
cp "$target/tests/vm/load" "$out/kit"

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
