/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "core/match_types.h"
#include "core/spec.h"

/* libbpf's limits: 32 levels of parameters or members, each a chain of at most 32 types. */
enum { LEVEL_LIMIT = 32, CHAIN_LIMIT = 32 };

/* The two sides of a comparison, local and the kernel's. */
struct pair {
	const struct btf_view *a, *b;
	struct marks *marks;
	uint32_t steps;          /* left; a hostile BTF could branch at every level */
};

enum { STEPS_LIMIT = 1 << 20 };

static int compatible(struct pair *pair, uint32_t a_id, uint32_t b_id, int level)
{
	int chain;

	if (!kinds_compatible(btf_view_type(pair->a, a_id).kind, btf_view_type(pair->b, b_id).kind))
		return 0;
	for (chain = 0; chain < CHAIN_LIMIT; chain++) {
		struct btf_info x, y;
		uint32_t i;

		if (pair->steps-- == 0)
			return -EINVAL;
		a_id = btf_view_skip(pair->a, a_id);
		b_id = btf_view_skip(pair->b, b_id);
		x = btf_view_type(pair->a, a_id);
		y = btf_view_type(pair->b, b_id);
		if (!kinds_compatible(x.kind, y.kind))
			return 0;
		switch (x.kind) {
		case BTF_KIND_UNKN:
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
		case BTF_KIND_FWD:
			return 1;
		case BTF_KIND_INT:
			return (btf_info_int(&x) >> 16 & 0xff) == 0 && (btf_info_int(&y) >> 16 & 0xff) == 0;
		case BTF_KIND_PTR:
			marks_attribute(pair->marks, b_id, MARK_POINTEE);
			a_id = x.size_or_type;
			b_id = y.size_or_type;
			break;
		case BTF_KIND_ARRAY:
			a_id = btf_info_element(&x);
			b_id = btf_info_element(&y);
			break;
		case BTF_KIND_FUNC_PROTO:
			if (x.vlen != y.vlen)
				return 0;
			for (i = 0; i < x.vlen; i++) {
				int err;

				if (level <= 0)
					return -EINVAL;
				err = compatible(pair, btf_view_skip(pair->a, btf_info_param(&x, i)),
						 btf_view_skip(pair->b, btf_info_param(&y, i)), level - 1);
				if (err <= 0)
					return err;
			}
			a_id = x.size_or_type;
			b_id = y.size_or_type;
			break;
		default:
			return 0;
		}
	}
	return -EINVAL;
}

int types_compatible(const struct btf_view *a, uint32_t a_id, const struct btf_view *b,
		     uint32_t b_id,
		     struct marks *marks)
{
	struct pair pair = { .a = a, .b = b, .marks = marks, .steps = STEPS_LIMIT };

	return compatible(&pair, a_id, b_id, LEVEL_LIMIT);
}

/* Unlike for fields, a name that is missing is a name. */
static bool names_match(struct pair *pair, uint32_t a_name, uint32_t b_name)
{
	const char *a = btf_view_string(pair->a, a_name), *b = btf_view_string(pair->b, b_name);

	return *b ? essential_equal(a, b) : !*a;
}

static int enums_match(struct pair *pair, const struct btf_info *x, const struct btf_info *y,
		       uint32_t b_id)
{
	uint32_t i, j;

	marks_attribute(pair->marks, b_id, MARK_SIZE);
	if (x->size_or_type != y->size_or_type || x->vlen > y->vlen)
		return 0;
	marks_vlen(pair->marks, b_id, x->vlen);
	for (i = 0; i < x->vlen; i++) {
		uint32_t name = btf_info_enumerator(x, i).name_off;

		for (j = 0; j < y->vlen; j++)
			if (names_match(pair, name, btf_info_enumerator(y, j).name_off))
				break;
		if (j == y->vlen)
			return 0;
		marks_part(pair->marks, b_id, j);
	}
	return 1;
}

static int matching(struct pair *pair, uint32_t a_id, uint32_t b_id, bool behind_pointer,
		    int level);

static int composites_match(struct pair *pair, const struct btf_info *x, const struct btf_info *y,
			    uint32_t b_id, bool behind_pointer, int level)
{
	uint32_t i, j;

	if (x->vlen > y->vlen)
		return 0;
	marks_vlen(pair->marks, b_id, x->vlen);
	for (i = 0; i < x->vlen; i++) {
		struct btf_member_info wanted = btf_info_member(x, i);
		int found = 0;

		for (j = 0; j < y->vlen && found == 0; j++) {
			struct btf_member_info member = btf_info_member(y, j);

			if (!names_match(pair, wanted.name_off, member.name_off))
				continue;
			found = matching(pair, wanted.type, member.type, behind_pointer, level - 1);
			if (found != 0)
				marks_part(pair->marks, b_id, j);
		}
		if (found <= 0)
			return found;
	}
	return 1;
}

