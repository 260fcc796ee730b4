# SPDX-License-Identifier: BSD-2-Clause
# Does each thing that the load did show as an event of its own, with all the members that its line names, and
# did the tracer see nothing else of it?  --slurpfile truth TRUTH --slurpfile events EVENTS; prints a
# line for each difference, and none where all is well.
def agrees($want): . as $have | $want | to_entries | all($have[.key] == .value);

($events | group_by(.pid) | map({ key: (.[0].pid | tostring), value: . }) | from_entries) as $of |
($truth | map(select(.event == "fork") | .pid) | unique) as $loads |
($truth | map(.pid) | unique - $loads) as $children |
(
	$truth | group_by(.)[] | length as $times | .[0] as $want |
	[$of[$want.pid | tostring][]? | select(.event == $want.event)] as $like |
	[$like[] | select(agrees($want))] | select(length != $times) |
	"\(length) events, not \($times), for \($want | tojson)" +
		([$like[] | select(agrees($want) | not) | tojson] | if . == [] then "" else "; seen: " + .[0] end)
),
(
	[$events[] | select(
		(.pid | IN($children[])) or ((.pid | IN($loads[])) and (.event | IN("fork", "connect"))))] as $seen |
	([$truth[] | select((.pid | IN($loads[]) | not) or (.event | IN("fork", "connect")))] | length) as $done |
	select(($seen | length) != $done) | "\($seen | length) events of the load, which did \($done) things"
)
