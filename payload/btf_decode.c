/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include <linux/btf.h>

#include "payload/btf_code.h"

#include "payload/btf_decode.h"

enum { TYPE_SIZE = 12, MIN_PART_SIZE = 8 };

/* Reading goes on after something was bad: numbers are 0 then, and loops end with the input. */
struct decoder {
	struct cursor in;
	const struct btf_model *base;
	struct btf_model *out;
	uint32_t *map;           /* the base's type number -> the result's; UINT32_MAX: it has none */
	size_t at;               /* the next of the base's types */
	uint32_t string_count;
	uint64_t next_string, next_type;
	uint64_t room;           /* bytes that the BTF has left for types */
	int code;
};

static void bad(struct decoder *d)
{
	d->in.is_bad = true;
	d->in.at = d->in.end;
}

static bool has_failed(const struct decoder *d)
{
	return d->in.is_bad || d->code;
}

static void take_room(struct decoder *d, uint64_t count, uint64_t size)
{
	if (count > d->room / size)
		bad(d);
	else
		d->room -= count * size;
}

static uint32_t read_name(struct decoder *d)
{
	uint64_t code = read_varint_up_to(&d->in, (uint64_t)d->string_count + 1);

	if (code)
		return (uint32_t)code - 1;
	if (d->next_string >= d->string_count)
		bad(d);
	else
		d->next_string++;
	return (uint32_t)d->next_string;
}

static uint32_t read_type_number(struct decoder *d)
{
	uint64_t code = read_varint_up_to(&d->in, UINT32_MAX);

	return (uint32_t)(code ? code - 1 : ++d->next_type);
}

static struct btf_part read_part(struct decoder *d, uint32_t kind)
{
	struct btf_part part = { .name = read_name(d) };

	if (btf_kind_part_has_type(kind))
		part.type = read_type_number(d);
	if (kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION)
		part.value = unscaled(read_varint(&d->in));
	else if (kind != BTF_KIND_FUNC_PROTO)
		part.value = unzigzag(read_varint(&d->in));
	if (!btf_part_value_fits(kind, part.value))
		bad(d);
	return part;
}

static void add_part(struct decoder *d, const struct btf_part *part)
{
	if (!has_failed(d))
		d->code = btf_model_add_part(d->out, part);
}

static void add_type(struct decoder *d, const struct btf_type_model *type)
{
	take_room(d, 1, TYPE_SIZE);
	take_room(d, type->vlen, MIN_PART_SIZE);
	if (!has_failed(d))
		d->code = btf_model_add_type(d->out, type);
}

/* The type at d->at has this one as its heir. */
static void map_next(struct decoder *d)
{
	if (!has_failed(d))
		d->map[++d->at] = (uint32_t)d->out->type_count;
}

static void read_type(struct decoder *d)
{
	uint32_t tag = (uint32_t)read_varint_up_to(&d->in, 2 * CODED_FLAG - 1), i;
	struct btf_type_model type = {
		.kind = tag % CODED_FLAG,
		.flag = tag & CODED_FLAG,
		.first_part = d->out->part_count,
	};

	if (!btf_kind_is_coded(type.kind))
		bad(d);
	type.name = read_name(d);
	if (type.kind != BTF_KIND_ARRAY)
		type.value = btf_kind_value_is_type(type.kind)
				     ? read_type_number(d)
				     : (uint32_t)read_varint_up_to(&d->in, UINT32_MAX);
	if (type.kind == BTF_KIND_INT) {
		/* encoding, offset, bits: turned round, so that it is short */
		uint32_t word = (uint32_t)read_varint_up_to(&d->in, UINT32_MAX);

		type.extra[0] = word >> 8 | word << 24;
	}
	if (type.kind == BTF_KIND_ARRAY) {
		type.extra[0] = read_type_number(d);
		type.extra[1] = read_type_number(d);
		type.extra[2] = (uint32_t)read_varint_up_to(&d->in, UINT32_MAX);
	}
	if (btf_kind_has_parts(type.kind))
		type.vlen = (uint32_t)read_varint_up_to(&d->in, UINT16_MAX);
	add_type(d, &type);
	for (i = 0; i < type.vlen && !has_failed(d); i++) {
		struct btf_part part = read_part(d, type.kind);

		add_part(d, &part);
	}
}

