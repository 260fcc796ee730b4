#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --set: what is given reaches the program in the kernel, and what cannot be set is told before.

bats_require_minimum_version 1.5.0
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR"
	objects=$B/tests/bpf/runtime
	object=$objects/settings.bpf.o
}

loads() {
	[ "$(id -u)" -eq 0 ] || skip "loading programs takes root"
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF"
}

# what_it_saw OPTION...: what the object saw at the first exec, without the time.
what_it_saw() {
	(for _ in $(seq 100); do /bin/true; sleep 0.05; done) &
	local children=$!
	"$BTFERRY" run --app none --object "$object" --duration 3 "$@" >events 2>log ||
		{ cat log; return 1; }
	kill "$children" 2>/dev/null || true
	wait "$children" || true
	head -n 1 events | jq -cS 'del(.time)'
}

@test "every type of setting reaches the program" {
	loads
	run -0 what_it_saw --set enabled=yes --set tiny=-128 --set port=0xffff \
		--set wide=-9223372036854775808 --set mask=18446744073709551615 --set colour=blue \
		--set name=müller --set only_uid=0,1000 --set 'only_comm=ls,a\,b' \
		--set only_event=other,EVENT_SETTINGS --set level=4
	jq -e '. == {event: "settings", enabled: true, tiny: -128, port: 65535,
		wide: -9223372036854775808, mask: "0xffffffffffffffff", colour: "COLOUR_BLUE",
		name: "müller", only_uid: [0, 1000, 0, 0], only_uid_count: 2,
		only_comm: ["ls", "a,b", ""], only_event: ["EVENT_OTHER", "EVENT_SETTINGS"],
		level: 4, others: 16}' <<<"$output"
}

@test "what is not given is as the object has it; of one name the last one counts" {
	loads
	run -0 what_it_saw --set port=1 --set port=2 --events perf
	jq -e '[.enabled, .tiny, .port, .name, .only_uid_count, .level] ==
		[false, -1, 2, "none", 0, 3]' <<<"$output"
}

@test "what cannot be set is a wrong usage, of run and of check, whatever the host is like" {
	local command given
	for command in "run --app none --dry-run" check; do
		for given in port=65536 colour=green only_uid=1,,2 only_uid=1,2,3,4,5 name=12345678 \
			$'name=\xff' enabled=maybe port nothing=1 events_use_perf=1 debug_level=2; do
			# shellcheck disable=SC2086 # words
			run --separate-stderr "$BTFERRY" $command --object "$object" --set "$given"
			echo "$command $given: $status $stderr"
			[ "$status" -eq 2 ]
			[ "$(wc -l <<<"$stderr")" -eq 1 ]
			[[ $stderr = *": --set: "* ]]
			[ -z "$output" ]
		done
	done
	[ "$(id -u)" -eq 0 ] || return 0
	run -2 setpriv --bounding-set=-all --inh-caps=-all "$BTFERRY" run --app none \
		--object "$object" --set port=x
	[[ $output = *'--set: port: `x` is no number'* ]]
}

@test "an unknown name is answered with those that there are" {
	run -2 "$BTFERRY" check --object "$object" --set only_user=0
	[[ $output = *"settings: has no setting only_user; it has level, enabled, tiny, port, wide, "* ]]
	[[ $output != *debug_level* && $output != *_count* && $output != *use_perf* ]]
	run -2 "$BTFERRY" check --object "$objects/forms.bpf.o" --set port=1
	[[ $output = *"forms: has no setting port; it has none"* ]]
}

@test "a constant closes a branch: check and run agree" {
	loads
	local closed=$objects/closed.bpf.o
	run -1 "$BTFERRY" check --object "$closed"
	[[ $output = *btferry_no_such_field* ]]
	run -1 "$BTFERRY" run --app none --object "$closed" --dry-run
	run -0 "$BTFERRY" check --object "$closed" --set reads_missing=no
	run -0 "$BTFERRY" run --app none --object "$closed" --set reads_missing=no --dry-run
	# What was tried elsewhere was tried as it was.
	run -2 "$BTFERRY" check --object "$closed" --from facts --set reads_missing=no
	[[ $output = *"--set goes where --facts are taken"* ]]
}

