#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The same question as run.sh, in kernels under QEMU: is what `check` says of each object there what
# an independent loader comes to?  These kernels have kprobes, modules and more that hosts lack.
#
#     tests/truth/vm.sh KERNEL...          bzImages; `make truth` builds the rest
#
# A kernel takes three minutes.  Prints TAP and the table of each.
set -u -o pipefail
cd "$(dirname "$0")/../.." || exit 1
B=$(realpath "${B:-build}")
export B
module='security module|LSM|polic'
[ $# -gt 0 ] || { echo "1..0 # SKIP no kernels were named"; exit 0; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

status=0
for kernel in "$@"; do
	name=$(basename "$kernel")
	# shellcheck disable=SC2016 # the guest's shell expands it
	tests/vm/boot.sh -s "${SECONDS_A_KERNEL:-1500}" -f "$B/bin/btferry-static:/b/bin/btferry" \
		-f "$B/tests/truth/load:/b/tests/truth/load" -p "$B/tests/truth/load" \
		-f "$B/tests/truth/objects:/b/tests/truth/objects" -f tests/truth/ask.sh:/ask.sh \
		-p bash -p jq -p timeout "$kernel" \
		'export B=/b WORK=/tmp; bash /ask.sh - /b/tests/truth/objects/*.bpf.o' \
		>"$work/out" 2>"$work/log" || { cat "$work/log"; status=1; }
	# On a kernel without BTF, packing or building is the way out where nothing else is wrong.
	grep '^{' "$work/out" | jq -c --arg name "$name" --arg names "$module" '. + {
		condition: $name, kind: "place", names: $names, reference: $name, with_btf: "?" }' \
		>"$work/cases" || { echo "# $name: no answers"; exit 1; }
	jq -s --arg modules "$module" -f tests/truth/judge.jq "$work/cases" >"$work/findings" &&
		jq -r --argjson few true -f tests/truth/report.jq "$work/findings" >"$work/report" ||
		exit 1
	cat "$work/report"
	! grep -q '^not ok' "$work/report" || status=1
done
exit $status
