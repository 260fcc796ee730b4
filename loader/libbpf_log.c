/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "loader/libbpf_log.h"

/* A verifier's log can be megabytes; its start and libbpf's own lines are what helps. */
enum { LOG_SIZE = 64 * 1024 };

static char text[LOG_SIZE];
static size_t used;
static bool printing;

static int keep(enum libbpf_print_level level, const char *format, va_list args)
{
	va_list copy;
	int wrote;

	if (printing) {
		va_copy(copy, args);
		vfprintf(stderr, format, copy);
		va_end(copy);
	}
	if (level != LIBBPF_WARN || used + 1 >= sizeof(text))
		return 0;
	wrote = vsnprintf(text + used, sizeof(text) - used, format, args);
	if (wrote > 0)
		used += (size_t)wrote;
	if (used >= sizeof(text))
		used = sizeof(text) - 1;
	return wrote;
}

void libbpf_log_start(bool verbose)
{
	used = 0;
	text[0] = '\0';
	printing = verbose;
	libbpf_set_print(keep);
}

bool libbpf_log_is_verbose(void)
{
	return printing;
}

const char *libbpf_log_text(void)
{
	return text;
}

bool libbpf_log_find(const char *begin, const char *end, char *out, int size)
{
	const char *from = strstr(text, begin), *to;

	if (!from)
		return false;
	from += strlen(begin);
	to = strstr(from, end);
	if (!to)
		return false;
	snprintf(out, (size_t)size, "%.*s", (int)(to - from), from);
	return true;
}

void libbpf_log_print(void)
{
	if (!printing)
		fputs(text, stderr);
}
