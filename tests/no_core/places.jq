# SPDX-License-Identifier: BSD-2-Clause
# From a BTF (`bpftool btf dump -j`): C that compiles where each member of each struct is at the
# same place.  Members of nameless members count as the struct's own.
(.types | map({ key: (.id | tostring), value: . }) | from_entries) as $types |

def members($from): .members[] | (.bits_offset + $from) as $at |
	if .name == "(anon)" or .name == "" then $types[.type_id | tostring] | members($at)
	else { name, at: $at } end;

.types[] | select(.kind == "STRUCT" and .name != "(anon)" and .name != "") | .name as $struct |
	members(0) |
	"_Static_assert(__builtin_offsetof(struct \($struct), \(.name)) * 8 == \(.at), " +
	"\"struct \($struct): \(.name)\");"