static void copy_types(struct decoder *d, uint64_t count)
{
	if (count > d->base->type_count - d->at)
		bad(d);
	for (; count > 0 && !has_failed(d); count--) {
		const struct btf_type_model *old = &d->base->types[d->at];
		struct btf_type_model type = *old;
		uint32_t i;

		type.is_old = true;
		type.first_part = d->out->part_count;
		add_type(d, &type);
		for (i = 0; i < old->vlen && !has_failed(d); i++) {
			struct btf_part part = d->base->parts[old->first_part + i];

			part.is_old = true;
			add_part(d, &part);
		}
		map_next(d);
	}
}

static void delete_types(struct decoder *d)
{
	uint64_t count = read_varint_up_to(&d->in, d->base->type_count - d->at);

	for (; count > 0; count--)
		d->map[++d->at] = UINT32_MAX;
}

/* A type of the base on its way to the result. */
struct edit {
	const struct btf_type_model *old;
	const struct btf_part *old_parts;
	struct btf_type_model type;
	bool *is_gone;           /* of the base's parts */
	struct survivor *survivors;
	uint32_t survivor_count;
	uint32_t taken;          /* of the base's parts, gone ones too */
};

static void read_gone(struct decoder *d, struct edit *edit)
{
	uint32_t count = (uint32_t)read_varint_up_to(&d->in, edit->old->vlen), at = 0;

	edit->type.vlen -= has_failed(d) ? 0 : count;
	for (; count > 0 && !has_failed(d); count--) {
		at += (uint32_t)read_varint_up_to(&d->in, UINT16_MAX);
		if (at >= edit->old->vlen)
			bad(d);
		else
			edit->is_gone[at++] = true;
	}
}

/* Puts the next count parts that stay into the result. */
static void keep_parts(struct decoder *d, struct edit *edit, uint64_t count)
{
	for (; count > 0 && !has_failed(d); edit->taken++) {
		struct btf_part part;

		if (edit->taken >= edit->old->vlen) {
			bad(d);
			return;
		}
		if (edit->is_gone[edit->taken])
			continue;
		part = edit->old_parts[edit->taken];
		part.is_old = true;
		edit->survivors[edit->survivor_count++] = (struct survivor){
			.value = part.value,
			.origin = edit->taken,
			.index = (uint32_t)(d->out->part_count - edit->type.first_part),
		};
		add_part(d, &part);
		count--;
	}
}

static void read_parts(struct decoder *d, struct edit *edit, bool is_changed)
{
	uint32_t stay, added = 0, i;

	if (is_changed)
		read_gone(d, edit);
	stay = edit->type.vlen;
	if (is_changed)
		added = (uint32_t)read_varint_up_to(&d->in, UINT16_MAX - stay);
	edit->type.vlen += added;
	add_type(d, &edit->type);
	for (i = 0; i < added && !has_failed(d); i++) {
		uint64_t before = read_varint_up_to(&d->in, stay - edit->survivor_count);
		struct btf_part part;

		keep_parts(d, edit, before);
		part = read_part(d, edit->type.kind);
		add_part(d, &part);
	}
	keep_parts(d, edit, stay - edit->survivor_count);
}

static void read_part_types(struct decoder *d, const struct edit *edit)
{
	uint32_t count = (uint32_t)read_varint_up_to(&d->in, edit->type.vlen), at = 0;

	if (!btf_kind_part_has_type(edit->type.kind))
		bad(d);
	for (; count > 0 && !has_failed(d); count--) {
		at += (uint32_t)read_varint_up_to(&d->in, UINT16_MAX);
		if (at >= edit->type.vlen) {
			bad(d);
			return;
		}
		d->out->parts[edit->type.first_part + at].type = read_type_number(d);
		d->out->parts[edit->type.first_part + at++].is_old = false;
	}
}

static void shift_parts(struct decoder *d, const struct edit *edit, uint64_t from, uint64_t to,
			uint64_t shift)
{
	for (; from < to; from++) {
		const struct survivor *survivor = &edit->survivors[from];
		struct btf_part *part = &d->out->parts[edit->type.first_part + survivor->index];

		part->value += shift;
		if (!btf_part_value_fits(edit->type.kind, part->value))
			bad(d);
	}
}

/* Where something came in, everything behind it moved: so many places, and by how much more. */
static void read_shifts(struct decoder *d, const struct edit *edit)
{
	uint64_t left = edit->survivor_count, count = read_varint_up_to(&d->in, left), shift = 0;
	uint64_t at = 0, run;

	qsort(edit->survivors, edit->survivor_count, sizeof(*edit->survivors), compare_survivors);
	for (; count > 0 && !has_failed(d); count--) {
		run = read_varint_up_to(&d->in, left);
		if (has_failed(d) || run == left) {
			bad(d);
			return;
		}
		shift_parts(d, edit, at, at + run, shift);
		shift += difference_of(read_varint(&d->in));
		shift_parts(d, edit, at + run, at + run + 1, shift);
		at += run + 1;
		left -= run + 1;
	}
	shift_parts(d, edit, at, at + left, shift);
}

