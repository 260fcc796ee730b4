# SPDX-License-Identifier: BSD-2-Clause
# Did a tool of libbpf-tools see what the load did, each thing once and nothing else of it?  Its records
# come as hexadecimal digits, or as `run` prints what it reads by the object's BTF, one a line; --arg tool NAME --slurpfile truth TRUTH.  Prints
# {missing, surplus, done, seen} where they differ, and nothing where they do not.
def digits: explode | map(if . > 96 then . - 87 else . - 48 end);
def bytes: digits | [range(0; length; 2) as $i | .[$i] * 16 + .[$i + 1]];
def number($at; $size): . as $all | reduce range($size - 1; -1; -1) as $i (0; . * 256 + $all[$at + $i]);
def text: .[:index(0)] | implode;

# struct event of each tool, bcc 0.26.  execsnoop reads arguments before the exec, and gets those only
# whose page is in memory already: the file's name is the one that always is.  tcpstates copies 16
# bytes of an IPv4 address, too.
def exitsnoop: { pid: number(16; 4), ppid: number(24; 4), comm: (.[36:52] | text),
	exit_code: (number(32; 4) % 256), signal: (number(28; 4) % 128) };
def execsnoop: { pid: number(0; 4), ppid: number(4; 4), uid: number(8; 4), comm: (.[24:40] | text),
	filename: (.[40:] | text) };
def tcpstates: select(number(60; 4) == 7 and number(64; 4) == 2) | { pid: number(56; 4),
	family: number(68; 2), port: number(72; 2),
	address: (.[16:(if number(68; 2) == 2 then 20 else 32 end)] | tojson) };

def expected:
	if $tool == "exitsnoop" then select(.event == "exit") | { pid, ppid, comm, exit_code, signal }
	elif $tool == "execsnoop" then
		select(.event == "exec") | { pid, ppid, uid, comm, filename }
	else
		select(.event == "connect") | { pid, port, family: { AF_INET: 2, AF_INET6: 10 }[.family],
			address: ({ "127.0.0.1": [127, 0, 0, 1],
				"::1": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] }[.address] | tojson) }
	end;

def decoded:
	if $tool == "exitsnoop" then exitsnoop elif $tool == "execsnoop" then execsnoop else tcpstates end;

# The one whose struct is in its BTF.
def printed: fromjson | { pid, ppid, uid, comm, filename: .args };

[$truth[] | expected] as $want | ($want | map(.pid) | unique) as $pids |
[inputs | if startswith("{") then printed else bytes | decoded end | select(.pid | IN($pids[]))] as $seen |
if $want == [] then "the load did nothing of the sort"
elif ($want | sort) != ($seen | sort) then
	{ missing: ($want - $seen), surplus: ($seen - $want), done: ($want | length), seen: ($seen | length) }
else empty end
