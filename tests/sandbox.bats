#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What a run gives up when its programs are attached (docs/sandbox.md), and that what only reads
# takes no privilege.  tests/sandbox/probe.c tries to get out of it.

bats_require_minimum_version 1.5.0
load helpers
load flood

NOBODY=(setpriv --reuid 65534 --regid 65534 --clear-groups)

setup_file() {
	load helpers
	load flood
	install_flood 1
}

setup() {
	probe=$B/tests/sandbox/probe
	cd "$BATS_TEST_TMPDIR" || return
	tracer=''
}

teardown() {
	[ -z "$tracer" ] || stop
	[ -z "${place:-}" ] || rm -rf "$place"
}

# Lines about what came out otherwise than it must, on standard output.
judge() { # RESULTS [WHO]
	awk -v arch="$(uname -m)" -v who="${2:-root}" -f "$repo/tests/sandbox/judge.awk" \
		"$repo/tests/sandbox/outcomes" "$1"
}

# Skips where the probe's programs are not shut in at all; says what is left out.
has() { # WHAT FILE
	[ "$(sed -n "s/^# $1 //p" "$2")" != 0 ] && return
	echo "# $1 is not to be had here: what it refuses is not tried" >&3
	return 1
}

try_all() {
	mkdir probed
	"$probe" probed >results
	has seccomp results || skip "seccomp is not to be had here, or sanitizers are in the way"
	has landlock results || true
}

@test "what a run does works in its sandbox, and nothing else does" {
	try_all
	run -0 --separate-stderr judge results
	echo "$output"
	[ -z "$output" ]
	[[ $stderr = *" outcomes judged" ]]
	[ "${stderr%% *}" -ge 100 ]
}

@test "it takes no privilege to enter, and is the same for whoever runs it" {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	"${NOBODY[@]}" test -x "$probe" || skip "the build folder is closed to other users"
	place=$(mktemp -d)
	chown 65534 "$place"
	"${NOBODY[@]}" "$probe" "$place" >results
	has seccomp results || skip "seccomp is not to be had here, or sanitizers are in the way"
	grep -qx '# capabilities ' results
	run -0 --separate-stderr judge results other
	echo "$output"
	[ -z "$output" ]
}

@test "a sandbox that does not bite is found: each try that is refused" {
	try_all
	local refused
	refused=$(awk '$1 != "#" && $5 ~ /^(E|SIGSYS)/ && $6 == ""' "$repo/tests/sandbox/outcomes" | wc -l)
	# As if nothing had been given up; what fails there, too, fails otherwise.
	sed -E 's/^([^ ]+) all .*/\1 all done/' results >open
	run -0 --separate-stderr judge open
	[ "$(grep -c ' with all given up: done, not ' <<<"$output")" -ge $((refused - 6)) ]
}

@test "the programs that are shipped know nothing of the probe" {
	local program
	for program in "$BTFERRY" "$BTFERRY_STATIC"; do
		! grep -qa -e connect-abstract -e btferry-probe "$program" || return 1
	done
	grep -qa connect-abstract "$probe"
}

@test "a run: the kernel says that it is filtered, status --live says all of it" {
	enter
	start --output "$PWD/events.jsonl" --metrics "$PWD/socket"
	! grep -q 'built with sanitizers' log || skip "sanitizers are in the way"
	grep -Eq '^Seccomp:\s2$' "/proc/$tracer/status"
	grep -Eq '^NoNewPrivs:\s1$' "/proc/$tracer/status"
	run -0 --separate-stderr "$APP" status --live --json --metrics "$PWD/socket"
	echo "$output" | tee live.json
	matches_schema live.json live.json
	jq -e '.sandbox | .capabilities == [] and .no_new_privs and .seccomp and
		(has("kept_for") | not)' live.json
	if grep -q 'landlock: is not in this kernel' log; then
		jq -e '.sandbox.landlock == null' live.json
	else
		jq -e '.sandbox.landlock >= 1' live.json
	fi
	run -0 --separate-stderr "$APP" status --live --metrics "$PWD/socket"
	[[ $output = *"  kept: no capability; no_new_privs on, seccomp on, landlock "* ]]
}

@test "a run that is stopped and goes on, reads, rotates and ends without a refused call" {
	enter
	command -v strace >/dev/null || skip "no strace to see refusals with"
	local way refused
	for way in ringbuf perf; do
		start --events $way --output "$PWD/events.jsonl" --metrics "$PWD/socket"
		strace -p "$tracer" -o trace 2>attached &
		local strace=$!
		until_true grep -q attached attached
		kill -STOP "$tracer"
		kill -CONT "$tracer"
		flood 2
		curl -sS --unix-socket "$PWD/socket" http://host/metrics >/dev/null
		mv events.jsonl old.jsonl
		kill -HUP "$tracer"
		until_true test -e events.jsonl
		flood 1
		stop
		wait $strace || true
		grep -q 'events sent, 0 lost' log
		[ ! -e socket ]
		refused=$(grep -E 'EPERM|EACCES|SIGSYS' trace) || true
		echo "$refused"
		[ -z "$refused" ]
		grep -q exit_group trace
		rm -f -- *.jsonl trace
	done
}

@test "where the kernel has neither seccomp nor landlock, a run says so and goes on" {
	enter
	command -v strace >/dev/null || skip "no strace to refuse calls with"
	strace -f -o trace -e inject=seccomp:error=ENOSYS -e inject=prctl:error=EINVAL \
		-e inject=landlock_create_ruleset:error=ENOSYS \
		"$APP" run --root "$ROOT" --output events.jsonl --metrics socket 2>log &
	local strace=$!
	until_true grep -q 'is running' log
	! grep -q 'built with sanitizers' log || skip "sanitizers are in the way"
	until_true grep -q 'run: seccomp: .*: system calls are not filtered' log
	grep -q 'run: landlock: is not in this kernel' log
	run -0 --separate-stderr "$APP" status --live --json --metrics "$PWD/socket"
	kill -TERM "$(awk 'NR == 1 { print $1 }' trace)"
	wait $strace
	jq -e '.sandbox == {"capabilities": [], "landlock": null, "no_new_privs": false,
		"seccomp": false}' <<<"$output"
}

