#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge

@test "other-tools: solisten tells who listens where, by the members of its struct" {
	status_is solisten 0
	says solisten.err ", 0 lost"
	read -r pid <solisten.truth
	# AF_INET or AF_INET6, and SOCK_STREAM.
	jq -se --argjson pid "$pid" 'map(select(.pid == $pid)) | length > 0 and
		all(.event == "event" and .port == 7777 and .ret == 0 and .backlog > 0 and
			.proto % 65536 == 1 and (.proto / 65536 | floor | IN(2, 10)))' solisten.events
}

@test "other-tools: sigsnoop tells of the signal that its constant names, and of no other" {
	status_is sigsnoop 0
	read -r sender target < <(tail -n 1 sigsnoop.truth)
	[ "$(wc -l <sigsnoop.truth)" -eq 2 ]
	jq -se --argjson from "$sender" --argjson to "$target" 'all(.sig == 12) and
		any(.event == "event" and .pid == $from and .tpid == $to and .ret == 0)' sigsnoop.events
}
