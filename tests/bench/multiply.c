/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many kernels out of some: each is reduced to what the object asks for, so that ten thousand fit
 * on a disk, and then written again and again with some of its structs' members moved by 8 bytes.
 *
 *     multiply COUNT FOLDER OBJECT BTF...
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include <bpf/btf.h>

#include "core/reduce.h"
#include "lib/file.h"

#include "btfpack/objects.h"

static void check(int code, const struct error *error)
{
	if (code)
		errx(1, "%s", error->text);
}

/* Knuth's multiplicative hash; the same on every machine. */
static uint32_t mix(uint32_t a, uint32_t b)
{
	return (a * 2654435761u ^ b) * 2654435761u >> 7;
}

/* Moves the last members of every 16th struct; other variants move others. */
static void shift_layouts(struct btf *btf, uint32_t variant)
{
	uint32_t i, m;

	for (i = 1; i < btf__type_cnt(btf); i++) {
		struct btf_type *type = (struct btf_type *)(uintptr_t)btf__type_by_id(btf, i);
		uint32_t choice = mix(variant, i);

		if (btf_kind(type) != BTF_KIND_STRUCT || btf_vlen(type) == 0 || choice % 16)
			continue;
		for (m = choice / 16 % btf_vlen(type); m < btf_vlen(type); m++)
			btf_members(type)[m].offset += 64; /* in bits; a bitfield's size is above */
		type->size += 8;
	}
}

static struct btf *reduced_kernel(const struct reloset *set, const char *path)
{
	struct buffer full = { 0 }, small = { 0 };
	struct answers answers = { 0 };
	struct error error = ERROR_NONE;
	struct btf_view view;
	struct btf *btf;

	check(file_read(AT_FDCWD, path, SIZE_MAX, &full, &error), &error);
	check(btf_view_open(&view, buffer_slice(&full), &error), &error);
	check(reduce_kernel(set, &view, true, &small, &answers, &error), &error);
	btf = btf__new(small.data, (__u32)small.size);
	if (!btf)
		err(1, "%s", path);
	btf_view_close(&view);
	answers_free(&answers);
	buffer_free(&full);
	buffer_free(&small);
	return btf;
}

static void write_variant(const char *folder, struct btf *btf, unsigned long number)
{
	char path[4096];
	const void *data;
	__u32 size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/5.%lu.0-%lu.btf", folder, number / 1000, number % 1000);
	data = btf__raw_data(btf, &size);
	file = fopen(path, "w");
	if (!file || !data || fwrite(data, 1, size, file) != size || fclose(file))
		err(1, "%s", path);
}

int main(int argc, char **argv)
{
	struct objects objects = { 0 };
	struct error error = ERROR_NONE;
	unsigned long count, kernels, i;
	struct btf **btfs;

	if (argc < 5)
		errx(2, "usage: multiply COUNT FOLDER OBJECT BTF...");
	count = strtoul(argv[1], NULL, 10);
	kernels = (unsigned long)argc - 4;
	check(objects_add_file(&objects, argv[3], &error), &error);
	check(objects_relocations(&objects, &error), &error);
	btfs = calloc(kernels, sizeof(*btfs));
	if (!btfs)
		err(1, "memory");
	for (i = 0; i < kernels; i++)
		btfs[i] = reduced_kernel(objects.relos, argv[4 + i]);
	/* Each variant builds on the one before, so that none comes again. */
	for (i = 0; i < count; i++) {
		shift_layouts(btfs[i % kernels], (uint32_t)i);
		write_variant(argv[2], btfs[i % kernels], i);
	}
	for (i = 0; i < kernels; i++)
		btf__free(btfs[i]);
	free(btfs);
	objects_free(&objects);
	return 0;
}
