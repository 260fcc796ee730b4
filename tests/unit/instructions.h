/* SPDX-License-Identifier: BSD-2-Clause */
/* Instructions for a kernel that a test names. */
#ifndef TESTS_UNIT_INSTRUCTIONS_H
#define TESTS_UNIT_INSTRUCTIONS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "builder/instructions.h"

/* A kernel, and whose it is. */
struct subject {
	const char *id, *version_id, *id_like;
	const char *release, *build, *machine;
};

struct made {
	struct os_release os;
	struct instructions_request request;
};

static inline void make_request(const struct subject *subject, struct made *made)
{
	made->os = (struct os_release){ .id = "" };
	snprintf(made->os.id, sizeof(made->os.id), "%s", subject->id);
	snprintf(made->os.version_id, sizeof(made->os.version_id), "%s", subject->version_id);
	snprintf(made->os.id_like, sizeof(made->os.id_like), "%s", subject->id_like);
	made->request = (struct instructions_request){
		.app = "app", .command = "app", .os = &made->os, .release = subject->release,
		.build = subject->build ? subject->build : "",
		.machine = subject->machine ? subject->machine : "x86_64",
		.is_running = true, .is_root = true,
	};
}

typedef int writer(const struct instructions_request *, FILE *, struct error *);

/* What it writes, to be freed. */
static inline char *written(writer *write, const struct instructions_request *request)
{
	struct error err = ERROR_NONE;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	if (write(request, out, &err))
		fail_msg("%s: %s", request->release, err.text);
	fclose(out);
	return text;
}

static inline void expect_part(writer *write, const struct subject *subject, const char *part)
{
	struct made made;
	char *text;

	make_request(subject, &made);
	text = written(write, &made.request);
	if (!strstr(text, part))
		fail_msg("%s: no \"%s\" in:\n%s", subject->release, part, text);
	free(text);
}

#endif
