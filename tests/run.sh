#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs every suite and counts: one line per suite, the findings below it, and in the end
# `N passed, N failed`.  Each suite speaks TAP.  JOBS of them run at once, so that lines come as the
# suites end.  `make test` sets B (build folder), MAKE and FAST.
set -u
cd "$(dirname "$0")/.." || exit 1
B=${B:-build} MAKE=${MAKE:-make} FAST=${FAST:-} JOBS=${JOBS:-$(nproc)}
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

# Starts a suite, when fewer than JOBS run.  TELL is a pattern for sed: comments of a suite that
# passed are shown where it matches.
suite() { # NAME COMMAND...
	while [ "$(jobs -rp | wc -l)" -ge "$JOBS" ]; do wait -n; done
	suites=$((suites + 1)) # here: what stands before an ampersand is expanded in the background
	run_suite $suites "$@" &
}

run_suite() { # NUMBER NAME COMMAND...
	local place=$log/$1 name=$2 ok bad skip status=0 start=$SECONDS
	shift 2
	"$@" >"$place.out" 2>"$place.err" </dev/null || status=$?
	read -r ok bad skip < <(count_tap "$place.out")
	[ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
	echo "$ok $bad $skip" >"$place.count"
	report >"$place.report"
	# In one piece, since another suite may end now.
	cat "$place.report"
}

# What run_suite found.
report() {
	printf '%-44s %4d passed, %d failed%s  (%ds)\n' "$name" "$ok" "$bad" \
		"${skip:+$([ "$skip" -eq 0 ] || echo ", $skip skipped")}" $((SECONDS - start))
	grep -iE '^ok .*# *skip' "$place.out" | sed 's/^ok [0-9]* /    skipped: /'
	[ -z "${TELL:-}" ] || sed -n "s/$TELL/    \1/p" "$place.out"
	[ "$bad" -gt 0 ] || return 0
	grep -vE '^(ok |1\.\.)' "$place.out" | sed 's/^/    /'
	tail -n 60 "$place.err" | sed 's/^/    /'
	[ "$status" -eq 0 ] || echo "    $name: exit status $status"
}

# Random trials, judged by libbpf: $1 build folder, $2 how many, $3 after the name.
random_trials() {
	TELL='^ok 1 random \(.*\)' suite "oracle/random$3" "$1/tests/oracle/random" --cases "$2" --jobs 2 \
		${RANDOM_SEED:+--seed "$RANDOM_SEED"}
}

cmocka() { CMOCKA_MESSAGE_OUTPUT=tap "$1"; }

# Files in tests/, for the programs of build folder $1; suites that belong to $2 are named after it;
# but for the bats files that are named behind.
suites_of() {
	local folder=$1 note=$2 file
	shift 2
	for file in tests/unit/*.c; do
		file=$(basename "$file" .c)
		[ "$file" = '*' ] || suite "unit/$file$note" cmocka "$folder/tests/$file"
	done
	for file in tests/*.bats; do
		if [[ " $* " = *" $(basename "$file" .bats) "* ]]; then
			continue
		elif [ -z "$bats" ]; then
			suite "$(basename "$file")$note" \
				sh -c 'echo "bats is not installed" >&2; exit 1'
		else
			TELL='^# \(skipped: .*\)' suite "$(basename "$file")$note" \
				env B="$folder" "$bats" --tap "$file"
		fi
	done
}

suites=0
[ "$(id -u)" -eq 0 ] || echo "not root: tests that need it are skipped, and say so"
mapfile -t kernels < <(tests/vm/kernels.sh ready)
for kernel in $(tests/vm/kernels.sh names); do
	[[ " ${kernels[*]} " = *" $kernel "* ]] ||
		echo "$kernel is not booted: it takes 10 to 20 minutes to build; make vmtest does it"
done
for step in tests/vm/steps/*.sh; do
	why=$(sed -n 's/^# slow: //p' "$step")
	[ -z "$why" ] ||
		echo "step $(basename "$step" .sh) of the VMs is left out: $why; make vmtest does it"
done
# The longest first, so that the others fill up beside it.
TELL='^# \(\(kernel\|[0-9]\).*\)' \
	suite "vm" env B="$B" MAKE="$MAKE" QUICK=1 tests/vm/matrix.sh "${kernels[@]}"
suite "layers" tests/layers.sh
suite "clang-tidy" tests/tidy.sh -q lib core payload host decide loader builder btfpack checker \
	runtime installer
suite "clang-tidy, with the analyzer" tests/tidy.sh payload
suite "cppcheck" tests/cppcheck.sh
suites_of "$B" ""
random_trials "$B" 200000 ""
TELL='^ok [0-9]* \(fuzz .*\)' suite "fuzz" tests/fuzz/run.sh "${FUZZ_SECONDS:-20}"
TELL='^# \(\(the object\|levels\|condition\|all\).*\)' suite "truth" env B="$B" tests/truth/run.sh
TELL='^# \(\(faults\|control\): .*\)' suite "faults" env B="$B" tests/faults/run.sh
TELL='^# \(power: .*\)' suite "vm/power" env B="$B" tests/vm/power.sh 10

if [ -z "$FAST" ]; then
	# A report is a status of its own, so that no test can take it for an answer of ours.
	export ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99:print_stacktrace=1
	asan=$B/asan
	if "$MAKE" --no-print-directory B="$asan" SANITIZE=address,undefined \
		"$asan/bin/btfpack" "$asan/bin/btferry" bpf unit oracle truth faults \
			>"$log/build" 2>&1; then
		# The static program cannot be sanitized; its tests run the normal one.
		ln -sfn "$(realpath "$B/bin/btferry-static")" "$asan/bin/btferry-static"
		around=(hardening supply cross valgrind no_core ansible)
		echo "${around[*]} (ASan, UBSan): left out: they are about programs as they are handed" \
			"out, about the kernel's own headers, or about Ansible"
		suites_of "$asan" " (ASan, UBSan)" "${around[@]}"
		suite "faults (ASan, UBSan)" env B="$asan" BTFERRY="$asan/bin/btferry" EVERY=20 \
			tests/faults/run.sh
		random_trials "$asan" 10000 " (ASan, UBSan)"
	else
		cat "$log/build"
		suite "build with ASan and UBSan" false
	fi
fi

wait
read -r passed failed skipped < <(cat "$log"/*.count |
	awk '{ ok += $1; bad += $2; skipped += $3 } END { print ok + 0, bad + 0, skipped + 0 }')
# A suite that was killed has counted nothing.
lost=$((suites - $(find "$log" -name '*.count' | wc -l)))
[ "$lost" -eq 0 ] || echo "$lost suites did not end"
failed=$((failed + lost))
[ "$skipped" -eq 0 ] || echo "$skipped skipped, named above"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
