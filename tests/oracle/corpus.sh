#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Every kernel of an archive, reduced for all objects at once, with libbpf as the judge of each
# object.  Prints TAP, a line a kernel.  B is the build folder.
#
#     tests/oracle/corpus.sh ARCHIVE OBJECT...
set -u
archive=$1
shift
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

differs() { # OBJECT...: prints what differs
	local object found=1
	for object; do
		"$B/tests/oracle/oracle" "$object" "$work/full" "$work/reduced" >"$work/out" && continue
		found=0
		head -n 5 "$work/out"
	done
	return $found
}

mapfile -t kernels < <(find "$archive" -name '*.btf.tar.xz' | sort)
echo "1..${#kernels[@]}"
number=0 failed=0
for kernel in "${kernels[@]}"; do
	number=$((number + 1)) found=
	if tar -xJOf "$kernel" >"$work/full" &&
		"$B/bin/btfpack" reduce -q -o "$work/reduced" "$work/full" "$@" &&
		! found=$(differs "$@"); then
		echo "ok $number ${kernel#"$archive"/}: $# objects"
	else
		failed=1
		echo "not ok $number ${kernel#"$archive"/}"
		printf '%s\n' "$found" | sed 's/^/# /'
	fi
done
exit $failed
