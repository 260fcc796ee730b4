#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Facts of this host, as `check --json` shows them, where something is mounted, hidden or forbidden.
# Hosts that are made up are in tests/unit/host_hosts.c.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR"
	object=$B/bpf/proctrace.bpf.o
}

needs_root() {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	unshare -m true 2>/dev/null || skip "no mount namespaces here"
}

# The facts that a command line of a shell leads to, in a mount namespace of its own: facts SETUP
facts() {
	unshare -m sh -c "$1"'
		"$0" check --object "$1" --json' "$BTFERRY" "$object" >check.json 2>err.txt || true
	jq -e .facts check.json
}

no_securityfs='umount /sys/kernel/security 2>/dev/null;'
no_tracefs='umount /sys/kernel/debug/tracing /sys/kernel/tracing /sys/kernel/debug 2>/dev/null;'

@test "lockdown and security modules are known where securityfs is not mounted" {
	needs_root
	facts "mount -t securityfs none /sys/kernel/security || exit" >with.json ||
		skip "securityfs cannot be mounted here"
	jq -e '.kernel.lsms_known.answer == "yes"' with.json || skip "this kernel lists no modules"
	facts "$no_securityfs [ ! -e /sys/kernel/security/lsm ] || exit" >without.json
	diff <(jq '.kernel | {lsms, lockdown}' with.json) <(jq '.kernel | {lsms, lockdown}' without.json)
}

@test "linux32 and the like do not hide what machine this is" {
	command -v linux32 >/dev/null || skip "no linux32"
	[ "$(linux32 uname -m)" != "$(uname -m)" ] || skip "linux32 changes nothing on this machine"
	linux32 "$BTFERRY" check --object "$object" --facts >facts.json
	jq -e --arg machine "$(uname -m)" '.machine == $machine' facts.json
}

@test "looking mounts nothing that anybody could see" {
	needs_root
	unshare -m sh -c 'cat /proc/self/mountinfo >before; "$0" check --object "$1" --json >/dev/null
		cat /proc/self/mountinfo >after' "$BTFERRY" "$object" || true
	[ -s before ]
	diff before after
}

@test "tracefs: mounted, not mounted, and what can be seen of it without a mount" {
	needs_root
	facts "$no_tracefs [ ! -e /sys/kernel/tracing/events ] || exit" >without.json ||
		skip "tracefs cannot be taken away here"
	jq -e '.tracefs | .mounted.answer == "no" and .path == ""' without.json
	facts "$no_tracefs mount -t tracefs none /sys/kernel/tracing || exit" >with.json ||
		skip "tracefs cannot be mounted here"
	jq -e '.tracefs | .mounted.answer == "yes" and .readable.answer == "yes" and
		.path == "/sys/kernel/tracing"' with.json
	# The files that make probes are the kernel's, whether somebody mounts them or not.
	diff <(jq '.tracefs | {kprobe_events, uprobe_events}' with.json) \
		<(jq '.tracefs | {kprobe_events, uprobe_events}' without.json)
}

@test "a user: privileges are none, and what is not for users is unknown, with its errno" {
	needs_root
	chmod 755 "$BATS_TEST_TMPDIR"
	facts 'chmod 777 .; set -- "$1"; exec setpriv --reuid 12345 --regid 12345 --clear-groups \
		--bounding-set -all "$0" check --object "$1" --json;' >user.json
	jq -e '.process | .uid.value == 12345 and .capabilities.value == "0000000000000000" and
		.bounding.value == "0000000000000000"' user.json
	jq -e '.probes.cap_bpf.answer == "no"' user.json
	jq -e '[.. | objects | select(.answer == "unknown")] | length > 0 and all(.errno != null)' \
		user.json
}

@test "a configuration that is hidden is named; without /proc none is" {
	needs_root
	[ -r /proc/config.gz ] || skip "this kernel has no /proc/config.gz"
	facts 'mount --bind /dev/null /proc/config.gz || exit;
		mount -t tmpfs none /boot; mount -t tmpfs none /usr/src;' >hidden.json
	jq -e '.kconfig | .path == "/proc/config.gz" and .errno == "EBADMSG" and
		.complete == false and .options == {}' hidden.json
	facts 'mount -t tmpfs none /boot; mount -t tmpfs none /usr/src;
		mount -t tmpfs none /proc || exit;' >none.json
	jq -e '.kconfig | .path == "" and .errno == "ENOENT"' none.json
	# Without /proc, privileges are asked of the kernel; what only /proc says is unknown.
	jq -e '.process | .uid.value == 0 and .capabilities.answer == "yes" and
		.seccomp.answer == "unknown"' none.json
}

@test "the BTF is hidden or not: all else stays as it was" {
	needs_root
	facts "" >shown.json
	facts 'mount -t tmpfs none /sys/kernel/btf || exit;' >hidden.json ||
		skip "this kernel has no BTF to begin with"
	jq -e '.btf.kernel.answer == "no"' hidden.json
	diff <(jq 'del(.btf, .answers)' shown.json) <(jq 'del(.btf, .answers)' hidden.json)
}

@test "symbols are not read when nobody asks for one" {
	needs_root
	command -v strace >/dev/null || skip "strace is not installed"
	printf 'char l[] __attribute__((section("license"))) = "GPL";\n%s\n' \
		'__attribute__((section("raw_tp/sched_switch"), used)) int p(void *c) { return 0; }' >p.c
	clang -g -O2 -target bpf -c -o p.bpf.o p.c
	# The leak detector of a sanitized program cannot work in a traced one.
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 \
		strace -f -o trace -e trace=openat,openat2 "$BTFERRY" check --object p.bpf.o >/dev/null
	grep -q 'sys/kernel' trace
	! grep -qE 'kallsyms|available_filter_functions' trace || false
}
