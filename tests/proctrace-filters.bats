#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# proctrace: what `--set` keeps and leaves out.  Executions that differ in one thing each: one is
# kept by every `only_`, each other one lacks one of them; and the other way round with `not_`.

bats_require_minimum_version 1.5.0
load helpers
load proctrace/tracer

setup_file() {
	load helpers
	load proctrace/tracer
	prepare
	[ -n "${work:-}" ] || return 0
	cgroups=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
	# As a container's runtime names it.
	id=$(printf 'act%061d' 0 | tr 't' 'c')
	if [ -n "$cgroups" ] && mkdir "$cgroups/docker-$id.scope" 2>/dev/null; then
		export cgroup=$cgroups/docker-$id.scope
	fi
	mkdir within beside
	ln act within/this
	ln act within/that
	ln act beside/this
	printf '%s' "$id" >id
}

teardown_file() {
	[ -z "${cgroup:-}" ] || rmdir "$cgroup"
	clean_up
}

setup() { enter; }

# Executes PATH as UID, in the cgroup when CGROUP is not empty; the process's number goes to `pids`.
execute() { # NAME PATH UID CGROUP
	local pid
	(
		[ -z "$4" ] || echo $BASHPID >"$4/cgroup.procs"
		exec setpriv --reuid "$3" --clear-groups "$2" nothing 3>&-
	) &
	pid=$!
	wait "$pid"
	echo "$1 $pid" >>"$run.pids"
}

# What differs from `same` is said by the name.
executions() {
	execute same within/this 1001 "${cgroup:-}"
	execute comm within/that 1001 "${cgroup:-}"
	execute path beside/this 1001 "${cgroup:-}"
	execute uid within/this 1002 "${cgroup:-}"
	[ -z "${cgroup:-}" ] || execute cgroup within/this 1001 ""
}

# The names of the executions of which these events were told, in their order; each with its events.
told() {
	jq -r --rawfile pids "$run.pids" '
		($pids | split("\n") | map(select(. != "") | split(" ") | { key: .[1], value: .[0] }) |
			from_entries) as $of |
		select($of[.pid | tostring] and (.exe | test("/(this|that)$"))) |
		"\($of[.pid | tostring]) \(.event)"' "$run.events"
}

@test "only_uid, only_comm, only_path, only_cgroup, only_event: what meets all of them is kept" {
	run=only
	start $run --set only_uid=0,1001 --set only_comm=nobody,this --set "only_path=/no,$work/within/" \
		--set only_event=exec,open ${cgroup:+--set "only_cgroup=none,$(basename "$cgroup")"}
	executions
	stop $run
	[ -n "${cgroup:-}" ] || echo "# (skipped: only_cgroup: no cgroup can be made)" >&3
	told
	[ "$(told)" = "same exec" ]
}

@test "not_uid, not_comm, not_path, not_event: what meets none of them is kept" {
	run=not
	start $run --set not_uid=5,1002 --set not_comm=nobody,that --set "not_path=/no,$work/beside/" \
		--set not_event=exit,fork,credentials
	executions
	stop $run
	told
	[ "$(told | sed 's/cgroup /same /' | sort -u)" = "same exec" ]
}

@test "not_cgroup; the container of a cgroup" {
	[ -n "${cgroup:-}" ] || skip "no cgroup can be made here"
	run=cgroup
	start $run --set only_event=exec --set "not_cgroup=$(basename "$cgroup")"
	executions
	stop $run
	told
	[ "$(told)" = "cgroup exec" ]
}

@test "watch, env, not_signature; an alert in a container says which" {
	run=other
	start $run --set "watch=/no/,$work/within/" --set env=true --set not_signature=bpf_load
	touch within/new beside/new
	MARK=one execute env within/this 1001 ""
	./act bpf "$work" >/dev/null
	./act fileless "$work" >/dev/null
	if [ -n "${cgroup:-}" ]; then
		(
			echo $BASHPID >"$cgroup/cgroup.procs"
			exec ./act escape-near "$work" >/dev/null
		)
	fi
	stop $run
	[ "$(jq -r 'select(.event == "open" and .comm == "touch") | .path' other.events)" = \
		"$work/within/new" ]
	jq -r 'select(.event == "exec" and .comm == "this") | .env[]' other.events | grep -qx MARK=one
	[ "$(jq -r --arg act "$work/act" 'select(.event == "bpf" and .exe == $act) | .name' \
		other.events)" = act_filter ]
	jq -r 'select(.event == "alert") | .signature' other.events | sort -u >signatures
	grep -qx fileless_execution signatures
	run ! grep -x bpf_load signatures
	[ -n "${cgroup:-}" ] || skip "no cgroup can be made here, so no container"
	[ "$(jq -r --arg act "$work/act" --rawfile id id 'select(.signature == "container_escape" and
		.exe == $act and .container == $id) | .detail' other.events | sort -u | head -n 1)" = \
		/dev/act-disk ]
}
