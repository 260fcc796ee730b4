#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Compiles one BPF source for one kernel, with that kernel's headers and without CO-RE.
#
#     compile.sh HEADERS ARCH SOURCE OUT [FLAG...]
#         HEADERS    a folder that tests/headers.sh prints
#         ARCH       x86_64 or arm64
#
# Two steps: clang reads the headers as a compiler of the kernel's architecture, since the kernel's
# inline assembly is none of BPF's, and llc makes BPF of it.
set -eu -o pipefail
[ $# -ge 4 ] || { sed -n 's/^#     /usage: /p' "$0" | head -n 1 >&2; exit 2; }
headers=$1 arch=$2 source=$3 out=$4
shift 4
clang=${CLANG:-clang} opt=${OPT:-opt} llc=${LLC:-llc}
common=$headers/common build=$headers/build
case $arch in
x86_64) kernel_arch=x86 target=x86_64-linux-gnu ;;
arm64) kernel_arch=arm64 target=aarch64-linux-gnu ;;
*) echo "compile.sh: $arch: neither x86_64 nor arm64" >&2; exit 2 ;;
esac
folders=()
for part in arch/$kernel_arch/include:arch/$kernel_arch/include/generated include:include \
	arch/$kernel_arch/include/uapi:arch/$kernel_arch/include/generated/uapi \
	include/uapi:include/generated/uapi; do
	folders+=(-isystem "$common/${part%:*}" -isystem "$build/${part#*:}")
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# libbpf's headers alone: what else is in their folder is of the user space of this host.
ln -s "$(pkg-config --variable=includedir libbpf 2>/dev/null || echo /usr/include)/bpf" "$work/bpf"
"$clang" -O2 -g -std=gnu11 -target "$target" -emit-llvm -Xclang -disable-llvm-passes \
	-nostdinc -isystem "$("$clang" -print-resource-dir)/include" "${folders[@]}" \
	-I"$work" \
	-include "$common/include/linux/kconfig.h" \
	-include "$common/include/linux/compiler_types.h" \
	-D__KERNEL__ -D__BPF_TRACING__ "-D__TARGET_ARCH_$kernel_arch" -DNO_CORE \
	-DKBUILD_MODNAME='"no_core"' -DCC_USING_FENTRY -fms-extensions \
	-fno-stack-protector -fno-jump-tables -fno-unwind-tables -fno-asynchronous-unwind-tables \
	-Wall -Wextra -Werror -Wno-unused-parameter \
	-fdebug-compilation-dir=. "$@" -c "$source" -o "$work/source.bc"
"$opt" -O2 -mtriple=bpf-pc-linux "$work/source.bc" -o "$work/optimized.bc"
"$llc" -march=bpf -mcpu=v2 -filetype=obj "$work/optimized.bc" -o "$out"
