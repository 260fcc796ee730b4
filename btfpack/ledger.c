/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/console.h"
#include "lib/plain.h"

#include "btfpack/ledger.h"

enum state { TAKEN, PRESENT, SKIPPED, LEFT_OUT };

/* As wide as the longest, with a gap. */
static const char *const state_names[] = {
	[TAKEN] = "taken          ", [PRESENT] = "already there  ",
	[SKIPPED] = "skipped        ", [LEFT_OUT] = "left out       ",
};

/* Rows with more paths than that name the first few: trees hold many files that are no BTF. */
enum { PATHS_NAMED = 5 };

struct ledger_row {
	enum state state;
	char *name;              /* the kernel's key, or a path */
	char *text;              /* its build, or the reason */
	size_t size;             /* of a kernel's BTF, bytes */
};

/* Takes name, which is NULL when there was no memory for it, and may be printed as it is. */
static int add_row(struct ledger *ledger, enum state state, char *name, const char *text,
		   size_t size)
{
	char *copy = plain_dup(text);

	if (!name || !copy || array_grow(&ledger->rows, ledger->row_count, &ledger->row_capacity)) {
		free(name);
		free(copy);
		return -ENOMEM;
	}
	ledger->rows[ledger->row_count++] =
		(struct ledger_row){ .state = state, .name = name, .text = copy, .size = size };
	return 0;
}

static int add_kernel(struct ledger *ledger, enum state state,
		      const struct btf_archive_entry *entry, size_t size)
{
	const struct btf_archive_key *key = &entry->key;
	char *name = NULL;

	if (asprintf(&name, "%s/%s/%s/%s", key->id, key->version_id, key->arch, key->release) < 0)
		name = NULL;
	return add_row(ledger, state, name, entry->build ? entry->build : "", size);
}

int ledger_taken(struct ledger *ledger, const struct btf_archive_entry *entry, size_t size)
{
	ledger->taken++;
	return add_kernel(ledger, TAKEN, entry, size);
}

int ledger_present(struct ledger *ledger, const struct btf_archive_entry *entry, size_t size)
{
	ledger->present++;
	return add_kernel(ledger, PRESENT, entry, size);
}

/* Errors begin with the path most of the time. */
int ledger_skipped(struct ledger *ledger, const char *path, const struct error *err)
{
	char *shown = plain_dup(path);
	size_t length = shown ? strlen(shown) : 0;
	const char *reason = err->text;

	if (shown && strncmp(reason, shown, length) == 0 && strncmp(reason + length, ": ", 2) == 0)
		reason += length + 2;
	ledger->skipped++;
	if (!ledger->failure || ledger->failure == -EINVAL)
		ledger->failure = err->code;
	console_warn("import: %s: %s: skipped", path, reason);
	return add_row(ledger, SKIPPED, shown, reason, 0);
}

int ledger_left_out(struct ledger *ledger, const char *path, const char *why)
{
	ledger->left_out++;
	return add_row(ledger, LEFT_OUT, plain_dup(path), why, 0);
}

static void print_kernels(const struct ledger *ledger, enum state state, FILE *out)
{
	size_t width = 0, i;

	for (i = 0; i < ledger->row_count; i++)
		if (ledger->rows[i].state <= PRESENT && strlen(ledger->rows[i].name) > width)
			width = strlen(ledger->rows[i].name);
	for (i = 0; i < ledger->row_count; i++) {
		const struct ledger_row *row = &ledger->rows[i];

		if (row->state == state)
			fprintf(out, "%s%-*s %9zu bytes%s%s\n", state_names[state], (int)width, row->name,
				row->size, *row->text ? "  " : "", row->text);
	}
}

static bool same_reason(const struct ledger_row *a, const struct ledger_row *b)
{
	return a->state == b->state && strcmp(a->text, b->text) == 0;
}

/* All rows of the reason that row first is the first of. */
static void print_reason(const struct ledger *ledger, size_t first, FILE *out)
{
	const struct ledger_row *row = &ledger->rows[first];
	size_t total = 0, i;

	for (i = first; i < ledger->row_count; i++)
		total += same_reason(row, &ledger->rows[i]);
	if (total == 1) {
		fprintf(out, "%s%s: %s\n", state_names[row->state], row->name, row->text);
		return;
	}
	fprintf(out, "%s%zu: %s\n", state_names[row->state], total, row->text);
	for (i = first, total = 0; i < ledger->row_count; i++)
		if (same_reason(row, &ledger->rows[i]) && total++ < PATHS_NAMED)
			fprintf(out, "%s  %s\n", "               ", ledger->rows[i].name);
	if (total > PATHS_NAMED)
		fprintf(out, "%s  and %zu more\n", "               ", total - PATHS_NAMED);
}

static void print_reasons(const struct ledger *ledger, enum state state, FILE *out)
{
	size_t i, before;

	for (i = 0; i < ledger->row_count; i++) {
		if (ledger->rows[i].state != state)
			continue;
		for (before = 0; before < i; before++)
			if (same_reason(&ledger->rows[before], &ledger->rows[i]))
				break;
		if (before == i)
			print_reason(ledger, i, out);
	}
}

void ledger_print(const struct ledger *ledger, const char *archive, FILE *out)
{
	print_kernels(ledger, TAKEN, out);
	print_kernels(ledger, PRESENT, out);
	print_reasons(ledger, LEFT_OUT, out);
	print_reasons(ledger, SKIPPED, out);
	fprintf(out, "%s: %zu taken, %zu already there, %zu skipped", archive, ledger->taken,
		ledger->present, ledger->skipped);
	if (ledger->left_out)
		fprintf(out, ", %zu left out", ledger->left_out);
	fputc('\n', out);
}

enum exit_status ledger_status(const struct ledger *ledger, bool keep_going)
{
	if (ledger->skipped == 0)
		return STATUS_DONE;
	if (keep_going && ledger->taken + ledger->present > 0)
		return STATUS_DONE;
	switch (-ledger->failure) {
	case EINVAL:
		return STATUS_USAGE; /* names that the command line should have told */
	case EPERM:
	case EACCES:
		return STATUS_BLOCKED;
	default:
		return STATUS_DAMAGED;
	}
}

void ledger_free(struct ledger *ledger)
{
	size_t i;

	for (i = 0; i < ledger->row_count; i++) {
		free(ledger->rows[i].name);
		free(ledger->rows[i].text);
	}
	free(ledger->rows);
	*ledger = (struct ledger){ 0 };
}
