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
	says "taken          debian/12/x86_64/$release  $(stat -c %s btf) bytes"
	says "out: 4 taken, 0 already there, 0 skipped"
	[ "$(find out -name '*.btf.zst' | wc -l)" -eq 4 ]
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
	says "tree/README.md: left out"
	says "tree/debian/12/x86_64/$release: left out: split BTF of 1 modules (module), which is not"
	says "'pdp11' is not an architecture"
	says "1 taken"
	[[ $output != *.git* ]]
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
}

@test "the running host" {
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel exposes no BTF"
	import host
	[ "$status" -eq 0 ]
	local found
	found=$(find out -name '*.btf.zst')
	[ "$(basename "$found" .btf.zst)" = "$(uname -r)" ]
	zstd -qdc "$found" | cmp - /sys/kernel/btf/vmlinux
	[ "$(jq -r .build "${found%.zst}.json")" = "$(uname -v)" ]
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
	says "$release.btf.xz: left out: of the same kernel as tree/debian/12/x86_64/$release.btf"
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
	says "tree/debian/12/x86_64/1.btf: left out: a directory, where a file with BTF is wanted"

	echo 'just text' >text
	import text
	[ "$status" -eq 5 ]
	says "text: not recognised"
	says "nothing was taken.  Accepted are: BTF (.btf"
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
	local stored=out/debian/12/x86_64/$release.btf.zst
	truncate -s 1000 $stored
	import "$archive"
	[ "$status" -eq 0 ]
	says "out: 1 taken, 3 already there"
	holds debian/12/x86_64/$release
	# Not what the side file says: whole, but another kernel's.
	cp out/debian/11/x86_64/5.10.0-46-cloud-amd64.btf.zst $stored
	"$BTFPACK" import -o copy out >log 2>&1 || status=$?
	grep -q "$stored: not the BTF whose sha256 is in its side file" log
	import "$archive"
	[ "$status" -eq 0 ]
	holds debian/12/x86_64/$release
}

@test "a write that fails, or a death in it, leaves nothing half" {
	# 100 KiB is less than any of the files: the write fails ...
	run bash -c 'trap "" XFSZ; ulimit -f 100; exec "$BTFPACK" import -o out "$1"' - "$archive"
	[ "$status" -eq 6 ]
	says "cannot write: File too large"
	[ -z "$(find out -name '*.btf.zst')" ]
	nothing_half
	# ... or the process dies.
	run bash -c 'ulimit -c 0; ulimit -f 100; exec "$BTFPACK" import -o out "$1"' - "$archive"
	[ "$status" -gt 128 ]
	[ -z "$(find out -name '*.btf.zst')" ]
	# What it left behind is no part of the archive, and goes with the next import.
	[ "$(find out -name '*.tmp' | wc -l)" -eq 1 ]
	cp "$(find out -name '*.tmp')" left
	import "$archive"
	[ "$status" -eq 0 ]
	says "out: removed 1 left by an import that was killed"
	[ "$(find out -name '*.btf.zst' | wc -l)" -eq 4 ]
	nothing_half
	mv left out/debian/12/x86_64/$release.btf.zst.17.tmp
	run "$BTFPACK" import -o copy out
	[ "$status" -eq 0 ]
	says "$release.btf.zst.17.tmp: left out: left by an import that was killed"
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
