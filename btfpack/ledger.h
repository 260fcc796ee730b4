/* SPDX-License-Identifier: BSD-2-Clause */
/* What an import did with each source, for the table at its end. */
#ifndef BTFPACK_LEDGER_H
#define BTFPACK_LEDGER_H

#include <stdio.h>

#include "btfpack/archive.h"

struct ledger_row;

struct ledger {
	struct ledger_row *rows;
	size_t row_count, row_capacity;
	size_t taken, present, skipped, left_out;
	int failure;             /* errno of the first that was skipped, one without a name last */
};

/* Each adds a row; 0 or -ENOMEM.  A skipped source is warned about at once, in err's words. */
int ledger_taken(struct ledger *ledger, const struct btf_archive_entry *entry, size_t size);
int ledger_present(struct ledger *ledger, const struct btf_archive_entry *entry, size_t size);
int ledger_skipped(struct ledger *ledger, const char *path, const struct error *err);

/* What lay in a source and is no kernel's BTF by its name or place: no failure. */
int ledger_left_out(struct ledger *ledger, const char *path, const char *why);

/* Prints the table: kernels first, then what was not taken, each reason once, then the sums. */
void ledger_print(const struct ledger *ledger, const char *archive, FILE *out);

/* The exit code: keep_going forgives what was skipped, unless all was. */
enum exit_status ledger_status(const struct ledger *ledger, bool keep_going);

void ledger_free(struct ledger *ledger);

#endif
