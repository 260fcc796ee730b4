/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "lib/console.h"

#include "installer/build_report.h"
#include "installer/plan_text.h"

enum { REPORT_SCHEMA = 1, SHOWN_LINES = 6 };

static const char *const OUTCOMES[] = {
	[BUILD_NOT_TRIED] = "not-tried", [BUILD_DONE] = "done", [BUILD_LACKS] = "lacks",
	[BUILD_REFUSED] = "refused", [BUILD_INCOMPLETE] = "incomplete", [BUILD_FAILED] = "failed",
};

static const char *const NEEDS[WAY_COUNT] = {
	[WAY_DEBUG_INFO] = "a vmlinux with debug information, and pahole",
	[WAY_HEADERS] = "the kernel's headers, clang and llvm",
	[WAY_OBJECT] = "the same, and the source in the payload",
};

/* The next of lines that each end in a newline; NULL behind the last one. */
static const char *next_line(const char **at, const char *end, int *length)
{
	const char *line = *at, *stop;

	if (line >= end)
		return NULL;
	stop = memchr(line, '\n', (size_t)(end - line));
	*length = (int)((stop ? stop : end) - line);
	*at = stop ? stop + 1 : end;
	return line;
}

static void print_lines(const struct buffer *lines, const char *title)
{
	const char *at = (const char *)lines->data, *end = at + lines->size, *line;
	int length, count = 0;

	if (!lines->size)
		return;
	printf("     %s:\n", title);
	while ((line = next_line(&at, end, &length)))
		if (count++ < SHOWN_LINES)
			printf("       %.*s\n", length, line);
	if (count > SHOWN_LINES)
		printf("       and %d more (--json has all)\n", count - SHOWN_LINES);
}

static const char *color(enum build_outcome outcome)
{
	return outcome == BUILD_DONE ? console_green() :
	       outcome == BUILD_NOT_TRIED ? "" : console_yellow();
}

static void print_attempt(enum build_way way, const struct build_attempt *attempt)
{
	printf("  %d. %s%s%s: needs %s\n", way + 1, console_bold(), build_way_name(way),
	       console_plain(), NEEDS[way]);
	if (attempt->found[0])
		printf("     found: %s\n", attempt->found);
	printf("     %s%s%s", color(attempt->outcome), OUTCOMES[attempt->outcome], console_plain());
	if (attempt->outcome != BUILD_NOT_TRIED)
		printf(" (%.1f s)", attempt->seconds);
	printf("%s%s\n", attempt->why[0] ? ": " : "", attempt->why);
	print_lines(&attempt->unresolved, "the kernel may have what its headers hide");
	if (attempt->outcome != BUILD_DONE)
		print_lines(&attempt->notes, "left out on the way");
	if (attempt->guard[0])
		printf("     canary: %s\n", attempt->guard);
}

void build_report_attempts(const struct build_report *report)
{
	enum build_way way;

	printf("%s%s%s for kernel %s:\n", console_bold(), report->app, console_plain(),
	       report->release);
	for (way = 0; way < WAY_COUNT; way++)
		if (report->build->attempts[way].outcome != BUILD_NOT_TRIED)
			print_attempt(way, &report->build->attempts[way]);
}

static json_t *lines_json(const struct buffer *lines)
{
	const char *at = (const char *)lines->data, *end = at + lines->size, *line;
	json_t *array = json_array();
	int length;

	while (lines->size && (line = next_line(&at, end, &length)))
		json_array_append_new(array, json_stringn(line, (size_t)length));
	return array;
}

static json_t *attempt_json(enum build_way way, const struct build_attempt *attempt)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:f}",
			 "way", build_way_name(way), "outcome", OUTCOMES[attempt->outcome],
			 "needs", NEEDS[way], "found", attempt->found, "why", attempt->why,
			 "canary", attempt->guard, "unresolved", lines_json(&attempt->unresolved),
			 "notes", lines_json(&attempt->notes), "seconds", attempt->seconds);
}

int build_report_json(const struct build_report *report, struct error *err)
{
	const enum build_way made = report->build->product.way;
	json_t *attempts = json_array(), *instructions = NULL;
	enum build_way way;

	for (way = 0; way < WAY_COUNT; way++)
		json_array_append_new(attempts, attempt_json(way, &report->build->attempts[way]));
	if (report->instructions) {
		instructions = instructions_json(report->instructions, err);
		if (!instructions) {
			json_decref(attempts);
			return err->code;
		}
	}
	return document_print(json_pack("{s:i, s:s, s:s, s:i, s:s?, s:o, s:s?, s:o?, s:O?}",
		"schema", REPORT_SCHEMA, "app", report->app, "release", report->release,
		"status", report->status, "made", made == WAY_COUNT ? NULL : build_way_name(made),
		"attempts", attempts, "out", report->out, "instructions", instructions,
		"install", report->install), err);
}
