#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What a full check of an object costs, beside `bpftool feature probe`, which people run to learn
# the same: in turn, medians of RUNS.  As root; tracefs is mounted for the time of it.
#
#     tests/bench/check.sh OBJECT
set -eu
B=${B:-build}
RUNS=${RUNS:-9}
BPFTOOL=${BPFTOOL:-$(PATH=$PATH:/usr/sbin:/sbin command -v bpftool)}
[ $# -eq 1 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || { echo "check: not measured: not root"; exit 0; }
if [ "${INSIDE:-}" != 1 ]; then
	# shellcheck disable=SC2016 # the inner shell expands it
	exec env INSIDE=1 unshare -m sh -c \
		'mountpoint -q "$0" || mount -t tracefs nodev "$0" && exec "$@"' \
		/sys/kernel/tracing "$0" "$1"
fi
object=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ours=("$B/bin/btferry" check --json --object "$object")
theirs=("$BPFTOOL" -j feature probe)

# Appends wall and CPU milliseconds of a command to a file.
measure() { # FILE COMMAND...
	local file=$1 TIMEFORMAT='%R %U %S'
	shift
	{ time "$@" >/dev/null 2>"$work/log"; } 2>&1 |
		awk '{ print $1 * 1000, ($2 + $3) * 1000 }' >>"$work/$file"
}
median() { # FILE COLUMN
	cut -d' ' -f"$2" "$work/$1" | sort -n |
		awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
count() { grep -c "$1" "$work/$2" || true; }

# From one more run each; what check comes to is no failure here.
trace() { # FILE COMMAND...
	local file=$1
	shift
	strace -f -qq -e trace=bpf,openat -e signal=none -o "$work/$file" "$@" >/dev/null 2>&1 || true
}
peak_kb() { # COMMAND...
	command time -f %M -o "$work/peak" -q "$@" >/dev/null 2>&1 || true
	tail -n 1 "$work/peak"
}

dmesg >"$work/before"
for _ in $(seq "$RUNS"); do
	measure theirs "${theirs[@]}" || true
	measure ours "${ours[@]}" || true
done
trace ours.strace "${ours[@]}"
dmesg >"$work/after"
trace theirs.strace "${theirs[@]}"
comm -13 <(sort "$work/before") <(sort "$work/after") >"$work/new"
programs=$("${ours[@]}" | jq '(.programs // .object.programs) | length')

row() { printf '%-34s %12s %12s   %s\n' "$@"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
wall=$(median ours 1) their_wall=$(median theirs 1)
cpu=$(median ours 2) their_cpu=$(median theirs 2)
echo "check of an object with $programs programs, beside bpftool feature probe: medians of $RUNS"
row "" check bpftool "to reach"
row "wall, ms" "$wall" "$their_wall" "ratio $(ratio "$wall" "$their_wall"), at most 0.50"
row "CPU, ms" "$cpu" "$their_cpu" "ratio $(ratio "$cpu" "$their_cpu"), at most 0.50"
row "bpf() calls" "$(count 'bpf(BPF_' ours.strace)" "$(count 'bpf(BPF_' theirs.strace)" \
	"at most 200"
row "peak RSS, KiB" "$(peak_kb "${ours[@]}")" "$(peak_kb "${theirs[@]}")" "below 40960"
row "lines in dmesg about BPF" "$(count '[Bb][Pp][Ff]\|verifier\|trac' new)" - 0
row "/proc/kallsyms opened" "$(count '"/proc/kallsyms"' ours.strace)" - "0: nothing here needs it"
