/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "core/match.h"
#include "core/match_types.h"

/*
 * Anonymous structs nest, and a hostile BTF can nest them in themselves: the search would double at
 * each of 64 levels.  No kernel type needs more steps than this.
 */
enum { MEMBER_STEPS_LIMIT = 1 << 20 };

struct search {
	struct spec *target;
	struct marks *marks;
	const struct btf_view *local_btf;
	const char *name;        /* wanted */
	uint32_t local_type;     /* of the local member */
	uint32_t steps;
};

/* May a field of one type be read where the other is expected? */
static int fields_compatible(const struct btf_view *a, uint32_t a_id, const struct btf_view *b,
			     uint32_t b_id, struct marks *marks)
{
	int steps;

	for (steps = 0; steps < SPEC_MAX; steps++) {
		struct btf_info x, y;

		a_id = btf_view_skip(a, a_id);
		b_id = btf_view_skip(b, b_id);
		x = btf_view_type(a, a_id);
		y = btf_view_type(b, b_id);
		if (btf_kind_is_composite(x.kind) && btf_kind_is_composite(y.kind))
			return 1;
		if (!kinds_compatible(x.kind, y.kind))
			return 0;
		switch (x.kind) {
		case BTF_KIND_PTR:
		case BTF_KIND_FLOAT:
			return 1;
		case BTF_KIND_FWD:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64: {
			const char *x_name = btf_view_string(a, x.name_off);
			const char *y_name = btf_view_string(b, y.name_off);

			marks_attribute(marks, b_id, MARK_NAME);
			return !*x_name || !*y_name || essential_equal(x_name, y_name);
		}
		case BTF_KIND_INT: /* integers that are bitfields by their own are out of date */
			return (btf_info_int(&x) >> 16 & 0xff) == 0 && (btf_info_int(&y) >> 16 & 0xff) == 0;
		case BTF_KIND_ARRAY:
			a_id = btf_info_element(&x);
			b_id = btf_info_element(&y);
			break;
		default:
			return 0;
		}
	}
	return -EINVAL;
}

static int match_member(struct search *search, uint32_t id, uint32_t *next);

/* One member that has no name: the one that is wanted may be inside. */
static int match_inside(struct search *search, uint32_t owner, uint32_t index, uint32_t type,
			uint32_t *next)
{
	size_t noted = search->marks ? search->marks->pending_count : 0;
	int found = match_member(search, type, next);

	if (found || (search->marks && search->marks->pending_count > noted))
		marks_part(search->marks, owner, index);
	return found;
}

/*
 * libbpf stops at the first member of the wanted name. Where its type is not compatible, it
 * goes on behind the anonymous struct that holds it, with a bit offset that it has not taken
 * back; so do we.
 */
static int match_member(struct search *search, uint32_t id, uint32_t *next)
{
	struct spec *target = search->target;
	struct btf_info t;
	uint32_t i;
	int found;

	id = btf_view_skip(target->btf, id);
	t = btf_view_type(target->btf, id);
	if (!btf_kind_is_composite(t.kind))
		return 0;
	for (i = 0; i < t.vlen; i++) {
		struct btf_member_info member = btf_info_member(&t, i);
		const char *name = btf_view_string(target->btf, member.name_off);

		if (target->depth == SPEC_MAX || search->steps++ > MEMBER_STEPS_LIMIT)
			return -E2BIG;
		target->bit_offset += member.bit_offset;
		target->depth++;
		if (!*name) {
			found = match_inside(search, id, i, member.type, next);
			if (found)
				return found;
		} else if (strcmp(search->name, name) == 0) {
			*next = member.type;
			marks_part(search->marks, id, i);
			found = fields_compatible(search->local_btf, search->local_type, target->btf,
						  member.type, search->marks);
			if (found)
				target->path[target->length++] =
					(struct accessor){ .name = name, .type = id, .index = i };
			return found;
		}
		target->bit_offset -= member.bit_offset;
		target->depth--;
	}
	return 0;
}

