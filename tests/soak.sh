#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What finds more the longer it runs: random trials, the fuzz targets, installs that are disturbed
# at everything that they read, too, lost power (KILLS=200 times), and every kernel of an archive
# (`make corpus` fetches one).  Exit status 1 when anything was found.
#
#     tests/soak.sh RUNS ARCHIVE      RUNS inputs for each fuzz target
set -u
cd "$(dirname "$0")/.." || exit 1
export B=${B:-build}
[ $# -eq 2 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
runs=$1 archive=$2 failed=0

"$B/tests/oracle/random" --cases "${CASES:-5000000}" --jobs "$(nproc)" || failed=1
tests/fuzz/run.sh --runs "$runs" || failed=1
SOAK=1 tests/faults/run.sh || failed=1
tests/vm/power.sh "${KILLS:-200}" || failed=1
for syncs in files folders all; do tests/vm/power.sh -u $syncs 50 || failed=1; done
echo "soak: the kernels of $archive"
tests/oracle/corpus.sh "$archive" || failed=1
exit $failed
