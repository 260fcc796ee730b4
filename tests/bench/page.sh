#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# How long the page of `btfpack coverage` takes in a browser: of an archive, and with 10,000
# kernels.
#
#     tests/bench/page.sh ARCHIVE MANIFEST
set -eu
[ $# -eq 2 ] || { sed -n "s/^#     /usage: /p" "$0" >&2; exit 2; }
cd "$(dirname "$0")/../.."
B=$(realpath "${B:-build}")
repo=$PWD
export repo
. tests/browser.bash
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! browser_missing >"$work/why"; then
	echo "coverage, the page: not measured: $(cat "$work/why")"
	exit 0
fi
"$B/bin/btfpack" coverage -q -a "$1" --html "$work/page.html" "$2" || [ $? -eq 1 ]
node tests/browser/many.mjs "$work/page.html" 10000 >"$work/many.html"
echo "coverage, the page, in $("$CHROMIUM" --version 2>/dev/null)"
node tests/browser/bench.mjs "$work/page.html" "$work/many.html"
