/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "core/parts.h"
#include "core/spec.h"

static int by_index(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	return x->index < y->index ? -1 : x->index > y->index;
}

static int by_name(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	int order;

	if (!*x->name != !*y->name)
		return *x->name ? -1 : 1; /* anonymous members last */
	order = strcmp(x->name, y->name);
	return order ? order : by_index(a, b);
}

static const char *part_name(const struct btf_view *btf, const struct btf_info *t, uint32_t index)
{
	uint32_t name_off = btf_kind_is_enum(t->kind) ? btf_info_enumerator(t, index).name_off
						      : btf_info_member(t, index).name_off;

	return btf_view_string(btf, name_off);
}

struct part *parts_sorted(const struct marks *marks, uint32_t id)
{
	const struct mark *mark = marks_of(marks, id);
	struct btf_info t = btf_view_type(marks->btf, id);
	struct part *parts = calloc(mark->part_count + 1, sizeof(*parts));
	bool twice = false;
	size_t i;

	if (!parts)
		return NULL;
	for (i = 0; i < mark->part_count; i++)
		parts[i] = (struct part){ part_name(marks->btf, &t, mark->parts[i]), mark->parts[i] };
	qsort(parts, mark->part_count, sizeof(*parts), by_name);
	for (i = 1; i < mark->part_count; i++)
		twice |= *parts[i].name && essential_equal(parts[i - 1].name, parts[i].name);
	if (twice)
		qsort(parts, mark->part_count, sizeof(*parts), by_index);
	return parts;
}
