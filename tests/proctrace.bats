#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# proctrace: for each signature an act that raises it, and what comes close and does not; what each
# event says, against what was done.  Acts are tests/proctrace/act.c; one run of it sees them all.

bats_require_minimum_version 1.5.0
load helpers
load proctrace/tracer
load proctrace/judge

setup_file() {
	load helpers
	load proctrace/tracer
	local name pid status
	prepare
	[ -n "${work:-}" ] || return 0
	mkdir truth said
	start all
	for name in $(./act names); do
		# As this very process, so that its number is known.
		(exec ./act "$name" "$work") >"truth/$name" 2>"said/$name" 3>&- &
		pid=$! status=0
		wait $pid || status=$?
		echo "$name $pid $status" >>acts
	done
	stop all
}

teardown_file() { clean_up; }

setup() { enter; }

@test "fileless execution: a memfd, an unlinked file; not a memfd that is written, a descriptor" {
	raises fileless fileless_execution
	judge fileless fileless-unlinked fileless-near
}

@test "shell on a socket: TCP as input or output; not a unix socket, a pipe, another program" {
	raises shell shell_on_socket
	judge shell shell-near
}

@test "dropped executable: written, under any name; not one that was read, or replaced" {
	raises dropped dropped_executable
	judge dropped dropped-near
}

@test "preload from where anybody writes; not from elsewhere, other variables, arguments" {
	raises preload preload_from_writable
	judge preload preload-near
}

@test "a service's account runs what is in /tmp; not root, a user, a service elsewhere" {
	raises service service_runs_temporary
	judge service service-near
}

@test "anti-debugging: a program asks to be traced; not a debugger's child" {
	raises debugging anti_debugging
	judge debugging debugging-near
}

@test "code injection: ptrace, process_vm_writev, /proc/PID/mem; not reading, not the own memory" {
	raises injection code_injection
	judge injection injection-near
}

@test "BPF load; not a map, not a program that is refused" {
	raises bpf bpf_load
	judge bpf bpf-near
}

@test "module load: none where there is no module" {
	judge module-near
}

@test "privilege gained without a call; not by set-user-ID, not by a saved user ID" {
	[ "$(awk '$1 == "privilege" { print $3 }' acts)" = 77 ] || raises privilege privilege_gained
	judge privilege privilege-near
}

@test "container escape: core_pattern, a device's mount; not on the host, not its own mounts" {
	raises escape container_escape
	judge escape escape-near
}

@test "linker tampering: ld.so.preload, ld.so.conf.d; not the cache, not such names elsewhere" {
	raises linker linker_tampering
	judge linker linker-near
}

@test "persistence: cron's and systemd's files; not reading, not what lies beside them" {
	raises persistence persistence_drop
	judge persistence persistence-near
}

@test "executions, forks and ends say what was done" {
	judge process
}

@test "changes of credentials, and signals to other users" {
	judge credentials
}

@test "files that are opened, mounts, memfds" {
	judge files
}

@test "sockets: connect, accept, bind; IPv4, IPv6, unix" {
	judge sockets sockets6
}
