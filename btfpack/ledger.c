/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/console.h"

#include "btfpack/ledger.h"

struct ledger_row {
	const char *state;
	char *text;
};

/* Takes text, which came from asprintf(3) with this result. */
static int add_row(struct ledger *ledger, const char *state, int printed, char *text)
{
	if (printed < 0)
		return -ENOMEM;
	if (array_grow(&ledger->rows, ledger->row_count, &ledger->row_capacity)) {
		free(text);
		return -ENOMEM;
	}
	ledger->rows[ledger->row_count++] = (struct ledger_row){ .state = state, .text = text };
	return 0;
}

static int add_kernel(struct ledger *ledger, const char *state,
		      const struct btf_archive_entry *entry, size_t size)
{
	const struct btf_archive_key *key = &entry->key;
	char *text = NULL;
	int printed;

	printed = asprintf(&text, "%s/%s/%s/%s  %zu bytes%s%s", key->id, key->version_id, key->arch,
			   key->release, size, entry->build ? "  " : "",
			   entry->build ? entry->build : "");
	return add_row(ledger, state, printed, text);
}

int ledger_taken(struct ledger *ledger, const struct btf_archive_entry *entry, size_t size)
{
	ledger->taken++;
	return add_kernel(ledger, "taken", entry, size);
}

int ledger_present(struct ledger *ledger, const struct btf_archive_entry *entry, size_t size)
{
	ledger->present++;
	return add_kernel(ledger, "already there", entry, size);
}

/* Errors begin with the path most of the time. */
int ledger_skipped(struct ledger *ledger, const char *path, const struct error *err)
{
	bool has_path = strncmp(err->text, path, strlen(path)) == 0;
	char *text = NULL;
	int printed;

	ledger->skipped++;
	if (!ledger->first_failure)
		ledger->first_failure = err->code;
	printed = asprintf(&text, "%s%s%s", has_path ? "" : path, has_path ? "" : ": ", err->text);
	if (printed >= 0)
		console_warn("import: %s: skipped", text);
	return add_row(ledger, "skipped", printed, text);
}

void ledger_print(const struct ledger *ledger, const char *archive, FILE *out)
{
	size_t i;

	for (i = 0; i < ledger->row_count; i++)
		fprintf(out, "%-13s  %s\n", ledger->rows[i].state, ledger->rows[i].text);
	fprintf(out, "%s: %zu taken, %zu already there, %zu skipped\n", archive, ledger->taken,
		ledger->present, ledger->skipped);
}

enum exit_status ledger_status(const struct ledger *ledger, bool keep_going)
{
	if (ledger->skipped == 0)
		return STATUS_DONE;
	if (keep_going && ledger->taken + ledger->present > 0)
		return STATUS_DONE;
	switch (-ledger->first_failure) {
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

	for (i = 0; i < ledger->row_count; i++)
		free(ledger->rows[i].text);
	free(ledger->rows);
	*ledger = (struct ledger){ 0 };
}
