#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge

@test "compiler: without BTF, build tries its ways in order, and installs what it compiled" {
	status_is before 3
	status_is build 0
	says build.out "1. debug-info"
	says build.out "2. headers"
	says build.out "3. object"
	says build.out "struct mount: is not declared in the kernel's headers"
	status_is path 0
	says path.out "/build/$RELEASE/proctrace.bpf.o"
	status_is again 0
	says again.out "needs no build"
}

@test "compiler: clang ran as a user that is nobody else, and without privileges" {
	cat compiler.user
	awk '$1 == "Uid:" && $2 >= 61184 && $2 <= 65519 && $2 == $3 && $2 == $4 { ok++ }
		$1 == "CapEff:" && $2 ~ /^0+$/ { ok++ }
		$1 == "NoNewPrivs:" && $2 == 1 { ok++ }
		END { exit ok != 3 }' compiler.user
}

@test "compiler: proctrace as it was compiled there: every event is right" {
	says run.err "(case 5)"
	says run.err "canary: "
	accounted run
}

@test "compiler: headers that declare all that is asked for: the CO-RE object tells what is so" {
	status_is execs-build 0
	says execs-build.out "fields agree with the kernel that runs"
	says execs.err "(case 4)"
	accounted execs 'select(.event == "exec") | { event, pid, ppid, uid, comm }'
}
