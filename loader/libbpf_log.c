/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "loader/libbpf_log.h"

/*
 * A verifier's log can be megabytes.  Which program it is about stands at its start, what is wrong
 * at its end: the middle is what goes.
 */
enum { LOG_SIZE = 64 * 1024, HEAD_SIZE = 16 * 1024, TAIL_SIZE = LOG_SIZE - 1 - HEAD_SIZE };

static char text[LOG_SIZE];
static size_t used;
static bool shortened;
static enum libbpf_log_mode current_mode;

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void append(const char *said, size_t size)
{
	const size_t head = used < HEAD_SIZE ? smaller(size, HEAD_SIZE - used) : 0;
	size_t drop = 0;

	memcpy(text + used, said, head);
	used += head;
	said += head;
	size -= head;
	if (size > TAIL_SIZE) {
		said += size - TAIL_SIZE;
		size = TAIL_SIZE;
		shortened = true;
	}
	if (used + size > LOG_SIZE - 1) {
		drop = used + size - (LOG_SIZE - 1);
		memmove(text + HEAD_SIZE, text + HEAD_SIZE + drop, used - HEAD_SIZE - drop);
		used -= drop;
		shortened = true;
	}
	memcpy(text + used, said, size);
	used += size;
	text[used] = '\0';
}

static int keep(enum libbpf_print_level level, const char *format, va_list args)
{
	va_list copy;
	char *said;
	int length;

	if (current_mode == LIBBPF_LOG_VERBOSE) {
		va_copy(copy, args);
		vfprintf(stderr, format, copy);
		va_end(copy);
	}
	if (level != LIBBPF_WARN)
		return 0;
	length = vasprintf(&said, format, args);
	if (length < 0)
		return 0;
	append(said, (size_t)length);
	free(said);
	return length;
}

void libbpf_log_start(enum libbpf_log_mode mode)
{
	used = 0;
	text[0] = '\0';
	shortened = false;
	current_mode = mode;
	libbpf_set_print(keep);
}

enum libbpf_log_mode libbpf_log_mode(void)
{
	return current_mode;
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
	if (current_mode != LIBBPF_LOG_ON_FAILURE)
		return;
	if (shortened)
		fprintf(stderr, "%.*s\n[...]\n%s", HEAD_SIZE, text, text + HEAD_SIZE);
	else
		fputs(text, stderr);
}
