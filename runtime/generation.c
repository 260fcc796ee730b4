/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything below the state directory is opened relative to a descriptor and without following
 * links, and a file's bytes are compared with the plan's digest before anybody sees them.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/owner.h"
#include "lib/file.h"

#include "runtime/beneath.h"
#include "runtime/generation.h"
#include "runtime/plan_json.h"
#include "runtime/state_dir.h"

/*
 * Appends the regular file to *out, at most max_size bytes of it.  One that is trusted for what it
 * says, and not compared with a digest, must be nobody else's to change.  Opened non-blocking, so
 * that a FIFO in a file's place cannot hold us.
 */
static int read_beneath(const struct generation *generation, const char *path, size_t max_size,
			bool is_trusted, struct buffer *out, struct error *err)
{
	char *name;
	struct stat st;
	int fd, code;

	if (asprintf(&name, "%s/%s", generation->path, path) < 0)
		return error_errno(err, -ENOMEM, "%s", path);
	fd = beneath_open(generation->fd, path, O_RDONLY | O_NONBLOCK);
	if (fd == -ELOOP || fd == -ENOTDIR)
		code = error_set(err, -EBADMSG, "%s: is not a regular file", name);
	else if (fd < 0)
		code = error_errno(err, fd, "%s", name);
	else if (fstat(fd, &st) < 0)
		code = error_errno(err, -errno, "%s", name);
	else if (!S_ISREG(st.st_mode))
		code = error_set(err, -EBADMSG, "%s: is not a regular file", name);
	else if (is_trusted)
		code = owner_check(fd, name, err);
	else
		code = 0;
	if (fd >= 0 && !code)
		code = file_read_fd(fd, name, max_size, out, err);
	if (fd >= 0)
		close(fd);
	free(name);
	return code;
}

static int read_plan(struct generation *generation, struct error *err)
{
	struct buffer text = { 0 };
	char *name;
	int code;

	if (asprintf(&name, "%s/" PLAN_FILE, generation->path) < 0)
		return error_errno(err, -ENOMEM, "%s", generation->path);
	code = read_beneath(generation, PLAN_FILE, PLAN_MAX_SIZE, true, &text, err);
	/* A published generation has a plan: without one it is damaged, not absent. */
	if (code == -ENOENT || code == -EFBIG)
		code = error_set(err, -EBADMSG, "%s: %s", name,
				 code == -ENOENT ? "is missing" : "is too large for a plan");
	if (!code)
		code = plan_json_parse(buffer_slice(&text), name, generation, err);
	buffer_free(&text);
	free(name);
	return code;
}

/* Who can write to gen/ can put another generation in this one's place. */
static int check_generations(int state_fd, const char *state_path, struct error *err)
{
	char path[PATH_MAX];
	int fd = beneath_open(state_fd, STATE_GENERATIONS, O_RDONLY | O_DIRECTORY), code;

	/* What it lacks is told of the generation. */
	if (fd == -ENOENT || fd == -ELOOP || fd == -ENOTDIR)
		return 0;
	if (fd < 0)
		return error_errno(err, fd, "%s/" STATE_GENERATIONS, state_path);
	snprintf(path, sizeof(path), "%s/" STATE_GENERATIONS, state_path);
	code = owner_check(fd, path, err);
	close(fd);
	return code;
}

/* Opens gen/N of the state directory behind state_fd. */
static int open_folder(struct generation *out, int state_fd, const char *state_path,
		       struct error *err)
{
	char relative[32];

	snprintf(relative, sizeof(relative), STATE_GENERATIONS "/%u", out->number);
	if (asprintf(&out->path, "%s/%s", state_path, relative) < 0) {
		out->path = NULL;
		return error_errno(err, -ENOMEM, "%s", state_path);
	}
	out->fd = beneath_open(state_fd, relative, O_RDONLY | O_DIRECTORY);
	if (out->fd == -ENOENT || out->fd == -ELOOP || out->fd == -ENOTDIR)
		return error_set(err, -EBADMSG, "%s: is no directory, as a generation must be",
				 out->path);
	if (out->fd < 0)
		return error_errno(err, out->fd, "%s", out->path);
	return owner_check(out->fd, out->path, err);
}

