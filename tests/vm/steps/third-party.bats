#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge

# What runs on this kernel, as check says.  On i386, some objects read a signed long of the
# kernel's, which has 32 bits there and 64 in them; without IPv6, tcpstates finds no address of it.
runs() { [ "$(cat "$1-check.status")" = 0 ]; }

records() { # NAME: hexadecimal digits, of `run` or `watch`; of execsnoop, `run` knows the struct
	case $1 in
	execsnoop-run) jq -c 'select(.event == "event")' "$1.events" ;;
	*-run) jq -r 'select(.event == "record").bytes' "$1.events" ;;
	*) sed -n 's/^record [a-z_]* //p' "$1.events" ;;
	esac
}

# The load's exits, execs or connects are the tool's records, no more and no less.
same() { # NAME TOOL
	status_is "$1" 0
	[ "$(cat "$1.load-status")" = 0 ]
	records "$1" | jq -nRc --arg tool "$2" --slurpfile truth "$1.truth" \
		-f "$BATS_TEST_DIRNAME/../third.jq" | tee differences
	[ ! -s differences ]
}

@test "third-party: three objects run, on i386 the two that read no long" {
	local tool count=0
	status_is install 0
	for tool in exitsnoop execsnoop tcpstates syscount; do
		! runs $tool || count=$((count + 1))
	done
	if [ "$ARCH" = i386 ]; then
		[ $count -eq 2 ]
		runs exitsnoop && runs tcpstates
		says execsnoop-check.out "trace_event_raw_sys_exit"
		says syscount-check.out "trace_event_raw_sys_exit"
	else
		[ $count -ge 3 ]
	fi
}

@test "third-party: where check says no, libbpf comes to the same" {
	local tool
	for tool in execsnoop tcpstates syscount; do
		runs $tool && continue
		status_is $tool-check 1
		status_is $tool-watch 1
		says $tool-watch.err "cannot be "
	done
}

@test "third-party: run --object shows records, and they are what the load did (case 2a)" {
	local tool
	for tool in exitsnoop execsnoop tcpstates; do
		runs $tool || continue
		says $tool-run.err "(case 2a)"
		says $tool-run.err ", 0 lost"
		same $tool-run $tool
	done
}

@test "third-party: a loader that knows nothing but the path sees the same" {
	same exitsnoop-watch exitsnoop
}

@test "third-party: the map of one that counts system calls has the load's" {
	local number count
	runs syscount || skip "it does not run on $ARCH: the test above says why"
	case $ARCH in
	x86_64) number=58000000 ;; # symlink(2)
	arm64) number=24000000 ;;  # symlinkat(2)
	esac
	status_is syscount-watch 0
	count=$(sed -n "s/^entry data $number \(..\)000000000000.*/\1/p" syscount-watch.events)
	[ $((16#$count)) -eq "$(grep -c '"event":"exec"' syscount-watch.truth)" ]
}

@test "third-party: an object that was not packed is refused, and what to do is said (case 2b)" {
	status_is unpacked-check 3
	status_is unpacked-run 3
	says unpacked-run.err "no stored BTF covers them"
	says unpacked-run.err "add the object to the manifest (\`also\` in [object])"
	# Rightly so.
	status_is unpacked-watch 1
	says unpacked-watch.err "failed to resolve CO-RE relocation"
}
