/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include <linux/btf.h>

#include "payload/align.h"
#include "payload/btf_code.h"

#include "payload/btf_encode.h"

enum { KEY_DEPTH = 2 };      /* types that a nameless one leads to, looked at to know it again */

struct encoder {
	const struct btf_model *model, *base;
	struct group_names *names;
	uint32_t *partner;       /* model's type -> base's, both from 0 */
	uint32_t *map;           /* the base's type number -> the model's; UINT32_MAX: none */
	uint32_t next_type;
	struct buffer *out;
	int code;
};

static void put(struct encoder *e, uint64_t value)
{
	if (!e->code)
		e->code = write_varint(e->out, value);
}

static void put_name(struct encoder *e, uint32_t name)
{
	struct group_names *names = e->names;

	if (name != 0 && names->numbers[name] == 0) {
		names->items[names->count++] = name;
		names->numbers[name] = names->count;
		put(e, 0);
		return;
	}
	put(e, 1 + (uint64_t)(name ? names->numbers[name] : 0));
}

void group_names_cut(struct group_names *names, uint32_t count)
{
	while (names->count > count)
		names->numbers[names->items[--names->count]] = 0;
}

static void put_type_number(struct encoder *e, uint32_t number)
{
	if (number == e->next_type + 1) {
		e->next_type++;
		put(e, 0);
	} else {
		put(e, 1 + (uint64_t)number);
	}
}

static void put_part(struct encoder *e, uint32_t kind, const struct btf_part *part)
{
	put_name(e, part->name);
	if (btf_kind_part_has_type(kind))
		put_type_number(e, part->type);
	if (kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION)
		put(e, scaled(part->value));
	else if (kind != BTF_KIND_FUNC_PROTO)
		put(e, zigzag(part->value));
}

static void put_type(struct encoder *e, const struct btf_type_model *type)
{
	uint32_t i;

	put(e, type->kind | (type->flag ? CODED_FLAG : 0));
	put_name(e, type->name);
	if (btf_kind_value_is_type(type->kind))
		put_type_number(e, type->value);
	else if (type->kind != BTF_KIND_ARRAY)
		put(e, type->value);
	if (type->kind == BTF_KIND_INT)
		put(e, (uint32_t)(type->extra[0] << 8 | type->extra[0] >> 24));
	if (type->kind == BTF_KIND_ARRAY) {
		put_type_number(e, type->extra[0]);
		put_type_number(e, type->extra[1]);
		put(e, type->extra[2]);
	}
	if (btf_kind_has_parts(type->kind))
		put(e, type->vlen);
	for (i = 0; i < type->vlen; i++)
		put_part(e, type->kind, &e->model->parts[type->first_part + i]);
}

static uint64_t mix(uint64_t key, uint64_t value)
{
	key = (key ^ value) * 0x9e3779b97f4a7c15u;
	return key ^ key >> 29;
}

/* What a type is known by: its name, or what it leads to. */
static uint64_t key_of(const struct btf_model *model, uint32_t number, int depth)
{
	const struct btf_type_model *type;
	uint64_t key;

	if (number == 0)
		return 0;
	type = &model->types[number - 1];
	key = mix(type->kind, type->name);
	if (type->name || depth > KEY_DEPTH)
		return key;
	if (btf_kind_value_is_type(type->kind))
		key = mix(key, key_of(model, type->value, depth + 1));
	else if (type->kind == BTF_KIND_ARRAY)
		key = mix(mix(key, key_of(model, type->extra[0], depth + 1)), type->extra[2]);
	else if (type->kind == BTF_KIND_INT)
		key = mix(mix(key, type->value), type->extra[0]);
	if (type->vlen > 0)
		key = mix(key, model->parts[type->first_part].name);
	return key;
}

static int align_types(struct encoder *e)
{
	size_t count = e->model->type_count, base_count = e->base->type_count, i;
	uint64_t *keys = calloc(count + 1, sizeof(*keys));
	uint64_t *base_keys = calloc(base_count + 1, sizeof(*base_keys));
	int code = -ENOMEM;

	for (i = 0; keys && i < count; i++)
		keys[i] = key_of(e->model, (uint32_t)i + 1, 0);
	for (i = 0; base_keys && i < base_count; i++)
		base_keys[i] = key_of(e->base, (uint32_t)i + 1, 0);
	if (keys && base_keys)
		code = align_sequences(base_keys, base_count, keys, count, e->partner);
	free(keys);
	free(base_keys);
	for (i = 1; i <= base_count; i++)
		e->map[i] = UINT32_MAX;
	for (i = 0; !code && i < count; i++)
		if (e->partner[i] != ALIGN_NONE)
			e->map[e->partner[i] + 1] = (uint32_t)i + 1;
	return code;
}

