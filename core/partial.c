/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "core/partial.h"
#include "core/question.h"

size_t partial_root_count(const struct reloset *set)
{
	return set->group_count;
}

struct partial_root partial_root(const struct reloset *set, size_t i)
{
	const struct group *group = &set->groups[i];

	return (struct partial_root){ group->name, group->name_length, group->kind };
}

/* A typedef is as whole as what it names; an enum without enumerators is declared only. */
static bool is_whole(const struct btf_view *view, uint32_t id)
{
	struct btf_info type = btf_view_type(view, btf_view_skip(view, id));

	return type.kind != BTF_KIND_FWD && (!btf_kind_is_enum(type.kind) || type.vlen > 0);
}

bool partial_has_root(const struct reloset *set, size_t i, const struct btf_view *partial)
{
	const struct group *group = &set->groups[i];
	uint32_t id;

	for (id = 1; id < partial->type_count; id++) {
		struct btf_info type = btf_view_type(partial, id);
		const char *name = btf_view_string(partial, type.name_off);

		if (kinds_compatible(type.kind, group->kind) && is_whole(partial, id) &&
		    strlen(name) == group->name_length &&
		    memcmp(name, group->name, group->name_length) == 0)
			return true;
	}
	return false;
}

/*
 * "Types match" compares what pointers lead to as well, and that may be declared only; so may be
 * what makes an answer ambiguous.
 */
static bool counts(const struct question *question, uint8_t state, bool has_root)
{
	if (state == ANSWERED || question->local_error)
		return true;
	return has_root && state != ANSWERED_ERROR && question->spec.kind != BPF_CORE_TYPE_MATCHES;
}

size_t partial_known(const struct reloset *set, const struct btf_view *partial,
		     const struct answers *answers, bool *known)
{
	size_t i, column, unknown = 0;

	for (i = 0; i < set->group_count; i++) {
		bool has_root = partial_has_root(set, i, partial);

		for (column = 0; column < set->groups[i].count; column++) {
			size_t question = set->groups[i].first + column;

			known[question] = counts(&set->questions[question],
						 answers->states[question], has_root);
			unknown += !known[question];
		}
	}
	return unknown;
}
