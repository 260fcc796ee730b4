#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge

outcomes=$BATS_TEST_DIRNAME/../../sandbox

of() { jq -c ".sandbox$1" "$2-live.out"; }

# Kernels of Debian have landlock from 5.13 on; others say whether they have it.
landlock() { sed -n 's/^# landlock //p' probe.out; }

@test "sandbox: what a run does works, and nothing else does" {
	status_is probe 0
	run -0 --separate-stderr awk -v arch="$ARCH" -f "$outcomes/judge.awk" "$outcomes/outcomes" \
		probe.out
	echo "$output"
	[ -z "$output" ]
	grep -qx '# seccomp 1' probe.out
	case $RELEASE in 5.10.*) ;; *cloud*) [ "$(landlock)" -ge 1 ] ;; esac
}

@test "sandbox: a run says what is in force, and rotates and ends as ever" {
	status_is run 0
	status_is run-live 0
	matches_schema run-live.out live.json
	[ "$(of .capabilities run)" = '[]' ]
	[ "$(of .kept_for run)" = null ]
	[ "$(of .no_new_privs run)" = true ]
	[ "$(of .seccomp run)" = true ]
	[ "$(of '.landlock // 0' run)" = "$(landlock)" ]
	[ "$(landlock)" -gt 0 ] || says run.err "landlock: is not in this kernel, or is switched off"
	! grep -q 'warning' run.err || { cat run.err; false; }
	[ -s run.events ]
	[ ! -s run.left ]
}

@test "sandbox: a capability is kept for look-ups where the kernel asks for it, and that is said" {
	status_is looked-up 0
	status_is looked-up-live 0
	grep -Eq ': [1-9][0-9]* events written, 0 lost' looked-up.err
	case $RELEASE:$(cat unprivileged.out) in
	5.*:0) [ "$(of .capabilities looked-up)" = '[]' ] ;;
	5.*) [ "$(of .capabilities looked-up)" = '["CAP_BPF"]' ]
		[ "$(of .kept_for looked-up)" = "\"the object's counters are looked up with bpf(2)\"" ] ;;
	*) [ "$(of .capabilities looked-up)" = '[]' ] ;;
	esac
}
