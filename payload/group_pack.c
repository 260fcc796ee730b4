/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each BTF is coded against those of the last ones in its group that are not too deep, and against
 * nothing; the shortest stays, the nearest of equals.  A group ends where another BTF would make it
 * too large to be unpacked for a look-up.
 */
#include <errno.h>
#include <stdlib.h>

#include "payload/btf_decode.h"
#include "payload/btf_encode.h"
#include "payload/btf_parse.h"
#include "payload/deflate.h"
#include "payload/group.h"
#include "payload/seal.h"
#include "payload/varint.h"

#include "payload/group_pack.h"

enum {
	WINDOW = 24,             /* how many earlier BTFs are tried; more gain little */
	SIZES = 3 * 5,           /* of the strings, a BTF and its coded form: as numbers, at most */
};

/* A BTF that is in the group. */
struct member {
	struct btf_model model;  /* empty where it is stored as it is */
	bool is_coded;
	unsigned int depth;
};

struct packer {
	const struct payload_writer *writer;
	struct stream *out;
	struct strings strings;  /* of all BTFs */
	struct group_names names;
	size_t names_size;       /* bytes of the group's strings */
	struct member *members;
	uint32_t count, first;   /* of the group */
	struct buffer checks, entries;
	struct buffer trial, best;
	size_t best_cost;        /* what the group grows by, new strings included */
	unsigned int best_depth;
};

static const struct writer_btf *ordered(const struct packer *p, size_t i)
{
	return &p->writer->btfs[p->out->order[i]];
}

static const char *text_of(const struct packer *p, uint32_t name)
{
	return (const char *)p->strings.table.data + name;
}

static size_t names_size(const struct packer *p, uint32_t from)
{
	size_t size = 0;

	for (; from < p->names.count; from++)
		size += strlen(text_of(p, p->names.items[from])) + 1;
	return size;
}

static int names_table(const struct packer *p, struct buffer *out)
{
	int code = 0;
	uint32_t i;

	for (i = 0; i < p->names.count && !code; i++) {
		const char *text = text_of(p, p->names.items[i]);

		code = buffer_append(out, text, strlen(text) + 1);
	}
	return code;
}

/* Codes model against one base; *cost is what the group would grow by. */
static int try_base(struct packer *p, const struct btf_model *model, const struct btf_model *base,
		    uint64_t form, size_t *cost)
{
	uint32_t known = p->names.count;
	int code;

	p->trial.size = 0;
	code = write_varint(&p->trial, form);
	if (!code)
		code = btf_encode_model(model, base, &p->names, &p->trial);
	*cost = p->trial.size + names_size(p, known);
	group_names_cut(&p->names, known);
	return code;
}

static int code_shortest(struct packer *p, const struct btf_model *model)
{
	struct btf_model nothing = { 0 };
	size_t cost;
	uint32_t back;
	int code;

	code = try_base(p, model, &nothing, 1, &p->best_cost);
	p->best.size = 0;
	p->best_depth = 0;
	if (!code)
		code = buffer_append(&p->best, p->trial.data, p->trial.size);
	for (back = 1; back <= p->count && back <= WINDOW && !code; back++) {
		const struct member *base = &p->members[p->count - back];

		if (!base->is_coded || base->depth == PAYLOAD_MAX_CHAIN)
			continue;
		code = try_base(p, model, &base->model, back + 1, &cost);
		if (code || cost >= p->best_cost)
			continue;
		p->best_cost = cost;
		p->best.size = 0;
		p->best_depth = base->depth + 1;
		code = buffer_append(&p->best, p->trial.data, p->trial.size);
	}
	return code;
}

/* The winner once more, so that its names become the group's. */
static int take_names(struct packer *p, const struct btf_model *model)
{
	struct cursor in = cursor_of(buffer_slice(&p->best));
	uint64_t form = read_varint(&in);
	struct btf_model nothing = { 0 };
	uint32_t known = p->names.count;
	int code;

	p->trial.size = 0;
	code = btf_encode_model(model, form > 1 ? &p->members[p->count + 1 - form].model : &nothing,
				&p->names, &p->trial);
	p->names_size += names_size(p, known);
	return code;
}

static int put_entry(struct packer *p, const struct writer_btf *btf, struct slice coded)
{
	int code = buffer_append(&p->checks, btf->digest.bytes, GROUP_CHECK_SIZE);

	if (!code)
		code = write_varint(&p->entries, btf->bytes.size);
	if (!code)
		code = write_varint(&p->entries, coded.size);
	return code ? code : buffer_append(&p->entries, coded.data, coded.size);
}

static void forget_group(struct packer *p)
{
	uint32_t i;

	for (i = 0; i < p->count; i++)
		btf_model_free(&p->members[i].model);
	group_names_cut(&p->names, 0);
	p->first += p->count;
	p->count = 0;
	p->names_size = 0;
	p->checks.size = p->entries.size = 0;
}

