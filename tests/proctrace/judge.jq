# SPDX-License-Identifier: BSD-2-Clause
# In what an act's events differ from what it says it did; nothing where all is well.  --slurpfile truth,
# --slurpfile events.  Each line of truth is one event with those members; of what it names for a
# process (forks apart) there is nothing else, and there are no other alerts.
def agrees($want): . as $have | $want | to_entries | all($have[.key] == .value);
def kind: if .event == "alert" then "alert" else "\(.event) of \(.pid)" end;
def short: del(.act, .root, .time, .start_time, .tid, .uid, .euid, .gid, .mnt_ns, .pid_ns, .net_ns) | tojson;

(
	$truth | group_by(.)[] | length as $times | .[0] as $want |
	[$events[] | select(.event == $want.event and .pid == $want.pid)] as $like |
	[$like[] | select(agrees($want))] | select(length != $times) |
	"\(length) events, not \($times), for \($want | tojson); seen: \([$like[] | short] | join(" "))"
),
(
	([$truth[] | select(.event != "fork") | kind] + ["alert"] | unique[]) as $kind |
	[$events[] | select(kind == $kind)] as $seen | [$truth[] | select(kind == $kind)] as $done |
	select(($seen | length) != ($done | length)) |
	"\($seen | length) times \($kind), not \($done | length); seen: \([$seen[] | short] | join(" "))"
),
# The chain leads from the parent to the act's first process, and beyond.
(
	$events[] | select(.event == "alert") | .root as $root |
	select((.chain[0].pid != .ppid) or
		(.pid != $root and ([.chain[] | select(.pid == $root and .comm == "act")] | length) != 1) or
		(.chain | map(.pid) | unique | length) != (.chain | length)) |
	"the chain is wrong: \(.)"
)
