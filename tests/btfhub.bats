#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Names as BTFHub's archive has them, some of them odd: what import makes of them, and which stored
# BTF a host then gets that has its own name for itself in os-release.

load helpers
load images

# Four real BTFs that no relocation confuses; what they are called here is the test.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
	arch=$(uname -m | sed s/aarch64/arm64/)
	kernel_btf 5.10.0-46-cloud-amd64 >one
	kernel_btf $release >two
	kernel_btf 7.3.4+deb13-cloud-amd64 >three
}

hub() { # BTF ID/VERSION RELEASE: as BTFHub stores it
	mkdir -p "hub/$2/$arch"
	cp "$1" "$3.btf"
	tar -cf - "$3.btf" | xz -0 >"hub/$2/$arch/$3.btf.tar.xz"
	rm "$3.btf"
}

pack() {
	import hub
	[ "$status" -eq 0 ] || { echo "$output" >&2; return 1; }
	"$BTFPACK" build -q -a out -o p.payload "$B/bpf/proctrace.ini"
	"$BTFPACK" build -q -a hub -o raw.payload "$B/bpf/proctrace.ini"
	"$BTFPACK" list --json p.payload >list.json
}

# The digest of the stored BTF that a host of this ID, VERSION_ID and release gets.
host_gets() { # ID VERSION_ID RELEASE [ID_LIKE]
	rm -rf root && mkdir -p root/etc
	printf 'ID="%s"\nVERSION_ID="%s"\nID_LIKE="%s"\n' "$1" "$2" "${4:-}" >root/etc/os-release
	"$BTFERRY" install --dry-run --json --payload p.payload --root root --kernel "$3" \
		>plan.json || true
	jq -r '.plan.kernels[0].btf' plan.json
}

# The digest of what was reduced from this file.
stored() { # BTF
	jq -r --arg full "$(sha256sum "$1" | cut -d' ' -f1)" \
		'[.kernels[] | select(.full_btf == $full) | .btf][0]' list.json
}

gets() { # BTF ID VERSION_ID RELEASE [ID_LIKE]
	local btf=$1
	shift
	[ "$(host_gets "$@")" = "$(stored "$btf")" ] ||
		{ echo "$*: not $btf" >&2; cat plan.json >&2; return 1; }
}

names() { jq -r '.kernels[] | .distro + "/" + .version_id + "/" + .release' list.json; }

@test "debian/bullseye is 11, beside directories by number" {
	hub one debian/bullseye 5.10.0-1-amd64
	hub two debian/10 4.19.0-1-amd64
	hub three debian/bullseye 4.19.0-1-amd64
	pack
	holds "debian/11/$arch/5.10.0-1-amd64" one
	[ ! -e out/debian/bullseye ]
	gets one debian 11 5.10.0-1-amd64
	gets two debian 10 4.19.0-1-amd64
	gets three debian 11 4.19.0-1-amd64
	# A clone of BTFHub is used as it is, and gives the same kernels.
	cmp <("$BTFPACK" list --json raw.payload | jq '[.kernels[] | del(.build)]') \
		<(jq '[.kernels[] | del(.build)]' list.json)
}

@test "amzn/1 is 2018.03 in os-release, amzn/2 is another" {
	hub one amzn/1 4.14.128-87.105.amzn
	hub two amzn/2 4.14.128-87.105.amzn
	pack
	holds "amzn/2018.03/$arch/4.14.128-87.105.amzn" one
	gets one amzn 2018.03 4.14.128-87.105.amzn "rhel fedora"
	gets two amzn 2 4.14.128-87.105.amzn "centos rhel fedora"
}

@test "ol/7 holds UEK and RHCK, which others have under the same release" {
	hub one ol/7 4.14.35-1902.0.18.el7uek.x86_64
	hub two ol/7 3.10.0-1160.el7.x86_64
	hub three rhel/7 3.10.0-1160.el7.x86_64
	pack
	says "3 taken"
	gets one ol 7.9 4.14.35-1902.0.18.el7uek.x86_64 fedora
	gets two ol 7.9 3.10.0-1160.el7.x86_64 fedora
	gets three rhel 7.9 3.10.0-1160.el7.x86_64 fedora
	# Neither is CentOS's own: it is not guessed.
	[ "$(host_gets centos 7 3.10.0-1160.el7.x86_64 "rhel fedora")" = null ]
}

@test "rhel/8 and centos/8 serve hosts that say 8.5, and their rebuilds" {
	hub one rhel/8 4.18.0-348.el8.x86_64
	hub two fedora/31 4.18.0-348.el8.x86_64
	hub three centos/8 4.18.0-147.el8.x86_64
	hub two fedora/31 4.18.0-147.el8.x86_64
	pack
	gets one rhel 8.5 4.18.0-348.el8.x86_64 fedora
	gets one almalinux 8.5 4.18.0-348.el8.x86_64 "rhel centos fedora"
	gets one rocky 8.5 4.18.0-348.el8.x86_64 "rhel centos fedora"
	gets three rhel 8.1 4.18.0-147.el8.x86_64 fedora
	gets three centos 8 4.18.0-147.el8.x86_64 "rhel fedora"
}

@test "SLES files exist under the package's name and under the real release" {
	hub one sles/12.3 4.4.103-6.33.1-default
	hub one sles/12.3 4.4.103-6.33-default
	pack
	says "2 taken"
	# Both names are kept, for only the kernel knows which it has; they cost one stored BTF.
	[ "$(names | wc -l)" -eq 2 ]
	[ "$(jq -r '[.kernels[].btf] | unique | length' list.json)" -eq 1 ]
	gets one sles 12.3 4.4.103-6.33-default
	gets one sles_sap 12.3 4.4.103-6.33-default
}