@test "--settings lists names, types, values and words, for people and for programs" {
	run -0 --separate-stderr "$BTFERRY" run --app none --object "$object" --settings
	[[ $output = *$'only_uid = \n    list of up to 4 u32: these users only\n'* ]]
	[[ $output = *$'port = 443\n    u16: the port to look at\n'* ]]
	[[ $output = *$'name = none\n    text of up to 7 bytes\n'* ]]
	[ "$(grep -c ' = ' <<<"$output")" -eq 11 ]
	run -0 --separate-stderr "$BTFERRY" run --app none --object "$object" --settings --json \
		--set only_uid=0,0 --set 'only_comm=a\,b,c'
	echo "$output" >list.json
	matches_schema list.json settings.json
	[ "$(jq -r '.settings[] | select(.name == "only_uid").value' list.json)" = 0,0 ]
	[ "$(jq -r '.settings[] | select(.name == "only_comm").value' list.json)" = 'a\,b,c' ]
	run -2 "$BTFERRY" run --app none --object "$object" --json
	[[ $output = *"--json goes with --settings"* ]]
	mkdir empty
	run -1 "$BTFERRY" run --app none --root empty --settings
	[[ $output = *"nothing is installed: run \`none install\` first"* ]]
	run -0 "$BTFERRY" run --app none --object "$objects/forms.bpf.o" --settings
	[[ $output = *"forms: has none" ]]
}

# pack LINE...: an application of the object with these lines in [set], installed below root.
pack() {
	cp "$object" settings.bpf.o
	printf '%s\n' '[app]' 'name = other' 'version = 1' '[object]' 'path = settings.bpf.o' '[events]' \
		'map = events' '[set]' "$@" >other.ini
	mkdir -p root own/host/1/"$(uname -m)"
	cp /sys/kernel/btf/vmlinux "own/host/1/$(uname -m)/$(uname -r).btf"
	"$BTFPACK" build -q -a own -o other.payload other.ini
	"$BTFERRY" install --payload other.payload --root root >/dev/null
}

@test "the manifest's [set] is the application's own; what is given wins" {
	loads
	pack 'port = 80' 'name = from it' 'only_uid = 0,7'
	list() { "$BTFERRY" run --app other --root root --settings "$@"; }
	run -0 --separate-stderr list
	[[ $output = *$'port = 80\n'* && $output = *$'name = from it\n'* ]]
	[[ $output = *$'only_uid = 0,7\n'* ]]
	run -0 --separate-stderr list --set port=81 --set only_uid=
	[[ $output = *$'port = 81\n'* && $output = *$'only_uid = \n'* ]]
	# Another object is not the one that the manifest speaks of.
	run -0 --separate-stderr list --object "$object"
	[[ $output = *$'port = 443\n'* ]]
	(for _ in $(seq 60); do /bin/true; sleep 0.05; done) &
	run -0 --separate-stderr "$BTFERRY" run --app other --root root --duration 2 --set port=82
	wait
	[ "$(head -n 1 <<<"$output" | jq -c '[.port, .name, .only_uid_count]')" = '[82,"from it",2]' ]
	run -0 "$BTFERRY" check --payload other.payload
}

@test "a [set] that the object cannot have is the application's fault, and named" {
	loads
	pack 'port = many'
	run -5 "$BTFERRY" run --app other --root root --duration 1
	[[ $output = *'manifest: [set]: port: `many` is no number'* ]]
	run -5 "$BTFERRY" check --payload other.payload
	[[ $output = *'manifest: [set]: port: `many` is no number'* ]]
	printf '[set]\nport = 1\nport = 2\n' >>other.ini
	run -5 "$BTFPACK" build -q -a own -o other.payload other.ini
	[[ $output = *'duplicate key "port" in [set]'* ]]
}
