/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "installer/contents.h"
#include "installer/verify.h"

static int add(struct problems *problems, const char *path, const char *text, struct error *err)
{
	struct problem *problem;
	char *copy = strdup(path);

	if (!copy || array_grow(&problems->items, problems->count, &problems->capacity)) {
		free(copy);
		return error_errno(err, -ENOMEM, "%s", path);
	}
	problem = &problems->items[problems->count++];
	problem->path = copy;
	snprintf(problem->text, sizeof(problem->text), "%s", text);
	return 0;
}

/*
 * Damaged and missing are what we look for; any other failure is the system's, and ends the look.
 */
static int verify_file(const struct generation *generation, const char *path,
		       struct problems *problems, struct error *err)
{
	struct error problem = ERROR_NONE;
	struct buffer bytes = { 0 };
	int code;

	code = generation_read(generation, path, &bytes, &problem);
	buffer_free(&bytes);
	if (code == -EBADMSG)
		return add(problems, path, "is not what was installed", err);
	if (code == -ENOENT)
		return add(problems, path, "is missing", err);
	if (code)
		return error_set(err, code, "%s", problem.text);
	return 0;
}

int verify_link(const struct generation *generation, const char *path, const char **problem,
		struct error *err)
{
	static const char wanted[] = CONTENTS_KERNEL_BTF;
	char target[sizeof(wanted)];
	ssize_t length;

	*problem = NULL;
	length = readlinkat(generation->fd, path, target, sizeof(target));
	if (length < 0 && (errno == ENOENT || errno == ENOTDIR))
		*problem = "is missing";
	else if (length < 0 && errno != EINVAL) /* EINVAL: it is something else than a link */
		return error_errno(err, -errno, "%s/%s", generation->path, path);
	else if (length != sizeof(wanted) - 1 || memcmp(target, wanted, sizeof(wanted) - 1) != 0)
		*problem = "is no link to " CONTENTS_KERNEL_BTF;
	return 0;
}

static int verify_kernel(const struct generation *generation,
			 const struct generation_kernel *kernel, struct problems *problems,
			 struct error *err)
{
	const char *problem;
	char path[128];
	int code;

	if (strcmp(kernel->source, "kernel") != 0)
		return 0;
	snprintf(path, sizeof(path), "btf/%s.btf", kernel->release);
	code = verify_link(generation, path, &problem, err);
	return !code && problem ? add(problems, path, problem, err) : code;
}

int verify(const struct generation *generation, struct problems *problems, struct error *err)
{
	int code = 0;
	size_t i;

	for (i = 0; !code && i < generation->file_count; i++)
		code = verify_file(generation, generation->files[i].path, problems, err);
	for (i = 0; !code && i < generation->kernel_count; i++)
		code = verify_kernel(generation, &generation->kernels[i], problems, err);
	return code;
}

void problems_free(struct problems *problems)
{
	size_t i;

	for (i = 0; i < problems->count; i++)
		free(problems->items[i].path);
	free(problems->items);
	*problems = (struct problems){ 0 };
}
