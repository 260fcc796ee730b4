/* SPDX-License-Identifier: BSD-2-Clause */
/* The two forms of a report that other programs collect, line by line. */
#include <ctype.h>
#include <string.h>
#include <time.h>

#include "checker/report.h"

const char *verdict_name(enum verdict verdict)
{
	static const char *const NAMES[] = {
		[WILL_RUN] = "will_run", [WILL_NOT_RUN] = "will_not_run",
		[NEEDS_BUILD] = "needs_build", [NOT_KNOWN] = "not_known", [UNTRIED] = "untried",
	};

	return NAMES[verdict];
}

const char *plan_btf_name(enum plan_btf btf)
{
	static const char *const NAMES[] = {
		[BTF_NONE] = "none", [BTF_KERNEL] = "kernel", [BTF_GIVEN] = "given",
		[BTF_STORED] = "stored",
	};

	return NAMES[btf];
}

static const char *answer_name(enum answer answer)
{
	static const char *const NAMES[] = {
		[ANSWER_SKIP] = "skip", [ANSWER_YES] = "yes", [ANSWER_UNKNOWN] = "unknown",
		[ANSWER_BLOCKED] = "blocked", [ANSWER_NO] = "no",
	};

	return NAMES[answer];
}

/* , name="value" with what the exposition format escapes. */
static void label(FILE *out, const char *name, const char *value, bool first)
{
	fprintf(out, "%s%s=\"", first ? "" : ",", name);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			fputc('\\', out);
		if (*value == '\n')
			fputs("\\n", out);
		else
			fputc(*value, out);
	}
	fputc('"', out);
}

static void head(FILE *out, const char *name, const char *help)
{
	fprintf(out, "# HELP btferry_check_%s %s\n# TYPE btferry_check_%s gauge\n", name, help, name);
}

/* btferry_check_NAME{app="..." and leaves the braces open. */
static void metric(FILE *out, const struct report *report, const char *name)
{
	fprintf(out, "btferry_check_%s{", name);
	label(out, "app", report->name, true);
}

static void print_info(const struct report *report, FILE *out)
{
	head(out, "info", "What was checked and what came of it; the value is always 1.");
	metric(out, report, "info");
	label(out, "version", report->app_version, false);
	label(out, "object", report->object->name, false);
	label(out, "release", report->facts.release, false);
	label(out, "arch", report->facts.arch, false);
	label(out, "verdict", verdict_name(report->verdict), false);
	label(out, "class", failure_class_name(report->class), false);
	label(out, "btf", plan_btf_name(report->plan.btf), false);
	label(out, "decision", decision_name(report->plan.decision), false);
	fputs("} 1\n", out);
}

static void print_levels(const struct report *report, FILE *out)
{
	size_t i, k;

	head(out, "program", "How far each program comes: 1 yes, 0 no, -1 blocked or not known.");
	for (i = 0; i < report->needs.program_count; i++)
		for (k = 0; k < LEVELS; k++) {
			enum answer answer = report->levels[i][k].answer;

			if (answer == ANSWER_SKIP)
				continue;
			metric(out, report, "program");
			label(out, "program", report->needs.programs[i].name, false);
			label(out, "level", level_name((enum level)k), false);
			fprintf(out, "} %d\n", answer == ANSWER_YES ? 1 : answer == ANSWER_NO ? 0 : -1);
		}
}

static void print_items(const struct report *report, FILE *out)
{
	size_t i;

	head(out, "item", "What was looked at; the value is always 1.");
	for (i = 0; i < ITEMS; i++) {
		if (report->items[i].answer == ANSWER_SKIP)
			continue;
		metric(out, report, "item");
		label(out, "item", item_id((enum item)i), false);
		label(out, "answer", answer_name(report->items[i].answer), false);
		fputs("} 1\n", out);
	}
}

void report_print_prometheus(const struct report *report, FILE *out)
{
	head(out, "ready", "1 when the application will run on this host, else 0.");
	metric(out, report, "ready");
	fprintf(out, "} %d\n", report->verdict == WILL_RUN);
	head(out, "exit_code", "Exit code of the check: 0 yes, 1 no, 3 needs a build, 4 blocked or not "
	     "known.");
	metric(out, report, "exit_code");
	fprintf(out, "} %d\n", report->status);
	print_info(report, out);
	print_levels(report, out);
	print_items(report, out);
	head(out, "time_seconds", "When it was checked, in seconds since 1970.");
	metric(out, report, "time_seconds");
	fprintf(out, "} %lld\n", (long long)time(NULL));
}

/*
 * Values of labels are at most 63 characters of [A-Za-z0-9_.-] that start and end with one of
 * [A-Za-z0-9] (the Kubernetes documentation, "Labels and Selectors").
 */
static void feature(FILE *out, const char *app, const char *name, const char *value)
{
	enum { LABEL_SIZE = 64 };
	char text[LABEL_SIZE], *start = text;
	size_t size;

	snprintf(text, sizeof(text), "%s", value);
	for (size = 0; text[size]; size++)
		if (!isalnum((unsigned char)text[size]) && !strchr("_.-", text[size]))
			text[size] = '-';
	while (size > 0 && !isalnum((unsigned char)text[size - 1]))
		text[--size] = '\0';
	while (*start && !isalnum((unsigned char)*start))
		start++;
	fprintf(out, "%s.%s=%s\n", app, name, start);
}

void report_print_nfd(const struct report *report, FILE *out)
{
	const char *app = report->name;

	feature(out, app, "ready", report->verdict == WILL_RUN ? "true" : "false");
	feature(out, app, "verdict", verdict_name(report->verdict));
	feature(out, app, "class", failure_class_name(report->class));
	feature(out, app, "btf", plan_btf_name(report->plan.btf));
	if (report->app_version[0])
		feature(out, app, "version", report->app_version);
}