static void read_edited(struct decoder *d, struct edit *edit, uint64_t what)
{
	uint64_t value = edit->old->value;

	if (what & EDIT_SIZE)
		value += unzigzag(read_varint(&d->in));
	if (value > UINT32_MAX)
		bad(d);
	edit->type.value = (uint32_t)value;
	edit->type.flag ^= what & EDIT_FLAG ? true : false;
	read_parts(d, edit, what & EDIT_PARTS);
	if (what & EDIT_TYPES && !has_failed(d))
		read_part_types(d, edit);
	if (what & EDIT_VALUES && !has_failed(d))
		read_shifts(d, edit);
	map_next(d);
}

static void edit_type(struct decoder *d, uint64_t what)
{
	struct edit edit = { 0 };

	if (d->at == d->base->type_count || !btf_kind_is_edited(d->base->types[d->at].kind)) {
		bad(d);
		return;
	}
	edit.old = &d->base->types[d->at];
	edit.old_parts = btf_model_parts(d->base, edit.old);
	edit.type = *edit.old;
	edit.type.first_part = d->out->part_count;
	edit.is_gone = calloc(edit.old->vlen + 1, sizeof(*edit.is_gone));
	edit.survivors = calloc(edit.old->vlen + 1, sizeof(*edit.survivors));
	if (edit.is_gone && edit.survivors)
		read_edited(d, &edit, what);
	else
		d->code = -ENOMEM;
	free(edit.is_gone);
	free(edit.survivors);
}

/* One operation; false when it was the last. */
static bool read_operation(struct decoder *d)
{
	uint64_t op, count;

	copy_types(d, read_varint(&d->in));
	op = read_varint_up_to(&d->in, OP_EDIT + EDIT_ALL);
	if (has_failed(d) || op == OP_END)
		return false;
	if (op == OP_DELETE) {
		delete_types(d);
	} else if (op == OP_INSERT) {
		for (count = read_varint(&d->in); count > 0 && !has_failed(d); count--)
			read_type(d);
	} else if (op == OP_REPLACE) {
		if (d->at == d->base->type_count)
			bad(d);
		read_type(d);
		map_next(d);
	} else {
		edit_type(d, op - OP_EDIT);
	}
	return !has_failed(d);
}

static uint32_t mapped(struct decoder *d, uint32_t number)
{
	uint32_t heir = d->map[number]; /* the base is closed */

	if (heir == UINT32_MAX)
		bad(d);
	return heir;
}

/* References of what came from the base become the result's; only now is each heir known. */
static void map_references(struct decoder *d)
{
	size_t i, p;

	for (i = 0; i < d->out->type_count; i++) {
		struct btf_type_model *type = &d->out->types[i];

		for (p = 0; btf_kind_part_has_type(type->kind) && p < type->vlen; p++) {
			struct btf_part *part = &d->out->parts[type->first_part + p];

			if (part->is_old)
				part->type = mapped(d, part->type);
			part->is_old = false;
		}
		if (!type->is_old)
			continue;
		if (btf_kind_value_is_type(type->kind))
			type->value = mapped(d, type->value);
		if (type->kind == BTF_KIND_ARRAY) {
			type->extra[0] = mapped(d, type->extra[0]);
			type->extra[1] = mapped(d, type->extra[1]);
		}
		type->is_old = false;
	}
}

int btf_decode_model(struct slice coded, const struct btf_model *base, uint32_t string_count,
		     uint64_t size, struct btf_model *out)
{
	struct decoder d = {
		.in = cursor_of(coded),
		.base = base,
		.out = out,
		.map = calloc(base->type_count + 1, sizeof(*d.map)),
		.string_count = string_count,
		.room = size,
	};

	*out = (struct btf_model){ 0 };
	if (!d.map)
		return -ENOMEM;
	d.next_string = read_varint_up_to(&d.in, string_count);
	while (read_operation(&d))
		;
	if (!has_failed(&d) && (d.at != base->type_count || cursor_left(&d.in) > 0))
		bad(&d);
	if (!has_failed(&d))
		map_references(&d);
	if (!has_failed(&d) && !btf_model_is_closed(out))
		bad(&d);
	free(d.map);
	if (has_failed(&d))
		btf_model_free(out);
	return d.code ? d.code : d.in.is_bad ? -EBADMSG : 0;
}
