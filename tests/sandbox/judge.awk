# SPDX-License-Identifier: BSD-2-Clause
# Prints what came out otherwise than it must, a line each; nothing when all is well.
#
#     awk -v arch=ARCH [-v who=other] -f judge.awk outcomes RESULTS
#
# RESULTS: what probe printed; other: of who has no privilege, whom the system refuses some things
# anyway.

# 1: what is expected can be so on this kernel.
function applies(expected, parts) {
	return split(expected, parts, "@") < 2 || (host["landlock"] >= parts[2])
}

FNR == 1 { file++ }
file == 1 && NF >= 5 && $1 != "#" {
	try[$1]
	must[$1, "nothing"] = $2
	must[$1, "landlock"] = $3
	must[$1, "seccomp"] = $4
	must[$1, "all"] = $5
	if ($6 == "" || $6 == arch || (substr($6, 1, 1) == "!" && substr($6, 2) != arch)) here[$1]
}
file == 2 && $1 == "#" { host[$2] = $3; next }
file == 2 {
	if (!($1 in try)) print $1 ": is not in the list"
	seen[$1, $2]
	ways[$2]
	expected = must[$1, $2]
	if (!($1 in here) || expected == "" || expected == "-") next
	if ($1 ~ /^bpf-/ && $2 == "nothing" && !host["bpf"]) next
	if (($2 == "seccomp" || $2 == "all") && !host["seccomp"]) next
	if (!applies(expected)) next
	sub(/@.*/, "", expected)
	if (sub(/\?/, "", expected) && $3 != expected) cannot[$1]
	if ($1 in cannot || ($2 == "nothing" && who == "other")) next
	judged++
	if ($3 != expected) print $1 " with " $2 " given up: " $3 ", not " expected
}
END {
	for (name in here)
		for (way in ways)
			if (!((name, way) in seen)) print name " with " way " given up: was not tried"
	print judged + 0 " outcomes judged" >"/dev/stderr"
}
