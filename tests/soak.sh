#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What finds more the longer it runs: random trials, the fuzz targets, and every kernel of the
# archive that `make corpus` fetches.  Exit status 1 when anything was found.
#
#     tests/soak.sh SECONDS      for each fuzz target
set -u
cd "$(dirname "$0")/.." || exit 1
export B=${B:-build}
seconds=${1:-600} archive=$B/corpus/archive failed=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

"$B/tests/oracle/random" --cases "${CASES:-5000000}" --jobs "$(nproc)" || failed=1
tests/fuzz/run.sh "$seconds" || failed=1
if [ -d "$archive" ]; then
	tests/oracle/objects.sh "$B/tests/oracle/cutbpf" "$work" || failed=1
	tests/oracle/corpus.sh "$archive" "$B/tests/bench/large.bpf.o" "$B"/tests/bpf/*.bpf.o \
		"$work"/*.bpf.o || failed=1
else
	echo "soak: no kernels in $archive: \`make corpus\` fetches them"
fi
exit $failed
