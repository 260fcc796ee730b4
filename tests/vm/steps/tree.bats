#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge

@test "tree: BTF out of the whole source tree serves a kernel that nothing else does" {
	status_is unserved 3
	status_is install 0
	says install.out "BTF that was made here (headers)"
	status_is status 0
	says status.out "built: "
	status_is btf 0
	status_is uninstall 0
}

@test "tree: the canary finds every field where it is, and the CO-RE object tells what is so" {
	says run.err "(case 4)"
	says run.err "canary: 15 of 15"
	accounted run
}

@test "tree: the object that was compiled against the same tree tells what is so" {
	status_is object-install 0
	says object.err "(case 5)"
	says object.err "canary: 15 of 15"
	accounted object
}
