# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# The object `flood` as an application: it sends FLOOD numbered events for each program of the name
# FLOODER, which is this suite's own, since others may run beside it.  `load flood`, after helpers.

# shellcheck disable=SC2034 # for those who load it
FLOOD=1024

can_flood() { [ "$(id -u)" -eq 0 ] && [ -r /sys/kernel/btf/vmlinux ]; }

# Packs it as that version, and installs it below ROOT.
# shellcheck disable=SC2154 # archive is of helpers.bash
install_flood() { # VERSION
	cd "$BATS_FILE_TMPDIR" || return
	export APP=$PWD/flood.run ROOT=$PWD/root FLOODER=flood-$$
	can_flood || return 0
	mkdir -p root/run/flood
	cp "$B/tests/bpf/runtime/flood.bpf.o" .
	printf '%s\n' '[app]' 'name = flood' "version = $1" '[object]' 'path = flood.bpf.o' '[events]' \
		'map = events' '[set]' "program = $FLOODER" >flood.ini
	"$BTFPACK" build -q -a "$archive" -o flood.run flood.ini
	./flood.run install --root root >/dev/null
}

# In an empty folder, with a program of that name; skips where nothing can be loaded.
enter() {
	[ "$(id -u)" -eq 0 ] || skip "loading programs takes root"
	can_flood || skip "this kernel exposes no BTF"
	cd "$BATS_TEST_TMPDIR" || return
	cp "$(type -P true)" "$FLOODER"
	tracer=''
}

# until_true CONDITION...: waits for it, ten seconds at most.
until_true() {
	for _ in $(seq 200); do
		! "$@" || return 0
		sleep 0.05
	done
	echo "never: $*"
	return 1
}

# start OPTION...: runs in the background until it says that it runs.
start() {
	"$APP" run --root "$ROOT" "$@" >standard-output 2>log &
	tracer=$!
	until_true grep -q 'is running' log || { cat log; return 1; }
}

# Ends it; the exit status is the run's.
stop() {
	local status=0 pid=$tracer
	tracer=''
	kill -TERM "$pid" || true
	wait "$pid" || status=$?
	cat log
	return "$status"
}

flood() { # TIMES
	local i
	for ((i = 0; i < $1; i++)); do "./$FLOODER"; done
}
