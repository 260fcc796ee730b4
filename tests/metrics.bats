#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# run --metrics and status --live: what a run tells while it goes on, to whom it should, and that
# nobody who asks can hold events up.

bats_require_minimum_version 1.5.0
load helpers
load flood

setup_file() {
	load helpers
	load flood
	install_flood 1.23
}

setup() {
	enter
	socket=$ROOT/run/flood/metrics.sock
	start_told
}

start_told() { start --output events.jsonl --metrics "$socket"; }

teardown() {
	[ -z "$tracer" ] || stop
	[ ! -e "$socket" ]
}

get() { curl -sS -m 10 --unix-socket "$socket" "$@"; }

# Samples as prometheus' own client reads them: "NAME LABELS VALUE".
samples() {
	/usr/bin/python3 -c '
import json, sys
from prometheus_client.parser import text_string_to_metric_families
for family in text_string_to_metric_families(sys.stdin.read()):
    for s in family.samples:
        print(family.type, s.name, json.dumps(s.labels, sort_keys=True), s.value)'
}

@test "the metrics are in Prometheus' format, and true" {
	/usr/bin/python3 -c 'import prometheus_client' || skip "no python3-prometheus-client"
	flood 3
	until_true eval '[ "$(wc -l <events.jsonl)" -eq $((3 * FLOOD)) ]'
	get -D headers http://host/metrics >text
	grep -q '^HTTP/1.0 200 ' headers
	grep -qi '^Content-Type: text/plain; version=0.0.4' headers
	samples <text >samples
	cat samples
	grep -qx "counter btferry_events_total {\"event\": \"drop\"} $((3 * FLOOD)).0" samples
	grep -qx "counter btferry_events_sent_total {} $((3 * FLOOD)).0" samples
	grep -qx "counter btferry_events_lost_total {} 0.0" samples
	grep -qx "counter btferry_events_written_total {} $((3 * FLOOD)).0" samples
	grep -qx "counter btferry_bytes_written_total {} $(stat -c %s events.jsonl).0" samples
	grep -qx "counter btferry_write_errors_total {} 0.0" samples
	grep -qx "gauge btferry_buffer_size_bytes {} 1048576.0" samples
	grep -qx "gauge btferry_buffer_fill_bytes {} 0.0" samples
	grep -qx "gauge btferry_info {\"app\": \"flood\", \"btf_source\": \"none\", \"kernel\":\
 \"$(uname -r)\", \"version\": \"1.23\"} 1.0" samples
	local now rss
	now=$(date +%s)
	awk -v now="$now" '$2 == "process_start_time_seconds" { found = now - $4 < 60 && now >= $4 - 1 }
		END { exit !found }' samples
	rss=$(awk '$1 == "VmRSS:" { print $2 * 1024 }' "/proc/$tracer/status")
	awk -v rss="$rss" '$2 == "process_resident_memory_bytes" { found = $4 > rss / 2 && $4 < rss * 2 }
		END { exit !found }' samples
	# Each line is a comment of the format or a sample, and each family is told of once.
	local labels='([a-z_]+="([^"\\]|\\.)*",?)+'
	! grep -Ev "^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\\{$labels\\})? [0-9.e+-]+)\$" text || false
	[ -z "$(grep '^# TYPE' text | sort | uniq -d)" ]
}

@test "promtool has nothing against them" {
	command -v promtool >/dev/null || skip "no promtool: the format is checked by the test before"
	get http://host/metrics | promtool check metrics
}

@test "programs' times are told while the kernel measures them" {
	command -v python3 >/dev/null || skip "no python3 to let it measure"
	flood 1
	get http://host/metrics >text
	[ -r /proc/sys/kernel/bpf_stats_enabled ] || skip "this kernel does not measure"
	[ "$(cat /proc/sys/kernel/bpf_stats_enabled)" = 1 ] || ! grep program_run text
	# BPF_ENABLE_STATS: it measures as long as the descriptor is open.
	python3 - <<-'END' &
		import ctypes, os, time
		number = {"x86_64": 321, "aarch64": 280, "i686": 357}[os.uname().machine]
		what = (ctypes.c_uint32 * 32)()
		fd = ctypes.CDLL(None).syscall(number, 32, what, ctypes.sizeof(what))
		open("measures" if fd >= 0 else "refused", "w").close()
		while not os.path.exists("measured"):
		    time.sleep(0.05)
	END
	local python=$!
	until_true eval '[ -e measures ] || [ -e refused ]'
	flood 3
	get http://host/metrics >text
	touch measured
	wait "$python"
	[ ! -e refused ] || skip "this kernel has no BPF_ENABLE_STATS (5.8)"
	grep -Eq '^btferry_program_runs_total\{program="on_exec"\} [1-9]' text
	grep -Eq '^btferry_program_run_seconds_total\{program="on_exec"\} 0\.[0-9]*[1-9]' text
}

