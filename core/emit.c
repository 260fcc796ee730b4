/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The canonical form. Candidates come first, in the order of the groups; other types follow in
 * the order in which they are first referred to. Within a struct members stand by name. Nothing
 * depends on where the kernel's BTF had a type, or on what else it has: typedefs and qualifiers
 * on the way are gone, integers have a name only where it counts, a size that nobody looked at
 * is the smallest that holds what is left. Strings stand in the order in which types name them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/emit.h"
#include "core/parts.h"
#include "core/string_table.h"

enum {
	HEADER_SIZE = 24,
	TYPE_SIZE = 12,
	DEPTH_LIMIT = 64,        /* arrays in arrays, structs in structs; more is a loop */
	UNSEEN_INT_SIZE = 4,
};

/* A type of the result.  Bodies of structs, pointers and functions are written once all ids before
 * them are known to exist; the others at once, so that equal ones can be shared. */
struct node {
	uint32_t source;         /* type id in the kernel's BTF */
	struct buffer bytes;
};

struct emitter {
	const struct btf_view *kernel;
	const struct marks *marks;
	struct string_table strings;
	struct node *nodes;      /* nodes[i] becomes type i + 1 */
	size_t count, capacity;
	uint32_t *ids;           /* kernel's type id -> id in the result, 0 when not yet */
	int err;
};

static void put(struct emitter *e, struct buffer *bytes, uint32_t word)
{
	uint8_t encoded[4];

	store_le32(encoded, word);
	if (buffer_append(bytes, encoded, sizeof(encoded)))
		e->err = -ENOMEM;
}

static void put_type(struct emitter *e, struct buffer *bytes, const char *name, uint32_t kind,
		     bool flag,
		     uint32_t vlen, uint32_t size_or_type)
{
	put(e, bytes, string_table_add(&e->strings, name));
	put(e, bytes, (uint32_t)flag << 31 | kind << 24 | vlen);
	put(e, bytes, size_or_type);
}

static bool sees(const struct emitter *e, uint32_t id, uint32_t attribute)
{
	return marks_of(e->marks, id)->attributes & attribute;
}

static const char *seen_name(const struct emitter *e, uint32_t id)
{
	if (!sees(e, id, MARK_NAME))
		return "";
	return btf_view_string(e->kernel, btf_view_type(e->kernel, id).name_off);
}

/* An array that nobody measured is as long as the last index needs; a length of 0 is a property. */
static uint32_t seen_nelems(const struct emitter *e, uint32_t id, const struct btf_info *t)
{
	uint32_t nelems = btf_info_nelems(t), needed = marks_of(e->marks, id)->nelems;

	if (nelems == 0 || sees(e, id, MARK_SIZE))
		return nelems;
	return needed ? needed : 1;
}

/* The size that a type has in the result. */
static uint64_t seen_size(const struct emitter *e, uint32_t id, int depth)
{
	const struct mark *mark;
	struct btf_info t;
	uint64_t end = 0;
	size_t i;

	id = btf_view_skip(e->kernel, id);
	t = btf_view_type(e->kernel, id);
	mark = marks_of(e->marks, id);
	if (depth > DEPTH_LIMIT)
		return 0;
	if (t.kind == BTF_KIND_PTR)
		return e->kernel->pointer_size ? e->kernel->pointer_size : 8;
	if (t.kind == BTF_KIND_ARRAY)
		return seen_nelems(e, id, &t) * seen_size(e, btf_info_element(&t), depth + 1);
	if (t.kind == BTF_KIND_FLOAT || mark->attributes & MARK_SIZE)
		return t.size_or_type;
	if (!btf_kind_is_composite(t.kind))
		return UNSEEN_INT_SIZE;
	for (i = 0; i < mark->part_count; i++) {
		struct btf_member_info member = btf_info_member(&t, mark->parts[i]);
		uint64_t bits = member.bitfield_size ? member.bitfield_size
						     : 8 * seen_size(e, member.type, depth + 1);

		if (end < member.bit_offset + bits)
			end = member.bit_offset + bits;
	}
	return (end + 7) / 8;
}

static uint32_t add_node(struct emitter *e, uint32_t source, struct buffer bytes)
{
	if (array_grow(&e->nodes, e->count, &e->capacity)) {
		buffer_free(&bytes);
		e->err = -ENOMEM;
		return 0;
	}
	e->nodes[e->count++] = (struct node){ .source = source, .bytes = bytes };
	return (uint32_t)e->count;
}

