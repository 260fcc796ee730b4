/* SPDX-License-Identifier: BSD-2-Clause */
/* A summary for the page of a pull request or a CI run: GitHub's and GitLab's Markdown. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "btfpack/coverage_report.h"

/* Rows of a table before "and N more": pages of CI have an end. */
enum { ROWS = 50 };

/* A name in a table: nothing in it ends its cell, or its code. */
static void put_code(FILE *out, const char *text)
{
	fputc('`', out);
	for (; *text; text++)
		if (*text == '|')
			fputs("\\|", out);
		else
			fputc(*text == '`' || *text == '\n' ? '\'' : *text, out);
	fputc('`', out);
}

static void put_totals(FILE *out, const struct coverage *coverage)
{
	const size_t *totals = coverage->totals;

	fprintf(out, "| kernels | all relocations resolve | with fallbacks | fails |\n"
		"|--:|--:|--:|--:|\n| %zu | %zu | %zu | %zu |\n",
		totals[COVERAGE_RESOLVES] + totals[COVERAGE_FALLBACKS] + totals[COVERAGE_FAILS],
		totals[COVERAGE_RESOLVES], totals[COVERAGE_FALLBACKS], totals[COVERAGE_FAILS]);
}

/* "debian 12 x86_64 6.1.0-54-cloud-amd64 and 3 more" */
static void put_kernels(FILE *out, const struct btf_archive_key *first, size_t count)
{
	char text[512];

	snprintf(text, sizeof(text), "%s %s %s %s", first->id, first->version_id, first->arch,
		 first->release);
	put_code(out, text);
	if (count > 1)
		fprintf(out, " and %zu more", count - 1);
}

static void put_failures(FILE *out, const struct coverage_subject *subject,
			 const struct coverage_program *program)
{
	size_t i, named = 0;
	char text[512];

	for (i = 0; i < program->count; i++) {
		if (!coverage_is_failure(&program->findings[i]))
			continue;
		if (named++)
			fputs("<br>", out);
		put_code(out, reloset_describe(subject->set, program->findings[i].question, text,
					       sizeof(text)));
		if (program->findings[i].result == RESULT_REFUSED)
			fputs(" (refused)", out);
	}
}

static const struct btf_archive_key *first_kernel(const struct coverage *coverage, size_t outcome)
{
	size_t i = 0;

	while (coverage->kernels[i] != outcome)
		i++;
	return &coverage->pack->kernels[i].entry->key;
}

static void put_fails(FILE *out, const struct coverage *coverage)
{
	size_t i, k, rows = 0;

	if (!coverage->totals[COVERAGE_FAILS])
		return;
	fputs("\n| fails on | program | relocations that find nothing |\n|---|---|---|\n", out);
	for (i = 0; i < coverage->outcome_count; i++)
		for (k = 0; k < coverage->outcomes[i].count; k++) {
			const struct coverage_program *program = &coverage->outcomes[i].programs[k];

			if (program->state != COVERAGE_FAILS || program->role != ROLE_REQUIRED ||
			    rows++ >= ROWS)
				continue;
			fputs("| ", out);
			put_kernels(out, first_kernel(coverage, i), coverage->outcomes[i].kernels);
			fputs(" | ", out);
			put_code(out, coverage_program_name(coverage->subject, program));
			fputs(" | ", out);
			put_failures(out, coverage->subject, program);
			fputs(" |\n", out);
		}
	if (rows > ROWS)
		fprintf(out, "\nand %zu more rows\n", rows - ROWS);
}

static void put_change(FILE *out, const struct since *since, const struct since_item *item)
{
	const struct btf_archive_key *first = &since->after->pack->kernels[item->kernels[0]].entry->key;
	size_t i;

	fprintf(out, "| %s | ", item->change == SINCE_LOST ? "**lost**" : "won");
	put_kernels(out, first, item->kernel_count);
	fputs(" | ", out);
	for (i = 0; i < item->program_count; i++) {
		const struct since_program *program = &item->programs[i];
		const struct coverage *side = program->lost ? since->after : since->before;

		if (i)
			fputs("<br>", out);
		put_code(out, coverage_program_name(side->subject, program->program));
		fputs(program->lost ? " fails: " : " failed: ", out);
		put_failures(out, side->subject, program->program);
	}
	if (item->after == COVERAGE_NONE || item->before == COVERAGE_NONE)
		fputs(item->after == COVERAGE_NONE ? "no object for this architecture any more" :
		      "an object for this architecture", out);
	fputs(" |\n", out);
}

static void put_since(FILE *out, const struct coverage_report *report)
{
	const struct since *since = report->since;
	size_t i;

	fprintf(out, "\n### Since %s %s\n\n| lost | won | changed | unchanged |\n|--:|--:|--:|--:|\n"
		"| %zu | %zu | %zu | %zu |\n", report->since_app, report->since_version,
		since->totals[SINCE_LOST], since->totals[SINCE_WON], since->totals[SINCE_CHANGED],
		since->totals[SINCE_UNCHANGED]);
	if (!since->totals[SINCE_LOST] && !since->totals[SINCE_WON])
		return;
	fputs("\n| change | kernels | programs |\n|---|---|---|\n", out);
	for (i = 0; i < since->count && i < ROWS; i++)
		if (since->items[i].change >= SINCE_WON)
			put_change(out, since, &since->items[i]);
}

static void put_fleet(FILE *out, const struct fleet *fleet)
{
	size_t i;

	fputs("\n### Hosts\n\n| hosts | | why |\n|--:|---|---|\n", out);
	for (i = 0; i < fleet->answer_count && i < ROWS; i++) {
		fprintf(out, "| %zu | %s | ", fleet->answers[i].host_count,
			fleet_group_title(fleet->answers[i].group));
		put_code(out, fleet->answers[i].reason);
		fputs(" |\n", out);
	}
}

int coverage_to_markdown(const struct coverage_report *report, struct buffer *out,
			 struct error *err)
{
	char *text = NULL, title[256];
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	int code = stream ? 0 : -ENOMEM;

	if (stream) {
		fprintf(stream, "## BTF coverage of %s\n\n", coverage_title(report, title, sizeof(title)));
		put_totals(stream, report->coverage);
		if (report->since)
			put_since(stream, report);
		put_fails(stream, report->coverage);
		if (report->fleet)
			put_fleet(stream, report->fleet);
		if (fclose(stream))
			code = -ENOMEM;
	}
	if (!code)
		code = buffer_append(out, text, size);
	free(text);
	return code ? error_errno(err, code, "Markdown") : 0;
}
