#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs each fuzz target for some seconds over its corpus: what earlier runs found (below the build
# folder), tests/fuzz/corpus/NAME, and what the build made.  Prints TAP; an input that breaks a
# target stays in the build folder and is named.
#
#     tests/fuzz/run.sh SECONDS [NAME...]
set -u
cd "$(dirname "$0")/../.." || exit 1
B=${B:-build}
seconds=${1:-10}
shift
if [ $# -eq 0 ]; then
	for file in tests/fuzz/*.c; do set -- "$@" "$(basename "$file" .c)"; done
fi

# Folders and files that the build made and that a target can start from.
built_seeds() {
	case $1 in
	btf_view | btf_codec | resolve) ls "$B"/tests/bpf/*.btf ;;
	object) ls "$B"/tests/bpf/*.bpf.o ;;
	esac
}

# One target; what it found worth keeping goes to its work folder.
fuzz_one() {
	local name=$1 work=$B/fuzz/corpus/$1 seeds=$B/fuzz/seeds/$1 extra=()
	mkdir -p "$work" "$seeds" "$B/fuzz/found"
	built_seeds "$name" | xargs -r cp -t "$seeds"
	[ ! -d "tests/fuzz/corpus/$name" ] || extra+=("tests/fuzz/corpus/$name")
	[ ! -f "tests/fuzz/$name.dict" ] || extra+=("-dict=tests/fuzz/$name.dict")
	"$B/fuzz/$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -verbosity=0 \
		-print_final_stats=1 -artifact_prefix="$B/fuzz/found/$name-" \
		"$work" "$seeds" ${extra[@]+"${extra[@]}"}
}

echo "1..$#"
number=0 failed=0
for name; do
	number=$((number + 1))
	if output=$(fuzz_one "$name" 2>&1); then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' <<<"$output")
		echo "ok $number fuzz $name: ${runs:-?} inputs in $seconds s"
	else
		failed=1
		echo "not ok $number fuzz $name"
		tail -n 40 <<<"$output" | sed 's/^/# /'
	fi
done
exit $failed
