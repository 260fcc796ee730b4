#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Leaves each kernel of an archive out in turn and asks the builds around it which BTF it has, for
# each object: how often they agree, and whether they were right (docs/nearest.md).
#
#     tests/bench/nearest.sh ARCHIVE OBJECT...
set -eu
B=${B:-build}
[ $# -ge 2 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
archive=$(realpath "$1")
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
for object; do
	printf '[app]\nname = left\nversion = 1\n[object]\npath = %s\n' "$(basename "$object")" \
		>"$work/left.ini"
	cp "$object" "$work"
	"$B/bin/btfpack" build --no-verify -q -a "$archive" -o "$work/left.payload" "$work/left.ini"
	"$B/tests/bench/nearest" "$work/left.payload" >"$work/figures" || failed=1
	sed -n "s|^# |$(basename "$object"): |p" "$work/figures" >&2
	cat "$work/figures" >>"$work/all"
done
awk -F= -v objects=$# '
	/^[a-z]/ { sum[$1] += $2 }
	END {
		printf "nearest: %d objects, %d kernels left out: %d between two builds of their series, " \
			"in %d their neighbours agree, in %d of these wrongly\n",
			objects, sum["kernels"], sum["between"], sum["taken"], sum["wrong"]
	}' "$work/all"
exit $failed
