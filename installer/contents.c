/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/beneath.h"

#include "installer/contents.h"

enum { DISK_BLOCK = 4096 };

/* -EBADMSG for a path that does not fit or would leave the generation. */
static int make_path(char **path, struct error *err, const char *format, va_list args)
{
	if (vasprintf(path, format, args) < 0) {
		*path = NULL;
		return error_errno(err, -ENOMEM, "%s", format);
	}
	if (beneath_is_plain(*path))
		return 0;
	error_set(err, -EBADMSG, "`%s`: is no name for a file of a generation", *path);
	free(*path);
	*path = NULL;
	return -EBADMSG;
}

/* Takes file->own and a path, which the format gives; fills in the digest where known is NULL. */
static int add(struct contents *contents, struct content_file *file, const struct digest *known,
	       struct error *err, const char *format, va_list args)
{
	int code = make_path(&file->path, err, format, args);

	if (!code) {
		code = array_grow(&contents->files, contents->count, &contents->capacity);
		if (code)
			error_errno(err, code, "%s", file->path);
	}
	if (code) {
		buffer_free(&file->own);
		free(file->path);
		return code;
	}
	file->digest = known ? *known : digest_of(file->bytes);
	contents->files[contents->count++] = *file;
	return 0;
}

int contents_take(struct contents *contents, struct buffer *bytes, const struct digest *known,
		  struct error *err, const char *path_format, ...)
{
	struct content_file file = { .own = *bytes, .bytes = buffer_slice(bytes) };
	va_list args;
	int code;

	*bytes = (struct buffer){ 0 };
	va_start(args, path_format);
	code = add(contents, &file, known, err, path_format, args);
	va_end(args);
	return code;
}

int contents_borrow(struct contents *contents, struct slice bytes, const struct digest *known,
		    struct error *err, const char *path_format, ...)
{
	struct content_file file = { .bytes = bytes };
	va_list args;
	int code;

	va_start(args, path_format);
	code = add(contents, &file, known, err, path_format, args);
	va_end(args);
	return code;
}

int contents_borrow_mapped(struct contents *contents, struct slice bytes, struct error *err,
			   const char *path_format, ...)
{
	struct content_file file = { .bytes = bytes, .is_mapped = true };
	va_list args;
	int code;

	va_start(args, path_format);
	code = add(contents, &file, NULL, err, path_format, args);
	va_end(args);
	return code;
}

int contents_link(struct contents *contents, struct error *err, const char *path_format, ...)
{
	va_list args;
	char *path;
	int code;

	va_start(args, path_format);
	code = make_path(&path, err, path_format, args);
	va_end(args);
	if (code)
		return code;
	code = array_grow(&contents->links, contents->link_count, &contents->link_capacity);
	if (code) {
		error_errno(err, code, "%s", path);
		free(path);
		return code;
	}
	contents->links[contents->link_count++] = path;
	return 0;
}

static int compare_files(const void *a, const void *b)
{
	const struct content_file *left = a, *right = b;

	return strcmp(left->path, right->path);
}

static int compare_links(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void contents_sort(struct contents *contents)
{
	if (contents->count)
		qsort(contents->files, contents->count, sizeof(*contents->files), compare_files);
	if (contents->link_count)
		qsort(contents->links, contents->link_count, sizeof(*contents->links),
		      compare_links);
}

const struct content_file *contents_twin(const struct contents *contents, size_t i)
{
	const struct content_file *file = &contents->files[i];
	size_t j;

	for (j = 0; j < i; j++)
		if (contents->files[j].bytes.size == file->bytes.size &&
		    !digest_compare(&contents->files[j].digest, &file->digest))
			return &contents->files[j];
	return NULL;
}

static uint64_t in_blocks(size_t size)
{
	return ((uint64_t)size + DISK_BLOCK - 1) / DISK_BLOCK * DISK_BLOCK;
}

uint64_t contents_disk_size(const struct contents *contents, size_t plan_size)
{
	/* The generation, its two folders, gen/ itself, and each link. */
	uint64_t size = in_blocks(plan_size) + (4 + contents->link_count) * DISK_BLOCK;
	size_t i;

	for (i = 0; i < contents->count; i++)
		if (!contents_twin(contents, i))
			size += in_blocks(contents->files[i].bytes.size);
	return size;
}

void contents_free(struct contents *contents)
{
	size_t i;

	for (i = 0; i < contents->count; i++) {
		free(contents->files[i].path);
		buffer_free(&contents->files[i].own);
	}
	for (i = 0; i < contents->link_count; i++)
		free(contents->links[i]);
	free(contents->files);
	free(contents->links);
	*contents = (struct contents){ 0 };
}