/* The id of the type with these bytes; takes them over. */
static uint32_t share(struct emitter *e, struct buffer bytes)
{
	size_t i;

	for (i = 0; i < e->count; i++) {
		struct slice other = buffer_slice(&e->nodes[i].bytes);

		if (other.size && slice_equal(other, buffer_slice(&bytes))) {
			buffer_free(&bytes);
			return (uint32_t)i + 1;
		}
	}
	return add_node(e, 0, bytes);
}

static void put_int(struct emitter *e, struct buffer *bytes, uint32_t id, const struct btf_info *t)
{
	uint32_t size = sees(e, id, MARK_SIZE) ? t->size_or_type : UNSEEN_INT_SIZE;
	uint32_t word = btf_info_int(t);
	uint32_t encoding = sees(e, id, MARK_SIGN) ? word >> 24 & 0xf : 0;
	uint32_t bits = size <= 16 ? size * 8 : word & 0xff;

	put_type(e, bytes, seen_name(e, id), t->kind, false, 0, size);
	put(e, bytes, encoding << 24 | (word & 0xff0000) | bits);
}

static struct part *parts_of(struct emitter *e, uint32_t id)
{
	struct part *parts = parts_sorted(e->marks, id);

	if (!parts)
		e->err = -ENOMEM;
	return parts;
}

static void put_enum(struct emitter *e, struct buffer *bytes, uint32_t id, const struct btf_info *t)
{
	const struct mark *mark = marks_of(e->marks, id);
	struct part *parts = parts_of(e, id);
	uint32_t vlen = mark->part_count < mark->vlen ? mark->vlen : (uint32_t)mark->part_count, i;

	if (!parts)
		return;
	/* Asked for a sign, libbpf 1.1 reads the word behind the type: keep that an enumerator's. */
	if (vlen == 0 && t->vlen > 0 && sees(e, id, MARK_SIGN))
		vlen = 1;
	put_type(e, bytes, seen_name(e, id), t->kind, sees(e, id, MARK_SIGN) && t->kind_flag, vlen,
		 (uint32_t)seen_size(e, id, 0));
	for (i = 0; i < vlen; i++) {
		/* what only fills up has no name and so answers to none */
		bool filler = i >= mark->part_count;
		uint64_t value = filler ? 0 : btf_info_enumerator(t, parts[i].index).value;

		put(e, bytes, string_table_add(&e->strings, filler ? "" : parts[i].name));
		put(e, bytes, (uint32_t)value);
		if (t->kind == BTF_KIND_ENUM64)
			put(e, bytes, (uint32_t)(value >> 32));
	}
	free(parts);
}

static uint32_t refer(struct emitter *e, uint32_t id, int depth);

/* A type that refers to nothing, or, an array, to what is referred to already. */
static uint32_t refer_plain(struct emitter *e, uint32_t id, const struct btf_info *t, int depth)
{
	struct buffer bytes = { 0 };
	uint32_t element;

	switch (t->kind) {
	case BTF_KIND_INT:
		put_int(e, &bytes, id, t);
		break;
	case BTF_KIND_FLOAT:
		put_type(e, &bytes, seen_name(e, id), t->kind, false, 0, t->size_or_type);
		break;
	case BTF_KIND_FWD:
		put_type(e, &bytes, seen_name(e, id), t->kind, t->kind_flag, 0, 0);
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		put_enum(e, &bytes, id, t);
		break;
	case BTF_KIND_PTR:
		put_type(e, &bytes, "", t->kind, false, 0, 0);
		break;
	case BTF_KIND_ARRAY:
		element = refer(e, btf_info_element(t), depth + 1);
		put_type(e, &bytes, "", t->kind, false, 0, 0);
		put(e, &bytes, element);
		put(e, &bytes, 0); /* the index's type: nobody looks at it */
		put(e, &bytes, seen_nelems(e, id, t));
		break;
	default:
		return 0;
	}
	return share(e, bytes);
}

static bool has_body(const struct emitter *e, uint32_t id, uint32_t kind)
{
	return btf_kind_is_composite(kind) || kind == BTF_KIND_FUNC_PROTO ||
	       (kind == BTF_KIND_PTR && sees(e, id, MARK_POINTEE));
}

