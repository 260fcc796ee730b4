/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes into a payload comes out again, whatever the order; what is illegal never gets in. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "payload/format.h"
#include "payload/writer.h"

/* A stand-in for a BTF: its number, then bytes that compress a little. */
static struct slice fake_btf(uint32_t number)
{
	static uint8_t bytes[20000];
	uint32_t i, noise = number + 1;

	for (i = 0; i < sizeof(bytes); i++) {
		noise = noise * 1103515245 + 12345;
		bytes[i] = (uint8_t)(i % 3 ? i / 7 : noise >> 24);
	}
	store_le32(bytes, number);
	return slice_of(bytes, sizeof(bytes) - number % 1000);
}

static const struct {
	const char *arch, *release, *build, *distro, *version_id;
	uint32_t btf;
} kernels[] = {
	{ "x86_64", "6.1.0-9-amd64", "", "debian", "12", 0 },
	{ "x86_64", "6.1.0-10-amd64", "", "debian", "12", 1 },
	{ "x86_64", "5.15.0-91-generic", "#101-Ubuntu SMP", "ubuntu", "22.04", 2 },
	{ "x86_64", "5.15.0-91-generic", "#101~20.04.1-Ubuntu SMP", "ubuntu", "20.04", 3 },
	{ "arm64", "6.1.0-9-amd64", "", "debian", "12", 1 },
	{ "x86_64", "4.18.0-513.el8.x86_64", "", "rocky", "8.9", 4 },
	{ "x86_64", "4.18.0-513.el8.x86_64", "", "almalinux", "8.9", 4 },
	{ "arm64", "6.6.1-arch1-1", "", "arch", "", 5 },
};

enum {
	KERNELS = sizeof(kernels) / sizeof(kernels[0]),
	BTFS = 6,
	LARGE = 3 * PAYLOAD_CLUSTER_SIZE + 77,
};

static void add_kernel(struct payload_writer *writer, size_t i)
{
	struct payload_kernel kernel = {
		.arch = kernels[i].arch,
		.release = kernels[i].release,
		.build = kernels[i].build,
		.distro = kernels[i].distro,
		.version_id = kernels[i].version_id,
		.full_btf = digest_of(slice_of(&i, sizeof(i))),
	};
	struct error err = ERROR_NONE;

	assert_int_equal(payload_writer_btf(writer, fake_btf(kernels[i].btf), &kernel.btf, &err), 0);
	assert_int_equal(payload_writer_kernel(writer, &kernel, &err), 0);
}

/* As large as objects are: several clusters. */
static struct slice large_object(void)
{
	static uint8_t bytes[LARGE];
	size_t i;

	for (i = 0; i < LARGE; i++)
		bytes[i] = (uint8_t)(i >> 5 ^ i >> 13);
	return slice_of(bytes, LARGE);
}

static void add_file(struct payload_writer *writer, size_t i)
{
	struct error err = ERROR_NONE;
	int code;

	if (i == 0)
		code = payload_writer_file(writer, PAYLOAD_OBJECT, "x86_64", "app.bpf.o",
					   large_object(), &err);
	else if (i == 1)
		code = payload_writer_file(writer, PAYLOAD_OBJECT, "", "app.bpf.o",
					   slice_of("any", 3), &err);
	else
		code = payload_writer_file(writer, PAYLOAD_SOURCE, "", "empty.h", slice_of("", 0), &err);
	assert_int_equal(code, 0);
}

static void finish(struct payload_writer *writer, struct buffer *out)
{
	struct digest fingerprint = digest_of(slice_of("f", 1));
	struct error err = ERROR_NONE;

	assert_int_equal(payload_writer_finish(writer, "app", "1.0~rc1", &fingerprint, out, &err), 0);
	payload_writer_free(writer);
}

/* Everything, beginning at number start, forwards or backwards. */
static void build(size_t start, bool backwards, struct buffer *out)
{
	struct payload_writer *writer = payload_writer_new();
	size_t i;

	for (i = 0; i < KERNELS; i++)
		add_kernel(writer, (start + (backwards ? KERNELS - i : i)) % KERNELS);
	for (i = 0; i < 3; i++)
		add_file(writer, (start + (backwards ? 3 - i : i)) % 3);
	finish(writer, out);
}