/* True when copying old gives type. */
static bool is_copy(const struct encoder *e, const struct btf_type_model *type,
		    const struct btf_type_model *old)
{
	uint32_t value = btf_kind_value_is_type(old->kind) ? e->map[old->value] : old->value, i;
	bool is_array = type->kind == BTF_KIND_ARRAY;

	if (type->kind != old->kind || type->flag != old->flag || type->name != old->name ||
	    type->vlen != old->vlen || type->value != value)
		return false;
	for (i = 0; i < 3; i++)
		if (type->extra[i] != (is_array && i < 2 ? e->map[old->extra[i]] : old->extra[i]))
			return false;
	for (i = 0; i < type->vlen; i++) {
		const struct btf_part *part = &e->model->parts[type->first_part + i];
		const struct btf_part *was = &e->base->parts[old->first_part + i];

		if (part->name != was->name || part->value != was->value ||
		    (btf_kind_part_has_type(type->kind) && part->type != e->map[was->type]))
			return false;
	}
	return true;
}

/* A type on its way from its partner to what it is. */
struct change {
	const struct btf_type_model *type, *old;
	const struct btf_part *parts, *old_parts;
	uint32_t *partner;       /* of each part, among the old ones */
	struct survivor *survivors;
	uint32_t survivor_count;
};

static int align_parts(struct change *change)
{
	uint32_t count = change->type->vlen, old_count = change->old->vlen, i;
	uint64_t *keys = calloc((size_t)count + old_count + 1, sizeof(*keys));
	int code;

	change->partner = calloc((size_t)count + 1, sizeof(*change->partner));
	change->survivors = calloc((size_t)count + 1, sizeof(*change->survivors));
	if (!keys || !change->partner || !change->survivors) {
		free(keys);
		return -ENOMEM;
	}
	for (i = 0; i < count; i++)
		keys[i] = change->parts[i].name;
	for (i = 0; i < old_count; i++)
		keys[count + i] = change->old_parts[i].name;
	code = align_sequences(keys + count, old_count, keys, count, change->partner);
	free(keys);
	for (i = 0; i < count && !code; i++)
		if (change->partner[i] != ALIGN_NONE)
			change->survivors[change->survivor_count++] = (struct survivor){
				/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): asked above */
				change->old_parts[change->partner[i]].value, change->partner[i], i,
			};
	return code;
}

static void put_gone(struct encoder *e, const struct change *change)
{
	uint32_t i, old = 0, last = 0;

	put(e, change->old->vlen - change->survivor_count);
	for (i = 0; i <= change->type->vlen; i++) {
		uint32_t next = i < change->type->vlen ? change->partner[i] : change->old->vlen;

		if (next == ALIGN_NONE)
			continue;
		for (; old < next; old++) {
			put(e, old - last);
			last = old + 1;
		}
		old = next + 1;
	}
}

static void put_added(struct encoder *e, const struct change *change)
{
	uint32_t i, last = 0;

	put(e, change->type->vlen - change->survivor_count);
	for (i = 0; i < change->type->vlen; i++) {
		if (change->partner[i] != ALIGN_NONE)
			continue;
		put(e, i - last);
		put_part(e, change->type->kind, &change->parts[i]);
		last = i + 1;
	}
}

static bool has_new_type(const struct encoder *e, const struct change *change, uint32_t i)
{
	return btf_kind_part_has_type(change->type->kind) && change->partner[i] != ALIGN_NONE &&
	       e->map[change->old_parts[change->partner[i]].type] != change->parts[i].type;
}

static uint32_t count_new_types(const struct encoder *e, const struct change *change)
{
	uint32_t i, count = 0;

	for (i = 0; i < change->type->vlen; i++)
		count += has_new_type(e, change, i);
	return count;
}

static void put_part_types(struct encoder *e, const struct change *change)
{
	uint32_t i, last = 0;

	put(e, count_new_types(e, change));
	for (i = 0; i < change->type->vlen; i++) {
		if (!has_new_type(e, change, i))
			continue;
		put(e, i - last);
		put_type_number(e, change->parts[i].type);
		last = i + 1;
	}
}

