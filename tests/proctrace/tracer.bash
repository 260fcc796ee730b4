# SPDX-License-Identifier: BSD-2-Clause
# proctrace around what a test does: what proctrace's bats files share.  `load proctrace/tracer`.

ACT=$B/tests/proctrace/act

# A folder that other users reach, with proctrace installed and the acts; becomes the current one.
# Nothing where proctrace cannot be run.
# shellcheck disable=SC2154 # archive is of helpers.bash
prepare() {
	[ "$(id -u)" -eq 0 ] && [ -r /sys/kernel/btf/vmlinux ] || return 0
	work=$(mktemp -d /tmp/proctrace.XXXXXX)
	chmod 755 "$work"
	cd "$work" || return
	export work APP=$work/proctrace.run ROOT=$work/root
	mkdir root
	cp "$ACT" .
	"$BTFPACK" build -q -a "$archive" -o "$APP" "$B/bpf/proctrace.ini"
	"$APP" install --root "$ROOT" >/dev/null
}

clean_up() {
	[ -n "${work:-}" ] || return 0
	[ ! -e "$work/tracer" ] || kill "$(cat "$work/tracer")" || true
	rm -rf "$work"
}

enter() {
	[ "$(id -u)" -eq 0 ] || skip "loading programs takes root"
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF for the programs"
	[ "$(readlink /proc/self/ns/pid)" = "pid:[4026531836]" ] ||
		skip "events have the pids of the initial namespace, and this is another one"
	cd "$work" || return
}

# The tracer in a mount namespace with a tracefs: the events go to NAME.events, what it says to
# NAME.log.
start() { # NAME OPTION...
	local name=$1 pid
	shift
	# shellcheck disable=SC2016 # the inner shell expands
	unshare -m sh -c 'mount -t tracefs act /sys/kernel/tracing && exec "$@"' sh \
		"$APP" run --root "$ROOT" "$@" >"$name.events" 2>"$name.log" 3>&- &
	pid=$!
	echo $pid >tracer
	for _ in $(seq 600); do
		! grep -q 'is running' "$name.log" || return 0
		[ -e /proc/$pid ] || break
		sleep 0.05
	done
	cat "$name.log"
	return 1
}

stop() { # NAME
	local status=0 pid
	pid=$(cat tracer)
	rm tracer
	kill -TERM "$pid"
	wait "$pid" || status=$?
	grep -q ' 0 lost' "$1.log" || status=1
	[ "$status" -eq 0 ] || cat "$1.log"
	return "$status"
}
