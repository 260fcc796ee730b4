/* SPDX-License-Identifier: BSD-2-Clause */
/* A workshop for each test, and a folder of the caller's beside it. */
#ifndef TESTS_UNIT_WORKSHOP_H
#define TESTS_UNIT_WORKSHOP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/workshop.h"

static struct workshop workshop;
static struct buffer said;
static char outside[] = "/tmp/btferry-workshop-test-XXXXXX"; /* a folder of the caller's */

/* Runs a script there; its exit status, or a negative errno.  What it said is in said. */
static inline int run_script(const char *script, struct error *err)
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };

	*err = ERROR_NONE;
	said.size = 0;
	return workshop_run(&workshop, argv, &said, err);
}

/* It succeeds, and says this, and no more. */
static inline void expect(const char *script, const char *text)
{
	struct error err;
	int code = run_script(script, &err);

	if (code)
		fail_msg("%s: %d: %s%s", script, code, err.text, said.data ? (char *)said.data : "");
	assert_string_equal((char *)said.data, text);
	assert_int_equal(said.size, strlen(text));
}

static inline void needs_root(void)
{
	if (geteuid() != 0) {
		print_message("not root: who works there is who calls\n");
		skip();
	}
}

static inline int in_outside(const char *format)
{
	char command[512];

	snprintf(command, sizeof(command), "cd %s && %s", outside, format);
	return system(command);
}

static inline const char *path_of(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", outside, name);
	return path;
}

static inline int set_up(void **state)
{
	struct error err;

	(void)state;
	unsetenv("TMPDIR");
	return workshop_open(&workshop, &err);
}

static inline int tear_down(void **state)
{
	(void)state;
	workshop_close(&workshop);
	buffer_free(&said);
	return 0;
}

static inline int set_up_all(void **state)
{
	(void)state;
	/* Others must get through it. */
	return mkdtemp(outside) && chmod(outside, 0711) == 0 ? 0 : -1;
}

static inline int tear_down_all(void **state)
{
	(void)state;
	return in_outside("cd / && rm -rf \"$OLDPWD\"");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