@test "the socket is for its owner and group, and what was left behind is replaced" {
	[ "$(stat -c '%a %F' "$socket")" = '660 socket' ]
	run -6 "$APP" run --root "$ROOT" --metrics "$socket"
	[[ $output = *"$socket: is in use: another run answers there"* ]]
	# Who is refused does not take the other one's socket along.
	get http://host/metrics >/dev/null
	kill -KILL "$tracer"
	wait "$tracer" || true
	[ -S "$socket" ]
	start_told
	get http://host/metrics >/dev/null
	echo file >file
	run -6 "$APP" run --root "$ROOT" --metrics "$PWD/file"
	[[ $output = *"it is no socket"* ]]
	[ "$(cat file)" = file ]
	run -6 "$APP" run --root "$ROOT" --metrics "$PWD/$(printf '%0120d' 0)"
	[[ $output = *"File name too long"* ]]
}

@test "what is not GET /metrics is refused" {
	[ "$(get -o body -w '%{http_code}' http://host/)" = 404 ]
	[ "$(get -o body -w '%{http_code}' http://host/metrics/more)" = 404 ]
	[ "$(get -o body -w '%{http_code}' 'http://host/metrics?name[]=x')" = 200 ]
	[ "$(get -o body -w '%{http_code}' -X POST -d x=y http://host/metrics)" = 405 ]
	[ "$(get -o body -w '%{http_code}' -I http://host/metrics)" = 405 ]
	[ "$(get -o body -w '%{http_code}' -H "X: $(printf '%08000d' 0)" http://host/metrics)" = 431 ]
}

@test "clients that are slow, silent, greedy or broken hold nothing up" {
	command -v python3 >/dev/null || skip "no python3 to be such clients"
	python3 - "$socket" <<-'END' &
		import os, socket, sys, time
		path = sys.argv[1]
		def client(data):
		    s = socket.socket(socket.AF_UNIX)
		    s.settimeout(20)
		    s.connect(path)
		    s.sendall(data)
		    return s
		held = [client(b"") for _ in range(4)]                    # says nothing
		held += [client(b"GET /metrics HTTP/1.0\r\nX:") for _ in range(2)]
		client(b"GET /metrics HTTP/1.0\r\n\r\n").close()          # does not wait for an answer
		client(os.urandom(64)).close()
		held.append(client(b"\0" * 100))
		open("held", "w").close()
		# More than there are places for: the last one is answered when others' time is over.
		late = client(b"GET /metrics HTTP/1.0\r\n\r\n")
		more = [client(b"") for _ in range(3)]
		answer = late.recv(100)
		assert answer.startswith(b"HTTP/1.0 200 "), answer
		for s in held:
		    assert s.recv(1) == b"", "still open"
		open("answered", "w").close()
	END
	local python=$!
	until_true test -e held
	flood 5
	until_true eval '[ "$(wc -l <events.jsonl)" -eq $((5 * FLOOD)) ]'
	# All of that while they were held.
	[ ! -e answered ] || [ "$(jq -r .number events.jsonl | wc -l)" -eq $((5 * FLOOD)) ]
	wait "$python"
	[ -e answered ]
	stop
	grep -q "$((5 * FLOOD)) events sent, 0 lost, $((5 * FLOOD)) written" log
}

@test "status --live tells of events, rates and the process, for people and for programs" {
	flood 2
	(while [ ! -e done ]; do flood 1; sleep 0.05; done) &
	local load=$!
	run -0 --separate-stderr "$APP" status --live --json --root "$ROOT"
	touch done
	wait "$load"
	echo "$output" | tee live.json
	matches_schema live.json live.json
	jq -e '.running and .app == "flood" and .version == "1.23" and .btf_source == "none" and
		.events.drop.total >= 2048 and .events.drop.per_second > 0 and .lost == 0 and
		.sent >= 2048 and .resident_memory_bytes > 1000000 and .uptime_seconds < 60 and
		.buffer_size_bytes == 1048576' live.json
	[ "$(jq .kernel live.json)" = "\"$(uname -r)\"" ]
	run -0 --separate-stderr "$APP" status --live --root "$ROOT"
	[[ $output = *"flood 1.23 runs for 0 h 0"*" min on $(uname -r), BTF: none"* ]]
	[[ $output =~ "  drop "\ +[0-9]+\ +0\.0 ]]
	[[ $output =~ "  lost "\ +0\ +0\.0 ]]
	[[ $output != *unknown* ]]
}

@test "status --live says clearly when nothing runs, or somebody else answers" {
	stop
	run -1 --separate-stderr "$APP" status --live --root "$ROOT"
	[[ $stderr = *"nothing runs that answers at $socket: start it with"* ]]
	run -1 --separate-stderr "$APP" status --live --json --root "$ROOT" --metrics "$PWD/nowhere"
	echo "$output" >live.json
	matches_schema live.json live.json
	jq -e '.running == false' live.json
	run -2 "$APP" status --root "$ROOT" --metrics "$socket"
	[[ $output = *"--metrics goes with --live"* ]]
	python3 - "$PWD/other" <<-'END' &
		import socket, sys
		s = socket.socket(socket.AF_UNIX)
		s.bind(sys.argv[1])
		s.listen()
		c = s.accept()[0]
		c.recv(100)
		c.sendall(b"220 hello\r\n")
		c.close()
	END
	until_true test -S other
	run -5 "$APP" status --live --root "$ROOT" --metrics "$PWD/other"
	[[ $output = *"is answered by somebody else than a run"* ]]
}
