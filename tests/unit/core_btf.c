/* SPDX-License-Identifier: BSD-2-Clause */
/* The BTF view: real kernels' blobs are read as libbpf reads them, damaged ones are refused. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include <bpf/btf.h>

#include "core/btf.h"
#include "lib/file.h"

/* A small blob with every kind, written by libbpf. */
static struct btf *every_kind(struct slice *raw)
{
	struct btf *btf = btf__new_empty();
	int u32, s, proto;
	uint32_t size;

	u32 = btf__add_int(btf, "unsigned int", 4, 0);
	btf__add_int(btf, "long int", 8, BTF_INT_SIGNED);
	btf__add_ptr(btf, u32);
	btf__add_array(btf, u32, u32, 7);
	s = btf__add_struct(btf, "s", 8);
	btf__add_field(btf, "a", u32, 0, 0);
	btf__add_field(btf, "b", u32, 33, 5);
	btf__add_union(btf, "u", 4);
	btf__add_field(btf, "x", u32, 0, 0);
	btf__add_enum(btf, "e", 4);
	btf__add_enum_value(btf, "MINUS", -3);
	btf__add_enum64(btf, "e64", 8, false);
	btf__add_enum64_value(btf, "WIDE", 0x1234567890abcdefull);
	btf__add_fwd(btf, "f", BTF_FWD_UNION);
	btf__add_typedef(btf, "t", s);
	btf__add_volatile(btf, s);
	btf__add_const(btf, s);
	btf__add_restrict(btf, 3);
	proto = btf__add_func_proto(btf, u32);
	btf__add_func_param(btf, "p", 3);
	btf__add_func(btf, "fn", BTF_FUNC_GLOBAL, proto);
	btf__add_var(btf, "v", BTF_VAR_STATIC, u32);
	btf__add_datasec(btf, ".data", 4);
	btf__add_datasec_var_info(btf, 17, 0, 4);
	btf__add_float(btf, "double", 8);
	btf__add_decl_tag(btf, "tag", s, 0);
	btf__add_type_tag(btf, "rcu", s);
	raw->data = btf__raw_data(btf, &size);
	raw->size = size;
	return btf;
}

static void reads_each_kind(void **state)
{
	struct btf_view view;
	struct slice raw;
	struct btf *btf = every_kind(&raw);
	struct btf_info t;

	(void)state;
	assert_int_equal(btf_view_open(&view, raw, NULL), 0);
	assert_int_equal(view.type_count, btf__type_cnt(btf));
	assert_int_equal(view.pointer_size, 8);
	t = btf_view_type(&view, 5);
	assert_int_equal(t.kind, BTF_KIND_STRUCT);
	assert_string_equal(btf_view_string(&view, t.name_off), "s");
	assert_int_equal(btf_info_member(&t, 1).bit_offset, 33);
	assert_int_equal(btf_info_member(&t, 1).bitfield_size, 5);
	t = btf_view_type(&view, 7);
	assert_int_equal((int64_t)btf_info_enumerator(&t, 0).value, -3);
	t = btf_view_type(&view, 8);
	assert_true(btf_info_enumerator(&t, 0).value == 0x1234567890abcdefull);
	t = btf_view_type(&view, 4);
	assert_int_equal(btf_info_nelems(&t), 7);
	assert_int_equal(btf_view_size(&view, 4), 28);
	assert_int_equal(btf_view_size(&view, 3), 8);
	assert_int_equal(btf_view_skip(&view, 10), 5);
	assert_int_equal(btf_view_size(&view, 0), -EINVAL);
	btf_view_close(&view);
	btf__free(btf);
}

/*
 * Sizes and skipped types agree with libbpf for every type of this machine's kernel, or a
 * fixture.
 */
