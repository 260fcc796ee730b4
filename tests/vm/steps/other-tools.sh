# SPDX-License-Identifier: BSD-2-Clause
# for: 5.10-cloud 6.1-cloud 6.12-cloud 7-cloud
#
# Objects of libbpf-tools whose struct the BTF has, unchanged, without a manifest (docs/objects.md).
# These kernels have what solisten attaches to: kprobes and fexit.
btferry=/kit/btferry

watch() { # NAME OPTION...: runs the object until `act` is done, whose pids are in NAME.truth
	name=$1
	shift
	$btferry run --app none --object "/kit/third/$name.bpf.o" "$@" >"$name.events" 2>"$name.err" &
	tracer=$!
	for _ in $(seq 300); do
		if grep -q 'is running' "$name.err"; then break; fi
		[ -e "/proc/$tracer" ] || break
		sleep 0.1
	done
	act >"$name.truth" 2>"$name.act"
	kill -INT "$tracer"
	status=0
	wait "$tracer" || status=$?
	echo $status >"$name.status"
}

# A socket that listens on port 7777, 1E61 in /proc/net/tcp.
act() {
	nc -l -p 7777 </dev/null >/dev/null &
	listener=$!
	for _ in $(seq 50); do
		if grep -q ':1E61 ' /proc/net/tcp /proc/net/tcp6; then break; fi
		sleep 0.1
	done
	kill $listener
	echo $listener
}
watch solisten

# Signals 10 and 12 to a process that waits, from one after the other.
act() {
	sleep 100 &
	target=$!
	sh -c "echo \$\$ $target; kill -10 $target"
	sleep 100 &
	target=$!
	sh -c "echo \$\$ $target; kill -12 $target"
}
watch sigsnoop --set target_signal=12
