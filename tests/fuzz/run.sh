#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs each fuzz target over its corpus, for some seconds or for so many inputs: from what earlier
# runs found (below the build folder), tests/fuzz/corpus/NAME, and what seeds.sh makes.  Prints TAP,
# with how many inputs there were; an input that breaks a target stays in the build folder and is
# named.
#
#     tests/fuzz/run.sh SECONDS [NAME...]
#     tests/fuzz/run.sh --runs COUNT [NAME...]
set -u
cd "$(dirname "$0")/../.." || exit 1
export B=${B:-build}
limit=() inputs=0
case ${1:-} in
--runs) inputs=${2:?} limit=("-runs=$inputs"); shift 2 ;;
[0-9]*) limit=("-max_total_time=$1"); shift ;;
*) sed -n 's/^#     /usage: /p' "$0" >&2; exit 2 ;;
esac
if [ $# -eq 0 ]; then
	for file in tests/fuzz/*.c; do set -- "$@" "$(basename "$file" .c)"; done
fi

# Words of the format that the target reads.
dictionary() {
	case $1 in
	btf_view | resolve) echo btf ;;
	object | section | uprobe | vmlinux) echo elf ;;
	facts | plan) echo json ;;
	payload_reader) echo payload ;;
	*) echo "$1" ;;
	esac
}

# Larger inputs find no more there, and take longer.
longest() {
	case $1 in
	archive | deb | kallsyms | plan | vmlinuz) echo 4096 ;;
	*) echo 0 ;; # as long as the longest of the corpus
	esac
}

# The most that may be allocated at once, in MiB, whatever sizes are claimed.
largest() {
	case $1 in
	archive | deb | vmlinuz) echo 260 ;; # btfpack/xz_memory.h
	*) echo 64 ;;
	esac
}

# One target; what it found worth keeping goes to its work folder.
fuzz_one() {
	local name=$1 work=$B/fuzz/corpus/$1 seeds=$B/fuzz/seeds/$1 extra=()
	mkdir -p "$work" "$seeds" "$B/fuzz/found"
	tests/fuzz/seeds.sh "$name" "$seeds" || return
	[ ! -d "tests/fuzz/corpus/$name" ] || extra+=("tests/fuzz/corpus/$name")
	dict=tests/fuzz/$(dictionary "$name").dict
	[ ! -f "$dict" ] || extra+=("-dict=$dict")
	"$B/fuzz/$name" "${limit[@]}" -max_len="$(longest "$name")" -timeout=20 -rss_limit_mb=2048 \
		-malloc_limit_mb="$(largest "$name")" \
		-verbosity=0 -print_final_stats=1 -artifact_prefix="$B/fuzz/found/$name-" \
		"$work" "$seeds" ${extra[@]+"${extra[@]}"}
}

# The figure NAME of what a target said in the end.
stat_of() { sed -n "s/^stat::$1: *//p"; }

echo "1..$#"
number=0 failed=0
for name; do
	number=$((number + 1)) start=$SECONDS
	if output=$(fuzz_one "$name" 2>&1); then
		runs=$(stat_of number_of_executed_units <<<"$output")
		if [ "${runs:-0}" -ge "$inputs" ]; then
			echo "ok $number fuzz $name: ${runs:-?} inputs in $((SECONDS - start)) s"
			continue
		fi
		output="ended after ${runs:-no} inputs of $inputs"
	fi
	failed=1
	echo "not ok $number fuzz $name"
	tail -n 40 <<<"$output" | sed 's/^/# /'
done
exit $failed
