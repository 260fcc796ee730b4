# SPDX-License-Identifier: BSD-2-Clause
# for: kernels without BTF
#
# Each row of docs/decision.md, by what is named and what is installed: what check says of it, for
# people and for programs, and what run does.
objects=/kit/objects
acts=4

asked() { # NAME COMMAND-AND-OPTIONS...
	asked_name=$1
	shift
	record "$asked_name-check" "$app" check "$@"
	record "$asked_name-json" "$app" check --json "$@"
}

runs() { # NAME OPTION...
	asked "$@"
	runs_name=$1
	shift
	trace "$runs_name" "$app" run "$@"
}

# Should it run nevertheless, it ends.
stops() { # NAME OPTION...
	asked "$@"
	stops_name=$1
	shift
	record "$stops_name" "$app" run --duration 1 "$@"
}

record install "$app" install
runs 0 --object $objects/told_plain.bpf.o
(
	export BTFERRY_BPF_FILE=nowhere.bpf.o BTFERRY_BTF_FILE=nowhere.btf
	runs 1 --object $objects/told_uncovered.bpf.o --btf /kit/own.btf
)
(
	export BTFERRY_BPF_FILE=$objects/proctrace.bpf.o BTFERRY_BTF_FILE=/kit/own.btf
	runs 1-environment
)
runs 2a --object $objects/told_covered.bpf.o
stops 2b --object $objects/told_uncovered.bpf.o
runs 3 --btf /kit/own.btf
runs 4

# A program that needs the kernel's own BTF, without an alternative in the manifest and with one.
stops fentry --object $objects/told_fentry.bpf.o
told() { exec /kit/proctrace.run --payload /kit/told.payload "$@"; }
app=told
record 2c-install "$app" install
runs 2c --object $objects/told_fentry.bpf.o
app=/kit/proctrace.run

# What is named is used or refused, and never passed over for what is installed.
echo "no BTF" >text
head -c 100000 /kit/own.btf >cut.btf
head -c 3000 $objects/told_plain.bpf.o >cut.bpf.o
stops btf-missing --btf nowhere.btf
stops btf-text --btf text
stops btf-cut --btf cut.btf
stops object-missing --object nowhere.bpf.o
stops object-cut --object cut.bpf.o
(
	export BTFERRY_BPF_FILE=nowhere.bpf.o BTFERRY_BTF_FILE=nowhere.btf
	stops environment-missing
)

# A payload of other kernels alone: nothing is written.
record uninstall "$app" uninstall
app=/kit/elsewhere.run
asked 5
touch before
record 5-install "$app" install
find / -xdev -path /out -prune -o -newer before -print >5-written
record 5-uninstalled "$app" run --duration 1
# Where it is installed for others: what run says.
app=/kit/proctrace.run
record 5-install-first "$app" install
record 5-hook "$app" kernel-hook remove "$release"
record 5 "$app" run --duration 1
