#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# run: from installed files to events that are true, on the kernel that runs the tests, with its BTF
# and with its BTF hidden; every row of the decision; what stops it.

load helpers

# One payload for all: the fixtures and this host's own kernel, and one without this host's.
setup_file() {
	load helpers
	export APP=$BATS_FILE_TMPDIR/proctrace.run ROOT=$BATS_FILE_TMPDIR/root
	[ "$(id -u)" -eq 0 ] && [ -r /sys/kernel/btf/vmlinux ] || return 0
	mkdir -p "$ROOT" "$BATS_FILE_TMPDIR/own/host/1/$(uname -m)"
	cp /sys/kernel/btf/vmlinux "$BATS_FILE_TMPDIR/own/host/1/$(uname -m)/$(uname -r).btf"
	"$BTFPACK" build -q -a "$archive" -a "$BATS_FILE_TMPDIR/own" -o "$APP" "$B/bpf/proctrace.ini"
	"$BTFPACK" build -q -a "$archive" -o "$BATS_FILE_TMPDIR/others.run" "$B/bpf/proctrace.ini"
	without_btf "$APP" install --root "$ROOT" >/dev/null
}

setup() {
	[ "$(id -u)" -eq 0 ] || skip "loading programs takes root"
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF to pack and then to hide"
	[ "$(readlink /proc/self/ns/pid)" = "pid:[4026531836]" ] ||
		skip "events have the pids of the initial namespace, and this is another one"
	cd "$BATS_TEST_TMPDIR"
	objects=$B/tests/bpf/runtime
	tracer=
}

teardown() {
	if [ -n "$tracer" ]; then
		kill "$tracer" 2>/dev/null || true
		wait "$tracer" || true
	fi
}

# start COMMAND...: runs it in the background and waits until it says that it runs.
start() {
	"$@" >events 2>log &
	tracer=$!
	for _ in $(seq 200); do
		! grep -q 'is running' log || return 0
		kill -0 "$tracer" 2>/dev/null || break
		sleep 0.05
	done
	cat log
	return 1
}

# Ends it as a service manager does; everything that happened before is in the file afterwards.
stop() {
	local status=0 pid=$tracer
	tracer=
	# `unshare` execs, so this is the program itself.
	kill -TERM "$pid"
	wait "$pid" || status=$?
	[ "$status" -eq 0 ] || { cat log; return "$status"; }
}

hidden() {
	mkdir -p empty
	exec unshare -m sh -c 'mount --bind empty /sys/kernel/btf && exec "$@"' sh "$@"
}

event() { # EVENT PID FILTER: prints what jq makes of that process's event
	jq -r "select(.event == \"$1\" and .pid == $2) | $3" events
}

