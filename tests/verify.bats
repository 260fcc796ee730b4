#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# A reduction that is wrong is an error and never a file.  btfpack-broken is btfpack with a mistake
# in what it writes: the last member of one struct stands a byte further on.

load helpers

broken=$B/tests/oracle/btfpack-broken

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p one/debian/12/x86_64
	kernel_btf 6.1.0-54-cloud-amd64 >one/debian/12/x86_64/6.1.0-54-cloud-amd64.btf
}

names_all() { # in $output: kernel, object, program and field, and that it is no input's fault
	[[ $output == *6.1.0-54-cloud-amd64.btf* ]]
	[[ $output == *proctrace.bpf.o*"program "* ]]
	[[ $output == *"struct "*.*"(byte offset)"* ]]
	[[ $output == *"would answer differently"* ]]
	[[ $output != *damaged* ]]
}

@test "build names kernel, object, program and field, and writes nothing" {
	run "$broken" build -a one -o out.payload "$B/bpf/proctrace.ini"
	[ "$status" -ne 0 ]
	names_all
	[ ! -e out.payload ]
	# It is no damaged input that could be left out.
	run "$broken" build --keep-going -a one -o out.payload "$B/bpf/proctrace.ini"
	[ "$status" -ne 0 ]
	names_all
	[ ! -e out.payload ]
}

@test "reduce does, too" {
	run "$broken" reduce -o out.btf one/debian/12/x86_64/6.1.0-54-cloud-amd64.btf \
		"$B/bpf/proctrace.bpf.o"
	[ "$status" -ne 0 ]
	names_all
	[ ! -e out.btf ]
}

@test "libbpf agrees that it is wrong" {
	"$broken" build --no-verify -q -a one -o out.payload "$B/bpf/proctrace.ini"
	"$BTFPACK" extract -o x out.payload
	run "$B/tests/oracle/oracle" "$B/bpf/proctrace.bpf.o" \
		one/debian/12/x86_64/6.1.0-54-cloud-amd64.btf "$(find x -name '6.1.0-54-cloud-amd64*.btf')"
	[ "$status" -eq 1 ]
	[[ $output == *"cgroup"*"differences" ]]
}
