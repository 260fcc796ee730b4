#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# CPU time of reducing every kernel of an archive: `btfpack build` beside a loop of `bpftool gen
# min_core_btf`, as packagers write it, on the same raw BTF files, in turn, medians of RUNS.
#
#     tests/bench/reduce.sh ARCHIVE NAME=OBJECT[,OBJECT...]...
set -eu
B=${B:-build}
RUNS=${RUNS:-5}
BPFTOOL=${BPFTOOL:-$(PATH=$PATH:/usr/sbin:/sbin command -v bpftool)}
[ $# -ge 2 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
archive=$1
shift

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/archive/all/0/x86_64" "$work/out"

# Raw files under one architecture, so that both do the same kernels.
find -L "$archive" -name '*.btf*' ! -name '*.json' | sort | while read -r file; do
	name=$(basename "$file")
	out=$work/archive/all/0/x86_64/${name%%.btf*}.btf
	case $name in
	*.tar.xz) tar -xJOf "$file" ;;
	*.zst) zstd -dcq "$file" ;;
	*.xz) xz -dc "$file" ;;
	*) cat "$file" ;;
	esac >"$out"
done
kernels=("$work"/archive/all/0/x86_64/*.btf)
count=${#kernels[@]}

# Milliseconds of user and system time that a command takes.
cpu_ms() {
	local TIMEFORMAT='%U %S'
	{ time "$@" >/dev/null 2>"$work/log"; } 2>&1 | awk '{ printf "%d\n", ($1 + $2) * 1000 }'
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

ours() {
	"$B/bin/btfpack" build -q -j 1 -a "$work/archive" -o "$work/out.payload" "$work/bench.ini"
}
theirs() {
	local kernel
	for kernel in "${kernels[@]}"; do
		"$BPFTOOL" gen min_core_btf "$kernel" "$work/out/$(basename "$kernel")" "$@"
	done
}

echo "$count kernels, raw BTF in the page cache, one thread, CPU ms a kernel, medians of $RUNS"
printf '%-12s %12s %12s %8s\n' objects bpftool btfpack ratio
for set in "$@"; do
	name=${set%%=*}
	IFS=, read -r -a objects <<<"${set#*=}"
	{
		printf '[app]\nname = bench\nversion = 1\n[object]\n'
		for i in "${!objects[@]}"; do
			cp "${objects[$i]}" "$work/$i.bpf.o"
			# any name is an architecture; the first is the one that the kernels are filed under
			echo "path.$([ "$i" -eq 0 ] && echo x86_64 || echo "a$i") = $i.bpf.o"
		done
	} >"$work/bench.ini"
	: >"$work/ours"
	: >"$work/theirs"
	for _ in $(seq "$RUNS"); do
		cpu_ms theirs "${objects[@]}" >>"$work/theirs"
		cpu_ms ours >>"$work/ours"
	done
	awk -v n="$name" -v count="$count" -v a="$(median <"$work/theirs")" \
		-v b="$(median <"$work/ours")" \
		'BEGIN { printf "%-12s %12.2f %12.2f %7.1fx\n", n, a / count, b / count, a / b }'
done