# Does what is to be traced, and checks each event against what it knows.
act_and_compare() {
	local me=$BASHPID execed exited killed connected connected6
	bash -c 'exec -a renamed /bin/echo one "two  words" ""' >/dev/null &
	execed=$!
	sh -c 'exit 7' &
	exited=$!
	sleep 1000 &
	killed=$!
	bash -c 'exec 3<>/dev/tcp/127.0.0.1/9' 2>/dev/null &
	connected=$!
	bash -c 'exec 3<>/dev/tcp/::1/9' 2>/dev/null &
	connected6=$!
	wait "$execed"
	wait "$connected6" || true
	wait "$exited" || true
	wait "$connected" || true
	kill -KILL "$killed"
	wait "$killed" || true
	stop

	[ "$(event exec "$execed" '[.filename, .comm, .args] | tojson' | tail -n 1)" = \
		'["/bin/echo","echo",["renamed","one","two  words",""]]' ]
	[ "$(event exec "$execed" '"\(.tid) \(.ppid) \(.uid) \(.euid) \(.gid)"' | tail -n 1)" = \
		"$execed $me 0 0 0" ]
	[ "$(event exit "$execed" '"\(.exit_code) \(.signal)"')" = "0 0" ]
	[ "$(event exit "$exited" '"\(.ppid) \(.exit_code) \(.signal)"')" = "$me 7 0" ]
	[ "$(event exit "$killed" '"\(.comm) \(.exit_code) \(.signal)"')" = "sleep 0 9" ]
	[ "$(event connect "$connected" '"\(.family) \(.address) \(.port) \(.protocol) \(.comm)"')" = \
		"AF_INET 127.0.0.1 9 6 bash" ]
	if grep -qs '^0\{31\}1 ' /proc/net/if_inet6; then
		[ "$(event connect "$connected6" '"\(.family) \(.address) \(.port)"')" = \
			"AF_INET6 ::1 9" ]
	fi
	[ "$(jq -r "select(.event == \"fork\" and .child_pid == $exited) | \"\(.pid) \(.child_tid)\"" \
		events)" = "$me $exited" ]
	# The same process starts at the same time in each of its events.
	[ "$(event exec "$execed" .start_time | sort -u | wc -l)" -eq 1 ]
	[ "$(event exit "$execed" .start_time)" = "$(event exec "$execed" .start_time | tail -n 1)" ]
	grep -Eq ': ([0-9]+) events sent, 0 lost, \1 written' log
}

@test "without BTF: the stored one serves, and each event is true (case 4)" {
	start hidden "$APP" run --root "$ROOT"
	grep -q '(case 4)' log
	grep -Eq 'canary: ([0-9]+) of \1 fields agree' log
	act_and_compare
}

@test "without BTF, through the perf buffer: the same events" {
	start hidden "$APP" run --root "$ROOT" --events perf
	grep -q 'through the perf buffer' log
	act_and_compare
}

@test "with BTF: the kernel's own serves (case 3)" {
	start "$APP" run --root "$ROOT"
	grep -q '(case 3)' log
	grep -q 'through the ring buffer' log
	act_and_compare
}

@test "a process in a container is known by the container's id" {
	local tree id group pid
	tree=$(findmnt -rn -t cgroup2 -o TARGET | head -n 1)
	[ -n "$tree" ] || skip "no cgroup2 is mounted"
	id=$(printf '0123456789abcdef%.0s' 1 2 3 4)
	group=$tree/docker-$id.scope
	mkdir "$group" || skip "no cgroup can be made"
	start "$APP" run --root "$ROOT"
	sh -c 'echo $$ >"$1/cgroup.procs" && exec /bin/true' sh "$group" &
	pid=$!
	wait "$pid"
	stop
	rmdir "$group"
	[ "$(event exec "$pid" '"\(.cgroup) \(.container)"' | tail -n 1)" = "docker-$id.scope $id" ]
	jq -se 'all(.comm != "sh" or .container != "")' events
}

@test "an object without relocations needs no BTF, and its events show every form (case 0)" {
	start hidden "$APP" run --root "$ROOT" --object "$objects/forms.bpf.o"
	/bin/true
	stop
	grep -q '(case 0)' log
	# A place behind the end of the record shows as it is.
	head -n 1 events | jq -e '(.outside | test("^[0-9a-f]{4}0400$")) and del(.time, .outside) == {
		event: "forms", negative: -5, largest: "18446744073709551615", yes: true,
		colour: "COLOUR_BLUE", no_colour: 9, text: "text", bad_text: "a\\xff\\x5cx\u00e9",
		bytes: "dead01", flags: "0x8001", ipv4: "192.0.2.1", ipv6: "2001:db8::1", took: 1.5,
		changed: "2023-11-14T22:13:20.000000001Z", word: "one", words: ["one", "two"],
		point: {x: -1, y: 2}, points: [{x: 3, y: 4}, {x: 5, y: 6}], numbers: [7, 8, 9],
		anonymous: 10, granted: ["read", "run"], odd: ["write", "0x50"], none: [],
		short_colour: "blue", no_short_colour: 9, colours: ["red", "blue"],
		code: "COLOUR_RED", short_code: "red", three: 5, rest: 536870911, minus: -7,
		bits: ["write"], all: "18446744073709551615", some_point: {x: 0, y: 1},
		steps: [{pid: 1, comm: "init"}, {pid: 7, comm: "shell"}],
		list: ["one", "two", "", ""]}'
}

