#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What it costs user space to carry events out: proctrace beside libbpf-tools' execsnoop, both
# running while the same programs are executed, both writing to a file; and whether 20,000 events a
# second are lost with the default buffers.  As root; tracefs is mounted for the time of it.
#
#     tests/bench/events.sh
#
# EXECS programs are executed (5000), RUNS times (3); RATE connections a second are tried (20000)
# for SECONDS_EACH seconds (10).
set -eu
B=${B:-build}
RUNS=${RUNS:-3} EXECS=${EXECS:-5000} RATE=${RATE:-20000} SECONDS_EACH=${SECONDS_EACH:-10}
[ $# -eq 0 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
# shellcheck source=tests/bench/tracers.bash
. tests/bench/tracers.bash

# CPU milliseconds for 100,000 events.
per_100k() { awk -v ns="$1" -v count="$2" 'BEGIN { printf "%.1f\n", ns / 1e6 * 100000 / count }'; }
lines() { wc -l <"$1"; }

for _ in $(seq "$RUNS"); do
	# shellcheck disable=SC2119 # not with our options
	start_proctrace
	if command -v execsnoop >/dev/null; then start_execsnoop; else execsnoop=''; fi
	ours=$(cpu_ns "$proctrace")
	before=$(lines "$work/events.jsonl")
	[ -z "$execsnoop" ] || theirs=$(cpu_ns "$execsnoop")
	"$B/tests/bench/load" exec "$EXECS" >/dev/null
	sleep 0.5
	ours=$(($(cpu_ns "$proctrace") - ours))
	after=$(lines "$work/events.jsonl")
	per_100k "$ours" $((after - before)) >>"$work/ours"
	rss_kb "$proctrace" >>"$work/rss"
	if [ -n "$execsnoop" ]; then
		theirs=$(($(cpu_ns "$execsnoop") - theirs))
		rss_kb "$execsnoop" >>"$work/their-rss"
		stop "$execsnoop"
		count=$(lines "$work/execsnoop.out")
		per_100k "$theirs" "$count" >>"$work/theirs"
	fi
	stop "$proctrace"
	grep -q ' 0 lost, ' "$work/proctrace.log" || grep lost "$work/proctrace.log"
done

row() { printf '%-44s %12s %12s   %s\n' "$@"; }
echo "events to a file, while $EXECS programs are executed: medians of $RUNS"
row "" proctrace execsnoop "to reach"
ours=$(median <"$work/ours")
if [ -e "$work/theirs" ]; then
	theirs=$(median <"$work/theirs")
	row "user-space CPU, ms per 100,000 events" "$ours" "$theirs" \
		"ratio $(awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "%.2f", a / b }'), at most 0.50"
	row "RSS, KiB" "$(median <"$work/rss")" "$(median <"$work/their-rss")" "at most 12288"
else
	row "user-space CPU, ms per 100,000 events" "$ours" - "no execsnoop here (libbpf-tools)"
	row "RSS, KiB" "$(median <"$work/rss")" - "at most 12288"
fi

# shellcheck disable=SC2119
start_proctrace
cpu=$(cpu_ns "$proctrace")
for _ in 1 2; do
	"$B/tests/bench/load" connect $((RATE * SECONDS_EACH / 2)) $((RATE / 2)) >>"$work/took" &
	loads+=($!)
done
wait "${loads[@]}"
took=$(sort -n "$work/took" | tail -n 1)
sleep 0.5
cpu=$(($(cpu_ns "$proctrace") - cpu))
count=$(grep -c '"connect"' "$work/events.jsonl")
rss=$(rss_kb "$proctrace")
stop "$proctrace"
echo
echo "$((RATE * SECONDS_EACH)) connections in $took s (asked for: $RATE a second), default buffer:"
grep -oE '[0-9]+ events sent, .*' "$work/proctrace.log"
row "connections printed; lost events" "$count" - "$((RATE * SECONDS_EACH)); 0"
row "user-space CPU, ms per 100,000 events" "$(per_100k "$cpu" "$count")" - ""
row "RSS, KiB" "$rss" - "at most 12288"
