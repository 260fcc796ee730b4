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
