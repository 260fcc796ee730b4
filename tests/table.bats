#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --format table: a line for each event, on a terminal and elsewhere.

bats_require_minimum_version 1.5.0
load helpers

setup() {
	[ "$(id -u)" -eq 0 ] || skip "loading programs takes root"
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF"
	cd "$BATS_TEST_TMPDIR"
	export TZ=UTC
	table=("$BTFERRY" run --app none --object "$B/tests/bpf/runtime/alert.bpf.o" --format table
		--duration 2 --quiet)
	(for _ in $(seq 60); do /bin/true; sleep 0.05; done) &
	children=$!
}

teardown() {
	kill "$children" 2>/dev/null || true
	wait "$children" || true
}

# on_terminal COLUMNS COMMAND...: the bytes that a terminal would get.
on_terminal() {
	local columns=$1
	shift
	printf '%q ' "$@" >command
	script -qec "stty cols $columns -opost; $(cat command)" /dev/null </dev/null
}

longest() { # FILE: how many characters its longest line has
	python3 -c 'import sys
print(max(len(line.rstrip("\n")) for line in open(sys.argv[1], encoding="utf-8")))' "$1"
}

@test "elsewhere: whole lines, no header, no colour, nothing that a terminal would obey" {
	"${table[@]}" >lines
	[ "$(grep -cE '^[0-9:]{8}\.[0-9]{3} plain ' lines)" -ge 1 ]
	[ "$(grep -cE '^[0-9:]{8}\.[0-9]{3} !alert ' lines)" -ge 1 ]
	[ "$(grep -vcE '^[0-9:]{8}\.[0-9]{3} (plain |!alert)' lines)" -eq 0 ]
	grep -q ' true  *text="\\x1b\[31mred\\x9b1m\\xc2\\x9b2m\\x07\\x0d\\x0a\\x7f\\xe2\\x80\\xae" ' lines
	grep -q ' longer=[0-9a-z]\{144\} list=\[a "b c" "" d\]$' lines
	grep -q ' severity=high text=café$' lines
	[ "$(LC_ALL=C grep -cP '[^\x20-\x7e\xc3\xa9]' lines)" -eq 0 ]
	# The columns are those of the events as JSON.
	"${table[@]}" --format json >events
	# Compilers of other suites run as users of their own.
	jq -se 'any(.uid == 0) and all(.[] | select(.event == "plain"); (.longer | length) == 144)' events
}

@test "on a terminal: a header, lines as wide as it is, alerts in red" {
	on_terminal 100 "${table[@]}" >bytes
	head -n 1 bytes | grep -q '^TIME         EVENT          PID   UID COMM             MORE$'
	[ "$(grep -c '^TIME ' bytes)" -eq 1 ]
	grep -q $'^\e\[[0-9;]*31m.* !alert .*severity=high text=café\e\[0m$' bytes
	# Long texts are cut, and said to be.
	grep -q ' plain .*longer=[0-9a-z]*\.\.\.' bytes
	sed 's/\x1b\[[0-9;]*m//g' bytes >plain
	[ "$(longest plain)" -eq 100 ]
	[ "$(LC_ALL=C grep -cP '[^\x20-\x7e\xc3\xa9]' plain)" -eq 0 ]
	# However narrow it is.
	on_terminal 30 "${table[@]}" | sed 's/\x1b\[[0-9;]*m//g' >narrow
	[ "$(longest narrow)" -eq 30 ]
}

@test "NO_COLOR: no colour, and the alert's mark all the same" {
	NO_COLOR=1 on_terminal 100 "${table[@]}" >bytes
	[ "$(grep -c $'\e' bytes)" -eq 0 ]
	grep -q ' !alert ' bytes
}

@test "another format is a wrong usage" {
	run -2 "$BTFERRY" run --app none --format xml
	[[ $output = *"--format xml: is not json or table"* ]]
}
