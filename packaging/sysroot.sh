#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Lays out what programs for another architecture are compiled and linked with: Debian's -dev
# packages for it, and all that they depend on, of the release that this system is.
#
#     packaging/sysroot.sh ARCH          makes the one for arm64, i386 or x86_64 if there is none,
#                                    or packages are missing in it
#     packaging/sysroot.sh --anew ARCH   the same with today's packages
#     packaging/sysroot.sh --path ARCH   only says where it is, or would be
#
# It lies in the user's cache, BTFERRY_CACHE names another one; the system's packages and its list
# of architectures stay as they are.  In DEBIAN/ is what packages say about the versions of their
# libraries, where dpkg-shlibdeps -S looks, and whose each file is, which packaging/sbom.sh asks.
set -eu
here=$(dirname "$(realpath "$0")")
# shellcheck source=packaging/apt.bash
. "$here/apt.bash"

say() { printf '%s\n' "sysroot: $*" >&2; }
die() {
	say "$*"
	exit 1
}
usage() { sed -n 's/^#     //p' "$0"; }

# What the target program and the unit tests are built with; apt adds what these depend on.
wanted=(libc6-dev linux-libc-dev libgcc-12-dev libbpf-dev libelf-dev zlib1g-dev liblz4-dev
	libjansson-dev libinih-dev nettle-dev libsodium-dev libseccomp-dev libcmocka-dev)

mode=lay
case ${1:-} in
--anew | --path) mode=${1#--}; shift ;;
esac
[ $# -eq 1 ] || { usage >&2; exit 2; }
arch=$1
case $arch in
x86_64) debian=amd64 ;;
arm64 | i386) debian=$arch ;;
*) die "$arch: no such architecture; arm64, i386 and x86_64 are known" ;;
esac
cache=${BTFERRY_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/btferry}/sysroot
sysroot=$cache/$arch

release_name() {
	local name
	# shellcheck source=/dev/null
	name=$(. /etc/os-release && [ "${ID:-}" = debian ] && echo "${VERSION_CODENAME:-sid}") ||
		die "the libraries come from Debian's packages of the release that this system is," \
			"and this is no Debian; SYSROOT=DIR names a sysroot to make"
	echo "$name"
}

# Fetches what is wanted and what that depends on, as for a system that has no package at all.
fetch() { # PACKAGE...
	apt_private apt-get clean
	apt_private apt-get -q -y --download-only --no-install-recommends install "${@/%/:$debian}" \
		>"$apt_dir/fetch.log" 2>&1 </dev/null ||
		die "the packages cannot be had: $(grep '^E:' "$apt_dir/fetch.log" |
			head -n 1); see $apt_dir/fetch.log"
}

# Debian's links from /usr/lib to /lib are absolute; in here they must not lead out.
relative_links() { # DIR
	local link target
	find "$1" -type l -lname '/*' | while read -r link; do
		target=$1$(readlink "$link")
		ln -sfn "$(realpath -ms --relative-to="$(dirname "$link")" "$target")" "$link"
	done
}

# Whose its files are, as dpkg's own database would have it: `dpkg-query --admindir` looks there.
register() { # DEB
	{
		echo "Status: install ok installed"
		dpkg-deb -f "$1"
		echo
	} >>"$new/DEBIAN/status"
	dpkg-deb --fsys-tarfile "$1" | tar -t | sed -e 's,^\./$,/.,' -e 's/^\.//' -e 's,\(.\)/$,\1,' \
		>"$new/DEBIAN/info/$(dpkg-deb -f "$1" Package).list"
}

unpack() { # DEB... into $new
	# shellcheck disable=SC2016 # dpkg-deb fills it in
	local deb part format='${Package}=${Version}\n'
	mkdir -p "$new/DEBIAN/info"
	for deb; do
		dpkg-deb -W --showformat "$format" "$deb" >>"$new/packages"
		dpkg-deb -x "$deb" "$new"
		register "$deb"
		rm -rf "$work/control"
		dpkg-deb -e "$deb" "$work/control"
		for part in symbols shlibs; do
			[ ! -e "$work/control/$part" ] ||
				cat "$work/control/$part" >>"$new/DEBIAN/$part"
		done
	done
	relative_links "$new"
}

# One that was laid out when fewer packages were wanted is laid out anew.
has_all() {
	local package
	[ -e "$sysroot/DEBIAN/status" ] || return 1
	for package in "${wanted[@]}"; do
		grep -qs "^$package=" "$sysroot/packages" || return 1
	done
}

make_sysroot() {
	local name
	name=$(release_name)
	apt_setup "$cache/apt-$arch" "$name $name-updates $name-security" "$debian"
	apt_update
	fetch "${wanted[@]}"
	unpack "$apt_dir"/cache/archives/*.deb
	apt_private apt-get clean
}

if [ "$mode" = path ]; then
	echo "$sysroot"
	exit 0
fi
mkdir -p "$cache"
exec 8>"$cache/$arch.lock"
flock 8
if [ "$mode" = lay ] && has_all; then
	touch "$sysroot/packages" # for make: it is as new as this script
	exit 0
fi
work=$(mktemp -d "$cache/.new-XXXXXX")
trap 'rm -rf "$work"' EXIT
new=$work/root
make_sysroot
rm -rf "$sysroot"
mv "$new" "$sysroot"
say "$sysroot: $(wc -l <"$sysroot/packages") packages, $(du -sh "$sysroot" | cut -f1)"
