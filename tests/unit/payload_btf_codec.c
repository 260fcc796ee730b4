/* SPDX-License-Identifier: BSD-2-Clause */
/* BTFs in groups: what changes from kernel to kernel costs little, and all of it comes back. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/btf.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "payload/btf_decode.h"
#include "payload/format.h"
#include "payload/group.h"
#include "payload/varint.h"
#include "payload/writer.h"

enum { MEMBERS = 40, NAMES = 100 };

/* "" and n1, n2, ... */
static struct group_strings strings;

/* What differs from one made-up kernel to the next. */
struct variant {
	uint32_t missing;        /* a member that is not there, by its name; 0: none */
	uint32_t from, shift;    /* members whose offset is `from` or more lie `shift` bits higher */
	uint32_t retyped;        /* a member that has another type */
	bool flag, extra_type, no_enum;
	uint64_t enum_shift;
};

static void add_type(struct btf_model *model, struct btf_type_model type)
{
	type.first_part = model->part_count;
	assert_int_equal(btf_model_add_type(model, &type), 0);
}

static void add_struct(struct btf_model *model, const struct variant *variant)
{
	uint32_t i, value;

	add_type(model, (struct btf_type_model){ .kind = BTF_KIND_STRUCT, .name = 1, .value = 4096,
		.flag = variant->flag, .vlen = MEMBERS - (variant->missing > 0) });
	for (i = 0; i < MEMBERS; i++) {
		struct btf_part part = { .name = 10 + i, .type = 2 };

		value = i * 7 % MEMBERS * 64; /* by name, offsets stand in no order */
		part.value = value >= variant->from ? value + variant->shift : value;
		if (part.name == variant->retyped)
			part.type = 3;
		if (part.name != variant->missing)
			assert_int_equal(btf_model_add_part(model, &part), 0);
	}
}

static void add_enum(struct btf_model *model, const struct variant *variant)
{
	uint32_t i;

	add_type(model, (struct btf_type_model){ .kind = BTF_KIND_ENUM, .name = 2, .value = 4,
						 .flag = true, .vlen = 8 });
	for (i = 0; i < 8; i++) {
		struct btf_part part = { .name = 60 + i };

		part.value = (uint64_t)i - 4 + variant->enum_shift;
		assert_int_equal(btf_model_add_part(model, &part), 0);
	}
}

/* struct n1, an integer, a pointer, an array, enum n2, perhaps struct n3 in front. */
static struct buffer make(const struct variant *variant)
{
	struct btf_model model = { 0 };
	struct buffer btf = { 0 };

	add_struct(&model, variant);
	add_type(&model, (struct btf_type_model){ .kind = BTF_KIND_INT, .value = 8, .extra = { 64 } });
	add_type(&model, (struct btf_type_model){ .kind = BTF_KIND_PTR, .value = 1 });
	if (variant->extra_type)
		add_type(&model, (struct btf_type_model){ .kind = BTF_KIND_STRUCT, .name = 3 });
	add_type(&model, (struct btf_type_model){ .kind = BTF_KIND_ARRAY, .extra = { 1, 2, 7 } });
	if (!variant->no_enum)
		add_enum(&model, variant);
	assert_int_equal(btf_model_write(&model, &strings, &btf), 0);
	btf_model_free(&model);
	return btf;
}

/* Stores BTFs, reads each back alone, and gives the packed size of all. */
static uint64_t store(const struct buffer *btfs, size_t count)
{
	struct payload_writer *writer = payload_writer_new();
	struct buffer out = { 0 }, back = { 0 };
	struct digest fingerprint = { { 0 } };
	struct payload *payload;
	char release[32];
	struct error err;
	uint64_t packed;
	size_t i, first;

	for (i = 0; i < count; i++) {
		struct payload_kernel kernel = { "x86_64", release, "", "", "", { { 0 } }, 0 };

		snprintf(release, sizeof(release), "r%04zu", i);
		assert_int_equal(payload_writer_btf(writer, buffer_slice(&btfs[i]), &kernel.btf, &err), 0);
		assert_int_equal(payload_writer_kernel(writer, &kernel, &err), 0);
	}
	assert_int_equal(payload_writer_finish(writer, "app", "1", &fingerprint, &out, &err), 0);
	assert_int_equal(payload_open_bytes(buffer_slice(&out), "p", &payload, &err), 0);
	assert_int_equal(payload_verify(payload, &err), 0);
	for (i = count; i-- > 0;) {
		snprintf(release, sizeof(release), "r%04zu", i);
		assert_int_equal(payload_find(payload, "x86_64", release, &first), 1);
		back.size = 0;
		assert_int_equal(payload_btf(payload, payload_kernel(payload, first).btf, &back, &err), 0);
		assert_true(slice_equal(buffer_slice(&back), buffer_slice(&btfs[i])));
	}
	packed = payload_sizes(payload).btfs;
	payload_close(payload);
	payload_writer_free(writer);
	buffer_free(&out);
	buffer_free(&back);
	return packed;
}

static const struct variant plain;

/* What storing other beside the plain one adds. */
static uint64_t cost_of(const struct variant *variant)
{
	struct buffer btfs[] = { make(&plain), make(variant) };
	uint64_t one = store(btfs, 1), both = store(btfs, 2);

	buffer_free(&btfs[0]);
	buffer_free(&btfs[1]);
	return both - one;
}

