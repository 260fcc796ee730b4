# SPDX-License-Identifier: BSD-2-Clause
# Does each thing that the load did show as an event of its own, with all the members that its line names, and
# did the tracer see nothing else of it?  --slurpfile truth TRUTH --slurpfile events EVENTS; prints a
# line for each difference, and none where all is well.
def agrees($want): . as $have | $want | to_entries | all($have[.key] == .value);

# What tells one action of a process from others of it.
def name: [.pid, .event, .child_pid, .port] | tostring;
($events | group_by(name) | map({ key: (.[0] | name), value: . }) | from_entries) as $of |
($truth | map(select(.event == "fork") | .pid) | unique) as $loads |
($truth | map(.pid) | unique - $loads) as $children |
def set: map({ key: tostring, value: true }) | from_entries;
($loads | set) as $is_load | ($children | set) as $is_child |
(
	$truth | group_by(.)[] | length as $times | .[0] as $want |
	[$of[$want | name][]?] as $like |
	[$like[] | select(agrees($want))] | select(length != $times) |
	"\(length) events, not \($times), for \($want | tojson)" +
		([$like[] | select(agrees($want) | not) | tojson] | if . == [] then "" else "; seen: " + .[0] end)
),
(
	[$events[] | select(.event != "alert") | select(
		$is_child[.pid | tostring] or ($is_load[.pid | tostring] and (.event | IN("fork", "connect"))))] as $seen |
	([$truth[] | select(($is_load[.pid | tostring] | not) or (.event | IN("fork", "connect")))] | length) as $done |
	($truth | map(name) | unique | map({ key: ., value: true }) | from_entries) as $is_done |
	select(($seen | length) != $done) | "\($seen | length) events of the load, which did \($done) things",
		($seen[] | select($is_done[name] | not) | "surplus: \(tojson)")
)
