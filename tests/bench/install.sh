#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What it takes to install one kernel's files from a payload that holds many kernels, with each
# another BTF: the whole command, and apart what starting the program and hashing take.
#
#     tests/bench/install.sh ARCHIVE OBJECT
set -eu
[ $# -eq 2 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$(dirname "$0")/common.bash"
many=${MANY:-5000}
app=$B/bin/btferry-static

unpack_archive "$1" "$work/raw"
mkdir -p "$work/many/all/0/x86_64"
"$B/tests/bench/multiply" "$many" "$work/many/all/0/x86_64" "$2" "$work"/raw/*.btf
write_manifest "$work/app" "$2"
"$B/bin/btfpack" build -q -a "$work/many" -o "$work/out.payload" "$work/app/bench.ini"
release=$(basename "$(find "$work/many" -name '*.btf' | sort | sed -n "$((many / 3))p")" .btf)

for _ in $(seq "$RUNS"); do
	rm -rf "$work/root"
	mkdir "$work/root"
	measure "$work/install" "$app" install -q --payload "$work/out.payload" \
		--root "$work/root" --kernel "$release"
	measure "$work/start" "$app" --version
	measure "$work/hash" sha256sum "$work/out.payload"
done
size=$(stat -c %s "$work/out.payload")
echo "one of $many kernels out of a payload of $size bytes: medians of $RUNS"
printf '%-44s %10s %10s\n' '' 'CPU, ms' 'peak, KiB'
row() { # NAME FILE NOTE
	printf '%-44s %10.1f %10d   %s\n' "$1" "$(median "$work/$2" 2)" "$(median "$work/$2" 3)" "$3"
}
row 'install --kernel' install 'to reach: 10 ms, 8192 KiB'
row 'of that, starting the program' start ''
row 'sha256sum of the payload' hash "$(awk -v ms="$(median "$work/hash" 2)" -v size="$size" \
	'BEGIN { printf "%.1f ms a MB with starting it", ms * 1e6 / size }')"
