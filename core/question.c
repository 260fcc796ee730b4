/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The identity of a question: a digest of everything on the object's side that has a say in the
 * answer.  Offsets in the object's own types are not part of it, so that the same source compiled
 * against another vmlinux.h asks the same.
 */
#include <errno.h>
#include <string.h>

#include "lib/array.h"

#include "core/question.h"

/* As deep as any matching goes, and a bound for types that branch at each level. */
enum { DESCRIBE_LEVELS = 32, DESCRIBE_BYTES = 1 << 20 };

/* How much of a type counts: with types compatible just kinds; with types match members, too ... */
enum extent {
	KINDS,
	WHOLE,
	BEHIND_POINTER,          /* ... but not those of structs behind a pointer */
};

struct description {
	struct buffer bytes;
	bool failed;
};

static void put(struct description *d, const void *data, size_t size)
{
	if (buffer_append(&d->bytes, data, size))
		d->failed = true;
}

static void put_number(struct description *d, uint64_t value)
{
	uint8_t bytes[8];

	store_le64(bytes, value);
	put(d, bytes, sizeof(bytes));
}

static void put_name(struct description *d, const char *name, size_t length)
{
	put_number(d, length);
	put(d, name, length);
}

static void describe(struct description *d, const struct btf_view *btf, uint32_t id,
		     enum extent extent, int level)
{
	bool whole = extent != KINDS, members = extent == WHOLE;
	struct btf_info t;
	const char *name;
	uint32_t i;

	id = btf_view_skip(btf, id);
	t = btf_view_type(btf, id);
	name = btf_view_string(btf, t.name_off);
	put_number(d, btf_kind_is_enum(t.kind) ? BTF_KIND_ENUM : t.kind);
	if (d->bytes.size > DESCRIBE_BYTES)
		d->failed = true;
	if (level == 0 || d->failed)
		return;
	switch (t.kind) {
	case BTF_KIND_PTR:
		describe(d, btf, t.size_or_type, whole ? BEHIND_POINTER : KINDS, level - 1);
		break;
	case BTF_KIND_ARRAY:
		if (whole)
			put_number(d, btf_info_nelems(&t));
		describe(d, btf, btf_info_element(&t), extent, level - 1);
		break;
	case BTF_KIND_FUNC_PROTO:
		put_number(d, t.vlen);
		for (i = 0; i < t.vlen; i++)
			describe(d, btf, btf_info_param(&t, i), extent, level - 1);
		describe(d, btf, t.size_or_type, extent, level - 1);
		break;
	case BTF_KIND_INT:
		put_name(d, name, strlen(name));
		put_number(d, t.size_or_type);
		put_number(d, btf_info_int(&t));
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		put_name(d, name, essential_length(name));
		put_number(d, members ? t.vlen : 0);
		for (i = 0; members && i < t.vlen; i++) {
			struct btf_member_info member = btf_info_member(&t, i);
			const char *member_name = btf_view_string(btf, member.name_off);

			put_name(d, member_name, strlen(member_name));
			describe(d, btf, member.type, WHOLE, level - 1);
		}
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		put_name(d, name, essential_length(name));
		put_number(d, whole ? t.size_or_type : 0);
		for (i = 0; whole && i < t.vlen; i++) {
			name = btf_view_string(btf, btf_info_enumerator(&t, i).name_off);
			put_name(d, name, essential_length(name));
		}
		break;
	case BTF_KIND_FWD:
		put_name(d, name, essential_length(name));
		put_number(d, t.kind_flag);
		break;
	default:
		break;
	}
}

/* How a field's own type is compared: only its kind, and an enum's or forward's name. */
static void describe_field(struct description *d, const struct btf_view *btf, uint32_t id)
{
	struct btf_info t;
	const char *name;
	int level;

	for (level = 0; level < SPEC_MAX; level++) {
		id = btf_view_skip(btf, id);
		t = btf_view_type(btf, id);
		name = btf_view_string(btf, t.name_off);
		put_number(d, btf_kind_is_composite(t.kind) ? BTF_KIND_STRUCT :
			      btf_kind_is_enum(t.kind) ? BTF_KIND_ENUM : t.kind);
		if (btf_kind_is_enum(t.kind) || t.kind == BTF_KIND_FWD)
			put_name(d, name, essential_length(name));
		if (t.kind == BTF_KIND_INT)
			put_number(d, btf_info_int(&t) >> 16 & 0xff);
		if (t.kind != BTF_KIND_ARRAY)
			return;
		id = btf_info_element(&t);
	}
}

static void describe_path(struct description *d, const struct spec *spec)
{
	uint32_t i;

	put_number(d, spec->length);
	for (i = 0; i < spec->length; i++) {
		const struct accessor *step = &spec->path[i];
		struct btf_info owner;

		if (!step->name) {
			put_number(d, step->index);
			continue;
		}
		if (relo_is_enumerator(spec->kind)) {
			put_name(d, step->name, essential_length(step->name));
			continue;
		}
		put_name(d, step->name, strlen(step->name));
		owner = btf_view_type(spec->btf, step->type);
		describe_field(d, spec->btf, btf_info_member(&owner, step->index).type);
	}
}

int question_identify(struct question *question)
{
	const struct spec *spec = &question->spec;
	struct btf_info root = btf_view_type(spec->btf, spec->root), field;
	const char *name = btf_view_string(spec->btf, root.name_off);
	struct description d = { .failed = false };

	put_number(&d, spec->kind);
	put_number(&d, btf_kind_is_enum(root.kind) ? BTF_KIND_ENUM : root.kind);
	put_name(&d, name, essential_length(name));
	put_number(&d, (uint64_t)question->local_error);
	if (relo_is_type(spec->kind)) {
		describe(&d, spec->btf, spec->root, spec->kind == BPF_CORE_TYPE_MATCHES ? WHOLE : KINDS,
			 DESCRIBE_LEVELS);
	} else {
		describe_path(&d, spec);
		/* these decide whether a load's size may be adjusted */
		field = btf_view_type(spec->btf, question->local.type);
		put_number(&d, question->local.size_whole);
		put_number(&d, question->local.size_element);
		put_number(&d, field.kind == BTF_KIND_INT ? 16 + (btf_info_int(&field) >> 24 & 0xf)
							  : field.kind == BTF_KIND_PTR);
	}
	if (!d.failed)
		question->id = digest_of(buffer_slice(&d.bytes));
	buffer_free(&d.bytes);
	return d.failed ? -ENOMEM : 0;
}