static void order_does_not_show(void **state)
{
	struct buffer first = { 0 }, other = { 0 };
	size_t start;

	(void)state;
	build(0, false, &first);
	for (start = 0; start < KERNELS; start++) {
		other.size = 0;
		build(start, start % 2, &other);
		assert_true(slice_equal(buffer_slice(&first), buffer_slice(&other)));
	}
	buffer_free(&first);
	buffer_free(&other);
}

static void repetition_does_not_show(void **state)
{
	struct buffer once = { 0 }, twice = { 0 };
	struct payload_writer *writer;
	size_t i;

	(void)state;
	build(0, false, &once);
	writer = payload_writer_new();
	for (i = 0; i < 2 * KERNELS; i++)
		add_kernel(writer, i % KERNELS);
	for (i = 0; i < 3; i++)
		add_file(writer, i);
	finish(writer, &twice);
	assert_true(slice_equal(buffer_slice(&once), buffer_slice(&twice)));
	buffer_free(&once);
	buffer_free(&twice);
}

static void assert_finds(const struct payload *payload, const char *arch, const char *release,
			 size_t count, const char *distro, uint32_t btf)
{
	struct buffer bytes = { 0 };
	struct payload_kernel kernel;
	struct error err;
	size_t first;

	assert_int_equal(payload_find(payload, arch, release, &first), count);
	if (count == 0)
		return;
	kernel = payload_kernel(payload, first);
	assert_string_equal(kernel.distro, distro);
	assert_int_equal(payload_btf(payload, kernel.btf, &bytes, &err), 0);
	assert_true(slice_equal(buffer_slice(&bytes), fake_btf(btf)));
	buffer_free(&bytes);
}

static void look_ups(void **state)
{
	struct buffer bytes = { 0 };
	struct payload *payload;
	struct error err;

	(void)state;
	build(3, true, &bytes);
	assert_int_equal(payload_open_bytes(buffer_slice(&bytes), "p", &payload, &err), 0);
	assert_int_equal(payload_kernel_count(payload), KERNELS);
	assert_int_equal(payload_btf_count(payload), BTFS);
	assert_finds(payload, "x86_64", "6.1.0-9-amd64", 1, "debian", 0);
	assert_finds(payload, "arm64", "6.1.0-9-amd64", 1, "debian", 1);
	assert_finds(payload, "x86_64", "6.1.0-10-amd64", 1, "debian", 1);
	assert_finds(payload, "x86_64", "5.15.0-91-generic", 2, "ubuntu", 2);
	assert_finds(payload, "x86_64", "4.18.0-513.el8.x86_64", 2, "almalinux", 4);
	assert_finds(payload, "arm64", "6.6.1-arch1-1", 1, "arch", 5);
	assert_finds(payload, "x86_64", "6.1.0-9-amd6", 0, "", 0);
	assert_finds(payload, "x86_64", "6.1.0-9-amd64x", 0, "", 0);
	assert_finds(payload, "riscv64", "6.1.0-9-amd64", 0, "", 0);
	assert_finds(payload, "", "", 0, "", 0);
	assert_finds(payload, "zzz", "9", 0, "", 0);
	payload_close(payload);
	buffer_free(&bytes);
}

/* 5.2 before 5.10: neighbours are alike, and lz4 looks back no more than 64 KiB. */
static void btfs_stand_in_the_order_of_versions(void **state)
{
	static const char *const releases[] = { "5.2", "5.10", "5.10.3-9", "5.10.3-10", "6.1" };
	struct payload_kernel kernel = { "x86_64", "", "", "debian", "12", { { 0 } }, 0 };
	struct payload_writer *writer = payload_writer_new();
	struct buffer bytes = { 0 };
	struct payload *payload;
	struct error err;
	size_t i, first;

	(void)state;
	for (i = 0; i < 5; i++) {
		kernel.release = releases[i];
		assert_int_equal(payload_writer_btf(writer, fake_btf((uint32_t)i), &kernel.btf, &err), 0);
		assert_int_equal(payload_writer_kernel(writer, &kernel, &err), 0);
	}
	finish(writer, &bytes);
	assert_int_equal(payload_open_bytes(buffer_slice(&bytes), "p", &payload, &err), 0);
	for (i = 0; i < 5; i++) {
		assert_int_equal(payload_find(payload, "x86_64", releases[i], &first), 1);
		assert_int_equal(payload_kernel(payload, first).btf, i);
	}
	payload_close(payload);
	buffer_free(&bytes);
}

