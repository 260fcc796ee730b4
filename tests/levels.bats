#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# How far each program of an object comes, and the forms in which check says it.  The objects are
# those of tests/truth, which judges the answers themselves.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR"
	subjects=$B/tests/truth/objects
	unset BTFERRY_BTF_FILE BTFERRY_BPF_FILE
	[ "$(id -u)" -eq 0 ] || skip "not root"
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF to begin with"
}

json() { # OBJECT OPTION...: into out.json, whatever the answer
	local object=$subjects/$1.bpf.o status=0
	shift
	"$BTFERRY" check --json --object "$object" "$@" >out.json || status=$?
	[ "$status" -le 4 ]
}

programs() { # how many of the kernel's programs there are
	bpftool=$(PATH=$PATH:/usr/sbin:/sbin command -v bpftool)
	"$bpftool" prog list | grep -c '^[0-9]' || true
}

@test "one program that fails does not hide the others" {
	json mixed
	jq -e '.verdict == "will_not_run" and .class == "VERIFIER_REJECTION" and
		(.reason | startswith("Program wild (raw_tp/sched_process_exit)")) and
		(.programs | map({ (.name): [.levels[].answer] }) | add) == {
			good: ["yes", "skip", "yes", "yes", "yes"],
			wild: ["yes", "skip", "no", "skip", "skip"],
			nowhere: ["yes", "skip", "yes", "no", "skip"] }' out.json
	run "$BTFERRY" check --object "$subjects/mixed.bpf.o"
	[ "${lines[0]}" = "mixed will not run here." ]
	[[ $output == *"wild (raw_tp/sched_process_exit) loads: no: "* ]]
	[[ $output == *"nowhere (raw_tp/no_such_tracepoint) attaches: no: "* ]]
	[[ $output == *"1 loads and attaches"* ]]
}

