#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Holds BTF made of kernels' headers against their own, for every kernel of an archive of which
# Debian (still) has the headers: whatever such BTF claims to know must be so.  Prints TAP.
#
#     layouts.sh ARCHIVE [RELEASE...]      all kernels of the archive when none is named
#
# Objects: those of libbpf-tools, proctrace and the canary.
set -u -o pipefail
[ $# -ge 1 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
archive=$(realpath "$1") || exit 2
cd "$(dirname "$0")/../.." || exit 1
B=$(realpath "${B:-build}")
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0 failed=0 absent=0

wanted() { # RELEASE WANTED...
	local release=$1
	shift
	[ $# -eq 0 ] || [[ " $* " = *" $release "* ]]
}

compare() { # FILE RELEASE ARCH
	local headers
	if ! headers=$(tests/headers.sh get "$2" 2>"$work/why"); then
		absent=$((absent + 1))
		echo "# $2: no headers: $(tail -n 1 "$work/why")"
		return
	fi
	count=$((count + 1))
	case $1 in
	*.tar.xz) tar -xJOf "$1" ;;
	*.xz) xz -dc "$1" ;;
	*) cat "$1" ;;
	esac >"$work/full.btf"
	if "$B/tests/builder/layouts" "$work/full.btf" "$2" "$3" "$headers" \
		"$B"/tests/truth/tools/*.bpf.o "$B/bpf/proctrace.bpf.o" "$B/bpf/canary.bpf.o" \
		>"$work/said" 2>&1; then
		echo "ok $count $(tail -n 1 "$work/said")"
	else
		failed=$((failed + 1))
		echo "not ok $count $2"
		sed 's/^/# /' "$work/said"
	fi
}

while read -r file; do
	release=$(basename "$file")
	release=${release%%.btf*}
	wanted "$release" "$@" || continue
	compare "$file" "$release" "$(basename "$(dirname "$file")")"
done < <(find -L "$archive" -name '*.btf*' ! -name '*.json' | sort)
echo "1..$count"
echo "# $count kernels compared, $failed with wrong answers; $absent without headers packages"
[ $failed -eq 0 ]
