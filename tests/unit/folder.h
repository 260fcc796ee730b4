/* SPDX-License-Identifier: BSD-2-Clause */
/* A temporary folder of its own for each test. */
#ifndef TESTS_UNIT_FOLDER_H
#define TESTS_UNIT_FOLDER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char directory[PATH_MAX];

/* Runs a command in it, which must succeed. */
__attribute__((format(printf, 1, 2)))
static inline void run(const char *format, ...)
{
	char command[2 * PATH_MAX];
	va_list arguments;
	int used = snprintf(command, sizeof(command), "cd %s && ", directory);

	va_start(arguments, format);
	vsnprintf(command + used, sizeof(command) - (size_t)used, format, arguments);
	va_end(arguments);
	assert_int_equal(system(command), 0);
}

static inline const char *path_of(const char *name)
{
	static char path[PATH_MAX + 256];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static inline int set_up(void **state)
{
	char name[] = "/tmp/btferry-test-XXXXXX";

	(void)state;
	return mkdtemp(name) && realpath(name, directory) ? 0 : -1;
}

static inline int tear_down(void **state)
{
	(void)state;
	run("cd / && rm -rf %s", directory);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
