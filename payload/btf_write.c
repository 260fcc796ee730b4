/* SPDX-License-Identifier: BSD-2-Clause */
/* A model as BTF: header, types, and the strings in the order in which the types name them. */
#include <errno.h>
#include <stdlib.h>

#include <linux/btf.h>

#include "payload/btf_decode.h"

enum { HEADER_SIZE = 24, KIND_ENUM64 = 19, STRING_SECTION_START = 1 };

int group_strings_open(struct slice table, struct group_strings *out)
{
	const char *at = (const char *)table.data, *end;
	uint32_t count = 0;
	size_t i;

	*out = (struct group_strings){ 0 };
	if (table.size > 0 && at[table.size - 1] != '\0')
		return -EBADMSG;
	for (i = 0; i < table.size; i++)
		count += table.data[i] == '\0';
	out->items = calloc((size_t)count + 1, sizeof(*out->items));
	if (!out->items)
		return -ENOMEM;
	out->items[out->count++] = "";
	for (end = table.size ? at + table.size : at; at < end; at += strlen(at) + 1)
		out->items[out->count++] = at;
	return 0;
}

void group_strings_free(struct group_strings *strings)
{
	free(strings->items);
	*strings = (struct group_strings){ 0 };
}

struct btf_writer {
	const struct group_strings *strings;
	uint32_t *offsets;       /* of each string in the result; 0: not there yet */
	struct buffer table;
	struct buffer *out;
	int code;
};

static void put(struct btf_writer *w, uint32_t word)
{
	uint8_t bytes[4];

	store_le32(bytes, word);
	if (!w->code)
		w->code = buffer_append(w->out, bytes, sizeof(bytes));
}

static void put_name(struct btf_writer *w, uint32_t name)
{
	const char *text = w->strings->items[name];

	if (name != 0 && w->offsets[name] == 0) {
		w->offsets[name] = (uint32_t)w->table.size;
		if (!w->code)
			w->code = buffer_append(&w->table, text, strlen(text) + 1);
	}
	put(w, w->offsets[name]);
}

static void put_part(struct btf_writer *w, uint32_t kind, const struct btf_part *part)
{
	put_name(w, part->name);
	if (btf_kind_part_has_type(kind))
		put(w, part->type);
	if (kind != BTF_KIND_FUNC_PROTO)
		put(w, (uint32_t)part->value);
	if (kind == KIND_ENUM64)
		put(w, (uint32_t)(part->value >> 32));
}

static void put_type(struct btf_writer *w, const struct btf_model *model, size_t i)
{
	const struct btf_type_model *type = &model->types[i];
	uint32_t words = type->kind == BTF_KIND_INT ? 1 : type->kind == BTF_KIND_ARRAY ? 3 : 0, p;

	put_name(w, type->name);
	put(w, (uint32_t)type->flag << 31 | (uint32_t)type->kind << 24 | type->vlen);
	put(w, type->value);
	for (p = 0; p < words; p++)
		put(w, type->extra[p]);
	for (p = 0; p < type->vlen; p++)
		put_part(w, type->kind, &model->parts[type->first_part + p]);
}

int btf_model_write(const struct btf_model *model, const struct group_strings *strings,
		    struct buffer *out)
{
	struct btf_writer w = { .strings = strings, .out = out };
	uint8_t header[HEADER_SIZE] = { 0x9f, 0xeb, BTF_VERSION };
	size_t start = out->size, i;

	w.offsets = calloc((size_t)strings->count + 1, sizeof(*w.offsets));
	if (!w.offsets)
		return -ENOMEM;
	w.code = buffer_append(&w.table, "", STRING_SECTION_START);
	if (!w.code)
		w.code = buffer_append(out, header, sizeof(header));
	for (i = 0; i < model->type_count && !w.code; i++)
		put_type(&w, model, i);
	if (!w.code) {
		uint32_t types = (uint32_t)(out->size - start - HEADER_SIZE);

		store_le32(out->data + start + 4, HEADER_SIZE);
		store_le32(out->data + start + 12, types);
		store_le32(out->data + start + 16, types);
		store_le32(out->data + start + 20, (uint32_t)w.table.size);
		w.code = buffer_append(out, w.table.data, w.table.size);
	}
	free(w.offsets);
	buffer_free(&w.table);
	return w.code;
}
