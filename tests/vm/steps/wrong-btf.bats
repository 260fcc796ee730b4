#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge

# Which kernels they are of: "near: RELEASE" was named, "far: RELEASE" was packed, and
# "foreign: RELEASE" is of another architecture.
setup_file() { sed 's/^/# wrong BTF /' "$KIT/wrong.names" >&3; }

differs="is not this kernel's: [a-z_]+\.[a-z_]+ reads .+, and is .+"

# A field, what was read and what it is; and nothing of the application was even opened.
stopped() { # NAME
	status_is "$1" 1
	grep -Eq "canary: the BTF in use $differs" "$1.err"
	! grep -q 'is running' "$1.err" || return 1
	[ ! -s "$1.out" ]
}

opened_the_canary_alone() { # NAME
	[ "$(grep -c "libbpf: loading object '\?canary" "$1.err")" -eq 1 ]
	[ "$(grep -c "libbpf: loading object" "$1.err")" -eq 1 ]
}

# check for programs: the field, what to do, and no program was tried.
refused() { # DOCUMENT
	matches_schema "$1"
	jq -e '.verdict == "will_not_run" and .exit == 1 and .class == "MISSING_BTF" and
		.canary.outcome == "mismatch" and .trial.outcome == "not_known" and
		any(.canary.mismatched[]; .field == "task_struct.pid" and .read != .expected) and
		(.remedy | contains("BTF of this very")) and
		all(.programs[].levels.loads; .answer != "yes")' "$1"
}

# Wrong values, or none: what the canary was for.  comm is what a helper says, and right.
goes_wrong() { # NAME
	# The kernel may notice: a program that reads behind the end of a tracepoint's record is not
	# let in (EACCES, so exit 4).
	if [ "$(cat "$1.status")" != 0 ]; then
		echo "# $1: refused: $(grep -m 1 "run: proctrace" "$1.err")" >&3
		[ "$(cat "$1.status")" = 4 ] || status_is "$1" 1
		return
	fi
	says "$1.err" "canary: left out"
	differences "$1" >"$1.differences"
	[ -s "$1.differences" ]
	jq -rn --slurpfile truth "$1.truth" --slurpfile events "$1.events" '
		$truth[] | select(.event == "exec") as { $comm, $pid } |
		[$events[] | select(.event == "exec" and .comm == $comm and .pid != $pid)][0] // empty |
		"the exec of \($comm) was by \($pid), and is told of \(.pid)"' >wrong
	[ -s wrong ]
	echo "# $1: $(wc -l <"$1.differences") differences from what was done; $(head -n 1 wrong)" >&3
}

@test "wrong-btf: named: check and run stop, and name the field" {
	stopped named
	opened_the_canary_alone named
	says named.err "Name the BTF of this very kernel ($RELEASE), or none: /kit/wrong.btf is another"
	status_is named-check 1
	grep -Eq "^The BTF in use $differs" named-check.out
	says named-check.out "Next: Name the BTF of this very kernel ($RELEASE)"
	stopped environment
	status_is environment-check 1
	refused environment-check.out
}

@test "wrong-btf: packed as this kernel's: check and run stop, and name the field" {
	status_is packed-check 1
	grep -Eq "^The BTF in use $differs" packed-check.out
	says packed-check.out "Next: Pack the BTF of this very build of $RELEASE"
	status_is packed-check-json 1
	refused packed-check-json.out
	status_is packed-install 0
	stopped packed
	opened_the_canary_alone packed
	says packed.err "Pack the BTF of this very build of $RELEASE"
}

@test "wrong-btf: without the canary, wrong values come out" {
	goes_wrong named-unasked
	goes_wrong packed-unasked
}

@test "wrong-btf: of another architecture, it is refused whether the canary is asked or not" {
	local name
	for name in foreign foreign-check; do
		status_is $name 2
		grep -Eq "/kit/foreign.btf: is the BTF of a kernel for (arm64|x86_64), and .* for $ARCH" \
			$name.err
		[ ! -s $name.out ]
	done
}
