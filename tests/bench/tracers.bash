# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# Tracers that benchmarks run beside a load, and what is read of them.  Source it after B is set; a
# script that does so is root and has tracefs.

# Again in a mount namespace with tracefs, where that is not mounted.
in_tracefs() { # SCRIPT
	[ "$(id -u)" -eq 0 ] || { echo "$(basename "$1" .sh): not measured: not root"; exit 0; }
	[ "${INSIDE:-}" != 1 ] || return 0
	# shellcheck disable=SC2016 # the inner shell expands it
	exec env INSIDE=1 unshare -m sh -c \
		'mountpoint -q "$0" || mount -t tracefs nodev "$0" && exec "$@"' \
		/sys/kernel/tracing "$1"
}
in_tracefs "$0"
work=$(mktemp -d)
pids=() loads=()
finish() {
	[ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
	rm -rf "$work"
}
trap finish EXIT

mkdir "$work/root"
"$B/bin/btfpack" build -q -a tests/files/btf -o "$work/p.payload" "$B/bpf/proctrace.ini"
"$B/bin/btferry" install -q --payload "$work/p.payload" --root "$work/root" >/dev/null

# shellcheck disable=SC2120 # options are for those who have any
start_proctrace() { # OPTION...
	rm -f "$work/events.jsonl"
	"$B/bin/btferry" run --app proctrace --root "$work/root" --output "$work/events.jsonl" \
		"$@" 2>"$work/proctrace.log" &
	proctrace=$!
	pids=("$proctrace")
	until grep -q 'is running' "$work/proctrace.log"; do
		kill -0 "$proctrace" || { cat "$work/proctrace.log" >&2; exit 1; }
		sleep 0.1
	done
}
# It says nothing when it is ready; its buffer is the last thing that it opens.
start_execsnoop() {
	execsnoop >"$work/execsnoop.out" 2>"$work/execsnoop.log" &
	execsnoop=$!
	pids+=("$execsnoop")
	until grep -q perf "/proc/$execsnoop/maps"; do
		kill -0 "$execsnoop" || { cat "$work/execsnoop.log" >&2; exit 1; }
		sleep 0.1
	done
}
stop() { # PID
	kill -INT "$1"
	wait "$1" || true
}

cpu_ns() { cut -d' ' -f1 "/proc/$1/schedstat"; }
rss_kb() { awk '$1 == "VmRSS:" { print $2 }' "/proc/$1/status"; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
