#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Makes of Debian's linux-source package the source tree and the build tree of a kernel that
# somebody built, as they are wanted where modules are built for it: nothing of the kernel itself is
# compiled.
#
#     prepare-tree.sh OUT DEB CONFIG RELEASE [PATCH...]
#
# OUT/source and OUT/build; CONFIG is that kernel's configuration, RELEASE its uname -r.  For
# x86_64; where that is not this machine, CROSS_COMPILE names the compiler's prefix.
set -eu
[ $# -ge 4 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
mkdir -p "$1/source" "$1/build"
out=$(realpath "$1")
deb=$2 config=$3 release=$4
shift 4

say() { printf '%s\n' "prepare-tree: $*" >&2; }
die() {
	say "$*"
	exit 1
}
for tool in bc bison dpkg-deb flex gcc make patch xz; do
	command -v $tool >/dev/null || die "needs $tool: packaging/deps.sh installs it"
done
[ "$(uname -m)" = x86_64 ] || [ -n "${CROSS_COMPILE:-}" ] ||
	die "prepares for x86_64, and this is $(uname -m): CROSS_COMPILE=x86_64-linux-gnu-"

name=$(dpkg-deb -f "$deb" Package)
say "unpacking $name"
# Headers are all there but those of drivers; of code, what the makefiles and generators use.
mapfile -t leave_out < <(printf -- "--exclude=$name/%s\n" 'arch/[!x]*.[chS]' 'arch/*/boot/dts' \
	'Documentation/*/*' tools/testing tools/perf {drivers,sound}'/*.[chS]' \
	{block,crypto,fs,lib,mm,net,samples,security}'/*.c')
dpkg-deb --fsys-tarfile "$deb" |
	tar -xO "./usr/src/$name.tar.xz" |
	tar -xJ -C "$out/source" --strip-components=1 --anchored "${leave_out[@]}"
for patch; do patch -s -p1 -d "$out/source" <"$patch"; done

export ARCH=x86 KBUILD_BUILD_USER=builder KBUILD_BUILD_HOST=host
kmake() { nice make -s -C "$out/source" O="$out/build" "$@"; }
cp "$config" "$out/build/.config"
if ! { kmake olddefconfig && kmake modules_prepare; } >"$out/log" 2>&1; then
	tail -n 20 "$out/log" >&2
	die "$name: cannot be prepared, see above"
fi
ln -sfn ../source "$out/build/source" # so that both can be moved
made=$(kmake kernelrelease)
[ "$made" = "$release" ] || die "$name: is prepared as $made, and not as $release"
rm "$out/log"
