# SPDX-License-Identifier: BSD-2-Clause
# Keeps the events of acts' processes and adds .act, the name, and .root, its first process.
# --rawfile acts FILE: lines "NAME PID STATUS"; -n, events are the input.
($acts | split("\n") | map(select(. != "") | split(" ") |
	{ key: .[1], value: { act: .[0], root: (.[1] | tonumber) } }) | from_entries) as $roots |
foreach inputs as $event ({ of: $roots };
	.is = .of[$event.pid | tostring] |
	if $event.event == "fork" and $event.child_pid == $event.child_tid then
		# Also where it is none: numbers of processes come again.
		($event.child_pid | tostring) as $child | .of[$child] = (.is // $roots[$child])
	else . end;
	select(.is) | $event + .is)
