#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# btfpack reduce: one kernel's BTF to what objects need.  oracle.bats judges the answers.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR"
	object=$B/bpf/proctrace.bpf.o
	kernel_btf 6.1.0-54-cloud-amd64 >kernel.btf
}

@test "a reduced BTF is small, loads in libbpf, and says what became of it" {
	run "$BTFPACK" reduce -o out.btf kernel.btf "$object"
	[ "$status" -eq 0 ]
	[[ $output =~ [0-9]+' relocations ('[0-9]+' different, '[0-9]+' not resolved)' ]]
	[[ $output =~ ': 4114124 bytes to '[0-9]+ ]]
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

@test "the kernel's own type ids are named: no reduced BTF can make them right" {
	run "$BTFPACK" reduce -o out.btf kernel.btf "$B/tests/bpf/kinds.bpf.o"
	[ "$status" -eq 0 ]
	grep -q 'task_struct (kernel type id), used in .*no shipped BTF can make it right' \
		<<<"$output"
	# What the kernel does not have is absent in the reduced BTF, too, and right.
	[ "$(grep -c 'not_in_any_kernel_t (kernel type id).*no shipped' <<<"$output")" -eq 0 ]
	run "$BTFPACK" reduce -o out.btf kernel.btf "$object"
	[[ $output != *"no shipped BTF"* ]]
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
	bad_kernel directory 5 "is a directory"
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
	bad_object directory 5 "is a directory"
}

@test "an object without BTF is refused, and the way out named" {
	llvm-objcopy --remove-section .BTF --remove-section .BTF.ext "$object" bare.o
	run "$BTFPACK" reduce -o out.btf kernel.btf bare.o
	[ "$status" -eq 5 ]
	[[ $output == "btfpack: reduce: bare.o: has no .BTF"*"clang -g"* ]]
	[ ! -e out.btf ]
}

@test "an object with BTF and without relocations asks nothing, and so leaves nothing" {
	llvm-objcopy --remove-section .BTF.ext "$object" plain.o
	run "$BTFPACK" reduce -o out.btf kernel.btf plain.o
	[ "$status" -eq 0 ]
	[[ $output == *"0 relocations"* ]]
	[ "$(stat -c %s out.btf)" -eq 25 ]
}

@test "only a file is replaced by the output: no device, no link" {
	ln -s target link
	for place in link /dev/null .; do
		run "$BTFPACK" reduce -o "$place" kernel.btf "$object"
		[ "$status" -ne 0 ]
		[[ $output == *"$place: is there already"* ]]
	done
	[ -c /dev/null ]
	[ -L link ]
	[ ! -e target ]
	run "$BTFPACK" reduce -o '' kernel.btf "$object"
	[ "$status" -eq 2 ]
}

@test "a FIFO as input is refused, not waited for" {
	mkfifo fifo
	run timeout 10 "$BTFPACK" reduce -o out.btf fifo "$object"
	[ "$status" -eq 5 ]
	[[ $output == *"fifo: is not a regular file"* ]]
}

@test "the umask decides who may read the output" {
	(umask 077 && "$BTFPACK" reduce -q -o private.btf kernel.btf "$object")
	(umask 022 && "$BTFPACK" reduce -q -o public.btf kernel.btf "$object")
	[ "$(stat -c %a private.btf)" = 600 ]
	[ "$(stat -c %a public.btf)" = 644 ]
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
