#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What `btfpack build` takes where its input comes compressed, with more threads, and with many
# kernels; each beside what limits it, in turn, medians of RUNS.
#
#     tests/bench/sources.sh ARCHIVE OBJECT
set -eu
[ $# -eq 2 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$(dirname "$0")/common.bash"
unpack_archive "$1" "$work/raw/all/0/x86_64"
write_manifest "$work/app" "$2"
count=$(find "$work/raw" -name '*.btf' | wc -l)
build=("$B/bin/btfpack" build -q -o "$work/out.payload" "$work/app/bench.ini")

# BTFHub's files, a dozen of them: made as BTFHub makes them.
mkdir -p "$work/xz/all/0/x86_64"
find "$work/raw" -name '*.btf' | sort | head -n 12 | while read -r file; do
	tar -C "$(dirname "$file")" -cJf "$work/xz/all/0/x86_64/$(basename "$file").tar.xz" \
		"$(basename "$file")"
done
few=$(find "$work/xz" -name '*.xz' | wc -l)
"$B/bin/btfpack" import -q -o "$work/own" "$work/raw" >/dev/null

row() { # NAME COLUMN OURS PEER GOAL: medians, and how many times the peer's ours is
	awk -v name="$1" -v a="$(median "$work/$3" "$2")" -v b="$(median "$work/$4" "$2")" -v goal="$5" \
		'BEGIN { printf "%-46s %10.1f %10.1f %6.2f %8s\n", name, a, b, a / b, goal }'
}

echo "$count kernels, $(basename "$2"), medians of $RUNS, ms"
printf '%-46s %10s %10s %6s %8s\n' 'what; beside what' btfpack peer ratio 'to reach'
for _ in $(seq "$RUNS"); do
	for jobs in 1 2; do
		# shellcheck disable=SC2016 # the inner shell expands it
		measure "$work/xz-peer-$jobs" sh -c 'find "$1" -name "*.xz" | xargs -P "$2" -n 1 xz -dc' \
			sh "$work/xz" "$jobs"
		measure "$work/xz-ours-$jobs" "${build[@]}" -j "$jobs" -a "$work/xz"
		measure "$work/raw-$jobs" "${build[@]}" -j "$jobs" -a "$work/raw"
	done
	measure "$work/own-1" "${build[@]}" -j 1 -a "$work/own"
	measure "$work/nothing" "${build[@]}" -j 1 -a "$work/xz/all/0/x86_64/$(
		basename "$(find "$work/xz" -name '*.xz' | sort | head -n 1)")"
done
row "$few .btf.tar.xz, 1 thread, wall; xz -dc" 1 xz-ours-1 xz-peer-1 1.10
row "$few .btf.tar.xz, 1 thread, CPU; xz -dc" 2 xz-ours-1 xz-peer-1 1.10
row "$few .btf.tar.xz, 2 threads, wall; xargs -P 2 xz" 1 xz-ours-2 xz-peer-2 1.10
row 'own archive, 1 thread, wall; raw files' 1 own-1 raw-1 1.50
row 'own archive, 1 thread, CPU; raw files' 2 own-1 raw-1 1.50
row 'raw files, 1 thread, wall; 2 threads' 1 raw-1 raw-2 1.80
row 'raw files, peak KiB, 1 thread; one kernel' 3 raw-1 nothing ''
row 'raw files, peak KiB, 2 threads; 1 thread' 3 raw-2 raw-1 ''
echo "peak memory: $(($(median "$work/raw-1" 3) / 1024)) MiB with 1 thread, to reach 48;" \
	"$(($(median "$work/raw-2" 3) / 1024)) MiB with 2, to reach 64"

# Many kernels: real ones, cut to what this object and others may ask for, layouts shifted.
printf '\n%-12s %10s %10s %10s %10s %10s\n' \
	kernels classes 'wall ms' 'CPU ms' 'peak MiB' 'ms/kernel'
mkdir -p "$work/many/all/0/x86_64"
"$B/tests/bench/multiply" "${MANY:-10000}" "$work/many/all/0/x86_64" "$2" \
	"$work"/raw/all/0/x86_64/*.btf
for part in 8 4 2 1; do
	number=$((${MANY:-10000} / part))
	rm -rf "$work/some"
	mkdir -p "$work/some/all/0/x86_64"
	find "$work/many" -name '*.btf' | sort | head -n "$number" |
		xargs ln -t "$work/some/all/0/x86_64"
	measure "$work/some-$number" "${build[@]}" -j 1 -a "$work/some"
	classes=$("$B/bin/btfpack" list --json "$work/out.payload" |
		jq '[.kernels[].btf] | unique | length')
	awk -v n="$number" -v c="$classes" '{
		printf "%-12d %10d %10.0f %10.0f %10.0f %10.2f\n", n, c, $1, $2, $3 / 1024, $2 / n
	}' "$work/some-$number"
done
