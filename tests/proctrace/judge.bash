# SPDX-License-Identifier: BSD-2-Clause
# Whether what proctrace saw of acts is what they did.  In the current folder lie all.events, acts
# (lines "NAME PID STATUS"), truth/NAME and said/NAME: what each act printed.
# shellcheck disable=SC2154 # repo is of helpers.bash

# What the act did is what was seen, and it raised what it says, and nothing else.
judge() { # NAME...
	local name status wrong=0
	[ -e acted ] ||
		jq -cn --rawfile acts acts -f "$repo/tests/proctrace/of_acts.jq" all.events >acted
	for name; do
		status=$(awk -v name="$name" '$1 == name { print $3 }' acts)
		jq -c "select(.act == \"$name\")" acted >"$name.seen"
		case $status in
		0) ;;
		# What was done before is judged.
		77) echo "# (skipped: $name: $(cat "said/$name"))" >&3 ;;
		*) wrong=1; echo "$name: status $status"; cat "said/$name" ;;
		esac
		[ -s "$name.seen" ] || { wrong=1; echo "$name: no event at all"; }
		jq -rn --slurpfile truth "truth/$name" --slurpfile events "$name.seen" \
			-f "$repo/tests/proctrace/judge.jq" >"$name.differences"
		[ ! -s "$name.differences" ] || { wrong=1; sed "s/^/$name: /" "$name.differences"; }
	done
	return $wrong
}

# Alerts that an act says it raises.
raises() { # NAME SIGNATURE
	jq -es --arg signature "$2" 'any(.event == "alert" and .signature == $signature)' \
		"truth/$1" >/dev/null
}
