# SPDX-License-Identifier: BSD-2-Clause
# for: every kernel
#
# What a run gives up: tried by the probe, and told by the run itself; also of an object whose
# counters take a look-up.

# A run that writes to a file and answers, and what it says of itself.
watched() { # NAME COMMAND...
	name=$1
	shift
	"$@" --output "$PWD/$name.events" --metrics "$PWD/$name.sock" 2>"$name.err" &
	pid=$!
	for _ in $(seq 300); do
		if grep -q 'is running' "$name.err"; then break; fi
		[ -e "/proc/$pid" ] || break
		sleep 0.1
	done
	mv "$name.events" "$name.rotated"
	kill -HUP $pid
	/bin/busybox true
	record "$name-live" /kit/btferry status --live --json --app x --metrics "$PWD/$name.sock"
	/bin/busybox true
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	echo $status >"$name.status"
	ls "$name.sock" >"$name.left" 2>/dev/null || true
}

mkdir -p /tmp/probe
record unprivileged cat /proc/sys/kernel/unprivileged_bpf_disabled
record probe /kit/probe /tmp/probe nothing landlock all
record install "$app" install
watched run "$app" run
record uninstall "$app" uninstall
watched looked-up /kit/btferry run --app none --object /kit/objects/told_plain.bpf.o