static int match_named(const struct spec *local, uint32_t step, struct spec *target, uint32_t *id,
		       struct marks *marks)
{
	const struct accessor *wanted = &local->path[step];
	struct btf_info owner = btf_view_type(local->btf, wanted->type);
	struct search search = {
		.target = target,
		.marks = marks,
		.local_btf = local->btf,
		.name = wanted->name,
		.local_type = btf_info_member(&owner, wanted->index).type,
	};

	return match_member(&search, *id, id);
}

static int match_element(const struct spec *local, uint32_t step, struct spec *target, uint32_t *id,
			 struct marks *marks)
{
	uint32_t index = local->path[step].index;
	int64_t size;

	if (step > 0) { /* the root stands for an element of an array of itself */
		struct btf_info t = btf_view_type(target->btf, *id);
		uint32_t nelems;

		if (t.kind != BTF_KIND_ARRAY)
			return 0;
		nelems = btf_info_nelems(&t);
		if (index >= nelems &&
		    !spec_is_flexible(target->btf, &target->path[target->length - 1], nelems))
			return 0;
		if (nelems > 0)
			marks_nelems(marks, *id, index + 1);
		*id = btf_view_skip(target->btf, btf_info_element(&t));
	}
	if (target->depth == SPEC_MAX)
		return -E2BIG;
	target->path[target->length++] = (struct accessor){ .type = *id, .index = index };
	target->depth++;
	size = btf_view_size(target->btf, *id);
	if (size < 0)
		return (int)size;
	if (index > 0)
		marks_size(marks, *id);
	target->bit_offset += index * (uint32_t)size * 8;
	return 1;
}

static int match_field(const struct spec *local, uint32_t candidate, struct spec *target,
		       struct marks *marks)
{
	uint32_t id = candidate, i;
	int found = 1;

	for (i = 0; i < local->length && found > 0; i++) {
		id = btf_view_skip(target->btf, id);
		if (local->path[i].name)
			found = match_named(local, i, target, &id, marks);
		else
			found = match_element(local, i, target, &id, marks);
	}
	return found;
}

static int match_enumerator(const struct spec *local, uint32_t candidate, struct spec *target,
			    struct marks *marks)
{
	uint32_t id = btf_view_skip(target->btf, candidate), i;
	struct btf_info t = btf_view_type(target->btf, id);

	if (!btf_kind_is_enum(t.kind))
		return 0;
	for (i = 0; i < t.vlen; i++) {
		const char *name = btf_view_string(target->btf, btf_info_enumerator(&t, i).name_off);

		if (!essential_equal(local->path[0].name, name))
			continue;
		target->path[target->length++] = (struct accessor){ .name = name, .type = id, .index = i };
		target->depth++;
		marks_part(marks, id, i);
		return 1;
	}
	return 0;
}

/* What spec_value() will look at, beside the way itself. */
static void note_value(const struct spec *target, struct marks *marks)
{
	const struct accessor *last;
	struct btf_info owner;
	uint32_t type;

	if (target->kind == BPF_CORE_TYPE_SIZE)
		marks_size(marks, target->root);
	if (!relo_is_field(target->kind) || target->kind == BPF_CORE_FIELD_EXISTS)
		return;
	last = &target->path[target->length - 1];
	owner = btf_view_type(target->btf, last->type);
	type = last->name ? btf_info_member(&owner, last->index).type : last->type;
	marks_size(marks, type);
	/* the sign also decides whether a load may change its size */
	marks_attribute(marks, btf_view_skip(target->btf, type), MARK_SIGN);
}

int match(const struct spec *local, const struct btf_view *btf, uint32_t candidate,
	  struct spec *target, struct marks *marks)
{
	int found;

	*target = (struct spec){ .btf = btf, .root = candidate, .kind = local->kind };
	if (local->kind == BPF_CORE_TYPE_MATCHES)
		found = types_match(local->btf, local->root, btf, candidate, marks);
	else if (relo_is_type(local->kind))
		found = types_compatible(local->btf, local->root, btf, candidate, marks);
	else if (relo_is_enumerator(local->kind))
		found = match_enumerator(local, candidate, target, marks);
	else
		found = match_field(local, candidate, target, marks);
	if (found > 0)
		note_value(target, marks);
	if (found != 0)
		marks_keep(marks);
	else
		marks_drop(marks);
	return found;
}
