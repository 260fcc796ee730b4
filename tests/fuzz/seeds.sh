#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Makes what a fuzz target can start from, of what the build made, what tests/files holds, and what
# the machine at hand has.  Small, since a target is the slower the larger its inputs are.
#
#     tests/fuzz/seeds.sh NAME FOLDER
set -eu
cd "$(dirname "$0")/../.."
B=${B:-build} name=$1 folder=$2
objcopy=${LLVM_OBJCOPY:-llvm-objcopy}

# Bytes of a number, little-endian: le 4 0x10
le() {
	local i
	for ((i = 0; i < $1; i++)); do printf '%b' "\\x$(printf %02x $((($2 >> (8 * i)) & 255)))"; done
}

zeros() { head -c $(($1)) /dev/zero; }

# A kernel of some KB: a banner, and BTF.
kernel() {
	printf 'Linux version 6.1.0 (a@b) (gcc 12) #1 SMP\n\0'
	cat "$B/tests/bpf/long32.btf"
	zeros 512
}

# bzImage of protocol 2.15 around a packed kernel (Documentation/arch/x86/boot.rst).
bzimage() { # PACKED
	local size
	size=$(stat -c %s "$1")
	zeros 0x1f1; le 1 1; zeros 12; le 2 0xaa55; zeros 2; printf HdrS; le 2 0x20f
	zeros 6; le 2 0x100; zeros 38; le 2 1; zeros 16; le 4 0; le 4 $((size + 4)); zeros 0xb0
	printf '6.1.0-54-cloud-amd64 (a@b) #1 SMP Debian\0'
	zeros 1024-0x300-41
	cat "$1"
	le 4 2048
}

# EFI zboot (drivers/firmware/efi/libstub/zboot-header.S).
zboot() { # PACKED
	printf 'MZ\0\0zimg'; le 4 64; le 4 "$(stat -c %s "$1")"; zeros 8
	printf 'gzip\0\0\0\0'; zeros 32; cat "$1"
}

# The kernel, packed in each way that is read.
packed() {
	local plain=$folder/image
	{ zeros 56; printf 'ARM\x64'; zeros 4; kernel; } >"$plain"
	gzip -9nc "$plain" >"$folder/gzip"
	xz -0 --check=crc32 -c "$plain" >"$folder/xz"
	xz -0 --format=lzma -c "$plain" >"$folder/lzma"
	bzip2 -1 -c "$plain" >"$folder/bzip2"
	! command -v zstd >/dev/null || zstd -q -c "$plain" >"$folder/zstd"
	! command -v lz4 >/dev/null || lz4 -q -l -c "$plain" >"$folder/lz4"
}

case $name in
btf_view | btf_codec | resolve)
	cp "$B"/tests/bpf/*.btf "$folder"
	;;
object)
	cp "$B"/tests/bpf/*.bpf.o "$folder"
	;;
kallsyms)
	# The first byte is how many come at once.
	{ printf '\xff'; grep -m 40 ' [tTdD] ' /proc/kallsyms || true; } >"$folder/host"
	;;
section)
	"$objcopy" --add-section .btferry.payload=tests/files/payload/good-empty.payload \
		"$B/tests/bpf/narrow.bpf.o" "$folder/carrier"
	;;
uprobe)
	"${CC:-cc}" -shared -nostdlib -o "$folder/library" -x c - <<<'int call(void) { return 1; }'
	strip -o "$folder/stripped" "$folder/library"
	;;
vmlinux)
	kernel >"$folder/flat"
	cp "$B/tests/bpf/narrow.bpf.o" "$folder/object"
	printf '\x02\0' | dd of="$folder/object" bs=1 seek=16 conv=notrunc status=none # ET_EXEC
	printf '\x3e\0' | dd of="$folder/object" bs=1 seek=18 conv=notrunc status=none # EM_X86_64
	;;
vmlinuz)
	packed
	for way in "$folder"/*; do
		case $way in
		*-bzimage | *-zboot | */image) continue ;;
		esac
		bzimage "$way" >"$way-bzimage"
		zboot "$way" >"$way-zboot"
	done
	;;
deb)
	packed
	mkdir -p "$folder/root/boot"
	mv "$folder/image" "$folder/root/boot/vmlinuz-6.1.0"
	printf 'Package: linux-image-6.1.0\nVersion: 6.1.0-1\nArchitecture: arm64\n' \
		>"$folder/root/control"
	tar -C "$folder/root" -cf "$folder/root/control.tar" ./control
	tar -C "$folder/root" -cf "$folder/root/data.tar" ./boot
	printf '2.0\n' >"$folder/root/debian-binary"
	for pack in gzip xz zstd; do
		command -v $pack >/dev/null || continue
		$pack -f -k -q -1 "$folder"/root/*.tar
		(cd "$folder/root" && ar rc ../$pack.deb debian-binary control.tar.*z* data.tar.*z*)
		rm "$folder"/root/*.tar.*
	done
	find "$folder" -mindepth 1 ! -name '*.deb' -delete
	;;
archive)
	packed
	cp "$B/tests/bpf/long32.btf" "$folder/k.btf"
	tar -C "$folder" -cf "$folder/tar" k.btf
	xz -0 -c "$folder/tar" >"$folder/tar.xz"
	! command -v lz4 >/dev/null || lz4 -q -c "$folder/k.btf" >"$folder/frame"
	;;
esac