/* What a target host will do, before anything is written. */
static int read_back(const struct packer *p, struct slice group)
{
	struct buffer btf = { 0 };
	int code = 0;
	uint32_t i;

	for (i = 0; i < p->count && !code; i++) {
		btf.size = 0;
		code = group_btf(group, p->count, i, &btf);
		if (!code && !slice_equal(buffer_slice(&btf),
					  buffer_slice(&ordered(p, p->first + i)->bytes)))
			code = -EBADMSG;
	}
	buffer_free(&btf);
	return code;
}

static int close_group(struct packer *p)
{
	struct buffer strings = { 0 }, whole = { 0 };
	int code;

	code = write_varint(&strings, p->names_size);
	if (!code)
		code = names_table(p, &strings);
	if (!code) {
		struct slice pieces[] = { buffer_slice(&p->checks), buffer_slice(&strings),
					  buffer_slice(&p->entries) };
		size_t i;

		for (i = 0; i < 3 && !code; i++)
			code = buffer_append(&whole, pieces[i].data, pieces[i].size);
		if (!code)
			code = read_back(p, buffer_slice(&whole));
		if (!code)
			code = stream_add_group(p->out, pieces, 3, p->first);
	}
	buffer_free(&strings);
	buffer_free(&whole);
	if (!code)
		forget_group(p);
	return code;
}

/* Parses a BTF, and sees whether the coded form holds all of it. */
static int parse(struct packer *p, struct slice btf, struct member *out)
{
	struct btf_model nothing = { 0 }, model;
	struct group_strings strings = { 0 };
	struct buffer table = { 0 }, written = { 0 };
	uint32_t known = p->names.count;
	int code;

	code = btf_model_parse(btf, &p->strings, &out->model, &out->is_coded);
	if (code || !out->is_coded)
		return code;
	p->trial.size = 0;
	code = btf_encode_model(&out->model, &nothing, &p->names, &p->trial);
	if (!code)
		code = names_table(p, &table);
	if (!code)
		code = group_strings_open(buffer_slice(&table), &strings);
	if (!code)
		code = btf_decode_model(buffer_slice(&p->trial), &nothing, strings.count - 1, btf.size,
					&model);
	if (!code) {
		code = btf_model_write(&model, &strings, &written);
		btf_model_free(&model);
	}
	out->is_coded = !code && btf.size <= PAYLOAD_MAX_CODED &&
			slice_equal(buffer_slice(&written), btf);
	if (!out->is_coded)
		btf_model_free(&out->model);
	group_names_cut(&p->names, known);
	group_strings_free(&strings);
	buffer_free(&table);
	buffer_free(&written);
	return code == -EBADMSG ? 0 : code;
}

/* The entry's bytes: coded, or as they are. */
static int code_member(struct packer *p, const struct member *member, struct slice btf)
{
	int code;

	if (member->is_coded)
		return code_shortest(p, &member->model);
	p->best.size = 0;
	p->best_depth = 0;
	p->best_cost = btf.size + 1;
	code = write_varint(&p->best, 0);
	return code ? code : buffer_append(&p->best, btf.data, btf.size);
}

static bool is_full(const struct packer *p)
{
	return p->checks.size + p->names_size + p->entries.size + p->best_cost + GROUP_CHECK_SIZE +
		       SIZES > PAYLOAD_GROUP_SIZE || p->count == PAYLOAD_MAX_GROUP;
}

static int add(struct packer *p, const struct writer_btf *btf)
{
	struct member member = { 0 };
	int code = parse(p, buffer_slice(&btf->bytes), &member);

	if (!code)
		code = code_member(p, &member, buffer_slice(&btf->bytes));
	if (!code && p->count > 0 && is_full(p)) {
		code = close_group(p);
		if (!code)
			code = code_member(p, &member, buffer_slice(&btf->bytes));
	}
	if (!code && member.is_coded)
		code = take_names(p, &member.model);
	if (!code)
		code = put_entry(p, btf, buffer_slice(&p->best));
	member.depth = p->best_depth;
	p->members[p->count++] = member;
	return code;
}

static int prepare(struct packer *p)
{
	size_t i;
	int code = 0;

	for (i = 0; i < p->writer->btf_count && !code; i++)
		code = btf_gather_strings(buffer_slice(&p->writer->btfs[i].bytes), &p->strings);
	if (!code)
		code = strings_sort(&p->strings);
	if (code)
		return code;
	p->names.numbers = calloc(p->strings.table.size + 1, sizeof(*p->names.numbers));
	p->names.items = calloc(p->strings.count + 1, sizeof(*p->names.items));
	p->members = calloc(PAYLOAD_MAX_GROUP + 1, sizeof(*p->members));
	return p->names.numbers && p->names.items && p->members ? 0 : -ENOMEM;
}

int groups_pack(const struct payload_writer *writer, struct stream *out)
{
	struct packer p = { .writer = writer, .out = out };
	int code = prepare(&p);
	size_t i;

	for (i = 0; i < writer->btf_count && !code; i++)
		code = add(&p, ordered(&p, i));
	if (!code && p.count > 0)
		code = close_group(&p);
	forget_group(&p);
	strings_free(&p.strings);
	free(p.names.numbers);
	free(p.names.items);
	free(p.members);
	buffer_free(&p.checks);
	buffer_free(&p.entries);
	buffer_free(&p.trial);
	buffer_free(&p.best);
	return code;
}
