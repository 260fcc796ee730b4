#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge

# What each object needs, as check has it.
needs=(fentry:fentry tp_btf:tp_btf lsm:lsm iter:iter "struct_ops:a struct_ops map: subject"
	"ksym_typed:typed kernel variables (ksyms): runqueues"
	"ksym_typed_weak:typed kernel variables (ksyms): no_such_variable"
	"kfunc:kernel functions (kfuncs): bpf_task_acquire"
	"kfunc_weak:kernel functions (kfuncs): bpf_no_such_kernel_function"
	"helper_btf:helper bpf_get_current_task_btf" "task_storage:tp_btf"
	"snprintf_btf:helper bpf_snprintf_btf")

@test "own-btf: check names what needs it before anything runs, and why it cannot be had" {
	local entry name
	for entry in "${needs[@]}"; do
		name=${entry%%:*}
		status_is "$name-check" 1
		matches_schema "$name-check.out"
		[ "$(jq -r .class "$name-check.out")" = MISSING_BTF ]
		says "$name-check.out" "this kernel exposes no BTF"
		says "$name-check.out" "needs the kernel's own BTF (${entry#*:}"
		says "$name-check.out" "CONFIG_DEBUG_INFO_BTF=y"
	done
	[ ${#needs[@]} -eq "$(ls ./*-check.out | wc -l)" ]
}

@test "own-btf: run does not load it either, and says the same" {
	local entry name
	for entry in "${needs[@]}"; do
		name=${entry%%:*}
		status_is "$name-run" 1
		says "$name-run.err" "needs the kernel's own BTF (${entry#*:}"
		says "$name-run.err" "this kernel exposes no BTF"
	done
}

# Where libbpf stops, or the verifier.
@test "own-btf: libbpf really cannot load it, with the BTF that is installed" {
	local entry name
	for entry in "${needs[@]}"; do
		name=${entry%%:*}
		[ "$name" != snprintf_btf ] || continue
		status_is "$name-load" 0
		[ "$(awk -F '\t' '$1 == "together" { print $2 }' "$name-load.out")" = no ]
		grep -qE 'failed to find valid kernel BTF|btf_vmlinux is malformed' "$name-load.err" || {
			cat "$name-load.err"
			false
		}
	done
}

@test "own-btf: bpf_snprintf_btf() loads there, and fails each time that it is called" {
	status_is snprintf_btf-load 0
	[ "$(awk -F '\t' '$1 == "together" { print $2 }' snprintf_btf-load.out)" = yes ]
	status_is called 0
	[ "$(grep -c '^record events ' called.events)" -ge "$(grep -c '"event":"exec"' called.truth)" ]
	# The results are negative numbers of 64 bits, little-endian; the kernel adds padding.
	! grep -vE '^record events [0-9a-f]{14}f' called.events
}

@test "own-btf: an application that has no way out is refused, and the ways are named" {
	status_is helpless 1
	says helpless.out "Program fork_fentry needs the kernel's own BTF (fentry)"
	says helpless.out "this kernel exposes no BTF"
	says helpless.out "in section [program fork_fentry] of the manifest"
}
