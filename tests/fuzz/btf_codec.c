/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The coded form of BTFs from both ends: any bytes as a group, and as a base and a difference to
 * it, which must survive being coded again; and any bytes as BTFs, which a payload must give back.
 */
#include <stdlib.h>

#include "payload/btf_decode.h"
#include "payload/btf_encode.h"
#include "payload/group.h"
#include "payload/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_BTFS = 4, BTF_SIZE = 1 << 16 };

static void read_group(struct slice bytes, uint32_t count)
{
	struct buffer out = { 0 };
	uint32_t i;

	for (i = 0; i < count; i++)
		group_btf(bytes, count, i, &out);
	buffer_free(&out);
}

/* All strings known, each by its own number. */
static struct group_names all_names(uint32_t count)
{
	struct group_names names = {
		.numbers = calloc((size_t)count + 1, sizeof(*names.numbers)),
		.items = calloc((size_t)count + 1, sizeof(*names.items)),
		.count = count,
	};
	uint32_t i;

	for (i = 1; i <= count; i++) {
		names.numbers[i] = i;
		names.items[i - 1] = i;
	}
	return names;
}

static void code_again(const struct btf_model *model, const struct btf_model *base,
		       const struct group_strings *strings)
{
	struct group_names names = all_names(strings->count - 1);
	struct buffer coded = { 0 }, first = { 0 }, second = { 0 };
	struct btf_model again;

	if (btf_encode_model(model, base, &names, &coded) ||
	    btf_model_write(model, strings, &first) ||
	    btf_decode_model(buffer_slice(&coded), base, strings->count - 1, BTF_SIZE, &again) ||
	    btf_model_write(&again, strings, &second) ||
	    !slice_equal(buffer_slice(&first), buffer_slice(&second)))
		abort();
	btf_model_free(&again);
	free(names.numbers);
	free(names.items);
	buffer_free(&coded);
	buffer_free(&first);
	buffer_free(&second);
}

static void read_difference(struct slice one, struct slice other)
{
	static const char table[] = "int\0task_struct\0pid\0tgid\0comm\0u8\0flags";
	struct btf_model nothing = { 0 }, base, model;
	struct group_strings strings;

	if (group_strings_open(slice_of(table, sizeof(table)), &strings))
		return;
	if (btf_decode_model(one, &nothing, strings.count - 1, BTF_SIZE, &base) == 0) {
		code_again(&base, &nothing, &strings);
		if (btf_decode_model(other, &base, strings.count - 1, BTF_SIZE, &model) == 0) {
			code_again(&model, &base, &strings);
			btf_model_free(&model);
		}
		btf_model_free(&base);
	}
	group_strings_free(&strings);
}

static void store(const struct slice *btfs, size_t count)
{
	struct payload_writer *writer = payload_writer_new();
	struct digest fingerprint = { { 0 } };
	struct buffer out = { 0 };
	struct payload *payload;
	struct error err;
	uint32_t number;
	size_t i;

	for (i = 0; i < count; i++)
		if (btfs[i].size && payload_writer_btf(writer, btfs[i], &number, &err))
			abort();
	if (payload_writer_finish(writer, "app", "1", &fingerprint, &out, &err) ||
	    payload_open_bytes(buffer_slice(&out), "input", &payload, &err) ||
	    payload_verify(payload, &err))
		abort();
	payload_close(payload);
	payload_writer_free(writer);
	buffer_free(&out);
}

/* The first byte says how many parts, and so the second where each ends. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice parts[MOST_BTFS], rest;
	size_t count, i;

	if (size < 2)
		return 0;
	count = data[0] % MOST_BTFS + 1;
	rest = slice_of(data + 2, size - 2);
	for (i = 0; i < count; i++) {
		size_t part = i + 1 < count ? rest.size * data[1] / 256 : rest.size;

		parts[i] = slice_of(rest.data, part);
		rest = slice_of(rest.data + part, rest.size - part);
	}
	read_group(slice_of(data + 2, size - 2), data[1]);
	if (count > 1)
		read_difference(parts[0], parts[1]);
	store(parts, count);
	return 0;
}
