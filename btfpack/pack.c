/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include "lib/console.h"

#include "btfpack/pack.h"

/* True when a is to be stored rather than b. */
static bool is_smaller(struct slice a, struct slice b)
{
	if (a.size != b.size)
		return a.size < b.size;
	return memcmp(a.data, b.data, a.size) < 0;
}

/* Takes over reduced and answers; -ENOMEM leaves them to the caller. */
static int file_under_class(struct pack *pack, struct buffer *reduced, struct answers *answers,
			    size_t *class)
{
	size_t i;

	for (i = 0; i < pack->class_count; i++)
		if (digest_compare(&pack->classes[i].class, &answers->class) == 0)
			break;
	*class = i;
	if (i == pack->class_count) {
		if (array_grow(&pack->classes, pack->class_count, &pack->class_capacity))
			return -ENOMEM;
		pack->classes[pack->class_count++] =
			(struct pack_class){ .class = answers->class, .btf = *reduced, .answers = *answers };
	} else {
		struct pack_class *found = &pack->classes[i];

		if (is_smaller(buffer_slice(reduced), buffer_slice(&found->btf))) {
			struct buffer larger = found->btf;

			found->btf = *reduced;
			*reduced = larger;
		}
		buffer_free(reduced);
		answers_free(answers);
	}
	pack->classes[i].kernels++;
	return 0;
}

/* -ENOMEM ends the packing, any other failure is this entry's own. */
static int reduce_entry(struct pack *pack, const struct reloset *set,
			const struct btf_archive_entry *entry, struct buffer *full, struct error *err)
{
	struct btf_view view = { 0 };
	struct buffer reduced = { 0 };
	struct answers answers = { 0 };
	size_t class;
	int code;

	full->size = 0;
	code = btf_archive_read(entry, full, err);
	if (code)
		return code;
	code = btf_view_open(&view, buffer_slice(full), err);
	if (!code)
		code = reduce_kernel(set, &view, &reduced, &answers, err);
	btf_view_close(&view);
	if (code)
		return error_wrap(err, "%s", entry->path);
	if (array_grow(&pack->kernels, pack->kernel_count, &pack->kernel_capacity))
		code = -ENOMEM;
	pack->full_bytes += full->size;
	pack->reduced_bytes += reduced.size;
	if (!code)
		code = file_under_class(pack, &reduced, &answers, &class);
	if (code) {
		buffer_free(&reduced);
		answers_free(&answers);
		return error_errno(err, code, "%s", entry->path);
	}
	pack->kernels[pack->kernel_count++] = (struct pack_kernel){
		.entry = entry,
		.full_btf = digest_of(buffer_slice(full)),
		.class = class,
	};
	return 0;
}

int pack_reduce(struct pack *pack, const struct reloset *set, const struct btf_archive *archive,
		bool (*wanted)(const struct btf_archive_entry *entry, const void *context),
		const void *context, struct error *err)
{
	struct buffer full = { 0 };
	size_t i;
	int code = 0;

	for (i = 0; i < archive->entry_count; i++) {
		const struct btf_archive_entry *entry = &archive->entries[i];

		console_progress("reducing", i, archive->entry_count);
		if (wanted && !wanted(entry, context))
			continue;
		code = reduce_entry(pack, set, entry, &full, err);
		if (code == -ENOMEM)
			break;
		if (code) {
			console_warn("build: %s: left out", err->text);
			pack->skipped++;
			code = 0;
		}
	}
	console_progress(NULL, 0, 0);
	buffer_free(&full);
	return code;
}

int pack_write(const struct pack *pack, struct payload_writer *writer, struct error *err)
{
	uint32_t *numbers = calloc(pack->class_count ? pack->class_count : 1, sizeof(*numbers));
	size_t i;
	int code = 0;

	if (!numbers)
		return error_errno(err, -ENOMEM, "payload");
	for (i = 0; i < pack->class_count && !code; i++)
		code = payload_writer_btf(writer, buffer_slice(&pack->classes[i].btf), &numbers[i], err);
	for (i = 0; i < pack->kernel_count && !code; i++) {
		const struct pack_kernel *kernel = &pack->kernels[i];
		const struct btf_archive_entry *entry = kernel->entry;
		struct payload_kernel packed = {
			.arch = entry->key.arch,
			.release = entry->key.release,
			.build = entry->build ? entry->build : "",
			.distro = entry->key.id,
			.version_id = entry->key.version_id,
			.full_btf = kernel->full_btf,
			.btf = numbers[kernel->class],
		};

		code = payload_writer_kernel(writer, &packed, err);
	}
	free(numbers);
	return code;
}

void pack_free(struct pack *pack)
{
	size_t i;

	for (i = 0; i < pack->class_count; i++) {
		buffer_free(&pack->classes[i].btf);
		answers_free(&pack->classes[i].answers);
	}
	free(pack->classes);
	free(pack->kernels);
	*pack = (struct pack){ 0 };
}
