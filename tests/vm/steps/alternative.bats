#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge

# What a loader of its own came to: 6.1 of arm64 has BTF and nothing to attach an fentry with.
can_fentry() {
	status_is truth 0
	[ "$(awk -F '\t' '$2 == "fork_fentry" { print $7 }' truth.out)" = yes ]
}

# A program's line, as check has it.
levels() { # PROGRAM
	jq -c --arg name "$1" '.programs[] | select(.name == $name) |
		[.state, .levels.loads.answer, .levels.attaches.answer]' check.out
}

# The events of the load are all there, each once, and all from these sources.
told() { # EVENTS MEMBERS SOURCE...
	local events=$1 members=$2
	shift 2
	jq -c "select(.event | IN($events)) | $members" run.truth >truth
	[ -s truth ]
	jq -rn --slurpfile truth truth --slurpfile events run.events \
		-f "$BATS_TEST_DIRNAME/../account.jq" | tee differences
	[ ! -s differences ]
	[ "$(jq -r .source run.events | sort -u | tr '\n' ' ')" = "$*" ]
	says run.err ", 0 lost"
}

@test "alternative: check says that it will run, and which of the programs do" {
	status_is check 0
	matches_schema check.out
	[ "$(jq -r .verdict check.out)" = will_run ]
	jq -c '.programs[]' check.out
	if can_fentry; then
		[ "$(levels fork_fentry)" = '["loaded","yes","yes"]' ]
		[ "$(levels fork_raw_tp)" = '["off","skip","skip"]' ]
	else
		[ "$(levels fork_fentry)" = '["off","skip","skip"]' ]
		[ "$(levels fork_raw_tp)" = '["alternative","yes","yes"]' ]
	fi
	if [ "$EXPOSES_BTF" = yes ]; then
		[ "$(levels exec_tp_btf)" = '["loaded","yes","yes"]' ]
	else
		[ "$(levels exec_tp_btf)" = '["off","skip","skip"]' ]
	fi
}

@test "alternative: run names what is replaced and what is left out, and events come" {
	status_is install 0
	status_is run 0
	if can_fentry; then
		told '"fork", "exec"' 'if .event == "exec" then {event, pid, comm} else . end' \
			"SOURCE_FENTRY SOURCE_TP_BTF "
		says run.err "program fork_raw_tp is left out: alternative that is not needed"
		[ "$(grep -cE 'is replaced|is left out' run.err)" -eq 1 ]
	else
		says run.err "program fork_fentry is replaced by fork_raw_tp: "
		if [ "$EXPOSES_BTF" = yes ]; then
			says run.err "this kernel does not support attaching to fentry/wake_up_new_task"
			told '"fork", "exec"' 'if .event == "exec" then {event, pid, comm} else . end' \
				"SOURCE_RAW_TP SOURCE_TP_BTF "
		else
			says run.err "replaced by fork_raw_tp: fentry"
			says run.err "program exec_tp_btf is left out: tp_btf"
			told '"fork"' . "SOURCE_RAW_TP "
		fi
	fi
}
