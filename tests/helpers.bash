# SPDX-License-Identifier: BSD-2-Clause
# What every bats file shares: where the programs and the fixtures are.  `load helpers`.

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
B=${B:-$repo/build}
[[ $B = /* ]] || B=$repo/$B
BTFPACK=$B/bin/btfpack
BTFERRY=$B/bin/btferry
BTFERRY_STATIC=$B/bin/btferry-static
files=$repo/tests/files
archive=$files/btf # four real kernels in BTFHub's layout
export BTFPACK BTFERRY BTFERRY_STATIC

# Unpacks a fixture kernel's BTF: kernel_btf 6.1.0-54-cloud-amd64 >FILE
kernel_btf() {
	local found
	found=$(find "$archive" -name "$1.btf.tar.xz" -print -quit)
	[ -n "$found" ] || { echo "no fixture for kernel $1" >&2; return 1; }
	tar -xJOf "$found"
}

# Runs a command in a mount namespace in which the kernel exposes no BTF.
without_btf() {
	local empty status=0
	empty=$(mktemp -d)
	unshare -m sh -c 'mount --bind "$0" /sys/kernel/btf && exec "$@"' "$empty" "$@" || status=$?
	rmdir "$empty"
	return $status
}

# Types, values and names of a document are those of the schema, no more and no less.
# docs/schema/check.json, or another one of that folder.
matches_schema() { # DOCUMENT [SCHEMA]
	jq -e --slurpfile schema "$repo/docs/schema/${2:-check.json}" \
		--slurpfile facts "$repo/docs/schema/facts.json" \
		--slurpfile plan "$repo/docs/schema/plan.json" \
		--slurpfile install "$repo/docs/schema/install.json" \
		--slurpfile instructions "$repo/docs/schema/instructions.json" '
		def follow($defs): if type == "object" and has("$ref") then
			if (.["$ref"] | startswith("plan.json#/$defs/")) then
				$plan[0]["$defs"][.["$ref"] | ltrimstr("plan.json#/$defs/")] +
					{ "$defs": $plan[0]["$defs"] }
			elif .["$ref"] == "facts.json" then $facts[0]
			elif .["$ref"] == "plan.json" then $plan[0]
			elif .["$ref"] == "install.json" then $install[0]
			elif .["$ref"] == "instructions.json" then $instructions[0]
			else $defs[.["$ref"] | ltrimstr("#/$defs/")] end else . end;
		def fits($s; $defs): . as $value | ($s | follow($defs)) as $s |
			(if ($s | has("$defs")) then $s["$defs"] else $defs end) as $defs |
			if ($s | has("oneOf")) then any($s.oneOf[]; . as $one | $value | fits($one; $defs))
			elif $s | has("const") then $value == $s.const
			elif $s | has("enum") then any($s.enum[]; . == $value)
			else
				([$s.type] | flatten | any(. as $type | $value | type as $have |
					$have == $type or ($type == "integer" and $have == "number")))
				and if ($value | type) == "object" then
					($s.additionalProperties != false or
						[$value | keys[]] - [$s.properties | keys[]] == [])
					and (($s.required // []) - [$value | keys[]] == [])
					and all($value | to_entries[]; . as $e | $e.value |
						fits($s.properties[$e.key] // $s.additionalProperties; $defs))
				elif ($value | type) == "array" then
					all($value[]; fits($s.items; $defs))
				else true end
			end;
		fits($schema[0]; {})' "$1" >/dev/null
}