static int open_and_read(struct generation *out, int state_fd, const char *state_path,
			 const char *app, struct error *err)
{
	int code = check_generations(state_fd, state_path, err);

	if (!code)
		code = open_folder(out, state_fd, state_path, err);
	if (!code)
		code = read_plan(out, err);
	if (!code && strcmp(out->app, app) != 0)
		code = error_set(err, -EBADMSG, "%s/" PLAN_FILE ": is the plan of `%s`, not of %s",
				 out->path, out->app, app);
	return code;
}

int generation_open_number(int state_fd, const char *state_path, unsigned number, const char *app,
			   struct generation *out, struct error *err)
{
	int code;

	*out = (struct generation){ .fd = -1, .number = number };
	code = open_and_read(out, state_fd, state_path, app, err);
	if (code)
		generation_close(out);
	return code;
}

int generation_open(const char *root, const char *app, struct generation *out, struct error *err)
{
	char *state_path = NULL;
	int state_fd = -1, code;

	*out = (struct generation){ .fd = -1 };
	code = state_dir_path(root, app, &state_path, err);
	if (code)
		return code;
	state_fd = state_dir_open(root, app, err);
	code = state_fd < 0 ? state_fd : owner_check(state_fd, state_path, err);
	if (!code)
		code = state_dir_current(state_fd, state_path, &out->number, err);
	if (!code)
		code = open_and_read(out, state_fd, state_path, app, err);
	if (state_fd >= 0)
		close(state_fd);
	free(state_path);
	if (code)
		generation_close(out);
	return code;
}

void generation_close(struct generation *generation)
{
	size_t i;

	for (i = 0; i < generation->kernel_count; i++) {
		struct generation_kernel *kernel = &generation->kernels[i];

		free(kernel->release);
		free(kernel->arch);
		free(kernel->build);
		free(kernel->source);
		free(kernel->row);
		free(kernel->rule);
		free(kernel->reason);
	}
	for (i = 0; i < generation->file_count; i++)
		free(generation->files[i].path);
	free(generation->kernels);
	free(generation->files);
	free(generation->path);
	free(generation->app);
	free(generation->version);
	free(generation->signer);
	if (generation->fd >= 0)
		close(generation->fd);
	*generation = (struct generation){ .fd = -1 };
}

const struct generation_kernel *generation_find(const struct generation *generation,
						const char *release)
{
	size_t i;

	for (i = 0; i < generation->kernel_count; i++)
		if (!strcmp(generation->kernels[i].release, release))
			return &generation->kernels[i];
	return NULL;
}

static const struct generation_file *find_file(const struct generation *generation,
					       const char *path)
{
	size_t i;

	for (i = 0; i < generation->file_count; i++)
		if (!strcmp(generation->files[i].path, path))
			return &generation->files[i];
	return NULL;
}

bool generation_has(const struct generation *generation, const char *path)
{
	return find_file(generation, path) != NULL;
}

int generation_read(const struct generation *generation, const char *path, struct buffer *out,
		    struct error *err)
{
	const struct generation_file *file = find_file(generation, path);
	size_t start = out->size;
	struct digest digest;
	int code;

	if (!file)
		return error_set(err, -ENOENT, "%s/%s: is not in the plan", generation->path, path);
	/* A plan may say anything; what does not fit into memory fails as that. */
	code = read_beneath(generation, path, file->size < SIZE_MAX ? (size_t)file->size : SIZE_MAX,
			    false, out, err);
	if (code == -EFBIG)
		return error_set(err, -EBADMSG,
				 "%s/%s: is larger than the %llu bytes that were installed",
				 generation->path, path, (unsigned long long)file->size);
	if (code)
		return code;
	digest = digest_of(slice_of(out->data + start, out->size - start));
	if (out->size - start == file->size && !digest_compare(&digest, &file->digest))
		return 0;
	out->size = start;
	return error_set(err, -EBADMSG, "%s/%s: is not what was installed (SHA-256 differs)",
			 generation->path, path);
}
