#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Makes a kernel's folder (tests/vm/kernels.sh) of what Debian's packages hold.
#
#     unpack-kernel.sh OUT BTF DEB...
#
# BTF is `own`, the kernel's own BTF, which BTFPACK takes out of the image; or a file like BTFHub's,
# RELEASE.btf.tar.xz, for a kernel that has none.
set -eu
[ $# -ge 3 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
out=$(realpath "$1")
btf=$2
shift 2

say() { printf '%s\n' "unpack-kernel: $*" >&2; }
die() {
	say "$*"
	exit 1
}
for tool in dpkg-deb modinfo lz4 xz; do
	command -v $tool >/dev/null || die "needs $tool: packaging/deps.sh installs it"
done

# Loaded into each guest, with what they depend on; a kernel has what is left out built in.
wanted='crc32c_generic virtio_pci virtio_mmio virtio_blk ext4 xfs loop'

mkdir -p "$out/modules"
for deb; do
	mkdir -p "$out/package"
	dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$out/package" --exclude='./usr/share'
done
image=$(find "$out/package" -name 'vmlinuz*' -type f)
case $image in
'') die "$*: no kernel image inside" ;;
*vmlinuz) release=$(basename "$(dirname "$image")") ;;
*) release=${image##*/vmlinuz-} ;;
esac
mv "$image" "$out/image"
echo "$release" >"$out/release"
find "$out/package" -path "*/config-$release" -o -path "*/modules/$release/config" |
	while read -r file; do mv "$file" "$out/config"; done

if [ "$btf" = own ]; then
	exposes=yes
	"$BTFPACK" import -q -o "$out/archive" "$out/image" >"$out/log" || {
		cat "$out/log" >&2
		die "$image: no BTF to be had, see above"
	}
	found=$(find "$out/archive" -name '*.btf.lz4')
	[ "${found##*/}" = "$release.btf.lz4" ] || die "$image says it is $(basename "$found" .btf.lz4)"
	lz4 -qdc "$found" >"$out/btf"
	rm -r "$out/archive" "$out/log"
else
	exposes=no
	[ "${btf##*/}" = "$release.btf.tar.xz" ] || die "$btf is not the BTF of $release"
	tar -xJOf "$btf" >"$out/btf"
fi
echo $exposes >"$out/exposes_btf"
if [ -e "$out/config" ] &&
	[ $exposes != "$(grep -q '^CONFIG_DEBUG_INFO_BTF=y' "$out/config" && echo yes || echo no)" ]; then
	die "$release: $(grep -w CONFIG_DEBUG_INFO_BTF "$out/config"), which is not what BTF=$btf says"
fi

declare -A file_of seen
while read -r file; do
	name=${file##*/}
	name=${name%%.ko*}
	file_of[${name//-/_}]=$file
done < <(find "$out/package" -name '*.ko' -o -name '*.ko.xz')

# A module comes after those it depends on.
add_module() { # NAME
	local name=${1//-/_} file other
	[ -z "${seen[$name]:-}" ] || return 0
	seen[$name]=yes
	file=${file_of[$name]:-}
	[ -n "$file" ] || return 0
	for other in $(modinfo -F depends "$file" | tr , ' ') \
		$(modinfo -F softdep "$file" | sed -n 's/.*pre: *//p' | sed 's/post:.*//'); do
		add_module "$other"
	done
	case $file in
	*.xz) xz -dc "$file" >"$out/modules/$name.ko" ;;
	*) cp "$file" "$out/modules/$name.ko" ;;
	esac
	echo "$name.ko" >>"$out/modules/order"
}

: >"$out/modules/order"
for name in $wanted; do add_module "$name"; done
rm -r "$out/package"
