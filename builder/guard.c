/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "loader/canary.h"
#include "loader/memfd.h"

#include "builder/workplace.h"

/* Whether the BTF has all that the canary reads: else what it says would be about that. */
static int covers_canary(struct slice canary, struct slice btf, bool is_part, struct error *err)
{
	struct buffer reduced = { 0 }, unresolved = { 0 };
	struct object *object;
	int code = object_open(canary, "canary", &object, err);

	if (code)
		return code;
	code = build_reduce(&object, 1, btf, is_part, &reduced, &unresolved, err);
	buffer_free(&reduced);
	buffer_free(&unresolved);
	object_close(object);
	return code;
}

static int not_asked(struct build_attempt *attempt, const char *why)
{
	snprintf(attempt->guard, sizeof(attempt->guard), "not asked now, but whenever it is run: %.180s",
		 why);
	return 0;
}

/* A mismatch is the answer; whatever else kept it from running says nothing about the BTF. */
static int ask(struct slice canary, struct slice btf, struct build_attempt *attempt,
	       struct error *err)
{
	struct error problem = ERROR_NONE;
	struct canary_report report;
	char path[MEMFD_PATH_SIZE];
	int fd = memfd_of(btf, "btf", path, err), code;

	if (fd < 0)
		return fd;
	code = canary_run(canary, path, &report, &problem);
	close(fd);
	if (code == -ESTALE)
		return error_set(err, code, "%s", problem.text);
	if (code)
		return not_asked(attempt, problem.text);
	snprintf(attempt->guard, sizeof(attempt->guard), "%zu of %zu fields agree with the kernel that "
		 "runs", report.matched, report.count);
	return 0;
}

int ask_canary(const struct build_request *request, struct slice btf, bool is_part,
	       struct build_attempt *attempt, struct error *err)
{
	struct error problem = ERROR_NONE;
	int code;

	if (!request->canary.size)
		return not_asked(attempt, "the payload has none");
	if (!request->is_running)
		return not_asked(attempt, "this kernel does not run here");
	if (geteuid() != 0)
		return not_asked(attempt, "only root can load it");
	code = covers_canary(request->canary, btf, is_part, &problem);
	if (code == -ENODATA)
		return not_asked(attempt, "the headers do not declare all that it reads");
	if (code)
		return error_set(err, code, "%s", problem.text);
	return ask(request->canary, btf, attempt, err);
}
