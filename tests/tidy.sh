#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# clang-tidy over folders: one test for each source.  .clang-tidy says what it looks for, and why
# not for the rest.  Nine tenths of the time is the static analyzer's; -q leaves that out.  `make
# test` has it for what reads payloads, the rest quickly; `make lint` all of it.
#
#     tests/tidy.sh [-q] FOLDER... [-- FLAG...]
set -u
cd "$(dirname "$0")/.." || exit 1
files=() checks=()
if [ "${1:-}" = -q ]; then
	checks=('--checks=-clang-analyzer-*')
	shift
fi
while [ $# -gt 0 ] && [ "$1" != -- ]; do
	files+=("$1"/*.c)
	shift
done
flags=("${@:2}")
[ ${#flags[@]} -gt 0 ] || flags=(-std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -I.
	'-DBTFERRY_VERSION=""')

echo "1..${#files[@]}"
if ! command -v clang-tidy >/dev/null; then
	echo "clang-tidy is not installed: see packaging/deps.sh" >&2
	exit 1
fi

look() { # FILE
	local said
	if said=$(clang-tidy --quiet ${checks[@]+"${checks[@]}"} "$1" -- "${flags[@]}" 2>&1); then
		echo "ok - $1"
	else
		printf 'not ok - %s\n%s\n' "$1" "$said"
	fi
}

status=0
for file in "${files[@]}"; do
	said=$(look "$file")
	printf '%s\n' "$said"
	[[ $said = ok* ]] || status=1
done
exit $status
