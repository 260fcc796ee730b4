#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge
load ../../proctrace/judge

@test "no-core: carried and installed for this kernel, where the next install keeps it" {
	status_is carried 0
	says carried.out "compiled for this kernel"
	status_is path 0
	says path.out "/build/$RELEASE/proctrace.bpf.o"
	status_is install 0
	says install.out "already installed"
}

@test "no-core: the canary judges the headers, and every act is seen as with CO-RE" {
	status_is run 0
	says run.err "(case 5)"
	says run.err "canary: "
	says run.err ", 0 lost"
	mapfile -t names < <(cut -d' ' -f1 acts)
	[ ${#names[@]} -gt 30 ]
	judge "${names[@]}"
}
