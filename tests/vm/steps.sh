# SPDX-License-Identifier: BSD-2-Clause
# In the guest: runs the named steps, one after the other, each in a folder of its own below /out.
#
#     sh /vm/steps.sh STEP...
#
# A step is a script in /vm/steps that does what a user would and records what came of it; it judges
# nothing.  tests/vm/steps/STEP.bats does that afterwards, outside.  /kit is what kit.sh made.

# The hundredths of a second since the boot.
now() { cut -d' ' -f1 /proc/uptime | tr -d .; }

# Runs a command, and keeps what it printed and how it ended: NAME.out, NAME.err, NAME.status.
record() { # NAME COMMAND...
	record_name=$1
	shift
	record_status=0
	("$@") >"$record_name.out" 2>"$record_name.err" || record_status=$?
	echo $record_status >"$record_name.status"
}

# For record and trace: the command is in the place of the shell, where the kernel exposes no BTF to
# those who look for it.
without_btf() {
	mkdir -p /run/empty
	exec unshare -m sh -c '
		[ ! -e /sys/kernel/btf ] || mount --bind /run/empty /sys/kernel/btf || exit 99
		exec "$@"' sh "$@"
}

# Runs a tracer, and the scripted load while it runs: NAME.events, NAME.err, NAME.status, and the
# load's NAME.truth.  The command must be one that ends at SIGINT.
trace() { # NAME COMMAND...
	trace_name=$1
	shift
	"$@" >"$trace_name.events" 2>"$trace_name.err" &
	trace_pid=$!
	for _ in $(seq 300); do
		if grep -q 'is running' "$trace_name.err"; then break; fi
		[ -e "/proc/$trace_pid" ] || break
		sleep 0.1
	done
	if [ -e "/proc/$trace_pid" ]; then
		mkdir -p /tmp/acts
		/kit/load /tmp/acts "${acts:-12}" >"$trace_name.truth" 2>"$trace_name.load"
		echo $? >"$trace_name.load-status"
		kill -INT "$trace_pid"
	fi
	trace_status=0
	wait "$trace_pid" || trace_status=$?
	echo $trace_status >"$trace_name.status"
}

app=/kit/proctrace.run
release=$(uname -r)
for step; do
	mkdir -p "/out/$step"
	cd "/out/$step" || exit 1
	begin=$(now)
	# In a shell of its own, so that no step can end or change the next.
	(. "/vm/steps/$step.sh") >log 2>&1
	echo $? >status
	echo $(($(now) - begin)) >hundredths
done
cat /proc/uptime >/out/uptime
uname -a >/out/uname
dmesg | tail -n 200 >/out/dmesg
