/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asks any bytes that open as BTF every question of the test objects, and reduces them.  What no
 * compiler writes may be refused (-EPROTO, when the reduction would answer otherwise), with a
 * sentence; it must not crash.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/reduce.h"
#include "lib/file.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_OBJECTS = 64, MAX_OBJECT_SIZE = 16 * 1024 * 1024 };

static struct buffer files[MAX_OBJECTS];
static struct object *objects[MAX_OBJECTS];
static struct reloset *set;

static void must(int result, const struct error *err)
{
	if (result == 0)
		return;
	fprintf(stderr, "resolve: %s\n", err->text);
	abort();
}

static int is_object(const struct dirent *entry)
{
	const char *dot = strstr(entry->d_name, ".bpf.o");

	return dot && !dot[6];
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct dirent **entries;
	struct error err = ERROR_NONE;

	(void)argc;
	(void)argv;
	int folder = open(TEST_BPF_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int count = scandir(TEST_BPF_DIR, &entries, is_object, alphasort);
	if (folder < 0 || count <= 0 || count > MAX_OBJECTS) {
		fprintf(stderr, "resolve: no objects in %s: make oracle\n", TEST_BPF_DIR);
		abort();
	}
	for (int i = 0; i < count; i++) {
		must(file_read(folder, entries[i]->d_name, MAX_OBJECT_SIZE, &files[i], &err), &err);
		must(object_open(buffer_slice(&files[i]), entries[i]->d_name, &objects[i], &err),
		     &err);
		free(entries[i]);
	}
	free(entries);
	must(reloset_create(objects, (size_t)count, &set, &err), &err);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct btf_view kernel;
	struct buffer reduced = { 0 };
	struct answers answers = { 0 };
	struct error err = ERROR_NONE;

	if (btf_view_open(&kernel, slice_of(data, size), &err))
		return 0;
	if (reduce_kernel(set, &kernel, true, &reduced, &answers, &err) && !err.text[0])
		abort(); /* an error without a sentence */
	answers_free(&answers);
	buffer_free(&reduced);
	btf_view_close(&kernel);
	return 0;
}