@test "a given object goes with the kernel's BTF, or with a given one (case 1)" {
	run "$APP" run --root "$ROOT" --object "$objects/uncovered.bpf.o" --duration 1
	[ "$status" -eq 0 ]
	[[ $output == *"(case 1)"* ]]
	cp /sys/kernel/btf/vmlinux own.btf
	run without_btf "$APP" run --root "$ROOT" --object "$objects/uncovered.bpf.o" --btf own.btf \
		--duration 1
	[ "$status" -eq 0 ]
	[[ $output == *"(case 1)"*"canary: "* ]]
}

@test "a given object goes with the stored BTF where that covers it (case 2a)" {
	start hidden "$APP" run --root "$ROOT" --object "$objects/covered.bpf.o"
	grep -q '(case 2a)' log
	sh -c 'echo $$ >pid; exec /bin/true'
	stop
	# Nothing describes its events, so they are bytes: the pid, little-endian.
	jq -se --arg pid "$(printf '%08x' "$(cat pid)" | sed 's/\(..\)\(..\)\(..\)\(..\)/\4\3\2\1/')" \
		'any(.event == "record" and .bytes == $pid)' events
}

@test "a given object that the stored BTF does not cover is refused (case 2b)" {
	run without_btf "$APP" run --root "$ROOT" --object "$objects/uncovered.bpf.o"
	[ "$status" -eq 3 ]
	[[ $output == *"no stored BTF covers"* ]]
	[[ $output == *BTFERRY_BTF_FILE* ]]
}

@test "the same object, packed as a further one, is served: a check says so before (case 2a)" {
	cp -r "$B/bpf" packed
	mkdir packed/tools
	cp "$objects/uncovered.bpf.o" packed/tools
	sed -i 's|^path = .*|&\nalso = tools/uncovered.bpf.o|' packed/proctrace.ini
	"$BTFPACK" build -q -a "$BATS_FILE_TMPDIR/own" -o also.payload packed/proctrace.ini
	run without_btf "$BTFERRY" check --payload also.payload --object "$objects/uncovered.bpf.o"
	[ "$status" -eq 0 ]
	run without_btf "$BTFERRY" check --payload "$APP" --object "$objects/uncovered.bpf.o"
	[ "$status" -eq 3 ]
	without_btf "$BTFERRY" install --payload also.payload --root . >/dev/null
	run without_btf "$BTFERRY" run --app proctrace --root . --object "$objects/uncovered.bpf.o" \
		--duration 1
	[ "$status" -eq 0 ]
	[[ $output == *"(case 2a)"*"canary: "* ]]
}

@test "no BTF at all: exit 3 and how to build; what was built here serves (case 5)" {
	mkdir root
	without_btf "$BATS_FILE_TMPDIR/others.run" install --root root >/dev/null 2>&1 || true
	if [ ! -e root/var/lib/proctrace/current ]; then
		# Nothing could be installed for this kernel alone: the generation of another one.
		cp -a "$ROOT/." root
		plan=root/var/lib/proctrace/current/plan.json
		jq '.kernels = []' "$plan" >plan.new && cp plan.new "$plan"
	fi
	run without_btf "$APP" run --root root
	[ "$status" -eq 3 ]
	[[ $output == *"none is stored for"* ]]

	plan=root/var/lib/proctrace/current/plan.json
	built=build/$(uname -r)/proctrace.bpf.o
	mkdir -p "root/var/lib/proctrace/current/${built%/*}"
	cp "$objects/forms.bpf.o" "root/var/lib/proctrace/current/$built"
	jq --arg path "$built" --arg digest "$(sha256sum <"$objects/forms.bpf.o" | cut -d ' ' -f 1)" \
		--argjson size "$(stat -c %s "$objects/forms.bpf.o")" \
		'.files = (.files + [{path: $path, sha256: $digest, size: $size}] | sort_by(.path))' \
		"$plan" >plan.new && cp plan.new "$plan"
	run without_btf "$APP" run --root root --duration 1
	[ "$status" -eq 0 ]
	[[ $output == *"(case 5)"* ]]
}