@test "links between directories: each kernel once" {
	hub one debian/12 6.1.0-1-amd64
	ln -s 12 hub/debian/bookworm
	ln -s ../12/"$arch" hub/debian/12/copy
	hub two centos/8 4.18.0-1.el8.x86_64
	ln -s centos hub/almalinux
	mkdir hub/debian/11
	ln -s loop hub/debian/11/loop
	import hub
	[ "$status" -eq 0 ]
	says "3 taken, 0 already there, 0 skipped"
	says "left out       hub/debian/11/loop: Too many levels of symbolic links"
	says "'copy' is not an architecture"
	[ "$(find out -name '*.btf.lz4' | sort | sed 's|^out/||')" = \
		"almalinux/8/$arch/4.18.0-1.el8.x86_64.btf.lz4
centos/8/$arch/4.18.0-1.el8.x86_64.btf.lz4
debian/12/$arch/6.1.0-1-amd64.btf.lz4" ]
	pack
	gets one debian 12 6.1.0-1-amd64
	gets two rocky 8.4 4.18.0-1.el8.x86_64 "rhel centos fedora"
}

@test "one uname -r in two Ubuntu releases, built twice" {
	hub one ubuntu/18.04 5.4.0-42-generic
	hub two ubuntu/focal 5.4.0-42-generic
	pack
	gets one ubuntu 18.04 5.4.0-42-generic debian
	gets two ubuntu 20.04 5.4.0-42-generic debian
	[ "$(host_gets alpine 3.19 5.4.0-42-generic)" = null ]
}

@test "el7a, aa7a, el7.2, el8_1, 1850a: releases in every spelling that BTFHub has" {
	local release releases=(4.14.0-115.el7a.0.1 3.19.0-0.80.aa7a 4.0.0-0.rc7.git1.1.el7 \
		4.11.0-22.el7.2 4.14.35-1850a.el7uek 4.18.0-147.0.3.el8_1)
	for release in "${releases[@]}"; do
		hub one centos/7 "$release.aarch64"
	done
	pack
	says "6 taken, 0 already there, 0 skipped"
	for release in "${releases[@]}"; do
		gets one centos 7 "$release.aarch64" "rhel fedora"
	done
}

@test "amzn/1 serves hosts that say another year, as long as the release is the only one" {
	hub one amzn/1 4.14.42-52.37.amzn1.x86_64
	hub two amzn/2 4.14.104-95.84.amzn2.x86_64
	pack
	gets one amzn 2017.09 4.14.42-52.37.amzn1.x86_64 "rhel fedora"
	gets one amzn 2018.03 4.14.42-52.37.amzn1.x86_64 "rhel fedora"
}

@test "a directory that is missing on the way is not made up from what stands above the root" {
	mkdir -p "hub/1/$arch"
	cp one "hub/1/$arch/4.14.42-52.37.amzn1.x86_64.btf"
	hub two debian/12 "$release"
	import hub
	[ "$status" -eq 0 ]
	says "hub/1/$arch/4.14.42-52.37.amzn1.x86_64.btf: a directory of ID/VERSION_ID/ARCH is missing"
	says "1 taken, 0 already there, 0 skipped"
	# Told what it is, it is taken.
	import --id amzn --version-id 2018.03 "hub/1/$arch/4.14.42-52.37.amzn1.x86_64.btf"
	[ "$status" -eq 0 ]
	holds "amzn/2018.03/$arch/4.14.42-52.37.amzn1.x86_64" one
}

# A release is a name that several builds have in turn; which one is in the archive is for a person
# to say, and the payload has the build wherever an image told it.
@test "one Debian uname -r, built twice: the second is refused by name, its build not mixed up" {
	local first='#1 SMP Debian 5.10.1-1 (2024-01-01)' second='#1 SMP Debian 5.10.2-1 (2024-02-02)'
	build=$first
	flat_kernel 5.10.0-8-amd64 one | gzip -1 >kernel.gz
	bzimage vmlinuz-1 kernel.gz one
	build=$second
	flat_kernel 5.10.0-8-amd64 two | gzip -1 >kernel.gz
	bzimage vmlinuz-2 kernel.gz two
	import vmlinuz-1
	[ "$status" -eq 0 ]
	import vmlinuz-2
	[ "$status" -eq 5 ]
	says "vmlinuz-2: differs from what out has of debian/11/x86_64/5.10.0-8-amd64; --replace takes"
	"$BTFPACK" build -q -a out -o p.payload "$B/bpf/proctrace.ini"
	[ "$("$BTFPACK" list --json p.payload | jq -r '.kernels[].build')" = "$first" ]
	import --replace vmlinuz-2
	[ "$status" -eq 0 ]
	"$BTFPACK" build -q -a out -o p.payload "$B/bpf/proctrace.ini"
	[ "$("$BTFPACK" list --json p.payload | jq -r '.kernels[].build')" = "$second" ]
}

@test "what its own programs leave beside the files is no kernel" {
	hub one debian/10 4.19.0-17-amd64
	: >"hub/debian/10/$arch/4.19.0-99-amd64.failed"
	: >"hub/debian/10/$arch/5.10.0-0.deb10.17-amd64.hasbtf"
	pack
	says "1 taken, 0 already there, 0 skipped, 2 left out"
}
