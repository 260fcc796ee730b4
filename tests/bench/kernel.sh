#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What it costs the kernel to be traced: time in BPF for each execution, connection and opened file,
# and how much longer a loop of fork and exec takes with proctrace, with libbpf-tools' execsnoop,
# and with bpftrace where that is installed.  As root; kernel.bpf_stats_enabled is set for the time
# of it.
#
#     tests/bench/kernel.sh
#
# EXECS programs are executed (3000), RUNS times (5); without a tracer in between.
set -eu
B=${B:-build}
RUNS=${RUNS:-5} EXECS=${EXECS:-3000}
[ $# -eq 0 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
# shellcheck source=tests/bench/tracers.bash
. tests/bench/tracers.bash
stats=/proc/sys/kernel/bpf_stats_enabled
before=$(cat $stats)

# Runs and nanoseconds of the programs so far: NAME RUNS NANOSECONDS.
programs() {
	curl -s --unix-socket "$work/metrics" http://localhost/metrics | awk -F '[{}"]' '
		/^btferry_program_runs_total/ { runs[$3] = $5 }
		/^btferry_program_run_seconds_total/ { time[$3] = $5 }
		END { for (name in runs) printf "%s %d %d\n", name, runs[name], time[name] * 1e9 }'
}
row() { printf '%-44s %12s %12s   %s\n' "$@"; }

start_proctrace --metrics "$work/metrics"
echo 1 >$stats
"$B/tests/bench/load" exec "$EXECS" >/dev/null
"$B/tests/bench/load" connect "$EXECS" 1000 >/dev/null
# Files that are read, as most are.
for _ in $(seq 200); do cat /proc/self/status /etc/passwd >/dev/null; done
programs >"$work/programs"
echo "$before" >$stats
stop "$proctrace"
echo "time in BPF, nanoseconds a run"
row program runs "ns a run" ""
sort "$work/programs" | awk '$2 >= 100 { print $1, $2, int($3 / $2) }' |
	while read -r name runs time; do row "$name" "$runs" "$time" ""; done

# Nanoseconds in the programs that a process holds, as the kernel counts them for each.
bpf_ns() { # PID
	cat "/proc/$1"/fdinfo/* 2>/dev/null |
		awk '$1 == "run_time_ns:" { sum += $2 } END { print sum + 0 }'
}
start_bpftrace() {
	bpftrace -e 'tracepoint:sched:sched_process_exec {
		printf("%d %s\n", pid, str(args->filename)); }' >"$work/bpftrace.out" 2>&1 &
	bpftrace=$!
	pids+=("$bpftrace")
	until grep -q Attaching "$work/bpftrace.out"; do sleep 0.1; done
}
echo
echo "time in BPF for each fork, exec and exit, in all programs of a tracer"
row "" "" "ns" ""
for tracer in proctrace execsnoop bpftrace; do
	if [ $tracer != proctrace ] && ! command -v $tracer >/dev/null; then
		row $tracer "" - "not installed"
		continue
	fi
	start_$tracer
	echo 1 >$stats
	start=$(bpf_ns "${!tracer}")
	"$B/tests/bench/load" exec "$EXECS" >/dev/null
	row $tracer "" $((($(bpf_ns "${!tracer}") - start) / EXECS)) \
		"$([ $tracer = proctrace ] && echo "exec, fork, exit, with paths and processes" || echo "exec")"
	echo "$before" >$stats
	stop "${!tracer}"
done

seconds() { # the loop
	local start end
	start=$(date +%s%N)
	"$B/tests/bench/load" exec "$EXECS" >/dev/null
	end=$(date +%s%N)
	echo $((end - start))
}
for _ in $(seq "$RUNS"); do
	seconds >>"$work/alone"
	start_proctrace
	seconds >>"$work/with-proctrace"
	stop "$proctrace"
	seconds >>"$work/alone"
	if command -v execsnoop >/dev/null; then
		start_execsnoop
		seconds >>"$work/with-execsnoop"
		stop "$execsnoop"
	fi
	if command -v bpftrace >/dev/null; then
		start_bpftrace
		seconds >>"$work/with-bpftrace"
		stop "$bpftrace"
	fi
done
alone=$(median <"$work/alone")
echo
echo "$EXECS times fork and exec: medians of $RUNS"
row "" "us each" slower "to reach"
row "no tracer" $((alone / EXECS / 1000)) - ""
for tracer in proctrace execsnoop bpftrace; do
	[ -e "$work/with-$tracer" ] || { row $tracer - - "not installed"; continue; }
	with=$(median <"$work/with-$tracer")
	row $tracer $((with / EXECS / 1000)) \
		"$(awk -v a="$alone" -v b="$with" 'BEGIN { printf "%.1f %%", (b / a - 1) * 100 }')" \
		"$([ $tracer != proctrace ] || echo "at most 5 %")"
done