/* The id in the result of a kernel's type. */
static uint32_t refer(struct emitter *e, uint32_t id, int depth)
{
	struct btf_info t;

	id = btf_view_skip(e->kernel, id);
	if (id == 0 || depth > DEPTH_LIMIT)
		return 0;
	if (e->ids[id])
		return e->ids[id];
	t = btf_view_type(e->kernel, id);
	if (has_body(e, id, t.kind))
		e->ids[id] = add_node(e, id, (struct buffer){ 0 });
	else
		e->ids[id] = refer_plain(e, id, &t, depth);
	return e->ids[id];
}

/*
 * Keeps a place among members and answers to nothing: an unnamed member must be a struct or union
 * to be one that anybody asks for, and this is an integer.
 */
static void put_filler(struct emitter *e, struct buffer *members)
{
	struct buffer bytes = { 0 };

	put_type(e, &bytes, "", BTF_KIND_INT, false, 0, UNSEEN_INT_SIZE);
	put(e, &bytes, UNSEEN_INT_SIZE * 8);
	put(e, members, 0);
	put(e, members, share(e, bytes));
	put(e, members, 0);
}

static bool is_empty_array(const struct emitter *e, uint32_t id)
{
	struct btf_info t = btf_view_type(e->kernel, btf_view_skip(e->kernel, id));

	return t.kind == BTF_KIND_ARRAY && btf_info_nelems(&t) == 0;
}

static void put_member(struct emitter *e, struct buffer *members,
		       const struct btf_member_info *member, bool flag)
{
	put(e, members, string_table_add(&e->strings, btf_view_string(e->kernel, member->name_off)));
	put(e, members, refer(e, member->type, 0));
	put(e, members, flag ? member->bitfield_size << 24 | member->bit_offset : member->bit_offset);
}

/*
 * An array without length is flexible where it is the last member. So the one that was last
 * stays last, and behind one that was not comes a filler.
 */
static void put_composite(struct emitter *e, struct buffer *bytes, uint32_t id,
			  const struct btf_info *t)
{
	const struct mark *mark = marks_of(e->marks, id);
	struct part *parts = parts_of(e, id);
	struct buffer members = { 0 };
	size_t flexible = SIZE_MAX, i;
	bool flag = false, guard = false;
	uint32_t vlen = 0;

	for (i = 0; parts && i < mark->part_count; i++) {
		struct btf_member_info member = btf_info_member(t, parts[i].index);

		flag |= member.bitfield_size > 0;
		if (is_empty_array(e, member.type) && parts[i].index + 1 == t->vlen)
			flexible = i;
	}
	for (i = 0; parts && i < mark->part_count; i++) {
		struct btf_member_info member = btf_info_member(t, parts[i].index);

		if (i == flexible)
			continue;
		put_member(e, &members, &member, flag);
		guard = is_empty_array(e, member.type);
		vlen++;
	}
	for (; (guard && flexible == SIZE_MAX) || vlen + (flexible != SIZE_MAX) < mark->vlen; vlen++) {
		put_filler(e, &members);
		guard = false;
	}
	if (flexible != SIZE_MAX) {
		struct btf_member_info member = btf_info_member(t, parts[flexible].index);

		put_member(e, &members, &member, flag);
		vlen++;
	}
	put_type(e, bytes, seen_name(e, id), t->kind, flag, vlen, (uint32_t)seen_size(e, id, 0));
	if (buffer_append(bytes, members.data, members.size))
		e->err = -ENOMEM;
	buffer_free(&members);
	free(parts);
}

static void put_function(struct emitter *e, struct buffer *bytes, const struct btf_info *t)
{
	uint32_t i, returned = refer(e, t->size_or_type, 0);

	put_type(e, bytes, "", t->kind, false, t->vlen, returned);
	for (i = 0; i < t->vlen; i++) {
		put(e, bytes, 0);
		put(e, bytes, refer(e, btf_info_param(t, i), 0));
	}
}

/* Writes one body; nodes may grow and move meanwhile. */
static void put_body(struct emitter *e, size_t i)
{
	uint32_t id = e->nodes[i].source;
	struct btf_info t = btf_view_type(e->kernel, id);
	struct buffer bytes = { 0 };

	if (btf_kind_is_composite(t.kind))
		put_composite(e, &bytes, id, &t);
	else if (t.kind == BTF_KIND_FUNC_PROTO)
		put_function(e, &bytes, &t);
	else if (t.kind == BTF_KIND_PTR)
		put_type(e, &bytes, "", t.kind, false, 0, refer(e, t.size_or_type, 0));
	else if (t.kind == BTF_KIND_TYPEDEF)
		put_type(e, &bytes, seen_name(e, id), t.kind, false, 0, refer(e, t.size_or_type, 0));
	e->nodes[i].bytes = bytes;
}