@test "every object's report is what docs/schema/check.json says, with a remedy for each no" {
	local object
	for object in "$subjects"/*.bpf.o; do
		"$BTFERRY" check --json --object "$object" >out.json || [ $? -le 5 ]
		[ -s out.json ] || continue # damaged: a sentence instead
		echo "$object"
		matches_schema out.json
		jq -e '(.verdict == "will_run") == (.class == "NONE") and
			(.verdict == "will_run" or .remedy != "") and
			all(.programs[].levels[] | select(.answer == "no" or .answer == "blocked");
				.reason != null and .class != null) and
			all(.programs[].levels[]; .answer != "yes" or .class == null)' out.json
	done
}

@test "--attach attaches and detaches, and nothing stays" {
	unshare -m true || skip "no mount namespaces here"
	local before
	before=$(programs)
	unshare -m sh -c 'umount /sys/kernel/tracing 2>/dev/null
		mount -t tracefs nodev /sys/kernel/tracing && exec "$@"' sh \
		"$BTFERRY" check --attach --json --object "$subjects/ten.bpf.o" >out.json
	jq -e 'all(.programs[].levels; .attaches.answer == "yes" and .fires.answer == "yes")' out.json
	[ "$(programs)" -eq "$before" ]
	# That it did attach, strace shows.
	command -v strace >/dev/null || skip "strace is not installed"
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -o trace -e trace=bpf \
		"$BTFERRY" check --attach --object "$subjects/raw_tp.bpf.o" >/dev/null
	grep -q BPF_RAW_TRACEPOINT_OPEN trace
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -o trace -e trace=bpf \
		"$BTFERRY" check --object "$subjects/raw_tp.bpf.o" >/dev/null
	! grep -q 'BPF_RAW_TRACEPOINT_OPEN\|BPF_LINK_CREATE' trace || false
}

@test "XDP, TC and cgroup programs are attached with --attach=all only, apart from the host" {
	local name
	for name in xdp tc cgroup_connect cgroup_skb sockops sk_lookup flow_dissector perf_event; do
		json $name --attach
		jq -e '.verdict == "will_run" and .programs[0].levels.attaches.answer == "skip"' out.json
		json $name --attach=all
		jq -e '.verdict == "will_run" and .programs[0].levels.attaches.answer == "yes"' out.json
	done
	[ -z "$(find /sys/fs/cgroup -maxdepth 2 -name 'btferry-check.*')" ]
	! ip link show dev lo 2>/dev/null | grep xdp || false
	command -v strace >/dev/null || skip "strace is not installed"
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -o trace -e trace=bpf,unshare \
		"$BTFERRY" check --attach=all --object "$subjects/xdp.bpf.o" >/dev/null
	grep -q 'unshare(CLONE_NEWNET) *= 0' trace
	run "$BTFERRY" check --attach=some --object "$subjects/xdp.bpf.o"
	[ "$status" -eq 2 ]
}

@test "a program that is left out is not asked for" {
	json optional
	jq -e 'all(.programs[] | select(.state == "off"); .levels.loads.answer == "skip")' out.json
}

@test "what the trial does not survive is not known, and the others are tried behind it" {
	command -v strace >/dev/null || skip "strace is not installed"
	local count status seen=0
	for count in $(seq 8 24); do
		status=0
		# The process that reports makes some of these calls, too; then there is no report.
		{ ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o /dev/null -e trace=bpf \
			-e inject=bpf:signal=KILL:when="$count" \
			"$BTFERRY" check --json --object "$subjects/mixed.bpf.o" >out.json; } \
			2>/dev/null || status=$?
		[ $status -ne 137 ] || continue
		jq -e '[.programs[].levels.loads.answer] as [$good, $wild, $nowhere] |
			($good == "yes" or $good == "unknown") and ($wild == "no" or $wild == "unknown") and
			($nowhere == "yes" or $nowhere == "unknown")' out.json >/dev/null
		jq -e '[.programs[].levels.loads | select(.answer == "unknown").reason] |
			all(test("signal 9"))' out.json >/dev/null
		# One died, and another was judged.
		! jq -e '[.programs[].levels.loads.answer] | unique | length > 1 and
			any(. == "unknown")' out.json >/dev/null || seen=$((seen + 1))
	done
	echo "$seen reports with some of each"
	[ $seen -gt 0 ]
}

@test "what an object does not need cannot fail it" {
	unshare -m sh -c 'while umount /sys/kernel/tracing 2>/dev/null; do :; done; exec "$@"' sh \
		"$BTFERRY" check --json --object "$subjects/raw_tp.bpf.o" >out.json
	jq -e '.verdict == "will_run" and
		([.items[] | select(.answer == "fail" or .answer == "blocked")] == []) and
		(.items[] | select(.id == "att.tp").answer) == "skip"' out.json
	"$BTFERRY" check --object "$subjects/raw_tp.bpf.o" >text
	! grep -q 'KPROBES\|tracefs' text || false
}

@test "a kernel's own log says nothing of it" {
	dmesg >before 2>/dev/null || skip "dmesg cannot be read"
	json ten
	json helper_foreign
	dmesg >after
	! diff before after | grep -i 'bpf\|btf\|verifier' || false
}

@test "--prometheus is the exposition format, --nfd lines of features" {
	run "$BTFERRY" check --prometheus --object "$subjects/mixed.bpf.o"
	[ "$status" -eq 1 ]
	printf '%s\n' "$output" >metrics
	local name='btferry_check_[a-z_]+' labels='([a-z_]+="([^"\\]|\\.)*",?)*'
	! grep -vE "^# (HELP|TYPE) $name .|^$name\\{$labels\\} -?[0-9]+\$" metrics || false
	grep -qx 'btferry_check_ready{app="mixed"} 0' metrics
	grep -qx 'btferry_check_program{app="mixed",program="wild",level="loads"} 0' metrics
	/usr/bin/python3 -c 'import sys
from prometheus_client.parser import text_string_to_metric_families as parse
assert len(list(parse(sys.stdin.read()))) == 6' <metrics
	run "$BTFERRY" check --nfd --object "$subjects/raw_tp.bpf.o"
	[ "$status" -eq 0 ]
	local value='[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?'
	! grep -vE "^[A-Za-z0-9_.-]+=$value\$" <<<"$output" || false
	grep -qx 'raw_tp.ready=true' <<<"$output"
	run "$BTFERRY" check --nfd --json --object "$subjects/raw_tp.bpf.o"
	[ "$status" -eq 2 ]
}

@test "--quiet is the verdict, --verbose all that was looked at" {
	run "$BTFERRY" check --quiet --object "$subjects/mixed.bpf.o"
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 3 ]
	run "$BTFERRY" check --verbose --object "$subjects/raw_tp.bpf.o"
	[ "$status" -eq 0 ]
	[[ $output == *"parses yes, relocates -, loads yes, attaches yes, fires yes"* ]]
	[[ $output == *"lsm.lockdown"* ]]
	[[ $output == *"CONFIG_BPF_SYSCALL="* ]]
}

@test "facts from here, judged elsewhere: the levels are the same" {
	local name
	for name in mixed core_missing tp_absent kprobe lsm ten; do
		json $name
		"$BTFERRY" check --facts --object "$subjects/$name.bpf.o" >facts.json 2>/dev/null
		matches_schema facts.json facts.json
		"$BTFERRY" check --json --object "$subjects/$name.bpf.o" --from facts.json >there.json ||
			[ $? -le 4 ]
		echo "$name"
		diff <(jq '[.verdict, .class, .reason, [.programs[].levels[] | .answer, .reason]]' out.json) \
			<(jq '[.verdict, .class, .reason, [.programs[].levels[] | .answer, .reason]]' there.json)
	done
}

# The facts of this host, as if its kernel had no ring buffer and nobody had tried the object.
without_ringbuf() {
	jq 'def no: map_values({ answer: "no", errno: "EINVAL" });
		def but($from): with_entries(select(.key | test("(^|/|bpf_)ringbuf") == $from));
		.probes.ringbuf = { answer: "no", errno: "EINVAL" } | del(.object.trial) |
		.answers.helper |= but(false) + (but(true) | no) |
		.answers.map |= but(false) + (but(true) | no)' "$1"
}

@test "without a ring buffer, the calls in the branch that the perf buffer closes are no matter" {
	cp "$B/tests/bpf/runtime/two_rings.bpf.o" "$B/tests/bpf/runtime/told_plain.bpf.o" .
	local name
	for name in told_plain two_rings; do
		printf '%s\n' '[app]' "name = ${name/_/-}" 'version = 1' '[object]' \
			"path = $name.bpf.o" '[events]' 'map = events' >$name.ini
		"$BTFPACK" build -q -o $name.payload $name.ini
		"$BTFERRY" check --facts --payload $name.payload 2>/dev/null >facts.json
		without_ringbuf facts.json >without.json
		"$BTFERRY" check --json --from without.json --payload $name.payload >$name.json ||
			[ $? -le 4 ]
	done
	jq -e '.verdict == "untried" and .plan.events == "perf_buffer" and
		(.items[] | select(.id == "helper.pairs").answer) == "pass"' told_plain.json
	# Of the other ring buffer, the one program that writes to it is to blame.
	jq -e '.verdict == "will_not_run" and (.reason | contains("cannot make map others")) and
		(.items[] | select(.id == "helper.pairs") |
		.answer == "fail" and (.reason | contains("on_exit") and contains("bpf_ringbuf_output")))' \
		two_rings.json
}
