#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# cppcheck over all sources but BPF programs, as one test.  What it is told to pass over:
#
# missingIncludeSystem, unknownMacro   it does not read the C library's headers
# comparePointers    canary_object.h: two labels of one section, made by an assembler
# readdirCalled      a stream that no other thread has
# the probe          leaves what it opens to its end; accept4(2) takes NULL for an address
set -u
cd "$(dirname "$0")/.." || exit 1
echo "1..1"
if ! command -v cppcheck >/dev/null; then
	echo "cppcheck is not installed: see packaging/deps.sh" >&2
	exit 1
fi
if said=$(git ls-files -co --exclude-standard '*.c' |
	grep -vE '^(bpf|tests/bpf|tests/coverage|tests/truth/objects|tests/vm/bpf)/' |
	cppcheck --quiet --file-list=- -I. --enable=warning,portability --inline-suppr \
		--library=posix,gnu --suppress=missingIncludeSystem --suppress=unknownMacro \
		--suppress=comparePointers:btfpack/canary_object.h --suppress=readdirCalled \
		--suppress=leakReturnValNotUsed:tests/sandbox/*.c \
		--suppress=nullPointer:tests/sandbox/tries.c --error-exitcode=1 --std=c11 \
		-D_GNU_SOURCE -DBTFERRY_VERSION='""' -DTEST_BPF_DIR='""' 2>&1); then
	echo "ok 1 - cppcheck"
else
	printf 'not ok 1 - cppcheck\n%s\n' "$said"
	exit 1
fi
