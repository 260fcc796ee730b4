#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The kernels of the VM tests.  Each is fetched or built once; kernels.list says how.
#
#     kernels.sh get NAME        prints the folder of that kernel, and makes it if it is not there
#     kernels.sh headers NAME    prints the folder of the build tree of a kernel that was built, as
#                                modules are built in, and makes it if it is not there
#     kernels.sh list            a table of the kernels
#     kernels.sh names           their names
#     kernels.sh ready           of those that need not be built
#     kernels.sh busybox ARCH    prints a static busybox for guests of that architecture
#     kernels.sh offers SUITE ARCH REGEX
#                                packages of a suite, as kernels.list wants them (ARCH: amd64 ...)
#
# A kernel's folder holds:
#
#     image            for qemu -kernel
#     release, arch    uname -r; x86_64, i386 or arm64
#     btf              the BTF of this kernel, bare
#     exposes_btf      yes: the kernel has that BTF in itself; no: it is as one without
#     modules/order    names of files in modules/, in the order in which to load them
#     config           its configuration, where a package or the image has it
#     origin           what it was made of
#
# The folders are in BTFERRY_VM_CACHE, by default ~/.cache/btferry/vm; all of that can be removed at
# any time.  BTFERRY_VM_KERNELS=DIR:DIR... are folders with kernels that somebody built before; they
# are known by their hashes.  packaging/apt.bash says how to choose a mirror.
set -eu
here=$(dirname "$(realpath "$0")")
cache=${BTFERRY_VM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/btferry/vm}
B=${B:-$here/../../build}
export BTFPACK=${BTFPACK:-$B/bin/btfpack}
# shellcheck source=../../packaging/apt.bash
. "$here/../../packaging/apt.bash"

say() { printf '%s\n' "kernels: $*" >&2; }
die() {
	say "$*"
	exit 1
}
usage() { sed -n '/^#     kernels/s/^#     /usage: /p' "$0"; }

# The lines of kernels.list, all or those of one name.  read_way takes one apart.
ways() { # [NAME]
	grep -v '^ *\(#\|$\)' "$here/kernels.list" | awk -v name="${1:-}" 'name == "" || $1 == name'
}
names() { ways | awk '$2 != "busybox" && !seen[$1]++ { print $1 }'; }
read_way() { # LINE
	# shellcheck disable=SC2034 # all columns by their names
	read -r name kind arch suite packages sums btf how prebuilt <<<"$1"
}

# Where a kernel made in this way lies: a name of all that goes into it.
folder_of() { # LINE
	local name kind arch suite packages sums btf how prebuilt inputs=() file
	read_way "$1"
	case $kind in
	debian) inputs=("$here/unpack-kernel.sh") ;;
	built) inputs=("$here/build-kernel.sh") ;;
	esac
	for file in ${how//,/ } ${btf//,/ }; do
		[ ! -f "$here/$file" ] || inputs+=("$here/$file")
	done
	echo "$cache/$name-$({
		tr -s '[:blank:]' ' ' <<<"$1"
		[ ${#inputs[@]} -eq 0 ] || cat "${inputs[@]}"
	} | sha256sum | cut -c 1-16)"
}

