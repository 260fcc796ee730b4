#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge
load ../../proctrace/judge

@test "no-core: no BTF is asked for, and every act is seen as with CO-RE" {
	status_is install 0
	says install.out "The object asks nothing of the kernel's BTF"
	status_is run 0
	says run.err "(case 0)"
	says run.err ", 0 lost"
	mapfile -t names < <(cut -d' ' -f1 acts)
	[ ${#names[@]} -gt 30 ]
	judge "${names[@]}"
}
