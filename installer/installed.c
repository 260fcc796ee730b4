/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/console.h"
#include "lib/file.h"
#include "runtime/beneath.h"
#include "runtime/plan_json.h"

#include "installer/installed.h"
#include "installer/verify.h"

/* Whether a generation has this very plan; an errno when that cannot be read. */
static int compare_plan(const struct generation *generation, struct slice plan, bool *is_same,
			struct error *err)
{
	int fd = beneath_open(generation->fd, PLAN_FILE, O_RDONLY | O_NONBLOCK), code;
	struct buffer there = { 0 };
	char name[PATH_MAX];

	snprintf(name, sizeof(name), "%s/" PLAN_FILE, generation->path);
	*is_same = false;
	if (fd < 0)
		return error_errno(err, fd, "%s", name);
	code = file_read_fd(fd, name, PLAN_MAX_SIZE, &there, err);
	*is_same = !code && slice_equal(buffer_slice(&there), plan);
	close(fd);
	buffer_free(&there);
	return code;
}

static int compare(const char *root, const char *app, struct slice plan, bool *is_same,
		   struct error *err)
{
	struct problems problems = { 0 };
	struct generation generation;
	int code;

	*is_same = false;
	code = generation_open(root, app, &generation, err);
	if (code)
		return code;
	code = compare_plan(&generation, plan, is_same, err);
	if (!code && *is_same) {
		code = verify(&generation, &problems, err);
		*is_same = !code && problems.count == 0;
	}
	problems_free(&problems);
	generation_close(&generation);
	return code;
}

bool installed_is(const char *root, const char *app, struct slice plan)
{
	struct error err = ERROR_NONE;
	bool is_same;
	int code = compare(root, app, plan, &is_same, &err);

	if (code && code != -EBADMSG && code != -ENOENT)
		console_warn("%s: a new generation takes its place", err.text);
	return is_same;
}
