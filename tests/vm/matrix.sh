#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Every step in every kernel that it is for: boots each kernel, and then looks at what the steps
# recorded.  Prints TAP as kernels are done, and in the end a table: kernels, steps, seconds in
# the guest.
#
#     matrix.sh [KERNEL...]      names of kernels.list; all of them when none is named
#
# STEPS="STEP..." does these only; QUICK=1 leaves out those whose head says `slow: ` and why.  JOBS
# guests are under way at once, by default one for each processor.  What was recorded stays in
# B/vm/KERNEL.
set -u -o pipefail
cd "$(dirname "$0")/../.." || exit 1
case ${1:-} in -*) sed -n 's/^#     /usage: /p' "$0" >&2; exit 2 ;; esac
B=$(realpath "${B:-build}")
export B
here=$PWD/tests/vm
[ $# -gt 0 ] || mapfile -t all < <("$here/kernels.sh" names)
[ $# -gt 0 ] || set -- "${all[@]}"

comment() { sed 's/^/# /'; }

# The steps for a kernel: each says in its first lines `for: every kernel`, `for: kernels with BTF`,
# `for: kernels without BTF`, or names kernels.
steps_for() { # KERNEL
	local step
	for step in "$here"/steps/*.sh; do
		step=$(basename "$step" .sh)
		[ -z "${STEPS:-}" ] || [[ " $STEPS " = *" $step "* ]] || continue
		[ -z "${QUICK:-}" ] || ! grep -q '^# slow: ' "$here/steps/$step.sh" || continue
		case $(sed -n 's/^# for: //p' "$here/steps/$step.sh") in
		"every kernel") echo "$step" ;;
		"kernels with BTF") [ "$exposes" = no ] || echo "$step" ;;
		"kernels without BTF") [ "$exposes" = yes ] || echo "$step" ;;
		*) ! sed -n 's/^# for: //p' "$here/steps/$step.sh" | grep -qw -- "$1" || echo "$step" ;;
		esac
	done
}

# Boots a kernel with some of its steps.  One that says nothing at all gets a second try: under more
# than one processor of TCG, 7.x now and then ends early.
boot_part() { # KERNEL PART STEP...
	local name=$1 log=$results/boot.$2 status=0 try cpus=2 more=()
	[ ! -e "$results/made/$2.guest" ] || mapfile -t more <"$results/made/$2.guest"
	shift 2
	case $release in [7-9].*) cpus=1 ;; esac
	for try in 1 2; do
		"$here/boot.sh" -a "$arch" -b "$("$here/kernels.sh" busybox "$arch")" -c $cpus -s 600 \
			-M "$kernel/modules" -f "$results/made/kit:/kit" -f "$here/steps.sh:/vm/steps.sh" \
			-f "$here/steps:/vm/steps" "${more[@]}" -o "$results/out" "$kernel/image" "sh /vm/steps.sh $*" \
			>"$log" 2>&1 && return
		status=$?
		[ $status -eq 125 ] && [ $try -eq 1 ] || return $status
		echo "# $name ended before it said anything; once more:"
		comment <"$log"
	done
}

# Boots it for all its steps: for parts of them in as many guests as there are jobs for each kernel,
# and then once for each step that needs a guest of its own.
boot() { # KERNEL STEP...
	local name=$1 part step alone=() guests=() status=0
	shift
	rm -rf "$results/out" "$results"/boot.*
	mkdir -p "$results/out"
	for step; do
		shift
		if [ -e "$results/made/$step.guest" ]; then alone+=("$step"); else set -- "$@" "$step"; fi
	done
	for ((part = 0; part < parts && part < $#; part++)); do
		# shellcheck disable=SC2046 # names of steps are words
		boot_part "$name" $part $(printf '%s\n' "$@" | awk -v n=$parts -v k=$part '(NR - 1) % n == k') &
		guests+=($!)
	done
	for part in "${guests[@]}"; do wait "$part" || status=$?; done
	for step in "${alone[@]}"; do boot_part "$name" "$step" "$step" || status=$?; done
	return $status
}

# What bats has to say of a step's record.
judge() { # KERNEL STEP
	local line cell verdict=
	export RECORD=$results/out/$2 KIT=$results/made
	export KERNEL=$1 ARCH=$arch RELEASE=$release EXPOSES_BTF=$exposes
	if [ ! -d "$RECORD" ]; then
		echo "not ok $1: $2: it left no record"
		echo '!' >"$results/cells/$2"
		return
	fi
	while IFS= read -r line; do
		case $line in
		"ok "*) echo "ok $1: $(cut -d' ' -f3- <<<"$line")" ;;
		"not ok "*)
			verdict='!'
			echo "not ok $1: $(cut -d' ' -f4- <<<"$line")" ;;
		1..*) ;;
		*) echo "$line" ;;
		esac
	done < <(bats --tap "$here/steps/$2.bats" 2>&1 || [ $? -eq 1 ] || echo "not ok 0 bats: $2")
	cell=$(awk '{ printf "%.1f", $1 / 100 }' "$RECORD/hundredths" 2>/dev/null)
	echo "$cell$verdict" >"$results/cells/$2"
}

# One kernel, from its kit to the judgement: TAP without numbers.
try_kernel() { # KERNEL
	local begin=$SECONDS results=$B/vm/$1 kernel arch release exposes steps step
	rm -rf "$results/cells"
	mkdir -p "$results/cells"
	if ! kernel=$("$here/kernels.sh" get "$1" 2>"$results/get"); then
		echo "not ok $1: the kernel can be had"
		comment <"$results/get"
		return
	fi
	arch=$(cat "$kernel/arch") release=$(cat "$kernel/release") exposes=$(cat "$kernel/exposes_btf")
	mapfile -t steps < <(steps_for "$1")
	if ! WANTED="${steps[*]}" "$here/kit.sh" "$kernel" "$results/made" >"$results/kit" 2>&1; then
		echo "not ok $1: its kit is made"
		comment <"$results/kit"
		return
	fi
	if boot "$1" "${steps[@]}"; then
		echo "ok $1: boots and runs its steps"
	else
		echo "not ok $1: boots and runs its steps (status $?)"
		comment < <(cat "$results"/boot.*)
	fi
	for step in "${steps[@]}"; do judge "$1" "$step" >"$results/cells/$step.tap" & done
	wait
	for step in "${steps[@]}"; do cat "$results/cells/$step.tap"; done
	echo $((SECONDS - begin)) >"$results/cells/all"
}

# Prints what came of the kernels that are done, each once, with numbers.
tests=0 failed=0
declare -A told
tell() { # KERNEL...
	local name line
	for name; do
		[ -e "$B/vm/$name/done" ] || continue
		[ -z "${told[$name]:-}" ] || continue
		told[$name]=yes
		while IFS= read -r line; do
			case $line in
			"ok "*) line="ok $((++tests)) ${line#ok }" ;;
			"not ok "*)
				failed=$((failed + 1))
				line="not ok $((++tests)) ${line#not ok }" ;;
			esac
			printf '%s\n' "$line"
		done <"$B/vm/$name/tap"
	done
}

for name; do
	mkdir -p "$B/vm/$name"
	rm -f "$B/vm/$name/done"
done
jobs=${JOBS:-$(nproc)}
parts=$((jobs > $# ? jobs / $# : 1))
for name; do
	while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
		wait -n
		tell "$@"
	done
	{
		try_kernel "$name" >"$B/vm/$name/tap" 2>&1
		: >"$B/vm/$name/done"
	} &
done
wait
tell "$@"

# Kernels down, steps across; seconds in the guest, `!` where a test failed, and in all outside.
{
	columns=$(for step in "$here"/steps/*.sh; do basename "$step" .sh; done)
	printf '%-16s' kernel
	# shellcheck disable=SC2086 # names of steps are words
	printf '%12s' $columns all
	for name; do
		printf '\n%-16s' "$name"
		for step in $columns all; do
			cell=$(cat "$B/vm/$name/cells/$step" 2>/dev/null)
			printf '%12s' "${cell:--}"
		done
	done
	printf '\n%d s in all\n' $SECONDS
} | comment
echo "1..$tests"
[ $failed -eq 0 ] && [ ${#told[@]} -eq $# ]
