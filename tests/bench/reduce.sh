#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# CPU time of reducing every kernel of an archive: `btfpack build` beside a loop of `bpftool gen
# min_core_btf`, as packagers write it, on the same raw BTF files, one thread, in turn, medians of
# RUNS.  A number behind a name is the ratio to reach.  The last two columns are of the same kernels
# as `btfpack import` keeps them, where their SHA-256 is noted and need not be computed.
#
#     tests/bench/reduce.sh ARCHIVE NAME[:RATIO]=OBJECT[,OBJECT...]...
set -eu
[ $# -ge 2 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$(dirname "$0")/common.bash"
unpack_archive "$1" "$work/archive/all/0/x86_64"
shift
kernels=("$work"/archive/all/0/x86_64/*.btf)
count=${#kernels[@]}
"$B/bin/btfpack" import -q -o "$work/own" "$work/archive" >/dev/null

echo "$count kernels, raw BTF in the page cache, one thread, CPU ms a kernel, medians of $RUNS"
printf '%-12s %10s %10s %8s %8s %12s %8s\n' objects bpftool btfpack ratio 'to reach' imported ratio
for set in "$@"; do
	name=${set%%=*} goal=
	IFS=, read -r -a objects <<<"${set#*=}"
	[[ $name != *:* ]] || goal=${name#*:} name=${name%%:*}
	write_manifest "$work/$name" "${objects[@]}"
	for _ in $(seq "$RUNS"); do
		# shellcheck disable=SC2016 # the inner shell expands it
		measure "$work/$name/theirs" sh -c 'tool=$1 kernels=$2 out=$3
			shift 3
			for kernel in "$kernels"/*.btf; do
				"$tool" gen min_core_btf "$kernel" "$out" "$@" || exit
			done' sh "$BPFTOOL" "$work/archive/all/0/x86_64" "$work/out.btf" "${objects[@]}"
		for from in archive own; do
			measure "$work/$name/$from" "$B/bin/btfpack" build -q -j 1 -a "$work/$from" \
				-o "$work/out.payload" "$work/$name/bench.ini"
		done
	done
	awk -v n="$name" -v count="$count" -v a="$(median "$work/$name/theirs" 2)" \
		-v b="$(median "$work/$name/archive" 2)" -v c="$(median "$work/$name/own" 2)" \
		-v goal="${goal:+${goal}x}" 'BEGIN {
			printf "%-12s %10.2f %10.2f %7.1fx %8s %12.2f %7.1fx\n", n, a / count,
				b / count, a / b, goal, c / count, a / c
		}'
done
