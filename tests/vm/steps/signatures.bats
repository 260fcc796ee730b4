#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge
load ../../proctrace/judge

@test "signatures: each act is seen as it was, raises its alert, and what comes close raises none" {
	status_is run 0
	says run.err ", 0 lost"
	mapfile -t names < <(cut -d' ' -f1 acts)
	[ ${#names[@]} -gt 30 ]
	judge "${names[@]}"
}

@test "signatures: a module that is loaded" {
	[ -e insert.status ] || skip "this kernel has no module to load"
	status_is insert 0
	[ "$(jq -r 'select(.event == "module") | .name' all.events)" = loop ]
	[ "$(jq -r 'select(.signature == "module_load") | "\(.detail) \(.severity) \(.technique)"' \
		all.events)" = "loop high T1547.006" ]
}