static void agrees_with_libbpf(void **state)
{
	const char *path = getenv("TEST_BTF") ? getenv("TEST_BTF") : "/sys/kernel/btf/vmlinux";
	struct buffer file = { 0 };
	struct btf_view view;
	struct btf *btf;
	uint32_t id;

	(void)state;
	if (file_read(AT_FDCWD, path, BTF_MAX_SIZE, &file, NULL)) {
		print_message("skipped: %s: this kernel exposes no BTF and TEST_BTF names none\n", path);
		skip();
	}
	assert_int_equal(btf_view_open(&view, buffer_slice(&file), NULL), 0);
	btf = btf__new(file.data, (uint32_t)file.size);
	assert_non_null(btf);
	assert_int_equal(view.type_count, btf__type_cnt(btf));
	for (id = 1; id < view.type_count; id++) {
		const struct btf_type *t = btf__type_by_id(btf, id);
		struct btf_info info = btf_view_type(&view, id);
		int64_t size = btf__resolve_size(btf, id), ours = btf_view_size(&view, id);

		assert_int_equal(info.kind, btf_kind(t));
		assert_string_equal(btf_view_string(&view, info.name_off),
				    btf__name_by_offset(btf, t->name_off));
		assert_int_equal(ours < 0 ? -1 : ours, size < 0 ? -1 : size);
	}
	btf__free(btf);
	btf_view_close(&view);
	buffer_free(&file);
}

static void refuses_every_truncation(void **state)
{
	struct btf_view view;
	struct slice raw;
	struct btf *btf = every_kind(&raw);
	size_t size;

	(void)state;
	for (size = 0; size < raw.size; size++) {
		uint8_t *part = malloc(size ? size : 1); /* of its own, so that ASan sees a step beyond */

		memcpy(part, raw.data, size);
		assert_int_equal(btf_view_open(&view, slice_of(part, size), NULL), -EBADMSG);
		assert_null(view.offsets);
		free(part);
	}
	btf__free(btf);
}

/* Whatever a flipped byte does, what opens can be walked without leaving the blob. */
static void survives_every_flip(void **state)
{
	struct slice raw;
	struct btf *btf = every_kind(&raw);
	uint8_t *copy = malloc(raw.size);
	size_t at;

	(void)state;
	for (at = 0; at < raw.size * 8; at++) {
		struct btf_view view;
		uint32_t id;

		memcpy(copy, raw.data, raw.size);
		copy[at / 8] ^= (uint8_t)(1 << at % 8);
		if (btf_view_open(&view, slice_of(copy, raw.size), NULL))
			continue;
		for (id = 0; id < view.type_count; id++) {
			btf_view_size(&view, id);
			btf_view_skip(&view, id);
			assert_true(strlen(btf_view_string(&view, btf_view_type(&view, id).name_off)) < raw.size);
		}
		btf_view_close(&view);
	}
	free(copy);
	btf__free(btf);
}

static void names_what_it_refuses(void **state)
{
	struct error err = ERROR_NONE;
	struct btf_view view;
	struct slice raw;
	struct btf *btf = every_kind(&raw);
	uint8_t *copy = malloc(raw.size);

	(void)state;
	memcpy(copy, raw.data, raw.size);
	copy[24 + 7] = 25; /* the first type's kind */
	assert_int_equal(btf_view_open(&view, slice_of(copy, raw.size), &err), -ENOTSUP);
	assert_non_null(strstr(err.text, "type 1: kind 25 is newer"));

	memcpy(copy, raw.data, raw.size);
	copy[0] = 0xeb;
	copy[1] = 0x9f;
	assert_int_equal(btf_view_open(&view, slice_of(copy, raw.size), &err), -ENOTSUP);
	assert_non_null(strstr(err.text, "big-endian"));

	memcpy(copy, raw.data, raw.size);
	copy[2] = 2;
	assert_int_equal(btf_view_open(&view, slice_of(copy, raw.size), &err), -ENOTSUP);
	assert_non_null(strstr(err.text, "version 2"));

	memcpy(copy, raw.data, raw.size);
	store_le32(copy + 24 + 16 + 16 + 8, 99); /* the pointer's target */
	assert_int_equal(btf_view_open(&view, slice_of(copy, raw.size), &err), -EBADMSG);
	assert_non_null(strstr(err.text, "type 3: reference to type 99"));
	free(copy);
	btf__free(btf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_each_kind),
		cmocka_unit_test(agrees_with_libbpf),
		cmocka_unit_test(refuses_every_truncation),
		cmocka_unit_test(survives_every_flip),
		cmocka_unit_test(names_what_it_refuses),
	};

	return cmocka_run_group_tests_name("core/btf", tests, NULL, NULL);
}
