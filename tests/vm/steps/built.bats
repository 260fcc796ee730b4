#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge

@test "built: without what was built, the kernel is not served: exit 3, and build is named" {
	status_is unserved 3
	says unserved.err "build"
}

@test "built: BTF out of this kernel's headers: the CO-RE object tells what is so" {
	status_is headers-install 0
	says headers-install.out "BTF that was made here (headers)"
	says headers.err "(case 4)"
	says headers.err "canary: "
	accounted headers 'select(.event == "exec") | { event, pid, ppid, uid, comm }'
	status_is headers-status 0
	says headers-status.out "built: "
}

@test "built: the next install keeps what was built" {
	status_is headers-again 0
	says headers-again.out "already installed"
	status_is headers-uninstall 0
}
