#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# run with objects that were made for programs of their own: which map is read, what its records
# are, and Debian's libbpf-tools, whose events are compared with what was done.  Those that take
# kprobes and fexit are tried in virtual machines (tests/vm/steps/other-tools.sh).

bats_require_minimum_version 1.5.0
load helpers

setup() {
	[ "$(id -u)" -eq 0 ] || skip "loading programs takes root"
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF"
	[ "$(readlink /proc/self/ns/pid)" = "pid:[4026531836]" ] ||
		skip "events have the pids of the initial namespace, and this is another one"
	cd "$BATS_TEST_TMPDIR"
	objects=$B/tests/bpf/runtime
	tools=$B/tests/truth/tools
	tracer=
}

teardown() {
	[ -z "$tracer" ] || { kill "$tracer" 2>/dev/null || true; wait "$tracer" || true; }
}

# start OBJECT OPTION...: runs it in the background, where tracefs is, until it says that it runs.
start() {
	local object=$1
	shift
	unshare -m sh -c 'mount -t tracefs nodev /sys/kernel/tracing && exec "$@"' sh \
		"$BTFERRY" run --app none --object "$object" "$@" >events 2>log &
	tracer=$!
	for _ in $(seq 200); do
		! grep -q 'is running' log || return 0
		kill -0 "$tracer" 2>/dev/null || break
		sleep 0.05
	done
	cat log
	return 1
}

stop() {
	local pid=$tracer status=0
	tracer=
	kill -TERM "$pid"
	wait "$pid" || status=$?
	[ "$status" -eq 0 ] || { cat log; return "$status"; }
}

tool() { # NAME: the object, as it was cut out of Debian's program
	[ -e "$tools/$1.bpf.o" ] || skip "libbpf-tools is not installed"
	echo "$tools/$1.bpf.o"
}

little_endian() { printf '%08x' "$1" | sed 's/\(..\)\(..\)\(..\)\(..\)/\4\3\2\1/'; }

@test "struct event is what each record of the only buffer is; unions show all their members" {
	start "$objects/foreign.bpf.o"
	sh -c 'echo $$ >pid; exec /bin/true'
	stop
	jq -se --argjson pid "$(cat pid)" 'any(. == {event: "event", pid: $pid, address_v4: 16777343,
		address_v6: "7f000001000000000000000000000000", state: 5, reason: 17, nice: -3,
		exit_code: "9223372036854775808", comm: "true"})' events
	! grep -q 'printed as bytes' log
}

@test "a record that the struct does not fit shows as bytes" {
	local length
	for length in short_records:16 long_records:112; do
		start "$objects/foreign.bpf.o" --set "${length%:*}=yes"
		sh -c 'echo $$ >pid; exec /bin/true'
		stop
		jq -se --arg pid "$(little_endian "$(cat pid)")" --argjson digits "${length#*:}" '
			any(.event == "record" and (.bytes | startswith($pid)) and
				(.bytes | length) == $digits) and all(keys == ["bytes", "event"])' events
	done
}

@test "the map's value is the struct, of the buffer that is called events" {
	start "$objects/map_value.bpf.o"
	sh -c 'echo $$ >pid; exec /bin/true'
	stop
	jq -se --argjson pid "$(cat pid)" 'any(. == {event: "told", pid: $pid, comm: "true"})' events
	[ "$(jq -s --argjson pid "$(cat pid)" 'map(select(.pid == $pid and .comm == "true")) | length' \
		events)" -eq 1 ]
}

@test "--event-struct and the manifest name another struct; one that is not there is told" {
	start "$objects/map_value.bpf.o" --event-struct told
	stop
	run -2 "$BTFERRY" run --app none --object "$objects/map_value.bpf.o" --event-struct nowhere
	[[ $output = *"has no \`struct nowhere\`"* ]]
	cp "$objects/map_value.bpf.o" .
	mkdir -p root own/host/1/"$(uname -m)"
	cp /sys/kernel/btf/vmlinux "own/host/1/$(uname -m)/$(uname -r).btf"
	printf '%s\n' '[app]' 'name = other' 'version = 1' '[object]' 'path = map_value.bpf.o' '[events]' \
		'map = events' 'struct = nowhere' >other.ini
	"$BTFPACK" build -q -a own -o other.payload other.ini
	"$BTFERRY" install --payload other.payload --root root >/dev/null
	run -5 "$BTFERRY" run --app other --root root --duration 1
	[[ $output = *"has no \`struct nowhere\`"* ]]
	sed -i 's/nowhere/told/' other.ini
	"$BTFPACK" build -q -a own -o other.payload other.ini
	"$BTFERRY" install --payload other.payload --root root >/dev/null
	run -0 "$BTFERRY" run --app other --root root --duration 1
}

@test "execsnoop of libbpf-tools: pid, parent, user, name and path of what was executed" {
	local me=$BASHPID first second
	start "$(tool execsnoop)" --set targ_uid=65534 --set max_args=3
	setpriv --reuid 65534 --clear-groups /bin/echo one two >/dev/null &
	first=$!
	/bin/true # of another user: filtered by the constant
	setpriv --reuid 65534 --clear-groups /bin/sh -c 'exit 0' a b c d e &
	second=$!
	wait "$first"
	wait "$second"
	stop
	jq -se --argjson pid "$first" --argjson ppid "$me" 'any(. == {event: "event", pid: $pid,
		ppid: $ppid, uid: 65534, retval: 0, args_count: 3, args_size: 18, comm: "echo",
		args: "/bin/echo"})' events
	# As many arguments as the constant says.
	[ "$(jq -r "select(.pid == $second) | \"\(.comm) \(.args) \(.args_count)\"" events)" = \
		"sh /bin/sh 4" ]
	[ "$(jq -s 'all(.uid == 65534)' events)" = true ]
}

@test "sigsnoop of libbpf-tools: who sent which signal to whom" {
	local target sender
	start "$(tool sigsnoop)" --set target_signal=12
	sleep 1000 &
	target=$!
	bash -c "kill -CONT $target; exec -a sender perl -e 'kill 12, $target'" &
	sender=$!
	wait "$sender"
	wait "$target" || true
	stop
	# The tracepoint and the system call tell of it, each once.
	jq -se --argjson from "$sender" --argjson to "$target" 'map(select(.pid == $from)) |
		length == 2 and all(. == {event: "event", pid: $from, tpid: $to, sig: 12, ret: 0,
			comm: "perl"})' events
}

@test "opensnoop of libbpf-tools has its struct on the stack only: bytes, of the pid that was set" {
	local me=$BASHPID path
	path=$(printf /etc/hostname | od -An -tx1 | tr -d ' \n')
	start "$(tool opensnoop)" --set targ_tgid="$me"
	read -r name </etc/hostname
	stop
	[ -n "$name" ]
	grep -q 'its events are printed as bytes' log
	jq -se --arg pid "$(little_endian "$me")" --arg path "${path}00" '
		length > 0 and all(.event == "record" and (.bytes | contains($pid))) and
		any(.bytes | contains($path))' events
}