static void files_come_out(void **state)
{
	struct buffer bytes = { 0 }, out = { 0 };
	struct payload *payload;
	struct error err;
	size_t i;

	(void)state;
	build(0, false, &bytes);
	assert_int_equal(payload_open_bytes(buffer_slice(&bytes), "p", &payload, &err), 0);
	assert_int_equal(payload_find_file(payload, PAYLOAD_OBJECT, "x86_64", &i), 0);
	assert_int_equal(payload_file(payload, i).size, LARGE);
	assert_int_equal(payload_file_read(payload, i, &out, &err), 0);
	assert_true(slice_equal(buffer_slice(&out), large_object()));
	assert_int_equal(payload_find_file(payload, PAYLOAD_OBJECT, "arm64", &i), 0);
	assert_int_equal(payload_file_read(payload, i, &out, &err), 0); /* appends */
	assert_int_equal(out.size, LARGE + 3);
	assert_memory_equal(out.data + LARGE, "any", 3);
	assert_int_equal(payload_find_file(payload, PAYLOAD_SOURCE, "", &i), 0);
	assert_int_equal(payload_file(payload, i).size, 0);
	assert_int_equal(payload_file_read(payload, i, &out, &err), 0);
	assert_int_equal(out.size, LARGE + 3);
	assert_int_equal(payload_find_file(payload, PAYLOAD_CANARY, "x86_64", &i), -ENOENT);
	assert_int_equal(payload_verify(payload, &err), 0);
	payload_close(payload);
	buffer_free(&out);
	buffer_free(&bytes);
}

static void contradictions_are_refused(void **state)
{
	struct payload_writer *writer = payload_writer_new();
	struct payload_kernel kernel = { "x86_64", "6.1", "", "debian", "12", { { 0 } }, 0 };
	struct digest fingerprint = { { 0 } };
	struct buffer out = { 0 };
	uint32_t one, other;
	struct error err;

	(void)state;
	assert_int_equal(payload_writer_kernel(writer, &kernel, &err), -EINVAL); /* no BTF yet */
	assert_int_equal(payload_writer_btf(writer, slice_of("one", 3), &one, &err), 0);
	assert_int_equal(payload_writer_btf(writer, slice_of("other", 5), &other, &err), 0);
	assert_int_equal(payload_writer_btf(writer, slice_of("one", 3), &kernel.btf, &err), 0);
	assert_int_equal(kernel.btf, one);
	assert_int_equal(payload_writer_btf(writer, slice_of("", 0), &kernel.btf, &err), -EFBIG);
	kernel.btf = one;
	assert_int_equal(payload_writer_kernel(writer, &kernel, &err), 0);
	assert_int_equal(payload_writer_kernel(writer, &kernel, &err), 0);
	kernel.btf = other;
	assert_int_equal(payload_writer_kernel(writer, &kernel, &err), -EEXIST);
	assert_string_equal(err.text, "kernel 6.1 (x86_64, debian 12): added twice, with different BTFs");
	kernel.release = "../6.1";
	assert_int_equal(payload_writer_kernel(writer, &kernel, &err), -EINVAL);
	kernel.release = "6.2";
	kernel.build = "#1\n";
	assert_int_equal(payload_writer_kernel(writer, &kernel, &err), -EINVAL);
	assert_int_equal(payload_writer_file(writer, PAYLOAD_SOURCE, "", "a/b", slice_of("", 0), &err),
			 -EINVAL);
	assert_int_equal(payload_writer_file(writer, PAYLOAD_SOURCE, "", "..", slice_of("", 0), &err),
			 -EINVAL);
	assert_int_equal(payload_writer_file(writer, PAYLOAD_SOURCE, "", "a", slice_of("", 0), &err), 0);
	assert_int_equal(payload_writer_file(writer, PAYLOAD_SOURCE, "", "a", slice_of("", 0), &err),
			 -EEXIST);
	assert_int_equal(payload_writer_finish(writer, "App", "1", &fingerprint, &out, &err), -EINVAL);
	assert_int_equal(payload_writer_finish(writer, "app", "1 2", &fingerprint, &out, &err),
			 -EINVAL);
	assert_int_equal(out.size, 0);
	payload_writer_free(writer);
}

