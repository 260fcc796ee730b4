#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The headers that Debian ships for one of its kernels, as a host has them on which programs for
# that kernel are compiled.
#
#     headers.sh get RELEASE     prints the folder of the headers for that uname -r, and fetches
#                                them if they are not there
#
# The folder holds what dpkg would unpack, and nothing of it is installed:
#
#     usr/src/linux-headers-RELEASE          what was generated for this kernel
#     usr/src/linux-headers-VERSION-common   what its flavours share
#     common, build                          links to these two
#     lib/modules/RELEASE/build              dpkg's link to the first one, which starts at /
#
# The folders are in BTFERRY_HEADERS_CACHE, by default ~/.cache/btferry/headers; all of that can be
# removed at any time.  packaging/apt.bash says how to choose a mirror.
set -eu
here=$(dirname "$(realpath "$0")")
cache=${BTFERRY_HEADERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/btferry/headers}
# shellcheck source=../packaging/apt.bash
. "$here/../packaging/apt.bash"

say() { printf '%s\n' "headers: $*" >&2; }
die() {
	say "$*"
	exit 1
}
usage() { sed -n 's/^#     headers/usage: headers/p' "$0"; }

debian_arch() { # RELEASE
	case $1 in
	*-amd64) echo amd64 ;;
	*-arm64 | *-arm64-16k) echo arm64 ;;
	*-686 | *-686-pae) echo i386 ;;
	*) die "$1: ends in no architecture of Debian that is known here: amd64, arm64, 686, 686-pae" ;;
	esac
}

# Where a kernel of this name can be.
suites_of() { # RELEASE
	case $1 in
	*+deb12-* | 6.1.0-*) echo bookworm bookworm-security bookworm-backports ;;
	*+deb13-*) echo trixie trixie-security trixie-backports ;;
	5.10.0-*) echo bullseye bullseye-security ;;
	*) echo sid ;;
	esac
}

# The package with what the flavours share, as the one of a flavour names it.
common_package() { # DEB
	dpkg-deb -f "$1" Depends | tr -s ' ,' '\n' | grep '^linux-headers-.*-common' | head -n 1 |
		grep . || die "$(basename "$1"): depends on no linux-headers-...-common"
}

fetch() { # RELEASE TO
	local arch suites flavour common link file
	arch=$(debian_arch "$1")
	suites=$(suites_of "$1")
	if ! apt_setup "$cache/apt/${suites%% *}-$arch" "$suites" "$arch" || ! apt_update; then
		die "$1: no package lists of $suites"
	fi
	say "fetching linux-headers-$1"
	flavour=$(apt_fetch "$2/debs" "linux-headers-$1:$arch") ||
		die "$1: no headers for this kernel; the packages of older ones leave the mirrors"
	common=$(common_package "$flavour")
	common=$(apt_fetch "$2/debs" "$common:all=$(dpkg-deb -f "$flavour" Version)") ||
		die "$1: no headers that its flavours share"
	dpkg-deb -x "$flavour" "$2/made"
	dpkg-deb -x "$common" "$2/made"
	link=$(echo "$2/made/usr/src"/linux-headers-*-common*)
	ln -s "usr/src/$(basename "$link")" "$2/made/common"
	ln -s "usr/src/linux-headers-$1" "$2/made/build"
	for file in common/include/linux/sched.h build/include/generated/autoconf.h; do
		[ -f "$2/made/$file" ] || die "$1: its packages hold no $file"
	done
}

get() { # RELEASE
	local work=$cache/making-$1
	[ ! -d "$cache/$1" ] || { echo "$cache/$1"; return; }
	mkdir -p "$cache"
	# Two at once would write the same lists.
	exec 8>"$cache/lock"
	flock 8
	[ ! -d "$cache/$1" ] || { echo "$cache/$1"; return; }
	# shellcheck disable=SC2064 # this one
	trap "rm -rf '$work'" EXIT
	rm -rf "$work"
	mkdir "$work"
	fetch "$1" "$work"
	mv "$work/made" "$cache/$1"
	echo "$cache/$1"
}

case ${1:-}:$# in
get:2)
	[[ $2 =~ ^[0-9][0-9A-Za-z.+~-]*$ ]] || die "$2: not a kernel's release"
	get "$2" ;;
--help:1) usage ;;
*) usage >&2; exit 2 ;;
esac
