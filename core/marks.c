/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include "lib/array.h"

#include "core/marks.h"

int marks_init(struct marks *marks, const struct btf_view *btf)
{
	*marks = (struct marks){ .btf = btf };
	marks->slots = calloc(btf->type_count, sizeof(*marks->slots));
	return marks->slots ? 0 : -ENOMEM;
}

void marks_free(struct marks *marks)
{
	size_t i;

	for (i = 0; i < marks->count; i++)
		free(marks->marks[i].parts);
	free(marks->marks);
	free(marks->slots);
	free(marks->pending);
	*marks = (struct marks){ 0 };
}

static struct mark *mark_at(struct marks *marks, uint32_t type)
{
	if (!marks || type >= marks->btf->type_count)
		return NULL;
	if (!marks->slots[type]) {
		if (array_grow(&marks->marks, marks->count, &marks->capacity)) {
			marks->failed = true;
			return NULL;
		}
		marks->marks[marks->count++] = (struct mark){ .type = type };
		marks->slots[type] = (uint32_t)marks->count;
	}
	return &marks->marks[marks->slots[type] - 1];
}

const struct mark *marks_of(const struct marks *marks, uint32_t type)
{
	static const struct mark none;
	uint32_t slot = type < marks->btf->type_count ? marks->slots[type] : 0;

	return slot ? &marks->marks[slot - 1] : &none;
}

void marks_attribute(struct marks *marks, uint32_t type, uint32_t attributes)
{
	struct mark *mark = mark_at(marks, type);

	if (mark)
		mark->attributes |= attributes;
}

/* The same way as btf_view_size() goes. */
void marks_size(struct marks *marks, uint32_t type)
{
	int steps;

	for (steps = 0; marks && steps < 64; steps++) {
		struct btf_info t;

		type = btf_view_skip(marks->btf, type);
		t = btf_view_type(marks->btf, type);
		if (t.kind == BTF_KIND_PTR)
			marks->pointer_size = true;
		marks_attribute(marks, type, MARK_SIZE);
		if (t.kind != BTF_KIND_ARRAY)
			return;
		type = btf_info_element(&t);
	}
}

void marks_nelems(struct marks *marks, uint32_t type, uint32_t nelems)
{
	struct mark *mark = mark_at(marks, type);

	if (mark && mark->nelems < nelems)
		mark->nelems = nelems;
}

void marks_vlen(struct marks *marks, uint32_t type, uint32_t vlen)
{
	struct mark *mark = mark_at(marks, type);

	if (mark && mark->vlen < vlen)
		mark->vlen = vlen;
}

void marks_part(struct marks *marks, uint32_t type, uint32_t index)
{
	if (!marks)
		return;
	if (array_grow(&marks->pending, marks->pending_count, &marks->pending_capacity)) {
		marks->failed = true;
		return;
	}
	marks->pending[marks->pending_count++] = (struct pending_part){ type, index };
}

static void keep_part(struct marks *marks, struct pending_part part)
{
	struct mark *mark = mark_at(marks, part.type);
	size_t i;

	if (!mark)
		return;
	for (i = 0; i < mark->part_count; i++)
		if (mark->parts[i] == part.index)
			return;
	if (array_grow(&mark->parts, mark->part_count, &mark->part_capacity)) {
		marks->failed = true;
		return;
	}
	mark->parts[mark->part_count++] = part.index;
}

void marks_keep(struct marks *marks)
{
	size_t i;

	if (!marks)
		return;
	for (i = 0; i < marks->pending_count; i++)
		keep_part(marks, marks->pending[i]);
	marks->pending_count = 0;
}

void marks_drop(struct marks *marks)
{
	if (marks)
		marks->pending_count = 0;
}
