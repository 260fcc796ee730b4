#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Ten thousand scripted actions, and each of them accounted for: forks, executions and connections,
# with what each event must say, and nothing that was not done.

bats_require_minimum_version 1.5.0
load helpers

setup() {
	[ "$(id -u)" -eq 0 ] || skip "loading programs takes root"
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel exposes no BTF"
	[ "$(readlink /proc/self/ns/pid)" = "pid:[4026531836]" ] ||
		skip "events have the pids of the initial namespace, and this is another one"
	cd "$BATS_TEST_TMPDIR"
	mkdir root acts
	"$BTFPACK" build -q -o p.payload "$B/bpf/proctrace.ini"
	"$BTFERRY" install --payload p.payload --root root >/dev/null
}

teardown() {
	kill "$tracer" 2>/dev/null || true
}

@test "10,000 actions: each shows once, as it was done, and none is lost" {
	"$BTFERRY" run --app proctrace --root root --output events >/dev/null 2>log &
	tracer=$!
	for _ in $(seq 300); do
		! grep -q 'is running' log || break
		sleep 0.1
	done
	grep -q 'is running' log
	"$B/tests/vm/load" acts 1430 >truth
	kill -TERM "$tracer"
	wait "$tracer"
	[ "$(wc -l <truth)" -ge 10000 ]
	grep -E '[0-9]+ events sent, 0 lost, [0-9]+ written' log
	run -0 jq -nr --slurpfile truth truth --slurpfile events events \
		-f "$BATS_TEST_DIRNAME/vm/account.jq"
	[ -z "$output" ] || { head -5 <<<"$output"; false; }
}
