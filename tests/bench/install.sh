#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What it takes to install one kernel's files from a payload that holds many kernels, with each
# another BTF: the whole command, with the program of the .run and with that of the packages, onto
# this disk and onto tmpfs, where syncing costs nothing; and apart what starting and hashing take.
#
#     tests/bench/install.sh ARCHIVE OBJECT
set -eu
[ $# -eq 2 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
work=$(mktemp -d)
memory=$(mktemp -d -p /dev/shm)
trap 'rm -rf "$work" "$memory"' EXIT
. "$(dirname "$0")/common.bash"
many=${MANY:-5000}

unpack_archive "$1" "$work/raw"
mkdir -p "$work/many/all/0/x86_64"
"$B/tests/bench/multiply" "$many" "$work/many/all/0/x86_64" "$2" "$work"/raw/*.btf
write_manifest "$work/app" "$2"
"$B/bin/btfpack" build -q -a "$work/many" -o "$work/out.payload" "$work/app/bench.ini"
release=$(basename "$(find "$work/many" -name '*.btf' | sort | sed -n "$((many / 3))p")" .btf)

install() { # PROGRAM FOLDER FILE
	rm -rf "$2/root"
	mkdir "$2/root"
	measure "$work/$3.$1" "$B/bin/$1" install -q --payload "$work/out.payload" --root "$2/root" \
		--kernel "$release"
}

for _ in $(seq "$RUNS"); do
	for program in btferry-static btferry; do
		install "$program" "$work" disk
		install "$program" "$memory" memory
		measure "$work/start.$program" "$B/bin/$program" --version
	done
done

# The payload is hashed for the plan and on its way to the disk, the other files once, while they
# are unpacked.
files=$(find "$work/root" -type f ! -name plan.json -printf '%s\n' |
	awk '{ sum += $1 } END { print sum }')
size=$(stat -c %s "$work/out.payload")
rate=$("$B/tests/bench/hash")
hashing=$(awk -v bytes=$((files + size)) -v rate="$rate" 'BEGIN { print bytes / 1e6 * rate }')

echo "one of $many kernels out of a payload of $size bytes: medians of $RUNS; least"
printf '%-44s %10s %10s %10s\n' '' 'CPU, ms' 'least' 'peak, KiB'
row() { # NAME FILE NOTE
	printf '%-44s %10.1f %10.1f %10d   %s\n' "$1" "$(median "$work/$2" 2)" "$(least "$work/$2" 2)" \
		"$(median "$work/$2" 3)" "$3"
}
least() { cut -d' ' -f"$2" "$1" | sort -n | head -n 1; } # FILE COLUMN
for program in btferry-static btferry; do
	row "$program install --kernel" "disk.$program" 'to reach: 10 ms without hashing, 8192 KiB'
	row '    the same onto tmpfs' "memory.$program" ''
	row '    of that, starting the program' "start.$program" ''
done
printf '%-44s %10.1f   %s\n' '    of that, hashing' "$hashing" \
	"$((files + size)) bytes, $rate ms a MB; nothing is signed"
