#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Is what `check` says true?  For each object under each condition, the answer is compared with what
# an independent loader comes to that really loads and attaches.  Prints TAP, a line a case, and the
# table of outcomes.  `make truth` builds what it needs.
#
#     tests/truth/run.sh [CONDITION...]         only these conditions, and those they are judged by
#
# KEEP=FILE keeps all answers as JSON, JOBS=2 conditions are asked at the same time.
set -u
cd "$(dirname "$0")/../.." || exit 1
B=$(realpath "${B:-build}")
truth=$B/tests/truth
export B

skip() { echo "1..0 # SKIP $*"; exit 0; }
[ "$(id -u)" -eq 0 ] || skip "not root"
[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel exposes no BTF, so there is none to hide"
"$truth/load" "$truth/objects/raw_tp.bpf.o" 2>/dev/null | grep -q $'^together\tyes' ||
	skip "no BPF program can be loaded on this host"

# Other users write and look into it.
WORK=$(mktemp -d) || exit 1
export WORK
trap 'rm -rf "$WORK"' EXIT
chmod 777 "$WORK"
cp /sys/kernel/btf/vmlinux "$WORK/right.btf"
tar -xJOf tests/files/btf/debian/12/x86_64/6.1.0-54-cloud-amd64.btf.tar.xz >"$WORK/other.btf"
chmod 644 "$WORK"/*.btf

# An application with the BTF of this kernel, and with that of others only.
cp "$B/tests/bpf/runtime/covered.bpf.o" "$WORK"
printf '%s\n' '[app]' 'name = covered' 'version = 1' '[object]' 'path = covered.bpf.o' \
	>"$WORK/covered.ini"
chmod 644 "$WORK"/covered.*
mkdir -p "$WORK/here/this/1/$(uname -m)"
ln "$WORK/right.btf" "$WORK/here/this/1/$(uname -m)/$(uname -r).btf"
"$B/bin/btfpack" build -q -a "$WORK/here" -o "$WORK/packed_here.payload" "$WORK/covered.ini" &&
	"$B/bin/btfpack" build -q -a tests/files/btf -o "$WORK/packed_others.payload" \
		"$WORK/covered.ini" || exit 1
chmod 644 "$WORK"/*.payload

# Objects by what they depend on.  proctrace has dozens of programs, so it is asked about where
# those make a difference.
basic=(raw_tp tp kprobe fentry tp_btf xdp socket core core_missing ringbuf pointer without_btf
	packed_here packed_others)
places=(tp_syscall tp_absent tp_context uprobe perf_event iter execsnoop opensnoop)
own_btf=(kfunc ksym_typed_weak struct_ops helper_btf task_storage core_guarded core_dead
	core_subprogram core_enum core_type iter lsm fentry_absent canary runqslower execsnoop
	biolatency)
options=(kconfig kconfig_weak kconfig_missing)
symbols=(ksym ksym_weak ksym_missing ksym_data kprobe_multi ksyscall)
capable=(licence_fair cgroup_skb cgroup_connect sk_lookup syscall tc sockops flow_dissector
	perf_event maps iter perf_buffer tail_call)

path_of() { # NAME
	local path
	for path in "$truth"/{objects,tools}/"$1.bpf.o" "$B/bpf/$1.bpf.o" "$WORK/$1.payload"; do
		[ ! -f "$path" ] || { echo "$path"; return; }
	done
	echo "# no object $1 here" >&2
}

paths_of() { # NAME..., or all
	local name
	if [ "$1" = all ]; then
		printf '%s\n' "$truth"/{objects,tools}/*.bpf.o "$B"/bpf/*.bpf.o "$WORK"/*.payload
	else
		for name in $(printf '%s\n' "$@" | sort -u); do path_of "$name"; done
	fi
}

# Asks under one condition.  KIND: a `policy` keeps from what the same host does without it
# (condition root); a `place` is as it is; and `btf:OTHER` is one without BTF, where OTHER tells
# what having it would help.  NAMES is a regular expression: what must be named where it stands
# between.
ask() { # CONDITION KIND NAMES BTF OBJECT...
	local condition=$1 kind=$2 names=$3 btf=$4 objects
	shift 4
	[ "$btf" = - ] || btf=$WORK/$btf.btf
	readarray -t objects < <(paths_of "$@")
	tests/truth/condition.sh "$condition" tests/truth/ask.sh "$btf" "${objects[@]}" \
		>"$WORK/$condition.answers" 2>"$WORK/$condition.log" ||
		echo "exit status $?" >>"$WORK/$condition.log"
	sed "s/^/# $condition: /" "$WORK/$condition.log" | head -n 5
	[ "$(wc -l <"$WORK/$condition.answers")" -eq ${#objects[@]} ] || touch "$WORK/incomplete"
	jq -c --arg condition "$condition" --arg kind "$kind" --arg names "$names" '. + {
		condition: $condition, kind: $kind, names: $names, reference: "root",
		with_btf: ($kind | ltrimstr("btf:")) }' \
		"$WORK/$condition.answers" >"$WORK/$condition.case"
}

only=("$@")
condition() { # as ask
	case " ${only[*]} root no-btf-given no-sys-given " in
	*" $1 "*) ;;
	*) [ ${#only[@]} -eq 0 ] || return 0 ;;
	esac
	while [ "$(jobs -rp | wc -l)" -ge "${JOBS:-2}" ]; do wait -n; done
	ask "$@" &
}

module='security module|LSM|polic'
condition root place "$module" - all
condition no-tracefs place "$module" - "${basic[@]}" "${places[@]}"
condition debugfs place "$module" - "${basic[@]}" "${places[@]}"
condition securityfs place "$module" - "${basic[@]}" lsm
condition container place "$module" - "${basic[@]}" "${places[@]}" "${options[@]}"
condition no-memlock place "$module" - "${basic[@]}" maps perf_buffer
condition no-ringbuf place "$module" - "${basic[@]}" perf_buffer ten
condition no-btf-given place "$module" right "${basic[@]}" "${own_btf[@]}" "${places[@]}" \
	perf_buffer "${options[@]}"
condition no-btf btf:no-btf-given "$module" - "${basic[@]}" "${own_btf[@]}" "${options[@]}"
condition damaged-btf btf:no-btf-given "$module" - "${basic[@]}" "${own_btf[@]}"
condition no-sys-given place "$module" right "${basic[@]}" "${places[@]}" perf_buffer
condition no-sys btf:no-sys-given "$module" - "${basic[@]}" "${places[@]}" perf_buffer
condition btf-right place "$module" right "${own_btf[@]}" fentry
condition btf-other place "$module" other "${own_btf[@]}" fentry proctrace packed_here
condition no-config place "$module" - "${basic[@]}" "${options[@]}"
condition no-kallsyms place "$module" - "${basic[@]}" "${symbols[@]}"
condition no-proc place "$module" - "${basic[@]}" "${options[@]}" "${symbols[@]}"
condition no-caps policy 'capabilit|CAP_' - "${basic[@]}" "${capable[@]}"
condition nobody policy 'capabilit|CAP_|root' - "${basic[@]}"
condition only-bpf policy 'PERFMON|NET_ADMIN' - "${basic[@]}" "${capable[@]}"
condition bpf-net policy 'PERFMON' - xdp socket raw_tp "${capable[@]}"
condition bpf-perfmon policy 'NET_ADMIN|SYSLOG' - "${basic[@]}" "${capable[@]}" "${symbols[@]}"
condition bpf-perfmon-nobody policy 'NET_ADMIN|DAC_READ_SEARCH|tracefs|SYS_ADMIN' - "${basic[@]}" \
	"${capable[@]}" "${places[@]}"
condition bpf-perfmon-dac-nobody policy 'NET_ADMIN|SYS_ADMIN' - "${basic[@]}" "${places[@]}"
condition only-sys-admin policy 'CAP_' - "${capable[@]}"
condition user-namespace policy 'user namespace' - "${basic[@]}"
condition no-bpf-eperm policy 'seccomp' - "${basic[@]}"
condition no-bpf-enosys policy 'seccomp' - "${basic[@]}"
condition no-raw-tp-eperm policy "seccomp|$module" - "${basic[@]}"
condition no-perf-eperm policy 'seccomp|perf_event_open' - "${basic[@]}" "${places[@]}"
condition no-perf-enosys policy 'seccomp|perf_event_open' - "${basic[@]}" "${places[@]}"
wait

jq -s --arg modules "$module" -f tests/truth/judge.jq "$WORK"/*.case >"$WORK/findings" || exit 1
[ -z "${KEEP:-}" ] || cp "$WORK/findings" "$KEEP"
few=$([ ${#only[@]} -eq 0 ] && echo false || echo true)
jq -r --argjson few "$few" -f tests/truth/report.jq "$WORK/findings" >"$WORK/report" || exit 1
cat "$WORK/report"
[ ! -e "$WORK/incomplete" ] || { echo "# answers are missing"; exit 1; }
! grep -q '^not ok' "$WORK/report"
