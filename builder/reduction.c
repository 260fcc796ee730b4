/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/partial.h"

#include "builder/builder.h"

static int add_line(struct buffer *lines, const struct reloset *set, size_t question)
{
	const char *object, *program;
	char text[256], line[512];

	reloset_first_use(set, question, &object, &program);
	snprintf(line, sizeof(line), "%s, used in %s of %s\n",
		 reloset_describe(set, question, text, sizeof(text)), program, object);
	return buffer_append(lines, line, strlen(line));
}

/* -ENODATA: there are relocations that a part of the kernel's BTF cannot answer. */
static int check_known(const struct reloset *set, const struct btf_view *view,
		       const struct answers *answers, struct buffer *unresolved)
{
	bool *known = calloc(answers->count + 1, sizeof(*known));
	int code = known ? 0 : -ENOMEM;
	size_t i;

	if (known && partial_known(set, view, answers, known) > 0)
		code = -ENODATA;
	for (i = 0; code == -ENODATA && i < answers->count; i++)
		if (!known[i] && add_line(unresolved, set, i))
			code = -ENOMEM;
	free(known);
	return code;
}

static int reduce(const struct reloset *set, const struct btf_view *view, bool is_part,
		  struct buffer *out, struct buffer *unresolved, struct error *err)
{
	struct answers answers;
	size_t start = out->size;
	int code = reduce_kernel(set, view, true, out, &answers, err);

	if (code)
		return code;
	if (is_part)
		code = check_known(set, view, &answers, unresolved);
	answers_free(&answers);
	if (code)
		out->size = start;
	return code == -ENODATA ? error_set(err, code, "some relocations have no answer in it") :
	       code ? error_errno(err, code, "relocations") : 0;
}

int build_reduce(struct object *const *objects, size_t count, struct slice btf, bool is_part,
		 struct buffer *out, struct buffer *unresolved, struct error *err)
{
	struct reloset *set;
	struct btf_view view;
	int code = reloset_create(objects, count, &set, err);

	if (code)
		return code;
	code = btf_view_open(&view, btf, err);
	if (!code) {
		code = reduce(set, &view, is_part, out, unresolved, err);
		btf_view_close(&view);
	}
	reloset_destroy(set);
	return code;
}
