/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "lib/file.h"

#include "btfpack/stage.h"

enum { FOLDERS_OPEN = 16, GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 9 };

int stage_open(const char *path, time_t time, struct stage *out, struct error *err)
{
	*out = (struct stage){ .path = strdup(path), .time = time };
	if (!out->path)
		return error_errno(err, -ENOMEM, "%s", path);
	return mkdir(path, 0755) < 0 ? error_errno(err, -errno, "%s", path) : 0;
}

void stage_free(struct stage *stage)
{
	size_t i;

	for (i = 0; i < stage->count; i++)
		free(stage->files[i]);
	free(stage->files);
	free(stage->path);
	*stage = (struct stage){ 0 };
}

/* Lists the file, makes what leads to it, and says where it goes. */
static int prepare(struct stage *stage, const char *name, char path[static PATH_MAX],
		   struct error *err)
{
	char parent[PATH_MAX];
	int code = array_grow(&stage->files, stage->count, &stage->capacity);

	if (!code && snprintf(path, PATH_MAX, "%s/%s", stage->path, name) >= PATH_MAX)
		code = -ENAMETOOLONG;
	if (code)
		return error_errno(err, code, "%s", name);
	stage->files[stage->count] = strdup(name);
	if (!stage->files[stage->count])
		return error_errno(err, -ENOMEM, "%s", name);
	stage->count++;
	memcpy(parent, path, sizeof(parent));
	return dir_make(AT_FDCWD, dirname(parent), 0755, err);
}

int stage_add(struct stage *stage, const char *name, mode_t mode, struct slice content,
	      struct error *err)
{
	char path[PATH_MAX];
	int fd, code = prepare(stage, name, path, err);

	if (code)
		return code;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return error_errno(err, -errno, "%s", path);
	code = file_write_all(fd, content);
	if (close(fd) < 0 && !code)
		code = -errno;
	return code ? error_errno(err, code, "%s", path) : 0;
}

int stage_add_gzip(struct stage *stage, const char *name, struct slice content, struct error *err)
{
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)content.data,
			    .avail_in = (uInt)content.size };
	struct buffer packed = { 0 };
	int code;

	if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return error_errno(err, -ENOMEM, "%s", name);
	code = buffer_append(&packed, NULL, deflateBound(&stream, (uLong)content.size));
	if (!code) {
		stream.next_out = packed.data;
		stream.avail_out = (uInt)packed.size;
		if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
			code = -EOVERFLOW;
		packed.size = stream.total_out;
	}
	deflateEnd(&stream);
	code = code ? error_errno(err, code, "%s", name)
		    : stage_add(stage, name, 0644, buffer_slice(&packed), err);
	buffer_free(&packed);
	return code;
}

int stage_add_link(struct stage *stage, const char *name, const char *file, struct error *err)
{
	char path[PATH_MAX];
	int code = prepare(stage, name, path, err);

	if (!code && link(file, path) < 0)
		code = error_errno(err, -errno, "%s", path);
	return code;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* nftw(3) hands nothing through to what it calls. */
static struct stage *sealed;

static int seal_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	const struct timespec times[2] = { { .tv_sec = sealed->time }, { .tv_sec = sealed->time } };

	(void)where;
	sealed->size_kib += type == FTW_F ? ((size_t)st->st_size + 1023) / 1024 : 1;
	return utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

int stage_seal(struct stage *stage, struct error *err)
{
	qsort(stage->files, stage->count, sizeof(*stage->files), by_name);
	stage->size_kib = 0;
	sealed = stage;
	if (nftw(stage->path, seal_one, FOLDERS_OPEN, FTW_PHYS | FTW_DEPTH) < 0)
		return error_errno(err, -errno, "%s: cannot set its time", stage->path);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

int stage_remove(const char *path, struct error *err)
{
	if (nftw(path, remove_one, FOLDERS_OPEN, FTW_PHYS | FTW_DEPTH) < 0 && errno != ENOENT)
		return error_errno(err, -errno, "%s: cannot be removed", path);
	return 0;
}
