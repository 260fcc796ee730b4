#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Every step in every kernel that it is for: boots each kernel once, and then looks at what the
# steps recorded.  Prints TAP, and in the end a table: kernels, steps, seconds in the guest.
#
#     matrix.sh [KERNEL...]      names of kernels.list; all of them when none is named
#
# STEPS="STEP..." does these only.  What was recorded stays in B/vm/KERNEL.
set -u -o pipefail
cd "$(dirname "$0")/../.." || exit 1
case ${1:-} in -*) sed -n 's/^#     /usage: /p' "$0" >&2; exit 2 ;; esac
B=$(realpath "${B:-build}")
export B
here=$PWD/tests/vm
[ $# -gt 0 ] || mapfile -t all < <("$here/kernels.sh" names)
[ $# -gt 0 ] || set -- "${all[@]}"

tests=0 failed=0
ok() { echo "ok $((++tests)) $1"; }
not_ok() {
	failed=$((failed + 1))
	echo "not ok $((++tests)) $1"
}
comment() { sed 's/^/# /'; }

# The steps for a kernel: each says in its first lines `for: every kernel`, `for: kernels with BTF`,
# `for: kernels without BTF`, or names kernels.
steps_for() { # KERNEL
	local step
	for step in "$here"/steps/*.sh; do
		step=$(basename "$step" .sh)
		[ -z "${STEPS:-}" ] || [[ " $STEPS " = *" $step "* ]] || continue
		case $(sed -n 's/^# for: //p' "$here/steps/$step.sh") in
		"every kernel") echo "$step" ;;
		"kernels with BTF") [ "$exposes" = no ] || echo "$step" ;;
		"kernels without BTF") [ "$exposes" = yes ] || echo "$step" ;;
		*) ! sed -n 's/^# for: //p' "$here/steps/$step.sh" | grep -qw -- "$1" || echo "$step" ;;
		esac
	done
}

# Boots a kernel with its steps.  One that says nothing at all gets a second try: under more than
# one processor of TCG, 7.x now and then ends early.
boot() { # KERNEL STEP...
	local name=$1 status=0 try cpus=2
	shift
	case $release in [7-9].*) cpus=1 ;; esac
	for try in 1 2; do
		rm -rf "$results/out"
		"$here/boot.sh" -a "$arch" -b "$("$here/kernels.sh" busybox "$arch")" -c $cpus -s 300 \
			-M "$kernel/modules" -f "$results/made/kit:/kit" -f "$here/steps.sh:/vm/steps.sh" \
			-f "$here/steps:/vm/steps" -o "$results/out" "$kernel/image" "sh /vm/steps.sh $*" \
			>"$results/boot" 2>&1 && return
		status=$?
		[ $status -eq 125 ] && [ $try -eq 1 ] || return $status
		echo "# $name ended before it said anything; once more:"
		comment <"$results/boot"
	done
}

# What bats has to say of a step's record, as tests of this run.
judge() { # KERNEL STEP
	local line verdict=ok
	export RECORD=$results/out/$2 KIT=$results/made
	export KERNEL=$1 ARCH=$arch RELEASE=$release EXPOSES_BTF=$exposes
	while IFS= read -r line; do
		case $line in
		"ok "*) ok "$1: $(cut -d' ' -f3- <<<"$line")" ;;
		"not ok "*) verdict=failed; not_ok "$1: $(cut -d' ' -f4- <<<"$line")" ;;
		1..*) ;;
		*) echo "$line" ;;
		esac
	done < <(bats --tap "$here/steps/$2.bats" 2>&1 || [ $? -eq 1 ] || echo "not ok 0 bats: $2")
	cell[$1,$2]=$(awk '{ printf "%.1f", $1 / 100 }' "$RECORD/hundredths" 2>/dev/null)
	[ $verdict = ok ] || cell[$1,$2]+='!'
}

declare -A cell
for name; do
	begin=$SECONDS
	results=$B/vm/$name
	mkdir -p "$results"
	if ! kernel=$("$here/kernels.sh" get "$name" 2>"$results/get"); then
		not_ok "$name: the kernel can be had"
		comment <"$results/get"
		continue
	fi
	arch=$(cat "$kernel/arch") release=$(cat "$kernel/release") exposes=$(cat "$kernel/exposes_btf")
	mapfile -t steps < <(steps_for "$name")
	if ! "$here/kit.sh" "$kernel" "$results/made" >"$results/kit" 2>&1; then
		not_ok "$name: its kit is made"
		comment <"$results/kit"
		continue
	fi
	if boot "$name" "${steps[@]}"; then
		ok "$name: boots and runs its steps"
	else
		not_ok "$name: boots and runs its steps (status $?)"
		comment <"$results/boot"
	fi
	for step in "${steps[@]}"; do judge "$name" "$step"; done
	cell[$name,all]=$((SECONDS - begin))
done

# Kernels down, steps across; seconds in the guest, `!` where a test failed, and in all outside.
{
	columns=$(for step in "$here"/steps/*.sh; do basename "$step" .sh; done)
	printf '%-16s' kernel
	# shellcheck disable=SC2086 # names of steps are words
	printf '%10s' $columns all
	for name; do
		printf '\n%-16s' "$name"
		for step in $columns all; do printf '%10s' "${cell[$name,$step]:--}"; done
	done
	printf '\n%d s in all\n' $SECONDS
} | comment
echo "1..$tests"
[ $failed -eq 0 ]