@test "the BTF of another kernel: the canary names the field; without it wrong values come out" {
	kernel_btf 6.1.0-54-cloud-amd64 >other.btf
	run "$APP" run --root "$ROOT" --btf other.btf --duration 1
	[ "$status" -eq 1 ]
	[[ $output =~ "the BTF in use is not this kernel's: task_struct.pid reads "[0-9]+ ]]
	[[ $output =~ ", and is "[0-9]+$'\n' ]]
	[[ $output == *"Name the BTF of this very kernel ($(uname -r)), or none: other.btf is"* ]]
	start "$APP" run --root "$ROOT" --btf other.btf --no-canary
	/bin/true &
	wait $!
	pid=$!
	stop
	grep -q 'canary: left out' log
	[ -z "$(event exec "$pid" .pid)" ]
}

@test "BTF that cannot be this kernel's: run and check say the same of it" {
	local command
	# Reduced for another object: a field that every kernel has is not there.
	"$BTFPACK" reduce -o reduced.btf /sys/kernel/btf/vmlinux "$objects/uncovered.bpf.o"
	for command in "run --root $ROOT" check; do
		# shellcheck disable=SC2086 # words
		run "$APP" $command --btf reduced.btf
		[ "$status" -eq 1 ]
		[[ $output == *"was reduced for other objects: it has no struct task_struct.pid"* ]]
		[[ $output == *"Name the BTF of this very kernel ($(uname -r)), or none: reduced.btf is"* ]]
	done
	# Of another architecture: no trial is needed, and none would be asked for with --no-canary.
	kernel_btf "$([ "$(uname -m)" = aarch64 ] && echo 6.1.0-54-cloud-amd64 ||
		echo 6.12.43+deb12-cloud-arm64)" >foreign.btf
	for command in "run --root $ROOT --no-canary" check; do
		# shellcheck disable=SC2086
		BTFERRY_BTF_FILE=foreign.btf run "$APP" $command
		[ "$status" -eq 2 ]
		[[ $output == *"foreign.btf: is the BTF of a kernel for "*" is for "* ]]
	done
}

@test "in other namespaces the canary says what it could not check" {
	run unshare -p -f "$APP" run --root "$ROOT" --duration 1
	[ "$status" -eq 0 ]
	[[ $output == *"real_parent was not checked: getppid() speaks of another pid namespace"* ]]
	run setarch --uname-2.6 "$APP" run --root "$ROOT" --duration 1
	[[ $output == *"release was not checked: personality UNAME26"* ]]
}

@test "without /proc the canary checks less, and says so" {
	! nm -D "$BTFERRY" | grep -q __asan || skip "the address sanitizer itself needs /proc"
	run unshare -m sh -c 'umount -l /proc && exec "$@"' sh "$BTFERRY" run --app proctrace \
		--root "$ROOT" --duration 1
	[ "$status" -eq 0 ]
	[[ $output == *"pid.level was not checked"* ]]
	[[ $output == *"start_boottime was not checked: /proc/thread-self/stat: No such file"* ]]
}

@test "in a time namespace, times are the wall clock's all the same" {
	unshare -T true || skip "this kernel has no time namespaces"
	start unshare -T --boottime 100000 --monotonic 5000 "$APP" run --root "$ROOT"
	# The fields that speak of time were checked, and agree.
	grep -Eq 'canary: ([0-9]+) of \1 fields agree' log
	before=$(date -u +%Y-%m-%dT%H:%M:%S)
	/bin/true &
	pid=$!
	wait "$pid"
	after=$(date -u +%Y-%m-%dT%H:%M:%S.99)
	stop
	for time in $(event exit "$pid" '.time, .start_time'); do
		[[ ! $time < $before ]] && [[ ! $time > $after ]]
	done
}

