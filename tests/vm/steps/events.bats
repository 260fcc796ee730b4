#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge

@test "events: check says that it will run, for people and for programs" {
	status_is check 0
	says check.out "proctrace will run here."
	status_is check-json 0
	matches_schema check-json.out
	[ "$(jq -r .facts.release check-json.out)" = "$RELEASE" ]
	[ "$(jq -r .verdict check-json.out)" = will_run ]
}

@test "events: installed, intact, and nothing stays when it is uninstalled" {
	status_is install 0
	status_is status 0
	status_is uninstall 0
}

@test "events: each thing that was done is one event with the right members" {
	accounted run
	[ "$(jq -s 'map(select(.event == "connect")) | length' run.truth)" -gt 0 ]
	if [ "$EXPOSES_BTF" = yes ]; then
		says run.err "(case 3)"
	else
		says run.err "(case 4)"
	fi
}

@test "events: run says what was sent, lost and written, without privilege to look maps up" {
	grep -Eq ': ([0-9]+) events sent, 0 lost, \1 written' run.err
}
