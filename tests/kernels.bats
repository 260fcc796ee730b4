#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# tests/vm/kernels.sh: how a kernel of the VM tests is had.  The mirror is a folder of this test,
# with packages around a real kernel's BTF; kernels.list is the test's own, except where the tree's
# is looked at.

load helpers
load images

tools=(apt-get dpkg-scanpackages gpg modinfo)

setup_file() {
	command -v "${tools[@]}" | wc -l | grep -qx ${#tools[@]} || return 0 # setup says which
	cd "$BATS_FILE_TMPDIR" || return
	kernel_btf $release >btf
	echo CONFIG_DEBUG_INFO_BTF=y >config
	make_modules
	make_package 6.1.0-55-cloud-amd64 6.1.192-1
	make_package $release 6.1.190-1
	make_mirror
}

# A kernel that says its release and, in itself, its configuration.
make_image() { # RELEASE
	flat_kernel "$1" btf >kernel
	{
		printf IKCFG_ST
		gzip -1 <config
		printf IKCFG_ED
	} >>kernel
	gzip -1 -f -k kernel
	bzimage image kernel.gz kernel
	le32 $((0x100)) | put image 0x20e # kernel_version: 0x200 before the place
	printf '%s (a@b) #1\0' "$1" | put image 0x300
}

# Modules that name what they depend on as real ones do.
make_module() { # NAME DEPENDS [SOFTDEP]
	printf 'const char a[] __attribute__((section(".modinfo"), used)) = "depends=%s\\0%s";\n' \
		"$2" "${3:+softdep=$3\\0}name=$1" | "${CC:-cc}" -c -x c -o "$1.ko" -
}
make_modules() {
	make_module virtio_ring ''
	make_module virtio virtio_ring
	make_module virtio-pci virtio,virtio_ring
	make_module virtio_blk virtio_ring,virtio
	make_module crc32c_generic ''
	make_module xfs '' 'pre: crc32c_generic'
	make_module loop ''
	make_module unwanted ''
	xz xfs.ko
}

make_package() { # RELEASE VERSION
	rm -rf tree
	mkdir -p tree/boot tree/lib/modules/"$1"/kernel
	make_image "$1"
	cp image tree/boot/vmlinuz-"$1"
	cp config tree/boot/config-"$1"
	cp ./*.ko ./*.ko.xz tree/lib/modules/"$1"/kernel
	debian_package "linux-image-$1" "$2" amd64
}

# A mirror with one suite, signed with a key of its own.
make_mirror() {
	local lists=mirror/dists/test/main/binary-amd64
	mkdir -p mirror/pool $lists
	mv ./*.deb mirror/pool
	(cd mirror && dpkg-scanpackages -m pool >../Packages 2>/dev/null)
	mv Packages $lists
	{
		printf 'Origin: t\nLabel: t\nSuite: test\nCodename: test\n'
		printf 'Date: %s\nArchitectures: amd64\nComponents: main\nSHA256:\n' "$(date -Ru)"
		printf ' %s %s main/binary-amd64/Packages\n' "$(sum_of $lists/Packages)" \
			"$(stat -c %s $lists/Packages)"
	} >Release
	export GNUPGHOME=$PWD/gnupg
	mkdir -m 700 gnupg
	gpg --batch --quiet --passphrase '' --quick-generate-key test@example.org rsa2048 sign never
	gpg --batch --quiet --clearsign -o mirror/dists/test/InRelease Release
	gpg --batch --export >key.gpg
	gpgconf --kill all
}

sum_of() { sha256sum <"$1" | cut -d ' ' -f 1; }

# The scripts as they are, in a tree with a list of its own.
setup() {
	need "${tools[@]}"
	made=$BATS_FILE_TMPDIR
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p tests packaging
	cp -r "$repo/tests/vm" tests
	cp "$repo/packaging/apt.bash" packaging
	: >tests/vm/kernels.list
	export BTFERRY_VM_CACHE=$PWD/cache MIRROR=file:$made/mirror SECURITY_MIRROR=file:/none
	export KEYRING=$made/key.gpg
	unset BTFERRY_VM_KERNELS
	first=linux-image-$release:amd64=6.1.190-1
	second=linux-image-6.1.0-55-cloud-amd64:amd64=6.1.192-1
	first_sum=$(sum_of "$made/mirror/pool/linux-image-$release.deb")
	second_sum=$(sum_of "$made/mirror/pool/linux-image-6.1.0-55-cloud-amd64.deb")
}

way() { echo "$*" >>tests/vm/kernels.list; }
debian_way() { way k debian x86_64 test "$1" "$2" own - -; } # PACKAGES SUMS
kernels() { run tests/vm/kernels.sh "$@"; }
folder() { tail -n 1 <<<"$output"; }
no_folder() { [ -z "$(find cache -name 'k-*' -o -name 'making-*')" ]; }

@test "the list of the tree: names, columns, hashes, and files that are there" {
	cp "$repo/tests/vm/kernels.list" tests/vm
	kernels names
	[ "$status" -eq 0 ]
	[ "$(paste -sd ' ' <<<"$output")" = "5.10-noringbuf 6.1-nobtf 5.10-nobtf 6.1-arm64 \
5.10-686 5.10-cloud 6.1-cloud 6.12-cloud 7-cloud" ]
	while read -r name kind arch suite packages sums btf how prebuilt rest; do
		[ -n "$prebuilt" ] && [ -z "$rest" ]
		[ "$(tr -cd , <<<"$packages")" = "$(tr -cd , <<<"$sums")" ]
		for sum in ${sums//,/ } ${prebuilt//[-,]/ }; do [[ $sum =~ ^[0-9a-f]{64}$ ]]; done
		for file in ${how//[-,]/ }; do [ -f "tests/vm/$file" ]; done
		[[ $btf =~ ^(own|pahole|-)$ ]] || xz -t "tests/vm/$btf"
	done < <(grep -v '^ *\(#\|$\)' tests/vm/kernels.list)
	kernels list
	[ "$status" -eq 0 ]
	[ ${#lines[@]} -eq 10 ]
	[[ ${lines[1]} =~ ^5.10-noringbuf\ +x86_64\ +5\.10\.[0-9]+-noringbuf\ +no\ +no$ ]]
	[[ ${lines[4]} =~ ^6.1-arm64\ +arm64\ +6\.1\..*\ yes\ +no$ ]]
	[[ ${lines[5]} =~ ^5.10-686\ +i386\ +5\.10\..*-686-pae\ +no\ +no$ ]]
	[[ ${lines[6]} =~ ^5.10-cloud\ +x86_64\ +5\.10\.[0-9.-]+-cloud-amd64\ +yes\ +no$ ]]
}

@test "a kernel of a package: all of its folder, and no second fetch" {
	debian_way "$first" "$first_sum"
	kernels get k
	echo "$output"
	[ "$status" -eq 0 ]
	cd "$(folder)"
	cmp image "$made/image"
	cmp btf "$made/btf"
	[ "$(cat release arch exposes_btf origin | paste -sd ' ')" = "$release x86_64 yes $first" ]
	cmp config "$made/config"
	# Each after what it depends on; softly too; nothing that nobody asked for.
	[ "$(paste -sd ' ' modules/order)" = "crc32c_generic.ko virtio_ring.ko virtio.ko \
virtio_pci.ko virtio_blk.ko xfs.ko loop.ko" ]
	[ "$(cd modules && find . -type f | sort | paste -sd ' ')" = "./crc32c_generic.ko \
./loop.ko ./order ./virtio.ko ./virtio_blk.ko ./virtio_pci.ko ./virtio_ring.ko ./xfs.ko" ]
	readelf -h modules/xfs.ko >/dev/null
	cd "$BATS_TEST_TMPDIR"
	local before=$output
	MIRROR=file:/none kernels get k
	[ "$status" -eq 0 ]
	[ "$output" = "$(tail -n 1 <<<"$before")" ]
	kernels list
	[[ ${lines[1]} == *" yes "*"$(tail -n 1 <<<"$before")" ]]
}

@test "a file with another hash is refused, and the next way taken" {
	debian_way "$first" "${first_sum//[0-4]/5}"
	debian_way "$second" "$second_sum"
	kernels get k
	echo "$output"
	[ "$status" -eq 0 ]
	says "SHA-256 is $first_sum, and kernels.list has ${first_sum//[0-4]/5}: not used"
	[ "$(cat "$(folder)/release")" = 6.1.0-55-cloud-amd64 ]
	[ "$(find cache -maxdepth 1 -name 'k-*' | wc -l)" -eq 1 ]
	# What is there is good: nobody looks for the first again.
	MIRROR=file:/none kernels get k
	[ "$status" -eq 0 ]
}

@test "a package that the suite has no more: said, and the next way taken" {
	debian_way "$first-gone" "$first_sum"
	debian_way "$second" "$second_sum"
	kernels get k
	echo "$output"
	[ "$status" -eq 0 ]
	says "'6.1.190-1-gone' for 'linux-image-$release' was not found; suites: test"
	[ "$(cat "$(folder)/origin")" = "$second" ]
}

@test "a kernel that nobody has: named, status 1, nothing left behind" {
	debian_way "$first-gone" "$first_sum"
	debian_way linux-image-none:amd64=1 "$first_sum"
	kernels get k
	echo "$output"
	[ "$status" -eq 1 ]
	says "Unable to locate package linux-image-none"
	says "k: cannot be had in any of the 2 ways of kernels.list: see above"
	no_folder
}

@test "a mirror that cannot be reached: status 1 and apt's reason" {
	debian_way "$first" "$first_sum"
	MIRROR=file:/none kernels get k
	echo "$output"
	[ "$status" -eq 1 ]
	says "no package list could be had"
	no_folder
}

@test "lists that somebody else signed are not used" {
	debian_way "$first" "$first_sum"
	head -c 100 /dev/zero >empty.gpg
	KEYRING=$PWD/empty.gpg kernels get k
	echo "$output"
	[ "$status" -eq 1 ]
	no_folder
}

@test "a package that holds no kernel, and BTF of another kernel, are refused" {
	rm -rf tree
	mkdir -p tree/boot
	debian_package linux-image-$release 6.1.190-1 amd64
	run tests/vm/unpack-kernel.sh out own linux-image-$release.deb
	[ "$status" -eq 1 ]
	says "no kernel image inside"
	run tests/vm/unpack-kernel.sh out2 6.1.0-1.btf.tar.xz "$made/mirror/pool/linux-image-$release.deb"
	[ "$status" -eq 1 ]
	says "6.1.0-1.btf.tar.xz is not the BTF of $release"
}

@test "a name that is not in the list: status 1, and those that are" {
	debian_way "$first" "$first_sum"
	kernels get l
	[ "$status" -eq 1 ]
	[ "$output" = "kernels: l: no such kernel; kernels.list has k" ]
	kernels nonsense
	[ "$status" -eq 2 ]
	says "usage: kernels.sh get NAME"
}

@test "a kernel built before is known by its hash, whatever its name" {
	mkdir old older
	cp "$made/image" old/x
	xz -c "$made/btf" >older/y
	way k built x86_64 test linux-source-none:all=1 "$first_sum" pahole small.config \
		"$(sum_of old/x),$(sum_of older/y)"
	BTFERRY_VM_KERNELS=$PWD/old:$PWD/older kernels get k
	echo "$output"
	[ "$status" -eq 0 ]
	cd "$(folder)"
	cmp image "$made/image"
	cmp btf "$made/btf"
	cmp config "$made/config"
	[ "$(cat release arch exposes_btf | paste -sd ' ')" = "$release x86_64 yes" ]
	[ "$(stat -c %s modules/order)" -eq 0 ]
}

@test "a kernel built before with one byte changed is not taken" {
	mkdir old
	cp "$made/image" old/bzImage
	xz -c "$made/btf" >old/btf.xz
	way k built x86_64 test linux-source-none:all=1 "$first_sum" pahole small.config \
		"$(sum_of old/bzImage),$(sum_of old/btf.xz)"
	printf x | put old/bzImage 5000
	BTFERRY_VM_KERNELS=$PWD/old kernels get k
	echo "$output"
	[ "$status" -eq 1 ]
	says "k: not in BTFERRY_VM_KERNELS=$PWD/old with the hashes of kernels.list"
	says "k: cannot be had"
	no_folder
}

@test "what goes into a kernel changed: it is made anew" {
	mkdir old
	cp "$made/image" old/bzImage
	xz -c "$made/btf" >old/btf.xz
	export BTFERRY_VM_KERNELS=$PWD/old
	way k built x86_64 test linux-source-none:all=1 "$first_sum" pahole small.config \
		"$(sum_of old/bzImage),$(sum_of old/btf.xz)"
	kernels get k
	local before
	before=$(folder)
	echo "# CONFIG_X is not set" >>tests/vm/small.config
	kernels get k
	[ "$status" -eq 0 ]
	[ "$(folder)" != "$before" ]
}

@test "two who want the same kernel at once: one makes it" {
	debian_way "$first" "$first_sum"
	tests/vm/kernels.sh get k >one 2>one.err &
	tests/vm/kernels.sh get k >two 2>two.err || { cat ./*.err; return 1; }
	wait $!
	cmp one two
	[ -d "$(cat one)" ]
	[ "$(cat ./*.err | grep -c "fetching linux-image")" -eq 1 ]
	grep -q "waiting for another one who makes it" ./*.err
}

@test "offers prints what a suite has, as the list wants it" {
	kernels offers test amd64 '^linux-image-6.*cloud'
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = "$first $first_sum" ]
	[ "${lines[2]}" = "$second $second_sum" ]
}