/* Candidates keep their order and stay apart even when they look the same. */
static void add_candidate(struct emitter *e, uint32_t id)
{
	struct btf_info t = btf_view_type(e->kernel, id);
	struct buffer bytes = { 0 };

	if (t.kind == BTF_KIND_INT)
		put_int(e, &bytes, id, &t);
	else if (btf_kind_is_enum(t.kind))
		put_enum(e, &bytes, id, &t);
	else if (t.kind == BTF_KIND_FWD || t.kind == BTF_KIND_FLOAT)
		put_type(e, &bytes, seen_name(e, id), t.kind, t.kind == BTF_KIND_FWD && t.kind_flag, 0,
			 t.kind == BTF_KIND_FWD ? 0 : t.size_or_type);
	e->ids[id] = add_node(e, id, bytes);
}

/* How far apart the names of a type's parts are; 0 where parts have none. */
static size_t name_stride(uint32_t kind)
{
	switch (kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM64:
		return 12;
	case BTF_KIND_ENUM:
		return 8;
	default:
		return 0;
	}
}

static void rename_at(struct emitter *e, struct string_table *sorted, uint8_t *name)
{
	const char *text = (const char *)e->strings.bytes.data + load_le32(name);

	store_le32(name, string_table_add(sorted, text));
}

/*
 * Strings in the order in which the finished types name them. So far it was that in which types
 * happened to be made, which nobody could tell from the result.
 */
static void sort_strings(struct emitter *e)
{
	struct string_table sorted = { 0 };
	size_t i, part;

	string_table_add(&sorted, "");
	for (i = 0; i < e->count; i++) {
		uint8_t *type = e->nodes[i].bytes.data;
		uint32_t info = load_le32(type + 4);
		size_t stride = name_stride(info >> 24 & 0x1f);

		rename_at(e, &sorted, type);
		for (part = 0; stride && part < (info & 0xffff); part++)
			rename_at(e, &sorted, type + TYPE_SIZE + part * stride);
	}
	string_table_free(&e->strings);
	e->strings = sorted;
}

static int assemble(struct emitter *e, struct buffer *out)
{
	uint8_t header[HEADER_SIZE] = { 0x9f, 0xeb, BTF_VERSION };
	size_t types = 0, i;
	int err;

	for (i = 0; i < e->count; i++)
		types += e->nodes[i].bytes.size;
	store_le32(header + 4, HEADER_SIZE);
	store_le32(header + 12, (uint32_t)types);
	store_le32(header + 16, (uint32_t)types);
	store_le32(header + 20, (uint32_t)e->strings.bytes.size);
	err = buffer_append(out, header, sizeof(header));
	for (i = 0; i < e->count && !err; i++)
		err = buffer_append(out, e->nodes[i].bytes.data, e->nodes[i].bytes.size);
	return err ? err : buffer_append(out, e->strings.bytes.data, e->strings.bytes.size);
}

int emit_btf(const struct reloset *set, const struct candidates *tables,
	     const struct btf_view *kernel, const struct marks *marks, struct buffer *out)
{
	struct emitter e = { .kernel = kernel, .marks = marks };
	size_t i, row;

	string_table_add(&e.strings, "");
	e.ids = calloc(kernel->type_count, sizeof(*e.ids));
	if (!e.ids)
		e.err = -ENOMEM;
	for (i = 0; i < set->group_count && !e.err; i++)
		for (row = 0; row < tables[i].count && !e.err; row++)
			add_candidate(&e, tables[i].types[row]);
	for (i = 0; i < e.count && !e.err; i++)
		if (!e.nodes[i].bytes.size)
			put_body(&e, i);
	if (marks->pointer_size && kernel->long_type && !e.err)
		refer(&e, kernel->long_type, 0);
	if (!e.err && !e.strings.failed)
		sort_strings(&e);
	if (e.strings.failed)
		e.err = -ENOMEM;
	if (!e.err)
		e.err = assemble(&e, out);
	for (i = 0; i < e.count; i++)
		buffer_free(&e.nodes[i].bytes);
	free(e.nodes);
	free(e.ids);
	string_table_free(&e.strings);
	return e.err;
}
