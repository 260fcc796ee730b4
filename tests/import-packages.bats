#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# btfpack import of distributions' packages: what the package says becomes the kernel's name.

load helpers
load images

el8=4.18.0-348.el8.x86_64

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	kernel_btf $release >btf
	mkdir tree
}

# An x86 bzImage whose banner says RELEASE.
x86_kernel() { # FILE RELEASE
	flat_kernel "$2" btf >kernel
	zstd -q -1 -c kernel >kernel.zst
	bzimage "$1" kernel.zst kernel
}

# An ELF vmlinux with BTF and a banner, for this machine.
vmlinux() { # FILE RELEASE [BUILD]
	echo 'int main(void) { return 0; }' >main.c
	"${CC:-cc}" -o main main.c
	printf 'Linux version %s (a@b) (gcc) %s\n\0' "$2" "${3:-#1 SMP}" >banner
	mkdir -p "$(dirname "$1")"
	objcopy --add-section .BTF=btf --add-section .banner=banner main "$1"
}

arch() { uname -m | sed s/aarch64/arm64/; }

@test "an RPM: release from the image, ID and VERSION_ID from vendor and suffix" {
	need rpmbuild
	mkdir -p tree/lib/modules/$el8
	x86_kernel tree/lib/modules/$el8/vmlinuz $el8
	echo module >tree/lib/modules/$el8/modules.dep
	local payload
	for payload in w2.xzdio w3.zstdio w6.gzdio; do
		rm -rf out
		PAYLOAD=$payload rpm_package kernel-core 4.18.0 348.el8 CentOS x86_64
		import kernel-core.rpm
		[ "$status" -eq 0 ] || { echo "$payload: $output" >&2; return 1; }
		holds centos/8/x86_64/$el8
		[ "$(jq -r .source out/centos/8/x86_64/$el8.btf.json)" = "kernel-core 4.18.0-348.el8" ]
		[ "$(jq -r .build out/centos/8/x86_64/$el8.btf.json)" = "$build" ]
	done
}

@test "options win over what the package says" {
	need rpmbuild
	mkdir -p tree/lib/modules/$el8
	x86_kernel tree/lib/modules/$el8/vmlinuz $el8
	rpm_package kernel-core 4.18.0 348.el8 'Red Hat, Inc.' x86_64
	import --id almalinux --version-id 8.5 kernel-core.rpm
	[ "$status" -eq 0 ]
	holds almalinux/8.5/x86_64/$el8
	import --release 4.18.0-1 kernel-core.rpm
	[ "$status" -eq 2 ]
	says "the kernel itself says $el8"
}

@test "an RPM that names no distribution asks for it" {
	need rpmbuild
	mkdir -p tree/boot
	x86_kernel tree/boot/vmlinuz-6.6.1-mine 6.6.1-mine
	# The banner would name Debian.
	build='#1 SMP Mon Jan 1 00:00:00 UTC 2024' x86_kernel tree/boot/vmlinuz-6.6.1-mine 6.6.1-mine
	rpm_package kernel 6.6.1 1 me x86_64
	import kernel.rpm
	[ "$status" -eq 2 ]
	says "kernel.rpm: its ID is not known"
	import --id mine --version-id 1 kernel.rpm
	[ "$status" -eq 0 ]
	holds mine/1/x86_64/6.6.1-mine
}

@test "an RPM with debug information, where vmlinux is" {
	need rpmbuild
	local arm=6.8.5-301.fc40.aarch64
	vmlinux tree/usr/lib/debug/lib/modules/$arm/vmlinux $arm
	rpm_package kernel-debuginfo 6.8.5 301.fc40 'Fedora Project' "$(uname -m)"
	import kernel-debuginfo.rpm
	[ "$status" -eq 0 ]
	holds "fedora/40/$(arch)/$arm"
}

@test "an RPM without a kernel, one without files, a damaged one" {
	need rpmbuild
	mkdir -p tree/etc
	echo x >tree/etc/x
	rpm_package kernel-meta 1 1.el8 CentOS x86_64
	import kernel-meta.rpm
	[ "$status" -eq 5 ]
	says "package kernel-meta holds no kernel image"
	rm -r tree && mkdir tree
	rpm_package kernel-none 1 1.el8 CentOS x86_64
	import kernel-none.rpm
	[ "$status" -eq 5 ]
	says "package kernel-none holds no kernel image"

	mkdir -p tree/lib/modules/$el8
	x86_kernel tree/lib/modules/$el8/vmlinuz $el8
	rpm_package kernel-core 4.18.0 348.el8 CentOS x86_64
	local size cut
	size=$(stat -c %s kernel-core.rpm)
	for cut in 97 200 500 3000 $((size / 2)) $((size - 4)); do
		head -c "$cut" kernel-core.rpm >cut.rpm
		import cut.rpm
		[ "$status" -eq 5 ] || { echo "$cut: $output" >&2; return 1; }
		says "cut.rpm: "
		[ ! -e out ]
	done
	# Sizes in the header that no file can hold.
	cp kernel-core.rpm bad.rpm
	printf '\xff\xff\xff\xff' | put bad.rpm 104
	import bad.rpm
	[ "$status" -eq 5 ]
	says "bad.rpm: cut short: the RPM header at byte 96"
}

@test "Ubuntu's debug package (.ddeb), and its plain one" {
	need dpkg-deb
	local ubuntu=5.4.0-42-generic
	MAINTAINER='Ubuntu Kernel Team <kernel-team@lists.ubuntu.com>'
	vmlinux tree/usr/lib/debug/boot/vmlinux-$ubuntu $ubuntu '#46~18.04.1-Ubuntu SMP Fri Jul 10 2020'
	debian_package linux-image-unsigned-$ubuntu-dbgsym 5.4.0-42.46~18.04.1 \
		"$(dpkg --print-architecture)"
	mv linux-image-unsigned-$ubuntu-dbgsym.deb dbgsym.ddeb
	import dbgsym.ddeb
	[ "$status" -eq 0 ]
	holds "ubuntu/18.04/$(arch)/$ubuntu"
	[ "$(jq -r .source "out/ubuntu/18.04/$(arch)/$ubuntu.btf.json")" = \
		"linux-image-unsigned-$ubuntu-dbgsym 5.4.0-42.46~18.04.1" ]
	rm -r tree
	mkdir -p tree/boot
	x86_kernel tree/boot/vmlinuz-$ubuntu $ubuntu
	debian_package linux-image-$ubuntu 5.4.0-42.46 amd64
	import linux-image-$ubuntu.deb
	[ "$status" -eq 0 ]
	holds ubuntu/20.04/x86_64/$ubuntu
}