# Fetches packages, and takes none whose hash is another one.
fetch() { # TO SUITE PACKAGES SUMS
	local packages sums i file sum arch
	IFS=, read -ra packages <<<"$3"
	IFS=, read -ra sums <<<"$4"
	arch=${packages[0]%%=*}
	arch=${arch##*:}
	[ "$arch" != all ] || arch=amd64
	apt_setup "$cache/apt/$2-$arch" "$2" "$arch" && apt_update || return 1
	for i in "${!packages[@]}"; do
		say "fetching ${packages[i]} of $2"
		file=$(apt_fetch "$1" "${packages[i]}") || return 1
		sum=$(sha256sum <"$file" | cut -d ' ' -f 1)
		[ "$sum" = "${sums[i]:-}" ] || {
			say "$(basename "$file"): SHA-256 is $sum, and kernels.list has ${sums[i]:-none}:" \
				"not used"
			return 1
		}
	done
}

# Two at once would write the same lists.
fetch_locked() { # TO SUITE PACKAGES SUMS
	(
		flock 8
		fetch "$@"
	) 8>"$cache/fetch.lock"
}

# The file with this hash in BTFERRY_VM_KERNELS.
prebuilt_file() { # SHA-256
	local folder folders file
	IFS=: read -ra folders <<<"$BTFERRY_VM_KERNELS"
	for folder in "${folders[@]}"; do
		[ -d "$folder" ] || say "BTFERRY_VM_KERNELS: $folder is no folder"
		for file in "$folder"/*; do
			if [ -f "$file" ] && [ "$(sha256sum <"$file")" = "$1  -" ]; then
				echo "$file"
				return 0
			fi
		done
	done
	return 1
}

# What a bzImage says of itself (Documentation/x86/boot.rst: kernel_version).
image_release() { # FILE
	local at
	at=$(od -An -tu2 -j $((0x20e)) -N 2 "$1")
	tail -c +$((at + 0x200 + 1)) "$1" | head -c 100 | tr '\0 ' '\n' | head -n 1
}

# The configuration inside a bzImage that gzip compressed (CONFIG_IKCONFIG).
image_config() { # FILE WORK
	local at
	at=$(LC_ALL=C grep -aboP '\x1f\x8b\x08' "$1" | head -n 1 | cut -d : -f 1)
	tail -c +$((at + 1)) "$1" | gzip -dc >"$2" 2>/dev/null || true # something comes behind it
	at=$(LC_ALL=C grep -abo IKCFG_ST "$2" | head -n 1 | cut -d : -f 1)
	tail -c +$((at + 8 + 1)) "$2" | gzip -dc 2>/dev/null || true
}

take_prebuilt() { # OUT IMAGE-SUM BTF-SUM
	local image btf exposes=no
	image=$(prebuilt_file "$2") && btf=$(prebuilt_file "$3") || return 1
	mkdir -p "$1/modules" && : >"$1/modules/order" && cp "$image" "$1/image" &&
		xz -dc "$btf" >"$1/btf" && image_release "$image" >"$1/release" || return 1
	image_config "$image" "$1/vmlinux" >"$1/config"
	rm "$1/vmlinux"
	! grep -q '^CONFIG_DEBUG_INFO_BTF=y' "$1/config" || exposes=yes
	echo $exposes >"$1/exposes_btf"
	echo "$image, $btf" >"$1/origin"
}

# Makes OUT in one way; says why not.
make_way() { # LINE OUT WORK
	local name kind arch suite packages sums btf how prebuilt inputs=() file
	read_way "$1"
	if [ "$kind" = built ] && [ "$prebuilt" != - ] && [ -n "${BTFERRY_VM_KERNELS:-}" ]; then
		if take_prebuilt "$2" "${prebuilt%,*}" "${prebuilt#*,}"; then
			echo "$arch" >"$2/arch"
			return 0
		fi
		say "$name: not in BTFERRY_VM_KERNELS=$BTFERRY_VM_KERNELS with the hashes of kernels.list"
	fi
	[ "$btf" != own ] || [ -x "$BTFPACK" ] || {
		say "$name: needs $BTFPACK, to read BTF: make $BTFPACK"
		return 1
	}
	fetch_locked "$3" "$suite" "$packages" "$sums" || return 1
	mkdir -p "$2"
	case $kind in
	debian)
		[ "$btf" = own ] || btf=$here/$btf
		"$here/unpack-kernel.sh" "$2" "$btf" "$3"/*.deb || return 1 ;;
	built)
		for file in ${how//,/ }; do inputs+=("$here/$file"); done
		"$here/build-kernel.sh" "$2" "$3"/*.deb "${inputs[@]}" || return 1 ;;
	busybox)
		dpkg-deb --fsys-tarfile "$3"/*.deb |
			tar -xO --wildcards './bin/busybox' './usr/bin/busybox' 2>/dev/null >"$2/busybox" || true
		chmod +x "$2/busybox"
		[ -s "$2/busybox" ] || { say "$packages: no busybox inside"; return 1; } ;;
	*) die "kernels.list: $name: kind $kind is none of debian, built, busybox" ;;
	esac
	echo "$arch" >"$2/arch"
	echo "$packages" >"$2/origin"
}

# The first way in which it is there: its line.
made_by() { # NAME
	local line
	while read -r line; do
		[ ! -d "$(folder_of "$line")" ] || { echo "$line"; return; }
	done < <(ways "$1")
	return 1
}

# Nobody else makes anything of this kernel now; $work is an empty folder, whose predecessor may be
# from a try that was killed.
lock() { # NAME
	mkdir -p "$cache"
	exec 7>"$cache/$1.lock"
	flock -n 7 || { say "$1: waiting for another one who makes it"; flock 7; }
	work=$cache/making-$1
	# shellcheck disable=SC2064 # this one
	trap "rm -rf '$work'" EXIT
	rm -rf "$work"
	mkdir "$work"
}

# What is there is good, in whichever way it was made; then each way is tried.
get() { # NAME
	local lines line folder work
	mapfile -t lines < <(ways "$1")
	[ ${#lines[@]} -gt 0 ] ||
		die "$1: no such kernel; kernels.list has $(names | paste -sd ' ')"
	lock "$1"
	if line=$(made_by "$1"); then
		folder_of "$line"
		return
	fi
	for line in "${lines[@]}"; do
		rm -rf "$work"
		mkdir "$work"
		if make_way "$line" "$work/made" "$work"; then
			folder=$(folder_of "$line")
			mv "$work/made" "$folder"
			echo "$folder"
			return
		fi
	done
	die "$1: cannot be had in any of the ${#lines[@]} ways of kernels.list: see above"
}

# Of the source that the kernel's own line names, with the configuration that the kernel has.
headers() { # NAME
	local line kernel folder work name kind arch suite packages sums btf how prebuilt patches=() file
	kernel=$(get "$1")
	line=$(made_by "$1")
	read_way "$line"
	[ "$kind" = built ] || die "$1: is not built here: tests/headers.sh get $(cat "$kernel/release")"
	[ -s "$kernel/config" ] || die "$1: $kernel/config is empty: the image tells no configuration"
	for file in ${how//,/ }; do
		case $file in *.patch) patches+=("$here/$file") ;; esac
	done
	folder=$cache/tree-$1-$({
		echo "$packages $sums"
		cat "$here/prepare-tree.sh" "$kernel/config" "$kernel/release" "${patches[@]}"
	} | sha256sum | cut -c 1-16)
	lock "$1"
	if [ ! -d "$folder" ]; then
		if ! fetch_locked "$work" "$suite" "$packages" "$sums" ||
			! "$here/prepare-tree.sh" "$work/made" "$work"/*.deb "$kernel/config" \
				"$(cat "$kernel/release")" "${patches[@]}"; then
			die "$1: its build tree cannot be had: see above"
		fi
		mv "$work/made" "$folder"
	fi
	echo "$folder/build"
}

ready() {
	local kernel line
	names | while read -r kernel; do
		ways "$kernel" | while read -r line; do
			is_ready "$line" || continue
			echo "$kernel"
			break
		done
	done
}

is_ready() { # LINE
	local name kind arch suite packages sums btf how prebuilt
	read_way "$1"
	[ "$kind" != built ] || [ -d "$(folder_of "$1")" ] ||
		{ [ "$prebuilt" != - ] && [ -n "${BTFERRY_VM_KERNELS:-}" ] &&
			prebuilt_file "${prebuilt%,*}" >/dev/null; }
}

# What uname -r will say, of a line whose kernel is not there yet.
expected_release() { # PACKAGES HOW
	local first=${1%%,*} version local_version
	case $first in
	linux-source-*)
		version=${first#*=}
		local_version=$(for file in ${2//,/ }; do
			sed -n 's/^CONFIG_LOCALVERSION="\(.*\)"/\1/p' "$here/$file"
		done | tail -n 1)
		echo "${version%-*}$local_version" ;;
	*)
		first=${first%%:*}
		first=${first#linux-image-}
		first=${first#linux-binary-}
		echo "${first%-unsigned}" ;;
	esac
}

list() {
	local form='%-16s %-8s %-30s %-5s %s\n' line name kind arch suite packages sums btf how prebuilt
	local one folder
	# shellcheck disable=SC2059 # the form is ours
	printf "$form" NAME ARCH RELEASE BTF CACHED
	for one in $(names); do
		folder=
		while read -r line; do
			folder=$(folder_of "$line")
			[ ! -d "$folder" ] || break
			folder=
		done < <(ways "$one")
		read_way "$(ways "$one" | head -n 1)"
		# shellcheck disable=SC2059
		if [ -n "$folder" ]; then
			printf "$form" "$name" "$arch" "$(cat "$folder/release")" \
				"$(cat "$folder/exposes_btf")" "$folder"
		else
			printf "$form" "$name" "$arch" "$(expected_release "$packages" "$how")" \
				"$([ "$btf" = own ] && echo yes || echo no)" no
		fi
	done
}

static_busybox() { # ARCH
	local machine host folder
	machine=$(uname -m)
	case $machine in aarch64) machine=arm64 ;; i?86) machine=i386 ;; esac
	host=$(command -v busybox || true)
	if [ "$1" = "$machine" ] && [ -n "$host" ] && ! readelf -lW "$host" | grep -q INTERP; then
		echo "$host"
		return
	fi
	folder=$(get "busybox-$1")
	echo "$folder/busybox"
}

offers() { # SUITE ARCH REGEX
	local file
	mkdir -p "$cache"
	exec 8>"$cache/fetch.lock"
	flock 8
	apt_setup "$cache/apt/$1-$2" "$1" "$2"
	apt_update
	apt_lists | while read -r _ file; do
		apt_packages "$file" | awk -v regex="$3" '
			/^Package: / { package = $2 }
			/^Version: / { version = $2 }
			/^Architecture: / { arch = $2 }
			/^SHA256: / { sum = $2 }
			/^$/ && package ~ regex { print package ":" arch "=" version, sum }'
	done | sort -V
}

case ${1:-}:$# in
get:2) get "$2" ;;
headers:2) headers "$2" ;;
list:1) list ;;
names:1) names ;;
ready:1) ready ;;
busybox:2) static_busybox "$2" ;;
offers:4) offers "$2" "$3" "$4" ;;
--help:1) usage ;;
*) usage >&2; exit 2 ;;
esac
