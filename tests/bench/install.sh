#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What it takes to install one kernel's files from a payload that holds many kernels, with each
# another BTF: the whole command, with the program of the .run and with that of the packages, and
# apart what starting it and hashing take.
#
#     tests/bench/install.sh ARCHIVE OBJECT
set -eu
[ $# -eq 2 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$(dirname "$0")/common.bash"
many=${MANY:-5000}

unpack_archive "$1" "$work/raw"
mkdir -p "$work/many/all/0/x86_64"
"$B/tests/bench/multiply" "$many" "$work/many/all/0/x86_64" "$2" "$work"/raw/*.btf
write_manifest "$work/app" "$2"
"$B/bin/btfpack" build -q -a "$work/many" -o "$work/out.payload" "$work/app/bench.ini"
release=$(basename "$(find "$work/many" -name '*.btf' | sort | sed -n "$((many / 3))p")" .btf)

install() { # FILE PROGRAM ARGUMENT...
	rm -rf "$work/root"
	mkdir "$work/root"
	measure "$work/$1" "$B/bin/$2" install -q --payload "$work/out.payload" --root "$work/root" \
		"${@:3}"
}

for _ in $(seq "$RUNS"); do
	for program in btferry-static btferry; do
		install "install.$program" "$program" --kernel "$release"
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
	row "$program install --kernel" "install.$program" 'to reach: 10 ms without hashing, 8192 KiB'
	row '    of that, starting the program' "start.$program" ''
done
printf '%-44s %10.1f   %s\n' '    of that, hashing' "$hashing" \
	"$((files + size)) bytes, $rate ms a MB; nothing is signed"
