/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/reloset.h"

#include "decide/covers.h"

int packed_covers(struct object *const *packed, size_t count, struct object *asked, bool *covers,
		  struct error *err)
{
	struct reloset *set = NULL, *questions = NULL;
	int code;

	*covers = false;
	code = reloset_create(packed, count, &set, err);
	if (!code)
		code = reloset_create(&asked, 1, &questions, err);
	if (!code)
		*covers = reloset_covers(set, questions);
	if (questions)
		reloset_destroy(questions);
	if (set)
		reloset_destroy(set);
	return code;
}
