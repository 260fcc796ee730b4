#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# btfpack reduce: one kernel's BTF to what objects need.  That the answers are right is oracle.bats' matter.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR"
	object=$B/bpf/proctrace.bpf.o
	kernel_btf 6.1.0-54-cloud-amd64 >kernel.btf
}

@test "a reduced BTF is small, loads in libbpf, and says what became of it" {
	run "$BTFPACK" reduce -o out.btf kernel.btf "$object"
	[ "$status" -eq 0 ]
	[[ $output =~ [0-9]+' relocations ('[0-9]+' different, '[0-9]+' not resolved): 4114124 bytes to '[0-9]+ ]]
	[ "$(stat -c %s out.btf)" -lt 4000 ]
	bpftool btf dump file out.btf | grep -q "STRUCT 'task_struct'"
}

@test "the order of objects does not show" {
	"$BTFPACK" reduce -q -o ab.btf kernel.btf "$object" "$B/bpf/canary.bpf.o"
	"$BTFPACK" reduce -q -o ba.btf kernel.btf "$B/bpf/canary.bpf.o" "$object"
	cmp ab.btf ba.btf
}

@test "reducing what is reduced already changes nothing" {
	"$BTFPACK" reduce -q -o once.btf kernel.btf "$object"
	"$BTFPACK" reduce -q -o twice.btf once.btf "$object"
	cmp once.btf twice.btf
}

@test "a relocation that the kernel cannot resolve is named with its program" {
	run "$BTFPACK" reduce -o out.btf kernel.btf "$object"
	[[ $output == *"task_struct"*"not in this kernel"* ]]
}

@test "quiet prints nothing" {
	run "$BTFPACK" reduce -q -o out.btf kernel.btf "$object"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

# bad NAME EXIT TEXT: reducing with ./NAME as the kernel ends so and leaves no output
bad_kernel() {
	run "$BTFPACK" reduce -o out.btf "$1" "$object"
	[ "$status" -eq "$2" ] || { echo "status $status: $output"; return 1; }
	[[ $output == "btfpack: reduce: "*"$1"*"$3"* ]] || { echo "$output"; return 1; }
	[ ! -e out.btf ]
}

@test "bad kernel BTF: missing, empty, foreign, truncated, big-endian, a directory" {
	: >empty
	echo "this is no BTF at all, but long enough" >foreign
	head -c 100000 kernel.btf >truncated
	{ printf '\xeb\x9f'; tail -c +3 kernel.btf; } >swapped
	mkdir directory
	bad_kernel missing 6 "No such file"
	bad_kernel empty 5 "too few for a header"
	bad_kernel foreign 5 "does not start with the BTF magic"
	bad_kernel truncated 5 "lies outside"
	bad_kernel swapped 5 "big-endian"
	bad_kernel directory 6 "is a directory"
}

bad_object() {
	run "$BTFPACK" reduce -o out.btf kernel.btf "$1"
	[ "$status" -eq "$2" ] || { echo "status $status: $output"; return 1; }
	[[ $output == *"$1"*"$3"* ]] || { echo "$output"; return 1; }
	[ ! -e out.btf ]
}

@test "bad objects: missing, foreign, of another machine, truncated, a directory" {
	cp "$BTFPACK" program
	head -c 5000 "$object" >truncated.o
	mkdir directory
	bad_object missing.o 6 "No such file"
	bad_object kernel.btf 5 "not an ELF file"
	bad_object program 5 "not a BPF object"
	bad_object truncated.o 5 "cut off"
	bad_object directory 6 "is a directory"
}

@test "an object without BTF asks nothing, and so leaves nothing" {
	llvm-strip -g "$object" -o stripped.o
	llvm-objcopy --remove-section .BTF --remove-section .BTF.ext "$object" bare.o
	run "$BTFPACK" reduce -o out.btf kernel.btf bare.o
	[ "$status" -eq 0 ]
	[[ $output == *"0 relocations"* ]]
	[ "$(stat -c %s out.btf)" -eq 25 ]
}

@test "wrong usage exits 2 and shows how" {
	run "$BTFPACK" reduce kernel.btf "$object"
	[ "$status" -eq 2 ]
	[[ $output == *"Usage: btfpack reduce"* ]]
	run "$BTFPACK" nonsense
	[ "$status" -eq 2 ]
	[[ $output == *"nonsense: no such command"* ]]
}

@test "a full disk leaves the old output as it was" {
	echo old >out.btf
	run bash -c "ulimit -f 1; '$BTFPACK' reduce -q -o out.btf kernel.btf '$object'; exit \$?"
	[ "$status" -ne 0 ]
	[ "$(cat out.btf)" = old ]
}