# pack OBJECT MANIFEST-LINES...: packs and installs it as application `other`.
pack() {
	printf '%s\n' '[app]' 'name = other' 'version = 1' '[object]' "path = $1" "${@:2}" >other.ini
	cp "$objects/$1" .
	"$BTFPACK" build -q -a "$BATS_FILE_TMPDIR/own" -o other.run other.ini
	mkdir -p root
	without_btf ./other.run install --root root >/dev/null
}

@test "a program that cannot run is replaced by its alternative, or left out, and named" {
	pack programs.bpf.o '[program with_btf]' 'alternative = without_btf' \
		'[program nowhere]' 'optional = yes'
	run without_btf ./other.run run --root root --duration 1
	[ "$status" -eq 0 ]
	[[ $output == *"program with_btf is replaced by without_btf: fentry"* ]]
	[[ $output == *"program nowhere: this kernel has no place raw_tp/btferry_no_such_tracepoint"* ]]
	[[ $output == *"is running: programs 1, events none"* ]]
}

@test "an alternative also stands in for what does not load or attach, and check knows it before" {
	# The place that no kernel has shows when it is attached, ...
	pack programs.bpf.o '[program nowhere]' 'alternative = without_btf' \
		'[program with_btf]' 'optional = yes'
	run without_btf "$BTFERRY" check --payload other.run --json
	[ "$status" -eq 0 ]
	replaced='.plan.switched_off[] | select(.program == "nowhere").replaced_by'
	[ "$(jq -r "$replaced" <<<"$output")" = without_btf ]
	run without_btf ./other.run run --root root --duration 1
	[ "$status" -eq 0 ]
	[[ $output == *"nowhere is replaced by without_btf: "*"has no place raw_tp/btferry_no_such"* ]]
	[[ $output == *"is running: programs 1, events none"* ]]
	# ... the field that none has when it is loaded.
	pack missing.bpf.o '[program reads_missing]' 'alternative = reads_nothing'
	run "$BTFERRY" check --payload other.run --json
	[ "$status" -eq 0 ]
	[ "$(jq -c '.plan.switched_off[] | [.program, .replaced_by]' <<<"$output")" = \
		'["reads_missing","reads_nothing"]' ]
	run ./other.run run --root root --duration 1
	[ "$status" -eq 0 ]
	[[ $output == *"program reads_missing is replaced by reads_nothing: "*"no_such_field"* ]]
	[[ $output == *"is running: programs 1, events none"* ]]
}

@test "a program that must run and cannot ends it, and is named" {
	run without_btf "$APP" run --root "$ROOT" --object "$objects/programs.bpf.o"
	[ "$status" -eq 1 ]
	[[ $output == *"Program with_btf needs the kernel's own BTF (fentry)"* ]]
	pack programs.bpf.o '[program with_btf]' 'alternative = without_btf'
	run without_btf ./other.run run --root root --duration 1
	[ "$status" -eq 1 ]
	[[ $output == *"program nowhere: this kernel has no place"* ]]
}

@test "a field that the BTF does not have is named; an optional program that reads it is left out" {
	run "$APP" run --root "$ROOT" --object "$objects/missing.bpf.o" --duration 1
	[ "$status" -eq 1 ]
	[[ $output == *"program reads_missing: the BTF in use has no"*"no_such_field"* ]]
	pack missing.bpf.o '[program reads_missing]' 'optional = yes'
	run without_btf ./other.run run --root root --duration 1
	[ "$status" -eq 0 ]
	[[ $output == *"optional programs are left out: "*"no_such_field"* ]]
	[[ $output == *"is running: programs 1"* ]]
}

