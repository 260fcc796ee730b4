#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What a payload's stored BTFs take, beside `tar | xz -9e` over what `bpftool gen min_core_btf`
# makes of the same kernels.  Counted are stored BTFs, index and checksums, without objects and the
# provenance section, and without the canary, whose share has a line of its own.
#
#     tests/bench/density.sh ARCHIVE NAME=OBJECT[,OBJECT...]...
set -eu
[ $# -ge 2 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$(dirname "$0")/common.bash"
archive=$1
shift
unpack_archive "$archive" "$work/full"

# Prints what bpftool's files of all kernels have in bytes, raw and as tar.xz.
theirs() {
	local kernel
	rm -rf "$work/reduced"
	mkdir "$work/reduced"
	for kernel in "$work"/full/*.btf; do
		"$BPFTOOL" gen min_core_btf "$kernel" "$work/reduced/$(basename "$kernel")" "$@"
	done
	echo "peer_raw=$(cat "$work"/reduced/*.btf | wc -c)"
	tar --sort=name --owner=0 --group=0 --mtime=@0 -cf - -C "$work/reduced" . |
		xz -9e | wc -c | sed 's/^/peer=/'
}

# One line of value names' values from name=value lines.
value() { sed -n "s/^$1=//p" "$work/values"; }
counted() { echo $(($(value btfs) + $(value index) + $(value checksums))); }

printf '%-10s %7s %7s %9s | %7s %6s %6s %7s %6s | %9s %7s\n' objects kernels classes raw \
	BTFs index checks counted ratio 'peer raw' tar.xz
for set in "$@"; do
	name=${set%%[:=]*}
	IFS=, read -r -a objects <<<"${set#*=}"
	"$B/tests/bench/density" "$archive" "${objects[@]}" >"$work/values"
	theirs "${objects[@]}" >>"$work/values"
	sum=$(counted)
	printf '%-10s %7d %7d %9d | %7d %6d %6d %7d %6s | %9d %7d\n' "$name" "$(value kernels)" \
		"$(value classes)" "$(value raw)" "$(value btfs)" "$(value index)" \
		"$(value checksums)" "$sum" \
		"$(awk "BEGIN { printf \"%.3f\", $sum / $(value peer) }")" \
		"$(value peer_raw)" "$(value peer)"
	times=$((10000 / $(value kernels) + 1)) classes=$(value classes)
	echo "           provenance $(value provenance) bytes; sealed in $(value seal_ms) ms;" \
		"look-up $(value lookup_ms) ms, 99 of 100 below $(value lookup_99_ms) ms;" \
		"cold $(value cold_ms) and $(value cold_99_ms) ms"
	"$B/tests/bench/density" "$archive" "${objects[@]}" "$B/bpf/canary.bpf.o" >"$work/values"
	echo "           the canary adds $(($(value classes) - classes)) classes and" \
		"$(($(counted) - sum)) bytes"
	"$B/tests/bench/density" -t "$times" "$archive" "${objects[@]}" >"$work/values"
	echo "           $(value kernels) kernels of the same classes: $(counted) bytes, of them index" \
		"$(value index); look-up $(value lookup_ms) ms, 99 of 100 below $(value lookup_99_ms) ms;" \
		"cold $(value cold_ms) and $(value cold_99_ms) ms"
done