@test "an output that is a device is not opened anew by SIGHUP" {
	enter
	start --output /dev/null
	flood 1
	kill -HUP "$tracer"
	flood 1
	stop
	run ! grep 'go on to the file that was open' log
	grep -q "$((2 * FLOOD)) events sent, 0 lost, $((2 * FLOOD)) written" log
}

# As nobody it says what it says to root, to the letter but for sudo, and ends the same.
reads() { # COMMAND...
	local as_root ended=0
	as_root=$("$@" 2>&1) || ended=$?
	run "${NOBODY[@]}" "$@"
	echo "$*: $status, and $ended as root"
	diff <(echo "$as_root") <(echo "${output//sudo /}")
	[ "$status" -eq "$ended" ]
	[[ $output != *"Permission denied"* ]]
}

@test "what only reads needs no privilege: check, status, path, list, info, verify, build --print" {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	"${NOBODY[@]}" test -x "$BTFERRY" || skip "the build folder is closed to other users"
	place=$(mktemp -d)
	chmod 755 "$place"
	cd "$place"
	umask 022
	local release=6.1.0-54-cloud-amd64 command
	mkdir root
	"$BTFPACK" build -q -a "$archive" -o p.payload "$B/bpf/proctrace.ini"
	"$BTFERRY" install --payload p.payload --root root --kernel $release >/dev/null
	kernel_btf $release >k.btf
	for command in list info verify; do
		reads "$BTFERRY" $command --payload p.payload
		reads "$BTFPACK" $command p.payload
	done
	reads "$BTFERRY" status --app proctrace --root root
	reads "$BTFERRY" path object --app proctrace --root root
	reads "$BTFERRY" path btf --app proctrace --root root
	reads "$BTFERRY" build --payload p.payload --print --kernel $release --arch x86_64
	reads "$BTFERRY" check --payload p.payload --btf k.btf --release $release
	"${NOBODY[@]}" "$BTFERRY" check --facts >facts.json
	jq -e .release facts.json
	reads "$BTFERRY" check --payload p.payload --from facts.json
}