/* Counts the places where the shift changes, and writes them when is_put. */
static uint32_t shifts(struct encoder *e, const struct change *change, bool is_put)
{
	uint64_t shift = 0;
	uint32_t count = 0, run = 0, i;

	for (i = 0; i < change->survivor_count; i++, run++) {
		const struct survivor *survivor = &change->survivors[i];
		uint64_t moved = change->parts[survivor->index].value - survivor->value;

		if (moved == shift)
			continue;
		if (is_put) {
			put(e, run);
			put(e, difference_code(moved - shift));
		}
		shift = moved;
		count++;
		run = (uint32_t)-1;
	}
	return count;
}

static void put_change(struct encoder *e, struct change *change)
{
	const struct btf_type_model *type = change->type, *old = change->old;
	bool has_other_parts = change->survivor_count < type->vlen ||
			       change->survivor_count < old->vlen;
	uint32_t what = 0, shift_count;

	qsort(change->survivors, change->survivor_count, sizeof(*change->survivors),
	      compare_survivors);
	shift_count = shifts(e, change, false);
	what += type->value != old->value ? EDIT_SIZE : 0;
	what += has_other_parts ? EDIT_PARTS : 0;
	what += type->flag != old->flag ? EDIT_FLAG : 0;
	what += count_new_types(e, change) ? EDIT_TYPES : 0;
	what += shift_count ? EDIT_VALUES : 0;
	put(e, OP_EDIT + what);
	if (what & EDIT_SIZE)
		put(e, zigzag((uint64_t)type->value - old->value));
	if (what & EDIT_PARTS) {
		put_gone(e, change);
		put_added(e, change);
	}
	if (what & EDIT_TYPES)
		put_part_types(e, change);
	if (what & EDIT_VALUES) {
		put(e, shift_count);
		shifts(e, change, true);
	}
}

static void put_edit(struct encoder *e, const struct btf_type_model *type,
		     const struct btf_type_model *old)
{
	struct change change = {
		.type = type,
		.old = old,
		.parts = btf_model_parts(e->model, type),
		.old_parts = btf_model_parts(e->base, old),
	};

	e->code = align_parts(&change);
	if (!e->code)
		put_change(e, &change);
	free(change.partner);
	free(change.survivors);
}

/* A type that has a partner and is no copy of it. */
static void put_heir(struct encoder *e, const struct btf_type_model *type,
		     const struct btf_type_model *old)
{
	if (type->kind == old->kind && type->name == old->name && btf_kind_is_edited(type->kind)) {
		put_edit(e, type, old);
	} else {
		put(e, OP_REPLACE);
		put_type(e, type);
	}
}

/* Types without a partner that stand at i, one behind the other. */
static size_t put_inserted(struct encoder *e, size_t i)
{
	size_t end = i;

	while (end < e->model->type_count && e->partner[end] == ALIGN_NONE)
		end++;
	put(e, OP_INSERT);
	put(e, end - i);
	for (; i < end; i++)
		put_type(e, &e->model->types[i]);
	return end;
}

static void put_deleted(struct encoder *e, uint64_t *run, size_t count)
{
	if (count == 0)
		return;
	put(e, *run);
	put(e, OP_DELETE);
	put(e, count);
	*run = 0;
}

static void put_operations(struct encoder *e)
{
	size_t at = 0, i = 0;
	uint64_t run = 0;

	while (i < e->model->type_count && !e->code) {
		const struct btf_type_model *type = &e->model->types[i], *old;

		if (e->partner[i] == ALIGN_NONE) {
			put(e, run);
			run = 0;
			i = put_inserted(e, i);
			continue;
		}
		put_deleted(e, &run, e->partner[i] - at);
		at = e->partner[i];
		old = &e->base->types[at++];
		i++;
		if (is_copy(e, type, old)) {
			run++;
			continue;
		}
		put(e, run);
		run = 0;
		put_heir(e, type, old);
	}
	put_deleted(e, &run, e->base->type_count - at);
	put(e, run);
	put(e, OP_END);
}

int btf_encode_model(const struct btf_model *model, const struct btf_model *base,
		     struct group_names *names, struct buffer *out)
{
	struct encoder e = {
		.model = model,
		.base = base,
		.names = names,
		.partner = calloc(model->type_count + 1, sizeof(*e.partner)),
		.map = calloc(base->type_count + 1, sizeof(*e.map)),
		.out = out,
	};

	e.code = e.partner && e.map ? align_types(&e) : -ENOMEM;
	if (!e.code) {
		put(&e, names->count);
		put_operations(&e);
	}
	free(e.partner);
	free(e.map);
	return e.code;
}
