#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# btfpack import: from whatever holds a kernel's BTF into an archive, and what it says otherwise.

load helpers
load images

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	kernel_btf $release >btf
}

@test "a BTFHub tree, and again: already there" {
	import "$archive"
	[ "$status" -eq 0 ]
	says "taken          debian/12/x86_64/$release       $(stat -c %s btf) bytes"
	says "out: 4 taken, 0 already there, 0 skipped"
	[ "$(find out -name '*.btf.lz4' | wc -l)" -eq 4 ]
	holds debian/12/x86_64/$release
	kernel_btf 6.12.43+deb12-cloud-arm64 >arm64
	holds debian/12/arm64/6.12.43+deb12-cloud-arm64 arm64
	find out -type f -exec sha256sum {} + | sort >before
	import "$archive"
	[ "$status" -eq 0 ]
	says "out: 0 taken, 4 already there, 0 skipped"
	find out -type f -exec sha256sum {} + | sort | cmp - before
}

@test "the same input gives the same archive" {
	import "$archive"
	"$BTFPACK" import -q -o other "$archive"
	diff -r out other
}

@test "a part of a tree, a single file of it: the path tells the rest" {
	import "$archive/debian/12/x86_64"
	[ "$status" -eq 0 ]
	says "out: 1 taken"
	holds debian/12/x86_64/$release
	cd "$archive/debian/11"
	run "$BTFPACK" import -o "$BATS_TEST_TMPDIR/out" x86_64/*.btf.tar.xz
	[ "$status" -eq 0 ]
	says "debian/11/x86_64/5.10.0-46-cloud-amd64"
}

@test "what does not fit the layout is named and left out" {
	mkdir -p tree/debian/12/x86_64/$release tree/fedora/40/pdp11 tree/.git
	cp btf tree/debian/12/x86_64/$release.btf
	cp btf tree/debian/12/x86_64/$release/module.btf
	cp btf tree/fedora/40/pdp11/1.btf
	echo text | tee tree/README.md >tree/.git/config
	import tree
	[ "$status" -eq 0 ]
	says "left out       tree/README.md: its name is not RELEASE.btf"
	says "left out       tree/debian/12/x86_64/$release: split BTF of 1 modules (module), which is not"
	says "'pdp11' is not an architecture"
	says "out: 1 taken, 0 already there, 0 skipped, 3 left out"
	[[ $output != *.git* ]]
}

@test "good and bad together: one table, kernels first, each reason once, the sums" {
	mkdir -p tree/debian/12/x86_64 tree/fedora/40/arm64
	cp btf tree/debian/12/x86_64/$release.btf
	cp btf tree/fedora/40/arm64/6.8.5-301.fc40.aarch64.btf
	local i
	for i in 1 2 3 4 5 6 7; do : >tree/fedora/40/arm64/6.8.$i-1.fc40.aarch64.btf; done
	# As BTFHub's own programs leave them.
	: >tree/debian/12/x86_64/6.1.0-1-amd64.hasbtf
	: >tree/debian/12/x86_64/6.1.0-2-amd64.failed
	cp btf lonely.btf
	local nobody='neither the file nor a place ID/VERSION_ID/ARCH/RELEASE.btf'
	"$BTFPACK" import -q -o out tree/debian
	"$BTFPACK" import -o out tree lonely.btf >table 2>log || [ $? -eq 5 ]
	cat >wanted <<-END
		taken          fedora/40/arm64/6.8.5-301.fc40.aarch64   $(stat -c %s btf) bytes
		already there  debian/12/x86_64/$release    $(stat -c %s btf) bytes
		left out       2: its name is not RELEASE.btf, bare or with the suffix of a compression
		                 tree/debian/12/x86_64/6.1.0-1-amd64.hasbtf
		                 tree/debian/12/x86_64/6.1.0-2-amd64.failed
		skipped        7: an empty file
		                 tree/fedora/40/arm64/6.8.1-1.fc40.aarch64.btf
		                 tree/fedora/40/arm64/6.8.2-1.fc40.aarch64.btf
		                 tree/fedora/40/arm64/6.8.3-1.fc40.aarch64.btf
		                 tree/fedora/40/arm64/6.8.4-1.fc40.aarch64.btf
		                 tree/fedora/40/arm64/6.8.5-1.fc40.aarch64.btf
		                 and 2 more
		skipped        lonely.btf: its ID is not known: $nobody tells it (--id)
		out: 1 taken, 1 already there, 8 skipped, 2 left out
	END
	diff wanted table
	# Each that was skipped is named when it happens.
	[ "$(grep -c '^btfpack: warning: import: .*: skipped$' log)" -eq 8 ]
}

@test "exit status: 2 where only names are missing, 5 where anything is damaged" {
	cp btf lonely.btf
	: >empty.btf
	import lonely.btf
	[ "$status" -eq 2 ]
	import lonely.btf empty.btf
	[ "$status" -eq 5 ]
	import empty.btf lonely.btf
	[ "$status" -eq 5 ]
}

@test "bare and compressed BTF, names from options" {
	need xz zstd lz4 gzip bzip2
	local kind
	cp btf 1.btf
	xz -0k 1.btf && zstd -q 1.btf && lz4 -q 1.btf 1.btf.lz4 && gzip -k 1.btf && bzip2 -k 1.btf
	tar -cf 1.btf.tar 1.btf
	for kind in 1.btf 1.btf.xz 1.btf.zst 1.btf.lz4 1.btf.gz 1.btf.bz2 1.btf.tar; do
		rm -rf out
		import --id rocky --version-id 9.4 --arch x86_64 --release 5.14.0-1.el9 $kind
		[ "$status" -eq 0 ]
		holds rocky/9.4/x86_64/5.14.0-1.el9
	done
}

@test "the release comes from the file's name, what nothing tells is asked for" {
	cp btf 5.14.0-1.el9.x86_64.btf
	import --id rocky --version-id 9.4 --arch x86_64 5.14.0-1.el9.x86_64.btf
	[ "$status" -eq 0 ]
	holds rocky/9.4/x86_64/5.14.0-1.el9.x86_64
	import --id rocky --arch x86_64 5.14.0-1.el9.x86_64.btf
	[ "$status" -eq 2 ]
	says "its VERSION_ID is not known"
	says "--version-id"
	import --id ../.. --version-id 9 --arch x86_64 5.14.0-1.el9.x86_64.btf
	[ "$status" -eq 2 ]
	says "characters that none has"
	[ ! -e ../../9 ]
	# A whole BTF tells its architecture by the registers that it has.
	import --id rocky --version-id 9.5 5.14.0-1.el9.x86_64.btf
	[ "$status" -eq 0 ]
	holds rocky/9.5/x86_64/5.14.0-1.el9.x86_64
	tar -xJf "$repo"/tests/vm/btf/debian/11/i386/*.btf.tar.xz
	import --id debian --version-id 11 5.10.0-32-686-pae.btf
	says "taken          debian/11/i386/5.10.0-32-686-pae"
	# As uname -m says it.
	import --id rocky --version-id 9.4 --arch aarch64 5.14.0-1.el9.x86_64.btf
	[ "$status" -eq 0 ]
	holds rocky/9.4/arm64/5.14.0-1.el9.x86_64
}

@test "the running host" {
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel exposes no BTF"
	import host
	[ "$status" -eq 0 ]
	local found
	found=$(find out -name '*.btf.lz4')
	[ "$(basename "$found" .btf.lz4)" = "$(uname -r)" ]
	zstd -qdc "$found" | cmp - /sys/kernel/btf/vmlinux
	[ "$(jq -r .build "${found%.lz4}.json")" = "$(uname -v)" ]
	import /sys/kernel/btf/vmlinux
	says "1 already there"
}

@test "a vmlinux with a .BTF section" {
	local arch
	arch=$(uname -m | sed s/aarch64/arm64/)
	echo 'int main(void) { return 0; }' >main.c
	"${CC:-cc}" -o main main.c
	printf 'Linux version %s (a@b) (gcc) %s\n\0' $release "$build" >banner
	objcopy --add-section .BTF=btf --add-section .banner=banner main vmlinux
	import vmlinux
	[ "$status" -eq 0 ]
	holds "debian/12/$arch/$release"
	[ "$(jq -r .build "out/debian/12/$arch/$release.btf.json")" = "$build" ]
	import main
	[ "$status" -eq 5 ]
	says "without BTF"
	import --release 6.6.6 vmlinux
	[ "$status" -eq 2 ]
	says "the kernel itself says $release"
}

@test "bzImage, in every compression that is read" {
	need xz zstd lz4 gzip bzip2
	local kind
	flat_kernel $release btf >kernel
	gzip -1kc kernel >kernel.gzip
	bzip2 -1kc kernel >kernel.bzip2
	xz --check=crc32 --x86 --lzma2=preset=0 -kc kernel >kernel.xz
	xz --format=lzma -0kc kernel >kernel.lzma
	zstd -q -1 -c kernel >kernel.zstd
	lz4 -q -l -1 -c kernel >kernel.lz4
	for kind in gzip bzip2 xz lzma zstd lz4; do
		rm -rf out
		bzimage vmlinuz kernel.$kind kernel
		import vmlinuz
		[ "$status" -eq 0 ] || { echo "$kind: $output" >&2; return 1; }
		holds debian/12/x86_64/$release
		[ "$(jq -r .build out/debian/12/x86_64/$release.btf.json)" = "$build" ]
	done
}

@test "arm64 Image, Image.gz and EFI zboot" {
	local arm=6.12.43+deb12-cloud-arm64 key=debian/12/arm64/6.12.43+deb12-cloud-arm64
	kernel_btf $arm >arm64.bytes
	arm64_image $arm arm64.bytes >Image
	gzip -1k Image
	zstd -q -1 -c Image >payload
	{
		printf 'MZ\0\0zimg'
		le32 64
		le32 "$(stat -c %s payload)"
		head -c 48 /dev/zero
		cat payload
		le32 "$(stat -c %s Image)"
	} >zboot
	local kind
	for kind in Image Image.gz zboot; do
		rm -rf out
		import $kind
		[ "$status" -eq 0 ] || { echo "$kind: $output" >&2; return 1; }
		holds $key arm64.bytes
	done
}

@test "the banner's release wins over the file's name, with a warning" {
	flat_kernel $release btf >kernel
	zstd -q -1 -c kernel >kernel.zst
	bzimage vmlinuz-6.1.0-99-amd64 kernel.zst kernel
	import vmlinuz-6.1.0-99-amd64
	[ "$status" -eq 0 ]
	says "its name says 6.1.0-99-amd64, the kernel says $release"
	holds debian/12/x86_64/$release
}

@test "Debian packages, old and new shape" {
	need dpkg-deb
	flat_kernel $release btf >kernel
	zstd -q -1 -c kernel >kernel.zst
	mkdir -p tree/boot
	bzimage tree/boot/vmlinuz-$release kernel.zst kernel
	debian_package linux-image-$release 6.1.190-1 amd64
	import linux-image-$release.deb
	[ "$status" -eq 0 ]
	holds debian/12/x86_64/$release
	[ "$(jq -r .source out/debian/12/x86_64/$release.btf.json)" = "linux-image-$release 6.1.190-1" ]

	rm -rf tree
	mkdir -p tree/usr/lib/modules/7.2.13+deb14-arm64
	arm64_image 7.2.13+deb14-arm64 btf >tree/usr/lib/modules/7.2.13+deb14-arm64/vmlinuz
	COMPRESSION=-Zgzip debian_package linux-binary-7.2.13+deb14-arm64 7.2.13-1 arm64
	import linux-binary-7.2.13+deb14-arm64.deb
	[ "$status" -eq 0 ]
	holds debian/sid/arm64/7.2.13+deb14-arm64

	rm -rf tree
	mkdir tree
	debian_package linux-image-7.2.13+deb14-arm64 7.2.13-1 arm64
	import linux-image-7.2.13+deb14-arm64.deb
	[ "$status" -eq 5 ]
	says "package linux-image-7.2.13+deb14-arm64 holds no kernel image"
}

@test "another BTF under the same name is left out, and taken with --replace" {
	import "$archive"
	kernel_btf 5.10.0-46-cloud-amd64 >other
	mkdir -p tree/debian/12/x86_64
	cp other tree/debian/12/x86_64/$release.btf
	import tree
	[ "$status" -eq 5 ]
	says "differs from what out has of debian/12/x86_64/$release; --replace takes this one"
	holds debian/12/x86_64/$release
	import --replace tree
	[ "$status" -eq 0 ]
	holds debian/12/x86_64/$release other
}

@test "a build that becomes known later is added" {
	import "$archive"
	[ "$(jq -r .build out/debian/12/x86_64/$release.btf.json)" = null ]
	flat_kernel $release btf >kernel
	gzip -1 kernel && bzimage vmlinuz kernel.gz btf
	import vmlinuz
	says "1 already there"
	[ "$(jq -r .build out/debian/12/x86_64/$release.btf.json)" = "$build" ]
}

@test "two in one tree under one name: the first counts, a different one is named" {
	mkdir -p tree/debian/12/x86_64
	cp btf tree/debian/12/x86_64/$release.btf
	xz -0kc btf >tree/debian/12/x86_64/$release.btf.xz
	import tree
	[ "$status" -eq 0 ]
	says "1 taken"
	[[ $output != *"left out"* ]]
	kernel_btf 5.10.0-46-cloud-amd64 | xz -0c >tree/debian/12/x86_64/$release.btf.xz
	import tree
	[ "$status" -eq 0 ]
	says "$release.btf.xz: of the same kernel as tree/debian/12/x86_64/$release.btf"
}

@test "one damaged file in a tree: named, the others taken, exit 5; --keep-going: 0" {
	cp -r "$archive" tree
	local damaged=tree/debian/11/x86_64/5.10.0-46-cloud-amd64.btf.tar.xz
	truncate -s 300000 $damaged
	import tree
	[ "$status" -eq 5 ]
	says "warning: import: $damaged: damaged or cut short"
	says "skipped        $damaged"
	says "out: 3 taken, 0 already there, 1 skipped"
	import --keep-going tree
	[ "$status" -eq 0 ]
	says "out: 0 taken, 3 already there, 1 skipped"
	import --keep-going $damaged
	[ "$status" -eq 5 ]
	nothing_half
}

@test "empty, foreign, cut, big-endian, missing: each its sentence" {
	: >empty.btf
	import empty.btf
	[ "$status" -eq 5 ]
	says "empty.btf: an empty file"

	head -c 100000 btf >cut.btf
	import --id a --version-id 1 --arch arm64 cut.btf
	[ "$status" -eq 5 ]
	says "cut.btf:"

	printf '\xeb\x9f\x01\x00\x00\x00\x00\x18' >big.btf
	head -c 100 /dev/zero >>big.btf
	import --id a --version-id 1 --arch s390x big.btf
	[ "$status" -eq 5 ]
	says "big.btf:"
	says "big-endian"

	import nowhere.btf
	[ "$status" -eq 5 ]
	says "nowhere.btf: No such file or directory"

	mkdir folder
	import folder
	[ "$status" -eq 5 ]
	says "folder: a directory without ID/VERSION_ID/ARCH/RELEASE.btf in it"

	mkdir -p tree/debian/12/x86_64/1.btf
	cp btf tree/debian/12/x86_64/2.btf
	import tree
	[ "$status" -eq 0 ]
	says "left out       tree/debian/12/x86_64/1.btf: a directory, where a file with BTF is wanted"

	echo 'just text' >text
	import text
	[ "$status" -eq 5 ]
	says "text: not recognised"
	says "nothing was taken.  Accepted are: BTF (.btf"
}

@test "what is newer than this program, or turned round, is refused by name and not half read" {
	# The first type's kind: one more than the newest known.
	cp btf newer.btf
	printf '\x14' | put newer.btf 31
	import --id a --version-id 1 --arch arm64 newer.btf
	[ "$status" -eq 5 ]
	says "newer.btf: BTF: type 1: kind 20 is newer than kind 19 (enum64), the newest known"
	mkdir -p tree/a/1/arm64
	cp newer.btf tree/a/1/arm64/1.btf
	run "$BTFPACK" build -a tree -o p.payload "$B/bpf/proctrace.ini"
	[ "$status" -eq 5 ]
	says "tree/a/1/arm64/1.btf: BTF: type 1: kind 20 is newer"
	[ ! -e p.payload ]

	# As a big-endian kernel has it, all of it.
	"$B/tests/oracle/makebtf" swap btf big.btf
	import --id a --version-id 1 --arch s390x big.btf
	[ "$status" -eq 5 ]
	says "big.btf: BTF: big-endian; only little-endian kernels are supported"
	[ ! -e out ]
}

@test "a kernel image without BTF, and one in LZO" {
	head -c 9000 /dev/zero >kernel
	printf 'Linux version 5.10.0-1-amd64 (a@b) (gcc) %s\n\0' "$build" >>kernel
	gzip -1kc kernel >kernel.gz
	bzimage vmlinuz kernel.gz kernel
	import vmlinuz
	[ "$status" -eq 5 ]
	says "vmlinuz: a kernel without BTF (CONFIG_DEBUG_INFO_BTF is not set)"
	printf '\x89LZO\0\r\n\x1a\n and more' >kernel.lzo
	bzimage vmlinuz kernel.lzo kernel
	import vmlinuz
	[ "$status" -eq 5 ]
	says "vmlinuz: compressed kernel: compression that is not read: LZO (unpack it with lzop)"
}

@test "a directory of packages and images: told to name them" {
	mkdir folder
	echo deb >folder/linux-image-1.deb
	import folder
	[ "$status" -eq 5 ]
	says "packages and images in it want to be named themselves"
}

@test "damage that shows only when it is unpacked is found" {
	need dpkg-deb
	flat_kernel $release btf >kernel
	zstd -q -1 -c kernel >kernel.zst
	bzimage vmlinuz kernel.zst kernel
	truncate -s 200000 vmlinuz
	import vmlinuz
	[ "$status" -eq 5 ]
	says "vmlinuz: cut short: the compressed kernel should be at"
	mkdir -p tree/boot
	bzimage tree/boot/vmlinuz-$release kernel.zst kernel
	debian_package linux-image 1 amd64
	truncate -s 200000 linux-image.deb
	import linux-image.deb
	[ "$status" -eq 5 ]
	says "linux-image.deb: damaged or cut short"
	[ ! -e out ]
}

@test "what the archive has damaged is repaired by importing again" {
	import "$archive"
	local stored=out/debian/12/x86_64/$release.btf.lz4
	truncate -s 1000 $stored
	import "$archive"
	[ "$status" -eq 0 ]
	says "out: 1 taken, 3 already there"
	holds debian/12/x86_64/$release
	# Not what the side file says: whole, but another kernel's.
	cp out/debian/11/x86_64/5.10.0-46-cloud-amd64.btf.lz4 $stored
	"$BTFPACK" import -o copy out >log 2>&1 || status=$?
	grep -q "$stored: not the BTF whose digest is in its side file" log
	import "$archive"
	[ "$status" -eq 0 ]
	holds debian/12/x86_64/$release
}

@test "a write that fails, or a death in it, leaves nothing half" {
	# 100 KiB is less than any of the files: the write fails ...
	run bash -c 'trap "" XFSZ; ulimit -f 100; exec "$BTFPACK" import -o out "$1"' - "$archive"
	[ "$status" -eq 6 ]
	says "cannot write: File too large"
	[ -z "$(find out -name '*.btf.lz4')" ]
	nothing_half
	# ... or the process dies.
	run bash -c 'ulimit -c 0; ulimit -f 100; exec "$BTFPACK" import -o out "$1"' - "$archive"
	[ "$status" -gt 128 ]
	[ -z "$(find out -name '*.btf.lz4')" ]
	# What it left behind is no part of the archive, and goes with the next import.
	[ "$(find out -name '*.tmp' | wc -l)" -eq 1 ]
	cp "$(find out -name '*.tmp')" left
	import "$archive"
	[ "$status" -eq 0 ]
	says "out: removed 1 left by an import that was killed"
	[ "$(find out -name '*.btf.lz4' | wc -l)" -eq 4 ]
	nothing_half
	mv left out/debian/12/x86_64/$release.btf.lz4.17.tmp
	run "$BTFPACK" import -o copy out
	[ "$status" -eq 0 ]
	says "$release.btf.lz4.17.tmp: left by an import that was killed"
	says "copy: 4 taken"
}

@test "usage" {
	run "$BTFPACK" import
	[ "$status" -eq 2 ]
	says "Usage: btfpack import"
	run "$BTFPACK" import --release 1 a b
	[ "$status" -eq 2 ]
	says "--release names one kernel"
	run "$BTFPACK" import --nonsense a
	[ "$status" -eq 2 ]
	run "$BTFPACK" import --help
	[ "$status" -eq 0 ]
	says "--keep-going"
}
