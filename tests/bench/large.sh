#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Makes a CO-RE object as large as Tracee's: about 11 MB and 34,753 relocations, of which 371
# differ, over 118 types.  Benchmarks that a small object would flatter use it.
#
#     tests/bench/large.sh OUT.bpf.o
#
# VMLINUX_H names the header that it is compiled with (build/bpf/vmlinux.h, of the first fixture
# kernel).  The same header and compiler give the same bytes.
set -eu
cd "$(dirname "$0")/../.."
[ $# -eq 1 ] || { echo "usage: $0 OUT.bpf.o" >&2; exit 2; }
out=$1 vmlinux=${VMLINUX_H:-${B:-build}/bpf/vmlinux.h}
[ -e "$vmlinux" ] || { echo "$0: $vmlinux: missing; \`make bpf\` makes it" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$vmlinux" "$work/vmlinux.h"
awk -f tests/bench/large.awk "$vmlinux" >"$work/large.bpf.c"
include=/usr/include/$("${CC:-gcc}" -print-multiarch)
(
	# From within, so that no path of this machine reaches the object.
	cd "$work"
	"${CLANG:-clang}" -g -O2 -std=gnu11 -target bpf -mcpu=v2 -Wall -Werror -I. -I"$include" \
		-fdebug-compilation-dir=. -c -o large.bpf.o large.bpf.c
	"${LLVM_STRIP:-llvm-strip}" -g large.bpf.o
)
mv "$work/large.bpf.o" "$out"
