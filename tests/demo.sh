#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# `make demo`: from kernels' BTF to events on a host without BTF, in one go and without a network.
# Everything it writes is below build/demo.
set -eu
cd "$(dirname "$0")/.."
B=${B:-build}
[[ $B = /* ]] || B=$PWD/$B
demo=$B/demo
btfpack=$B/bin/btfpack
app=$demo/proctrace.run
root=$demo/root

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
	bold=$'\033[1m' plain=$'\033[0m'
fi
chapter() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }
# Shows a command as one would type it, and runs it; its exit status is not the demo's.
show() {
	local status=0
	printf '$ %s\n' "$*" | shorten
	"$@" >"$demo/output" 2>&1 || status=$?
	shorten <"$demo/output"
	[ "$status" -eq 0 ] || printf '(exit status %s)\n' "$status"
}
shorten() { sed "s|$demo/||g; s|$B/bin/||g; s|$B/||g"; }

# proctrace's system calls have their tracepoints there; distributions mount it.
if [ "$(id -u)" -eq 0 ] && ! mountpoint -q /sys/kernel/tracing; then
	# shellcheck disable=SC2016 # the inner shell expands
	exec unshare -m sh -c 'mount -t tracefs nodev /sys/kernel/tracing && exec "$0" "$@"' "$0" "$@"
fi

# The second half runs again as this script, in a mount namespace of its own.
if [ "${1:-}" = --without-btf ]; then
	empty=$(mktemp -d)
	mount --bind "$empty" /sys/kernel/btf
	rmdir "$empty" 2>/dev/null || true

	chapter "4. The same host, with its BTF hidden"
	printf '$ ls -A /sys/kernel/btf    # nothing\n'
	ls -A /sys/kernel/btf
	if command -v execsnoop >/dev/null; then
		echo "A CO-RE tool as distributions ship it:"
		show timeout 5 execsnoop
	else
		echo "(execsnoop of libbpf-tools is not installed: nothing to compare with)"
	fi
	echo
	show "$app" check

	if [ -e "$demo/vendor.pub" ]; then
		chapter "5. Install into a scratch root, which takes only what this vendor signed"
		install -D -m 644 "$demo/vendor.pub" "$root/etc/btferry/trusted.d/vendor.pub"
		printf '[trust]\npolicy = require\n' >"$root/etc/btferry/btferry.conf"
	else
		chapter "5. Install into a scratch root"
	fi
	show "$app" install --root "$root"
	echo
	show "$app" status --root "$root"

	chapter "6. Run from there, without BTF"
	printf '$ proctrace.run run --root root --duration 5 >events.jsonl\n'
	"$app" run --root "$root" --duration 5 >"$demo/events.jsonl" 2>"$demo/run.log" &
	tracer=$!
	for _ in $(seq 100); do
		grep -q "is running" "$demo/run.log" 2>/dev/null && break
		kill -0 "$tracer" 2>/dev/null || break
		sleep 0.1
	done
	# What happens meanwhile, and what /proc says of it while it happens.
	: >"$demo/truth"
	for command in 'sleep 1' 'tail -f /dev/null' 'cat'; do
		# shellcheck disable=SC2086 # words are meant to split
		$command </dev/zero >/dev/null &
		pid=$!
		sleep 0.3
		printf '%s\t%s\t%s\t%s\n' "$pid" "$(awk '/^PPid:/ { print $2 }' "/proc/$pid/status")" \
			"$(cat "/proc/$pid/comm")" "$(readlink "/proc/$pid/exe")" >>"$demo/truth"
		kill "$pid" 2>/dev/null || true
	done
	# What an attacker does, too: a program that was just written is executed.
	cp "$(type -P true)" "$demo/dropped"
	"$demo/dropped"
	wait "$tracer" && status=0 || status=$?
	cat "$demo/run.log"
	[ "$status" -eq 0 ] || exit "$status"

	printf '\n%d events. Those of our own commands, beside what /proc said:\n\n' \
		"$(wc -l <"$demo/events.jsonl")"
	printf '%8s %8s %-10s %-24s %s\n' pid ppid comm filename /proc
	wrong=0
	while IFS=$'\t' read -r pid ppid comm exe; do
		event=$(jq -r "select(.event == \"exec\" and .pid == $pid)
			| [.pid, .ppid, .comm, .filename] | @tsv" "$demo/events.jsonl" | tail -n 1)
		IFS=$'\t' read -r _ got_ppid got_comm got_file <<<"$event" || true
		verdict=agrees
		if [ "${got_ppid:-}" != "$ppid" ] || [ "${got_comm:-}" != "$comm" ] ||
			[ "$(readlink -f "${got_file:-/nowhere}")" != "$exe" ]; then
			verdict="DIFFERS: ppid $ppid comm $comm exe $exe" wrong=1
		fi
		printf '%8s %8s %-10s %-24s %s\n' "$pid" "${got_ppid:--}" "${got_comm:--}" \
			"${got_file:--}" "$verdict"
	done <"$demo/truth"
	printf '\nOne event in full:\n'
	jq 'select(.event == "exec" and .comm == "sleep")' "$demo/events.jsonl" | sed -n '1,/^}/p'
	printf '\nAn alert, for a program that had just been written was executed:\n'
	jq 'select(.event == "alert" and .comm == "dropped")
		| { event, time, signature, severity, technique, detail, chain: [.chain[].comm] }' \
		"$demo/events.jsonl"
	exit $wrong
fi

rm -rf "$demo"
mkdir -p "$demo" "$root"

chapter "1. Bring kernels' BTF into an archive"
show "$btfpack" import -o "$demo/archive" tests/files/btf
if [ -r /sys/kernel/btf/vmlinux ]; then
	show "$btfpack" import -o "$demo/archive" host
else
	echo "This host exposes no BTF, so it cannot be packed for; the demo ends at step 2 unless its"
	echo "kernel is among the fixtures."
fi

chapter "2. Reduce, store each class of kernels once, and seal all of it into one file"
sign=()
if command -v minisign >/dev/null &&
	minisign -G -W -p "$demo/vendor.pub" -s "$demo/vendor.key" >/dev/null; then
	sign=(--sign "$demo/vendor.key")
fi
show "$btfpack" build ${sign[@]+"${sign[@]}"} -a "$demo/archive" -o "$app" "$B/bpf/proctrace.ini"
show ls -l "$app"

chapter "3. Will it run here?"
show "$app" check

if [ "$(id -u)" -ne 0 ]; then
	echo
	echo "The rest hides this host's BTF and loads a BPF program, which needs root: sudo make demo"
	exit 0
fi
exec unshare -m "$0" --without-btf
