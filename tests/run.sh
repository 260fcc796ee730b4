#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs every suite and counts: one line per suite, the findings below it, and in the end
# `N passed, N failed`.  Each suite speaks TAP.  `make test` sets B (build folder), MAKE and FAST.
set -u
cd "$(dirname "$0")/.." || exit 1
B=${B:-build} MAKE=${MAKE:-make} FAST=${FAST:-}
passed=0 failed=0 skipped=0
log=$(mktemp -d) || exit 1
trap 'rm -rf "$log"' EXIT
bats=$(command -v bats)

# Counts the TAP in a file: ok, not ok, skipped, and tests that were planned and never came.
count_tap() {
	awk '
		/^1\.\.[0-9]+/ { sub(/^1\.\./, ""); planned += $1; plans++ }
		/^ok .*# *[Ss][Kk][Ii][Pp]/ { skipped++; next }
		/^ok / { ok++ }
		/^not ok / { bad++ }
		END {
			missing = planned - ok - bad - skipped
			if (!plans) missing = 1
			print ok + 0, bad + (missing > 0 ? missing : 0), skipped + 0
		}' "$1"
}

# suite NAME COMMAND...
suite() {
	local name=$1 ok bad skip status=0 start=$SECONDS
	shift
	"$@" >"$log/out" 2>"$log/err" </dev/null || status=$?
	read -r ok bad skip < <(count_tap "$log/out")
	[ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
	passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
	printf '%-44s %4d passed, %d failed%s  (%ds)\n' "$name" "$ok" "$bad" \
		"${skip:+$([ "$skip" -eq 0 ] || echo ", $skip skipped")}" $((SECONDS - start))
	grep -iE '^ok .*# *skip' "$log/out" | sed 's/^ok [0-9]* /    skipped: /'
	[ "$bad" -gt 0 ] || return 0
	grep -vE '^(ok |1\.\.)' "$log/out" | sed 's/^/    /'
	tail -n 60 "$log/err" | sed 's/^/    /'
	[ "$status" -eq 0 ] || echo "    $name: exit status $status"
}

# Random trials, judged by libbpf: $1 build folder, $2 how many, $3 after the name.
random_trials() {
	suite "oracle/random$3" "$1/tests/oracle/random" --cases "$2" --jobs 2 \
		${RANDOM_SEED:+--seed "$RANDOM_SEED"}
	sed -n 's/^ok 1 random /    /p' "$log/out"
}

cmocka() { CMOCKA_MESSAGE_OUTPUT=tap "$1"; }

# Files in tests/, for the programs of build folder $1; suites that belong to $2 are named after it.
suites_of() {
	local folder=$1 note=$2 file
	for file in tests/unit/*.c; do
		file=$(basename "$file" .c)
		[ "$file" = '*' ] || suite "unit/$file$note" cmocka "$folder/tests/$file"
	done
	for file in tests/*.bats; do
		if [ -z "$bats" ]; then
			suite "$(basename "$file")$note" \
				sh -c 'echo "bats is not installed" >&2; exit 1'
		else
			suite "$(basename "$file")$note" env B="$folder" "$bats" --tap "$file"
		fi
	done
}

[ "$(id -u)" -eq 0 ] || echo "not root: tests that need it are skipped, and say so"
suite "layers" tests/layers.sh
suites_of "$B" ""
random_trials "$B" 200000 ""
suite "fuzz" tests/fuzz/run.sh "${FUZZ_SECONDS:-10}"
suite "truth" env B="$B" tests/truth/run.sh
sed -n 's/^# \(the object\|levels\|condition\|all\)/    \1/p' "$log/out"
suite "faults" env B="$B" tests/faults/run.sh
sed -n 's/^# \(faults\|control\): /    /p' "$log/out"

if [ -z "$FAST" ]; then
	# A report is a status of its own, so that no test can take it for an answer of ours.
	export ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99:print_stacktrace=1
	asan=$B/asan
	if "$MAKE" --no-print-directory B="$asan" SANITIZE=address,undefined \
		"$asan/bin/btfpack" "$asan/bin/btferry" bpf unit oracle truth faults \
			>"$log/build" 2>&1; then
		# The static program cannot be sanitized; its tests run the normal one.
		ln -sfn "$(realpath "$B/bin/btferry-static")" "$asan/bin/btferry-static"
		suites_of "$asan" " (ASan, UBSan)"
		suite "faults (ASan, UBSan)" env B="$asan" BTFERRY="$asan/bin/btferry" EVERY=20 \
			tests/faults/run.sh
		random_trials "$asan" 10000 " (ASan, UBSan)"
	else
		cat "$log/build"
		suite "build with ASan and UBSan" false
	fi
fi

[ "$skipped" -eq 0 ] || echo "$skipped skipped, named above"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