/* A forward declaration's flag tells whether it is of a union. */
static bool forward_of(const struct btf_info *forward, uint32_t kind)
{
	return kind == (forward->kind_flag ? BTF_KIND_UNION : BTF_KIND_STRUCT);
}

static int forward_matches(const struct btf_info *x, const struct btf_info *y, bool behind_pointer)
{
	if (x->kind == y->kind)
		return x->kind_flag == y->kind_flag;
	return behind_pointer && forward_of(x, y->kind);
}

static int integers_match(struct pair *pair, const struct btf_info *x, const struct btf_info *y,
			  uint32_t b_id)
{
	if (x->kind != y->kind)
		return 0;
	marks_attribute(pair->marks, b_id, MARK_SIZE | MARK_SIGN);
	return x->size_or_type == y->size_or_type &&
	       (btf_info_int(x) >> 24 & BTF_INT_SIGNED) == (btf_info_int(y) >> 24 & BTF_INT_SIGNED);
}

static int parameters_match(struct pair *pair, const struct btf_info *x, const struct btf_info *y,
			    bool behind_pointer, int level)
{
	uint32_t i;

	if (x->vlen != y->vlen)
		return 0;
	for (i = 0; i < x->vlen; i++) {
		int err = matching(pair, btf_info_param(x, i), btf_info_param(y, i), behind_pointer,
				   level - 1);

		if (err <= 0)
			return err;
	}
	return 1;
}

static int matching(struct pair *pair, uint32_t a_id, uint32_t b_id, bool behind_pointer, int level)
{
	int chain, err;

	if (level <= 0)
		return -EINVAL;
	for (chain = 0; chain < CHAIN_LIMIT; chain++) {
		struct btf_info x, y;

		if (pair->steps-- == 0)
			return -EINVAL;
		a_id = btf_view_skip(pair->a, a_id);
		b_id = btf_view_skip(pair->b, b_id);
		x = btf_view_type(pair->a, a_id);
		y = btf_view_type(pair->b, b_id);
		marks_attribute(pair->marks, b_id, MARK_NAME);
		if (!names_match(pair, x.name_off, y.name_off))
			return 0;
		switch (x.kind) {
		case BTF_KIND_UNKN:
			return x.kind == y.kind;
		case BTF_KIND_FWD:
			return forward_matches(&x, &y, behind_pointer);
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
			return btf_kind_is_enum(y.kind) ? enums_match(pair, &x, &y, b_id) : 0;
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			if (behind_pointer)
				return x.kind == y.kind || (y.kind == BTF_KIND_FWD && forward_of(&y, x.kind));
			if (x.kind != y.kind)
				return 0;
			return composites_match(pair, &x, &y, b_id, behind_pointer, level);
		case BTF_KIND_INT:
			return integers_match(pair, &x, &y, b_id);
		case BTF_KIND_PTR:
			if (x.kind != y.kind)
				return 0;
			marks_attribute(pair->marks, b_id, MARK_POINTEE);
			behind_pointer = true;
			a_id = x.size_or_type;
			b_id = y.size_or_type;
			break;
		case BTF_KIND_ARRAY:
			if (x.kind != y.kind)
				return 0;
			/* of the array's size only the length is compared, which stays with it */
			marks_attribute(pair->marks, b_id, MARK_SIZE);
			if (btf_info_nelems(&x) != btf_info_nelems(&y))
				return 0;
			a_id = btf_info_element(&x);
			b_id = btf_info_element(&y);
			break;
		case BTF_KIND_FUNC_PROTO:
			if (x.kind != y.kind)
				return 0;
			err = parameters_match(pair, &x, &y, behind_pointer, level);
			if (err <= 0)
				return err;
			a_id = x.size_or_type;
			b_id = y.size_or_type;
			break;
		default:
			return 0;
		}
	}
	return -EINVAL;
}

int types_match(const struct btf_view *a, uint32_t a_id, const struct btf_view *b, uint32_t b_id,
		struct marks *marks)
{
	struct pair pair = { .a = a, .b = b, .marks = marks, .steps = STEPS_LIMIT };

	return matching(&pair, a_id, b_id, false, LEVEL_LIMIT);
}
