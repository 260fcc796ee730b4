#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fetches real Debian kernels and imports their BTF into an archive: DIR/archive.
#
#     packaging/corpus.sh BTFPACK DIR            12 kernels, chosen below
#     packaging/corpus.sh BTFPACK DIR NUMBER     that many
#     packaging/corpus.sh BTFPACK DIR NAME...    kernel releases (uname -r) or package names
#     packaging/corpus.sh BTFPACK DIR list       what there is, in the order of choice
#
# Packages come as packaging/apt.bash says, which also names the variables that choose a mirror.
# Kernels that the archive has are not fetched again.
set -eu
# shellcheck source=apt.bash
. "$(dirname "$(realpath "$0")")/apt.bash"

suites='bullseye bullseye-security bookworm bookworm-security bookworm-backports
	trixie trixie-security trixie-backports sid'
default_count=12

say() { printf '%s\n' "corpus: $*" >&2; }
die() {
	say "$*"
	exit 1
}

usage() { sed -n 's/^#     //p' "$0"; }

[ $# -ge 2 ] || { usage >&2; exit 2; }
btfpack=$(realpath "$1")
mkdir -p "$2"
dir=$(cd "$2" && pwd)
shift 2
archive=$dir/archive
table=$dir/kernels

# One line for each kernel image in the lists:
#     RELEASE ARCH SERIES FLAVOUR SUITE PACKAGE VERSION
# From 6.19 on linux-image-X only depends on linux-binary-X, and is small.
list_packages() {
	apt_lists |
		while read -r suite file; do
			apt_packages "$file" | awk -v suite="$suite" '
				function emit(  release, flavour, series) {
					release = package
					sub(/^linux-(image|binary)-(unsigned-)?/, "", release)
					sub(/-unsigned$/, "", release)
					flavour = "plain"
					if (match(release, /-(cloud|rt)-/))
						flavour = substr(release, RSTART + 1, RLENGTH - 2)
					if (release ~ /-16k$/)
						flavour = "16k"
					match(release, /^[0-9]+\.[0-9]+/)
					series = substr(release, 1, RLENGTH)
					print release, arch, series, flavour, suite, package, version
				}
				/^Package: / { package = $2 }
				/^Version: / { version = $2 }
				/^Architecture: / { arch = $2 }
				/^Size: / { size = $2 }
				/^$/ && package ~ /^linux-(image|binary)-(unsigned-)?[0-9]/ &&
					package !~ /-dbg$/ && size > 3000000 { emit() }'
		done
}

# The order of choice: of every series that a Debian release ships, and of the newest, the newest
# cloud kernel of each architecture (small, and what servers run); rt and plain of the newest;
# then the other series, then all flavours, then older kernels.  Signed packages before unsigned.
order_packages() {
	sort -k7,7Vr -k1,1Vr | awk '
		{ lines[NR] = $0 }
		$5 !~ /-backports$/ { shipped[$3] = 1 }
		{ if (!newest) { newest = $3; shipped[$3] = 1 } }
		END {
			for (i = 1; i <= NR; i++) {
				$0 = lines[i]
				group = $2 " " $3 " " $4
				if (!(($1, $2) in seen)) { age[$1, $2] = count[group]++; seen[$1, $2] = 1 }
				if (age[$1, $2] > 0) rank = 6 + age[$1, $2]
				else if ($4 == "cloud" && shipped[$3]) rank = $2 == "amd64" ? 1 : 2
				else if ($3 == newest && $2 == "amd64") rank = 3
				else if ($4 == "cloud") rank = 4
				else if ($4 != "16k") rank = 5
				else rank = 6
				print rank, ($6 ~ /unsigned/), $0
			}
		}' | sort -s -k1,1n -k5,5Vr -k3,3Vr -k2,2n | cut -d' ' -f3-
}

has_kernel() { # RELEASE ARCH
	local arch=$2
	[ "$arch" != amd64 ] || arch=x86_64
	[ -n "$(find "$archive" -path "*/$arch/$1.btf.lz4" 2>/dev/null)" ]
}

# Fetches and imports one kernel through the first of its packages that the mirror really has.
fetch_kernel() { # RELEASE ARCH
	local package version file
	while read -r package version; do
		say "$package $version"
		file=$(apt_fetch "$dir/debs" "$package:$2=$version") || continue
		if "$btfpack" import -q -o "$archive" "$file" >"$dir/import.log"; then
			sed -n '1p' "$dir/import.log"
			rm -f "$file"
			return 0
		fi
		sed -n '1p' "$dir/import.log" >&2
	done < <(awk -v r="$1" -v a="$2" '$1 == r && $2 == a { print $6, $7 }' "$table")
	return 1
}

# RELEASE ARCH of the kernels to try, in order.  One that cannot be had is no reason to have fewer:
# all are listed, and the caller counts.
choose() {
	local name
	if [ "$by_name" = no ]; then
		awk '!seen[$1, $2]++ { print $1, $2 }' "$table"
		return
	fi
	for name; do
		awk -v n="$name" '($1 == n || $6 == n) && !seen[$1, $2]++ { print $1, $2; found = 1 }
			END { exit !found }' "$table" || say "$name: no such kernel in the package lists"
	done
}

apt_setup "$dir" "$suites" "amd64 arm64"
apt_update
list_packages | order_packages >"$table"
[ -s "$table" ] || die "the package lists hold no kernel; see $apt_dir/update.log"

by_name=no
count=$default_count
case ${1:-} in
'') ;;
list) cat "$table"; exit ;;
[1-9] | [1-9][0-9] | [1-9][0-9][0-9]) count=$1 ;;
*) by_name=yes count=$# ;;
esac

have=0
failed=0
while read -r release arch; do
	[ "$by_name" = yes ] || [ "$have" -lt "$count" ] || break
	if has_kernel "$release" "$arch"; then
		have=$((have + 1))
	elif fetch_kernel "$release" "$arch"; then
		have=$((have + 1))
	else
		failed=$((failed + 1))
	fi
done < <(choose "$@")

printf '%s\n' "$archive: $(find "$archive" -name '*.btf.lz4' 2>/dev/null | wc -l) kernels," \
	"$have of $count wanted, $failed could not be had" | paste -sd' '
[ "$have" -gt 0 ] || exit 1
[ "$by_name" = no ] || [ "$have" -ge "$count" ]