/* Different full BTFs under one name that reduce to the same: no digest may win by its turn. */
static void ambiguous_provenance_is_not_known(void **state)
{
	struct payload_kernel kernel = { "x86_64", "6.1", "", "debian", "12", { { 1 } }, 0 };
	struct digest fingerprint = { { 0 } }, full;
	struct payload_writer *writer = payload_writer_new();
	struct buffer out = { 0 };
	struct payload *payload;
	struct error err;

	(void)state;
	assert_int_equal(payload_writer_btf(writer, slice_of("one", 3), &kernel.btf, &err), 0);
	assert_int_equal(payload_writer_kernel(writer, &kernel, &err), 0);
	kernel.full_btf.bytes[0] = 2;
	assert_int_equal(payload_writer_kernel(writer, &kernel, &err), 0);
	assert_int_equal(payload_writer_finish(writer, "app", "1", &fingerprint, &out, &err), 0);
	assert_int_equal(payload_open_bytes(buffer_slice(&out), "p", &payload, &err), 0);
	assert_int_equal(payload_kernel_count(payload), 1);
	full = payload_kernel(payload, 0).full_btf;
	assert_true(digest_is_zero(&full));
	payload_close(payload);
	buffer_free(&out);
	payload_writer_free(writer);
}

/* The BTFs of four real kernels, whole. */
static void real_kernels_round_trip(void **state)
{
	static const char *const archives[] = {
		"tests/files/btf/debian/11/x86_64/5.10.0-46-cloud-amd64.btf.tar.xz",
		"tests/files/btf/debian/12/x86_64/6.1.0-54-cloud-amd64.btf.tar.xz",
		"tests/files/btf/debian/12/arm64/6.12.43+deb12-cloud-arm64.btf.tar.xz",
		"tests/files/btf/debian/13/x86_64/7.3.4+deb13-cloud-amd64.btf.tar.xz",
	};
	struct payload_writer *writer = payload_writer_new();
	struct payload_kernel kernel = { "x86_64", "", "", "debian", "1", { { 0 } }, 0 };
	struct buffer btfs[4] = { 0 }, out = { 0 }, read_back = { 0 };
	struct digest fingerprint = { { 0 } };
	struct payload *payload;
	struct error err;
	char text[256];
	size_t i, first, got;

	(void)state;
	for (i = 0; i < 4; i++) {
		FILE *tar;

		snprintf(text, sizeof(text), "tar -xJOf %s", archives[i]);
		tar = popen(text, "re");
		assert_non_null(tar);
		while ((got = fread(text, 1, sizeof(text), tar)) > 0)
			assert_int_equal(buffer_append(&btfs[i], text, got), 0);
		assert_int_equal(pclose(tar), 0);
		assert_true(btfs[i].size > 1000000);
		snprintf(text, sizeof(text), "r%zu", i);
		kernel.release = text;
		assert_int_equal(payload_writer_btf(writer, buffer_slice(&btfs[i]), &kernel.btf, &err), 0);
		assert_int_equal(payload_writer_kernel(writer, &kernel, &err), 0);
	}
	assert_int_equal(payload_writer_finish(writer, "app", "1", &fingerprint, &out, &err), 0);
	assert_int_equal(payload_open_bytes(buffer_slice(&out), "p", &payload, &err), 0);
	assert_int_equal(payload_verify(payload, &err), 0);
	for (i = 4; i-- > 0;) {
		snprintf(text, sizeof(text), "r%zu", i);
		assert_int_equal(payload_find(payload, "x86_64", text, &first), 1);
		read_back.size = 0;
		assert_int_equal(payload_btf(payload, payload_kernel(payload, first).btf, &read_back,
					     &err), 0);
		assert_true(slice_equal(buffer_slice(&read_back), buffer_slice(&btfs[i])));
		buffer_free(&btfs[i]);
	}
	payload_close(payload);
	payload_writer_free(writer);
	buffer_free(&read_back);
	buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_does_not_show),
		cmocka_unit_test(repetition_does_not_show),
		cmocka_unit_test(look_ups),
		cmocka_unit_test(btfs_stand_in_the_order_of_versions),
		cmocka_unit_test(files_come_out),
		cmocka_unit_test(contradictions_are_refused),
		cmocka_unit_test(ambiguous_provenance_is_not_known),
		cmocka_unit_test(real_kernels_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
