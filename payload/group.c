/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "lib/digest.h"
#include "payload/btf_decode.h"
#include "payload/format.h"
#include "payload/varint.h"

#include "payload/group.h"

struct entry {
	uint64_t size;           /* of the BTF */
	uint64_t form;           /* 0: as it is; else one more than how far back its base is */
	struct slice coded;
};

struct group {
	struct slice checks, strings;
	struct cursor entries;
};

static int open_group(struct slice bytes, uint32_t count, struct group *out)
{
	struct cursor in = cursor_of(bytes);

	out->checks = read_bytes(&in, (uint64_t)count * GROUP_CHECK_SIZE);
	out->strings = read_bytes(&in, read_varint(&in));
	out->entries = in;
	return in.is_bad ? -EBADMSG : 0;
}

/* Entry `number`; those before it are stepped over. */
static int find_entry(const struct group *group, uint32_t number, struct entry *out)
{
	struct cursor in = group->entries, coded;
	uint32_t i;

	for (i = 0; i <= number && !in.is_bad; i++) {
		out->size = read_varint_up_to(&in, PAYLOAD_MAX_CONTENT);
		out->coded = read_bytes(&in, read_varint(&in));
	}
	coded = cursor_of(out->coded);
	out->form = read_varint(&coded);
	out->coded = slice_of(coded.at, cursor_left(&coded));
	if (in.is_bad || coded.is_bad || out->size == 0)
		return -EBADMSG;
	if (out->form == 0)
		return out->coded.size == out->size ? 0 : -EBADMSG;
	return out->form - 1 <= number && out->size <= PAYLOAD_MAX_CODED ? 0 : -EBADMSG;
}

/* The entries that `number` leans on, itself first. */
static int find_chain(const struct group *group, uint32_t number,
		      struct entry chain[static PAYLOAD_MAX_CHAIN + 1], size_t *length)
{
	int code;

	for (*length = 0; *length <= PAYLOAD_MAX_CHAIN;) {
		struct entry *entry = &chain[*length];

		code = find_entry(group, number, entry);
		if (code)
			return code;
		++*length;
		if (entry->form <= 1)
			/* nothing leans on what is stored as it is */
			return entry->form == 0 && *length > 1 ? -EBADMSG : 0;
		number -= (uint32_t)(entry->form - 1);
	}
	return -EBADMSG;
}

static int decode_chain(const struct entry *chain, size_t length,
			const struct group_strings *strings, struct buffer *out)
{
	struct btf_model base = { 0 }, model = { 0 };
	int code = 0;
	size_t i;

	for (i = length; i-- > 0 && !code;) {
		code = btf_decode_model(chain[i].coded, &base, strings->count - 1, chain[i].size,
					&model);
		btf_model_free(&base);
		base = model;
	}
	if (!code)
		code = btf_model_write(&base, strings, out);
	btf_model_free(&base);
	return code;
}

static int read_coded(const struct group *group, const struct entry *chain, size_t length,
		      struct buffer *out)
{
	struct group_strings strings;
	int code;

	if (chain[0].form == 0)
		return buffer_append(out, chain[0].coded.data, chain[0].coded.size);
	code = group_strings_open(group->strings, &strings);
	if (code)
		return code;
	code = decode_chain(chain, length, &strings, out);
	group_strings_free(&strings);
	return code;
}

int group_btf(struct slice bytes, uint32_t count, uint32_t number, struct buffer *out)
{
	struct entry chain[PAYLOAD_MAX_CHAIN + 1];
	size_t start = out->size, length;
	struct digest digest;
	struct group group;
	int code;

	code = open_group(bytes, count, &group);
	if (!code)
		code = find_chain(&group, number, chain, &length);
	if (!code)
		code = read_coded(&group, chain, length, out);
	if (!code) {
		digest = digest_of(slice_of(out->data + start, out->size - start));
		if (out->size - start != chain[0].size ||
		    memcmp(digest.bytes, group.checks.data + (size_t)number * GROUP_CHECK_SIZE,
			   GROUP_CHECK_SIZE) != 0)
			code = -EBADMSG;
	}
	if (code)
		out->size = start;
	return code;
}
