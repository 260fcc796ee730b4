#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge

# check, for people and for programs, and run: one exit code, one verdict, one row of the decision.
decided() { # NAME STATUS VERDICT ROW
	status_is "$1-check" "$2"
	status_is "$1-json" "$2"
	status_is "$1" "$2"
	matches_schema "$1-json.out"
	[ "$(jq -r '"\(.verdict) \(.exit) \(.plan.row)"' "$1-json.out")" = "$3 $2 $4" ]
}

# ... and it ran, by the row.
ran() { # NAME ROW
	decided "$1" 0 will_run "$2"
	says "$1.err" "(case $2)"
}

# The execs of the load, as an object without the whole truth tells them.
execs='select(.event == "exec") | { event, pid, ppid, uid, comm }'

@test "cases: 0: an object without relocations loads without BTF, and what it tells is true" {
	ran 0 0
	accounted 0 'select(.event == "exec") | { event, pid, uid, comm }'
}

@test "cases: 1: a given object with a given BTF: options, which go before the environment" {
	ran 1 1
	accounted 1 "$execs"
	says 1.err "canary: "
}

@test "cases: 1: a given object with a given BTF: the environment" {
	ran 1-environment 1
	accounted 1-environment
}

@test "cases: 2a: a given object, with the stored BTF, which covers it" {
	ran 2a 2a
	accounted 2a "$execs"
}

@test "cases: 2b: a given object that no stored BTF covers needs a build" {
	decided 2b 3 needs_build 2b
	for said in 2b.err 2b-check.out; do
		says $said "no stored BTF covers"
		says $said "BTFERRY_BTF_FILE=FILE"
		says $said "btfpack build"
	done
}

@test "cases: 2c: a given object without relocations is taken as built for this kernel" {
	status_is 2c-install 0
	ran 2c 2c
	says 2c.err "program with_btf is replaced by without_btf: fentry"
	accounted 2c 'select(.event == "exit") | { event, pid, comm }'
}

@test "cases: 2c: a program that needs the kernel's own BTF, and has no alternative: a clear no" {
	decided fentry 1 will_not_run 2c
	for said in fentry.err fentry-check.out; do
		says $said "Program with_btf needs the kernel's own BTF (fentry)"
		says $said "alternative"
	done
}

@test "cases: 3: the installed object with a given BTF" {
	ran 3 3
	accounted 3
}

@test "cases: 4: the installed object with the installed BTF" {
	status_is install 0
	ran 4 4
	accounted 4
}

@test "cases: 5: neither object nor BTF: instructions, and nothing is written" {
	decided 5 3 needs_build 5
	status_is 5-install 3
	[ ! -s 5-written ]
	for said in 5.err 5-check.out 5-install.err; do
		says $said "none is stored for $ARCH $RELEASE"
		says $said "btfpack import"
		says $said "BTFERRY_BTF_FILE=FILE"
		says $said "BTFERRY_BPF_FILE=FILE"
	done
	status_is 5-uninstalled 1
	says 5-uninstalled.err "nothing is installed: run \`proctrace install\` first"
}

# refused NAME STATUS FILE: all three say it, with the file's name.
refused() {
	status_is "$1-check" "$2"
	status_is "$1-json" "$2"
	status_is "$1" "$2"
	says "$1-check.err" "check: $3"
	says "$1.err" "run: $3"
	[ ! -s "$1.out" ]
}

@test "cases: a named file that is missing or damaged is an error, whatever is installed" {
	refused btf-missing 6 nowhere.btf
	refused btf-text 5 text
	refused btf-cut 5 cut.btf
	refused object-missing 6 nowhere.bpf.o
	refused object-cut 5 cut.bpf.o
	refused environment-missing 6 nowhere
}
