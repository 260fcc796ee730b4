# SPDX-License-Identifier: BSD-2-Clause
# What the judges of the steps share.  `load ../judge`; matrix.sh sets RECORD (the folder that the
# step filled), KERNEL, ARCH, RELEASE, EXPOSES_BTF (yes or no) and KIT.

bats_require_minimum_version 1.5.0
load ../../helpers

setup() { cd "$RECORD" || return; }

# A recorded command's exit status; shows what it said when it is another one.
status_is() { # NAME STATUS
	[ "$(cat "$1.status")" = "$2" ] && return
	echo "$1: exit status $(cat "$1.status"), not $2"
	tail -qn 30 "$1.out" "$1.err" 2>/dev/null
	return 1
}

says() { # FILE TEXT
	grep -qF -- "$2" "$1" && return
	echo "$1 does not say: $2"
	cat "$1"
	return 1
}

# Prints in what the events differ from what the load did, as account.jq says.  FILTER makes of the
# truth what the object knows of it.
differences() { # NAME [FILTER]
	jq -c "${2:-.}" "$1.truth" >"$1.known"
	[ -s "$1.known" ]
	jq -rn --slurpfile truth "$1.known" --slurpfile events "$1.events" \
		-f "$BATS_TEST_DIRNAME/../account.jq"
}

# Every thing that the load did is one event with the right members, and nothing was lost.
accounted() { # NAME [FILTER]
	status_is "$1" 0
	[ "$(cat "$1.load-status")" = 0 ]
	says "$1.err" ", 0 lost"
	differences "$@" >"$1.differences"
	cat "$1.differences"
	[ ! -s "$1.differences" ]
}
