#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# run: where events go, and what becomes of each: written, lost, or not to be written; counted, and
# never twice.  The object `flood` sends 1024 numbered events for each program of one name.

bats_require_minimum_version 1.5.0
load helpers
load flood

setup_file() {
	load helpers
	load flood
	install_flood 1
}

setup() {
	enter
	disk=''
}

teardown() {
	if [ -n "$tracer" ]; then
		kill "$tracer" 2>/dev/null || true
		wait "$tracer" || true
	fi
	[ -z "$disk" ] || umount "$disk"
}

# A number of the last line about events: sent, lost, written.
told() { grep -oE '[0-9]+ (events )?'"$1" log | tail -n 1 | grep -oE '^[0-9]+'; }

# Files, in order, hold whole lines: COUNT different events in all, none twice.
whole_and_once() { # COUNT FILE...
	local count=$1 file
	shift
	for file; do
		[ ! -s "$file" ] || [ "$(tail -c 1 "$file" | od -An -tx1)" = " 0a" ]
	done
	[ "$(cat "$@" | jq -r '"\(.pid) \(.number)"' | wc -l)" -eq "$count" ]
	[ "$(cat "$@" | jq -r '"\(.pid) \(.number)"' | sort -u | wc -l)" -eq "$count" ]
}

@test "a file is made with mode 0640 and appended to; a torn last line is ended first" {
	start --output events.jsonl
	[ "$(stat -c %a events.jsonl)" = 640 ]
	flood 1
	stop
	[ ! -s standard-output ]
	whole_and_once $FLOOD events.jsonl
	printf '{"torn' >>events.jsonl
	start --output events.jsonl
	flood 1
	stop
	[ "$(grep -c '"event":"drop"' events.jsonl)" -eq $((2 * FLOOD)) ]
	[ "$(grep -cx '{"torn' events.jsonl)" -eq 1 ]
}

@test "what is no file is refused before anything is loaded" {
	mkfifo fifo
	ln -s somewhere link
	run -6 "$APP" run --root "$ROOT" --output link
	[[ $output = *"link: is a symbolic link: name the file"* ]]
	[ ! -e somewhere ]
	run "$APP" run --root "$ROOT" --output fifo
	[ "$status" -ne 0 ]
	[[ $output = *"fifo: "* ]]
	run -6 "$APP" run --root "$ROOT" --output nowhere/events.jsonl
	[[ $output = *"nowhere/events.jsonl: No such file"* ]]
}

# rotate RULE...: real logrotate, right now.
rotate() {
	printf '%s\n' "$PWD/events.jsonl {" "$@" 'rotate 99' '}' >logrotate.conf
	logrotate -f -s "$PWD/logrotate.state" logrotate.conf
}

@test "logrotate renames (create, with and without a signal): no event lost, twice or torn" {
	local i events=0
	start --output "$PWD/events.jsonl"
	chmod 755 . # logrotate does not rotate where others can write
	for i in 1 2 3 4 5; do
		flood 3
		rotate 'create 0640 root root'
		flood 3
		rotate 'create 0640 root root' 'postrotate' "kill -HUP $tracer" 'endscript'
		events=$((events + 6 * FLOOD))
	done
	# Without a signal, it finds out within a second.
	rotate 'create 0640 root root'
	until_true eval 'flood 1; [ -s events.jsonl ]'
	stop
	[ "$(told lost)" -eq 0 ]
	[ "$(told sent)" -ge "$events" ]
	[ "$(told written)" -eq "$(told sent)" ]
	whole_and_once "$(told sent)" $(ls -v events.jsonl events.jsonl.*)
	# The renamed ones have theirs, and the last one as well.
	[ "$(find . -name 'events.jsonl*' -size +0 | wc -l)" -ge 6 ]
}

@test "logrotate in the middle of a stream: 40,000 events, every one in one of the files" {
	start --output "$PWD/events.jsonl" --buffer-size 16M
	chmod 755 .
	flood 40 &
	local load=$! i
	for i in $(seq 12); do
		rotate 'create 0640 root root' 'postrotate' "kill -HUP $tracer" 'endscript'
		sleep 0.1
	done
	wait "$load"
	stop
	[ "$(told sent)" -eq $((40 * FLOOD)) ]
	[ "$(told written)" -eq $((40 * FLOOD)) ]
	whole_and_once $((40 * FLOOD)) events.jsonl*
}

@test "copytruncate: what comes afterwards starts at the file's start" {
	start --output "$PWD/events.jsonl"
	chmod 755 .
	flood 4
	until_true eval '[ "$(wc -l <events.jsonl)" -eq 4096 ]'
	rotate copytruncate
	[ ! -s events.jsonl ]
	flood 4
	stop
	[ "$(head -c 1 events.jsonl)" = '{' ]
	whole_and_once $((8 * FLOOD)) events.jsonl events.jsonl.1
}

@test "a file that was removed is made anew, and no event of that time is missing" {
	start --output events.jsonl
	rm events.jsonl
	flood 2
	stop
	whole_and_once $((2 * FLOOD)) events.jsonl
}

@test "a file that was renamed is followed by a new one, whoever makes it" {
	start --output events.jsonl
	flood 1
	until_true eval '[ "$(wc -l <events.jsonl)" -eq 1024 ]'
	mv events.jsonl old.jsonl
	until_true eval 'flood 1; [ -s events.jsonl ]'
	stop
	[ "$(stat -c %a events.jsonl)" = 640 ]
	whole_and_once "$(told sent)" old.jsonl events.jsonl
}

@test "SIGHUP without a file ends the run as SIGTERM does" {
	start
	flood 1
	kill -HUP "$tracer"
	wait "$tracer"
	tracer=''
	whole_and_once $FLOOD standard-output
}

@test "a folder in which no new file can be made is told of at once; the old one serves" {
	mkdir folder
	chown 65534 folder
	start --output folder/events.jsonl
	until_true grep -q 'events.jsonl: its folder is not writable for user 0 without privileges' log
	mv folder/events.jsonl folder/old.jsonl
	kill -HUP "$tracer"
	flood 1
	until_true grep -q 'events go on to the file that was open' log
	stop
	[ ! -e folder/events.jsonl ]
	whole_and_once $FLOOD folder/old.jsonl
}

# A file system of 1 MiB, which some thousand events fill.
small_disk() {
	mkdir disk
	unshare -m true 2>/dev/null || skip "no file system can be mounted"
	mount -t tmpfs -o size=1M none disk
	disk=$PWD/disk
}

@test "a full disk: what is not written is counted and told, and writing resumes with whole lines" {
	small_disk
	fallocate -l 900K disk/ballast
	start --output disk/events.jsonl
	flood 10
	until_true grep -q 'disk/events.jsonl: cannot write events: No space left' log
	until_true eval 'flood 1; [ "$(df --output=avail disk | tail -n 1)" -eq 0 ]'
	rm disk/ballast
	flood 1
	until_true grep -Eq 'is written again; [0-9]+ events were not' log
	stop
	# Each event was written, or counted as not written; the last flood is there.
	[ "$(told lost)" -eq 0 ]
	local unwritten
	unwritten=$(grep -oE '[0-9]+ events were received and could not be written' log | cut -d' ' -f1)
	[ "$unwritten" -gt 0 ]
	[ $(($(told written) + unwritten)) -eq "$(told sent)" ]
	whole_and_once "$(told written)" disk/events.jsonl
	# At most once in ten seconds.
	[ "$(grep -c 'cannot write events' log)" -le 2 ]
}

@test "a full disk at the end of the run is no failure of the run, and is told" {
	start --output /dev/full
	flood 1
	stop
	grep -q '/dev/full: cannot write events: No space left on device' log
	grep -q "$FLOOD events were received and could not be written" log
	[ "$(told written)" -eq 0 ]
}

@test "lines for people are counted as exactly: a header that is not printed is none of them" {
	start --format table
	flood 1
	stop
	[ "$(told written)" -eq $FLOOD ]
	[ "$(wc -l <standard-output)" -eq $FLOOD ]
}

@test "a buffer that overflows: sent and lost are what was generated, exactly" {
	local way
	for way in ringbuf perf; do
		start --events $way --buffer-size 4K --output $way.jsonl
		flood 20
		until_true grep -Eq 'events were lost .* --buffer-size 8K' log
		stop
		[ "$(told lost)" -gt 0 ]
		[ $(($(told sent) + $(told lost))) -eq $((20 * FLOOD)) ]
		[ "$(told written)" -eq "$(told sent)" ]
		whole_and_once "$(told written)" $way.jsonl
		[ "$(grep -c 'events were lost' log)" -eq 1 ]
	done
}

@test "a buffer's size that cannot be is refused, of the option and of the manifest" {
	local size
	for size in 0 4097 12K 2G x 2048M 4KK; do
		run -2 "$APP" run --root "$ROOT" --buffer-size $size
		[[ $output = *"--buffer-size $size: is not a power of two"* ]]
		sed "s/^map = .*/&\nsize = $size/" "$BATS_FILE_TMPDIR/flood.ini" >"$BATS_FILE_TMPDIR/bad.ini"
		run -5 "$BTFPACK" build -q -a "$archive" -o bad.run "$BATS_FILE_TMPDIR/bad.ini"
		[[ $output = *"size \"$size\": must be a power of two"* ]]
	done
}

@test "the manifest's size of the buffer holds, and the option wins over it" {
	sed 's/^map = .*/&\nsize = 4K/' "$BATS_FILE_TMPDIR/flood.ini" >"$BATS_FILE_TMPDIR/small.ini"
	"$BTFPACK" build -q -a "$archive" -o small.run "$BATS_FILE_TMPDIR/small.ini"
	mkdir small
	./small.run install --root small >/dev/null
	APP=$PWD/small.run ROOT=$PWD/small
	start
	flood 4
	stop
	[ "$(told lost)" -gt 0 ]
	start --buffer-size 4M
	flood 4
	stop
	[ "$(told lost)" -eq 0 ]
}

@test "a reader that is slow costs events in the kernel only, and each is counted" {
	mkfifo pipe
	"$APP" run --root "$ROOT" --buffer-size 64K >pipe 2>log &
	tracer=$!
	exec 7<pipe
	until_true grep -q 'is running' log
	flood 20
	cat <&7 >events &
	local reader=$!
	exec 7<&-
	until_true eval '[ "$(wc -l <events)" -gt 1000 ]'
	stop
	wait "$reader"
	[ "$(told lost)" -gt 0 ]
	[ $(($(told sent) + $(told lost))) -eq $((20 * FLOOD)) ]
	[ "$(told written)" -eq "$(told sent)" ]
	whole_and_once "$(told written)" events
}

@test "a reader that never reads does not keep a run from ending" {
	mkfifo pipe
	"$APP" run --root "$ROOT" >pipe 2>log &
	tracer=$!
	exec 7<pipe
	until_true grep -q 'is running' log
	flood 4
	local status=0
	stop || status=$?
	exec 7<&-
	[ "$status" -eq 6 ]
	grep -q 'standard output: its reader does not read' log
	local unwritten
	unwritten=$(grep -oE '[0-9]+ events were received and could not be written' log | cut -d' ' -f1)
	[ $(($(told written) + unwritten)) -eq "$(told sent)" ]
	[ $(($(told sent) + $(told lost))) -eq $((4 * FLOOD)) ]
}

@test "a pipe that others made non-blocking, and a socket, lose nothing" {
	command -v python3 >/dev/null || skip "no python3 to make them with"
	local kind
	for kind in pipe socket; do
		python3 - $kind "$APP" run --root "$ROOT" 2>log >events <<-'END' &
			import os, socket, subprocess, sys, time
			if sys.argv[1] == "pipe":
			    reader, writer = os.pipe()
			else:
			    reader, writer = [end.detach() for end in socket.socketpair()]
			os.set_blocking(writer, False)
			child = subprocess.Popen(sys.argv[2:], stdout=writer)
			print(child.pid, file=open("pid", "w"))
			os.close(writer)
			time.sleep(1)
			while block := os.read(reader, 4096):
			    sys.stdout.buffer.write(block)
			sys.exit(child.wait())
		END
		local python=$!
		until_true grep -q 'is running' log
		flood 2
		kill "$(cat pid)"
		wait "$python"
		[ "$(told lost)" -eq 0 ]
		whole_and_once $((2 * FLOOD)) events
	done
}

@test "when it runs, it has no capability left, and reads all the same" {
	start --output events.jsonl
	grep -Eq '^CapPrm:\s0+$' "/proc/$tracer/status"
	grep -Eq '^CapEff:\s0+$' "/proc/$tracer/status"
	grep -Eq '^NoNewPrivs:\s1$' "/proc/$tracer/status"
	flood 2
	stop
	[ "$(told sent)" -eq $((2 * FLOOD)) ]
	whole_and_once $((2 * FLOOD)) events.jsonl
}
