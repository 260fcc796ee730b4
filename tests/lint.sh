#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What compilers and checkers have to say about the tree, beyond what a build says.  Called by
# `make lint`, which sets CC, CLANG and FLAGS.
# shellcheck disable=SC2317 # the functions are called through step and optional
set -u
cd "$(dirname "$0")/.." || exit 1
: "${CC:=gcc}" "${CLANG:=clang}" "${FLAGS:=-std=gnu11 -D_GNU_SOURCE -I. -Wall -Wextra -Werror}"
flags=()
eval "flags=($FLAGS)" # quoted as make writes it into a recipe
failed=0

step() { # NAME COMMAND...
	local name=$1
	shift
	if "$@"; then
		echo "lint: $name: clean"
	else
		echo "lint: $name: see above"
		failed=1
	fi
}

optional() { # PROGRAM STEP-NAME COMMAND...
	local program=$1
	shift
	if command -v "$program" >/dev/null; then
		step "$@"
	else
		echo "lint: $1: not done, $program is not installed"
	fi
}

sources() { git ls-files -co --exclude-standard "$@"; }
own_c() { sources '*.c' | grep -vE '^(bpf|tests/bpf|tests/coverage|tests/truth/objects|tests/vm/bpf)/'; }
own_h() { sources '*.h' | grep -vE '^(bpf|tests/bpf|tests/coverage|tests/truth/objects|tests/vm/bpf)/'; }
scripts() {
	sources | while read -r file; do
		[ -f "$file" ] || continue
		head -c 64 "$file" | head -n 1 | grep -qaE '^#!.*\b(ba)?sh\b' && echo "$file"
	done
}

compile() { # COMPILER FILE-LIST: each file alone, so that a header that needs another one shows
	local compiler=$1 list=$2
	"$list" | while read -r file; do printf '%s\0' "$file"; done |
		xargs -0 -P 2 -I {} "$compiler" "${flags[@]}" -DTEST_BPF_DIR='""' \
			-fsyntax-only -x c {}
}

long_lines() {
	! sources '*.c' '*.h' '*.sh' '*.bats' '*.bash' '*.js' '*.mjs' '*.css' |
		xargs -d '\n' grep -nE '^.{101}'
}

# What packages are filled in from is under their licence.
spdx() {
	! sources ':!packaging/templates' '*.c' '*.h' '*.sh' '*.bats' '*.bash' '*.mk' '*.js' \
		'*.mjs' '*.css' '*.html' |
		xargs -d '\n' grep -L 'SPDX-License-Identifier' | grep .
}

# What no browser and no node would run.
check_pages() { sources '*.js' '*.mjs' | xargs -d '\n' -n 1 node --check; }

check_scripts() { scripts | xargs -d '\n' shellcheck -x -P SCRIPTDIR; }

check_c() { tests/cppcheck.sh | grep -vE "^(ok |1\.\.)" && return 1; return 0; }

check_tidy() {
	local folders
	mapfile -t folders < <(own_c | grep -vE '^(tests|packaging)/' | xargs -n 1 dirname | sort -u)
	printf '%s\0' "${folders[@]}" |
		xargs -0 -P 2 -I {} tests/tidy.sh {} -- "${flags[@]}" |
		grep -vE '^(ok |1\.\.)' && return 1
	return 0
}

optional "$CLANG" "clang, sources" compile "$CLANG" own_c
# what a header offers inline is for others to use
flags+=(-Wno-unused-function)
optional "$CLANG" "clang, each header alone" compile "$CLANG" own_h
unset 'flags[-1]'
optional "$CC" "$CC, sources" compile "$CC" own_c
step "layers" sh -c 'tests/layers.sh | grep -vE "^(ok|1\.\.)" && exit 1 || exit 0'
step "lines of 100 characters" long_lines
step "licence in each file" spdx
optional shellcheck "shellcheck" check_scripts
optional node "node, scripts" check_pages
optional cppcheck "cppcheck" check_c
optional clang-tidy "clang-tidy" check_tidy
exit $failed