@test "damaged files stop it, and are named" {
	cp -a "$ROOT/." root
	current=root/var/lib/proctrace/current
	printf x | dd of="$current/btf/$(uname -r).btf" bs=1 seek=100 conv=notrunc status=none
	run without_btf "$APP" run --root root
	[ "$status" -eq 5 ]
	[[ $output == *"btf/$(uname -r).btf: is not what was installed"* ]]
	printf x | dd of="$current/proctrace.bpf.o" bs=1 seek=100 conv=notrunc status=none
	run "$APP" run --root root
	[ "$status" -eq 5 ]
	[[ $output == *"proctrace.bpf.o: is not what was installed"* ]]
}

@test "a given file that is missing or no BTF is an error, whatever else there is" {
	run "$APP" run --root "$ROOT" --object nowhere.bpf.o
	[ "$status" -eq 6 ]
	[[ $output == *"nowhere.bpf.o: No such file"* ]]
	echo "no BTF" >text
	run "$APP" run --root "$ROOT" --btf text
	[ "$status" -eq 5 ]
	[[ $output == *text:* ]]
	run "$APP" run --root "$ROOT" --object text
	[ "$status" -eq 5 ]
	[[ $output == *text:* ]]
}

@test "nothing installed is a clear no, and says what to do" {
	mkdir root
	run "$APP" run --root root
	[ "$status" -eq 1 ]
	[[ $output == *"nothing is installed"*"install"* ]]
}

@test "without privileges: blocked, and which ones it takes" {
	run setpriv --bounding-set=-all --inh-caps=-all "$APP" run --root "$ROOT"
	[ "$status" -eq 4 ]
	[[ $output == *CAP_BPF* ]]
}

@test "kernel options: weak ones are made up, others are named" {
	run "$APP" run --root "$ROOT" --object "$objects/kconfig.bpf.o" --duration 1
	[ "$status" -eq 0 ]
	run "$APP" run --root "$ROOT" --object "$objects/kconfig_needed.bpf.o" --duration 1
	[ "$status" -eq 1 ]
	[[ $output == *"needs CONFIG_BTFERRY_NO_SUCH_BOOL"* ]]
}

@test "an object without a perf buffer cannot be told to use one" {
	run "$APP" run --root "$ROOT" --object "$objects/forms.bpf.o" --events perf
	[ "$status" -eq 1 ]
	[[ $output == *"there is no perf buffer events_perf"* ]]
}

@test "a reader that goes away, and a full disk, end it with a sentence" {
	{ "$APP" run --root "$ROOT" 2>log || echo $? >status; } | true &
	pid=$!
	for _ in $(seq 100); do
		[ ! -s status ] || break
		/bin/true
		sleep 0.05
	done
	wait "$pid" || true
	[ "$(cat status)" -eq 6 ]
	grep -q 'standard output: cannot write events: Broken pipe' log
	(for _ in $(seq 40); do /bin/true; sleep 0.05; done) &
	run bash -c '"$1" run --root "$2" --duration 10 >/dev/full' bash "$APP" "$ROOT"
	wait
	[ "$status" -eq 6 ]
	[[ $output == *"standard output: cannot write events: No space left"* ]]
}

@test "a dry run loads and stops" {
	run "$BTFERRY" run --app proctrace --root "$ROOT" --dry-run
	[ "$status" -eq 0 ]
	[[ $output != *"is running"* ]]
}

@test "check says beforehand what run comes to" {
	kernel_btf 6.1.0-54-cloud-amd64 >other.btf
	local object expected options
	for options in "" "--btf /sys/kernel/btf/vmlinux" "--btf other.btf"; do
		for object in "$B/bpf/proctrace.bpf.o" "$objects"/*.bpf.o; do
			# shellcheck disable=SC2086 # words
			run "$APP" run --root "$ROOT" --object "$object" --dry-run $options
			expected=$status
			# shellcheck disable=SC2086
			run "$APP" check --object "$object" $options
			echo "$object $options: run $expected, check $status: $output"
			# Where a policy ends the run, check looks further, and may find what never works.
			[ "$status" -eq "$expected" ] || [ "$expected $status" = "4 1" ]
		done
	done
}