static void each_sort_of_change_is_small(void **state)
{
	static const struct variant variants[] = {
		{ .missing = 15 },
		{ .from = 640, .shift = 64 },
		{ .from = 64, .shift = 3, .flag = true },
		{ .retyped = 20 },
		{ .extra_type = true },
		{ .no_enum = true },
		{ .enum_shift = 1 },
		{ .enum_shift = (uint64_t)-3 },
		{ .missing = 10, .from = 1280, .shift = (uint32_t)-64, .retyped = 49, .extra_type = true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
		uint64_t cost = cost_of(&variants[i]);

		if (cost > 60) /* 8 of them checksum; alone it takes 200 */
			fail_msg("variant %zu costs %llu bytes", i, (unsigned long long)cost);
	}
}

/* More than fit into one group, each unlike the one before, so that chains fill up. */
static void a_long_series_comes_back(void **state)
{
	enum { COUNT = PAYLOAD_MAX_GROUP + 50 };
	struct buffer *btfs = calloc(COUNT, sizeof(*btfs));
	uint64_t packed;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT; i++)
		btfs[i] = make(&(struct variant){ .from = 64 * (uint32_t)(i % MEMBERS),
						  .shift = 64 * (uint32_t)(i + 1),
						  .missing = i % 3 ? 0 : 10 + (uint32_t)(i % MEMBERS) });
	packed = store(btfs, COUNT);
	assert_true(packed < COUNT * 40);
	for (i = 0; i < COUNT; i++)
		buffer_free(&btfs[i]);
	free(btfs);
}

/* Bytes that the coded form cannot give back are stored as they are. */
static void other_layouts_come_back(void **state)
{
	struct buffer btfs[] = { make(&plain), make(&plain), make(&plain), { 0 }, make(&plain) };
	size_t i;

	(void)state;
	btfs[1].data[4] = 32;                                   /* a longer header */
	assert_int_equal(buffer_append(&btfs[2], "", 1), 0);    /* something behind it */
	assert_int_equal(buffer_append(&btfs[3], "no BTF", 6), 0);
	btfs[4].data[24 + 12 + 4] = 0xff;                       /* a type that is not there */
	btfs[4].data[24 + 12 + 5] = 0xff;
	store(btfs, 5);
	for (i = 0; i < 5; i++)
		buffer_free(&btfs[i]);
}

/* One BTF in a group, of which every byte is changed: an error, or another way to say the same. */
static void damaged_groups_are_refused(void **state)
{
	static const uint8_t group[] = {
		0x24, 0xd0, 0x2e, 0xad, 0xdc, 0xd0, 0x32, 0xce, 0x04, 0x69, 0x6e, 0x74, 0x00, 0x2d,
		0x0c, 0x01, 0x00, 0x00, 0x02, 0x01, 0x01, 0x00, 0x04, 0x81, 0x40, 0x00, 0x00,
	};
	uint8_t copy[sizeof(group)];
	struct buffer out = { 0 };
	size_t i, accepted = 0;
	int value;

	(void)state;
	assert_int_equal(group_btf(slice_of(group, sizeof(group)), 1, 0, &out), 0);
	assert_int_equal(out.size, 45);
	for (i = 0; i < sizeof(group); i++) {
		assert_int_equal(group_btf(slice_of(group, i), 1, 0, &out), -EBADMSG);
		for (value = 0; value < 256; value++) {
			memcpy(copy, group, sizeof(group));
			copy[i] = (uint8_t)value;
			if (group_btf(slice_of(copy, sizeof(copy)), 1, 0, &out) == 0)
				accepted++;
		}
	}
	/* All that came out has the digest: the same 45 bytes. */
	assert_true(accepted < 2 * sizeof(group));
	assert_int_equal(out.size, 45 * (accepted + 1));
	for (i = 1; i <= accepted; i++)
		assert_memory_equal(out.data, out.data + 45 * i, 45);
	buffer_free(&out);
}

static void numbers(void **state)
{
	static const uint64_t values[] = { 0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX };
	static const uint8_t too_large[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2 };
	struct buffer out = { 0 };
	struct cursor in;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		assert_int_equal(write_varint(&out, values[i]), 0);
	in = cursor_of(buffer_slice(&out));
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		assert_true(read_varint(&in) == values[i]);
	assert_false(in.is_bad);
	assert_int_equal(read_varint(&in), 0);
	assert_true(in.is_bad);
	in = cursor_of(slice_of(too_large, sizeof(too_large)));
	read_varint(&in);
	assert_true(in.is_bad);
	assert_true(unzigzag(zigzag((uint64_t)-5)) == (uint64_t)-5);
	assert_int_equal(zigzag((uint64_t)-1), 1);
	buffer_free(&out);
}

static int set_up(void **state)
{
	static char table[NAMES * 8];
	size_t size = 0;
	int i;

	(void)state;
	for (i = 1; i < NAMES; i++)
		size += (size_t)sprintf(table + size, "n%d", i) + 1;
	return group_strings_open(slice_of(table, size), &strings);
}

static int tear_down(void **state)
{
	(void)state;
	group_strings_free(&strings);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(each_sort_of_change_is_small),
		cmocka_unit_test(a_long_series_comes_back),
		cmocka_unit_test(other_layouts_come_back),
		cmocka_unit_test(damaged_groups_are_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
