#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Builds a kernel's folder (tests/vm/kernels.sh) of Debian's linux-source package: tinyconfig and
# the fragments, no modules, and the BTF that pahole makes of the kernel's DWARF.
#
#     build-kernel.sh OUT DEB FRAGMENT|PATCH...
#     build-kernel.sh --config OUT DEB FRAGMENT|PATCH...    only configures: OUT/config
#
# For x86_64; where that is not this machine, CROSS_COMPILE names the compiler's prefix.  JOBS is
# for make -j, by default one for each processor.
set -eu
only=
[ "${1:-}" != --config ] || { only=config; shift; }
[ $# -ge 3 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(realpath "$1")
deb=$2
shift 2

say() { printf '%s\n' "build-kernel: $*" >&2; }
die() {
	say "$*"
	exit 1
}
for tool in bc bison dpkg-deb flex gcc make pahole patch xz; do
	command -v $tool >/dev/null || die "needs $tool: packaging/deps.sh installs it"
done
[ "$(uname -m)" = x86_64 ] || [ -n "${CROSS_COMPILE:-}" ] ||
	die "builds for x86_64, and this is $(uname -m): CROSS_COMPILE=x86_64-linux-gnu-"

work=$out/work
mkdir -p "$work/build"
name=$(dpkg-deb -f "$deb" Package)
say "unpacking $name"
mkdir "$work/package" "$work/source"
dpkg-deb --fsys-tarfile "$deb" |
	tar -x -C "$work/package" --wildcards './usr/src/linux-source-*.tar.xz'
# Kconfig reads the files of that name in every folder; the rest of other architectures, of
# documentation and of the largest families of drivers is half of the files, and takes minutes.
# Anchored: objtool has folders arch/ of its own.
tar -xJf "$work"/package/usr/src/linux-source-*.tar.xz -C "$work/source" \
	--strip-components=1 --anchored \
	--exclude="$name/arch/[!x]*.[chS]" --exclude="$name/arch/*/boot/dts" \
	--exclude="$name/Documentation/*/*" \
	--exclude="$name/tools/testing" --exclude="$name/sound/*.[ch]" \
	--exclude="$name/drivers/gpu/drm/*.[ch]" \
	--exclude="$name/drivers/media/*.[ch]" \
	--exclude="$name/drivers/net/ethernet/*.[ch]" \
	--exclude="$name/drivers/net/wireless/*.[ch]" \
	--exclude="$name/drivers/staging/*.[ch]"
rm -r "$work/package"

fragments=()
for file; do
	case $file in
	*.patch) patch -s -p1 -d "$work/source" <"$file" ;;
	*) fragments+=("$(realpath "$file")") ;;
	esac
done

# The same kernel, whoever builds it and when.
export ARCH=x86 KBUILD_BUILD_USER=builder KBUILD_BUILD_HOST=host
export KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 1970'
kmake() { nice make -s -C "$work/source" O="$work/build" "$@"; }

log=$out/log
if ! { kmake tinyconfig && (cd "$work/build" && "$work/source/scripts/kconfig/merge_config.sh" \
	-m -O . .config "${fragments[@]}") && kmake olddefconfig; } >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	die "$(basename "$deb"): cannot be configured, see above"
fi

# Kconfig drops what depends on something that is off, and says nothing.  The last fragment that
# names an option counts.
lost=$(awk '
	/^CONFIG_/ { name = $0; sub(/=.*/, "", name); want[name] = $0 }
	/^# CONFIG_.* is not set/ { want[$2] = "" }
	END { for (name in want) print name, want[name] }' "${fragments[@]}" |
	while read -r name line; do
		have=$(grep "^$name=" "$work/build/.config" || true)
		[ "$have" = "$line" ] || echo "${line:-$name=n}, not ${have:-n}"
	done)
[ -z "$lost" ] || die "$(basename "$deb"): options that did not survive: $lost"
cp "$work/build/.config" "$out/config"
if [ -n "$only" ]; then
	rm -r "$work" "$log"
	exit
fi

say "compiling, which takes minutes"
if ! kmake -j"${JOBS:-$(nproc)}" bzImage >>"$log" 2>&1; then
	tail -n 20 "$log" >&2
	die "$(basename "$deb"): cannot be built, see above"
fi
pahole -J --btf_encode_detached="$out/btf" "$work/build/vmlinux"
chmod 644 "$out/btf" # pahole leaves it 640
cp "$work/build/arch/x86/boot/bzImage" "$out/image"
kmake kernelrelease >"$out/release"
mkdir "$out/modules"
: >"$out/modules/order"
echo no >"$out/exposes_btf"
! grep -q '^CONFIG_DEBUG_INFO_BTF=y' "$out/config" || echo yes >"$out/exposes_btf"
rm -r "$work" "$log"
