#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# BTF that is made of kernels' headers, held against the BTF of these very kernels: every relocation
# of 54 objects that it claims to answer has the kernel's own answer.  `make layouts ARCHIVE=DIR`
# does the same for every kernel of an archive.

bats_require_minimum_version 1.5.0
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# Kernels of the VM tests, for which Debian has headers.
agrees() { # KERNEL
	local kernel release
	kernel=$("$repo/tests/vm/kernels.sh" get "$1" 2>why) || { cat why; false; }
	release=$(cat "$kernel/release")
	"$repo/tests/headers.sh" get "$release" >headers 2>why || { cat why; false; }
	mkdir -p "archive/vm/$(cat "$kernel/arch")"
	cp "$kernel/btf" "archive/vm/$(cat "$kernel/arch")/$release.btf"
	run -0 "$repo/tests/builder/layouts.sh" archive
	echo "$output"
	[[ $output =~ "$release: "([0-9]+)" questions, "([0-9]+)" known, 0 wrong" ]]
	# Nearly all: what is left is private to the kernel's .c files.
	[ "${BASH_REMATCH[1]}" -gt 250 ]
	[ $((BASH_REMATCH[1] - BASH_REMATCH[2])) -lt 20 ]
}

@test "5.10" { agrees 5.10-cloud; }
@test "5.10, i386" { agrees 5.10-686; }
@test "6.1, arm64" { agrees 6.1-arm64; }
@test "6.12" { agrees 6.12-cloud; }
@test "7.x" { agrees 7-cloud; }

@test "headers of one kernel against the BTF of another: what differs is found" {
	local one other
	one=$("$repo/tests/vm/kernels.sh" get 5.10-cloud 2>why) || { cat why; false; }
	other=$("$repo/tests/vm/kernels.sh" get 6.1-cloud 2>why) || { cat why; false; }
	headers=$("$repo/tests/headers.sh" get "$(cat "$one/release")" 2>why) || { cat why; false; }
	run -1 "$B/tests/builder/layouts" "$other/btf" "$(cat "$one/release")" x86_64 "$headers" \
		"$B/bpf/proctrace.bpf.o"
	[[ $output = *"wrong: struct task_struct."* ]]
}
