/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The canary: does this BTF describe the kernel that runs?  A program reads fields through the
 * BTF, and what it read is compared with what helpers and system calls say.  A match does not
 * prove the BTF right; a mismatch proves it wrong.
 */
#ifndef LOADER_CANARY_H
#define LOADER_CANARY_H

#include <stddef.h>

#include "lib/bytes.h"
#include "lib/error.h"

enum { CANARY_MAX_CHECKS = 16, CANARY_TEXT_SIZE = 300 };

enum canary_state { CANARY_MATCH, CANARY_MISMATCH, CANARY_UNCHECKED };

struct canary_check {
	const char *field;               /* "task_struct.pid" */
	enum canary_state state;
	char expected[CANARY_TEXT_SIZE]; /* what is true; of UNCHECKED: why it could not be told */
	char read[CANARY_TEXT_SIZE];     /* what came out through the BTF */
};

struct canary_report {
	struct canary_check checks[CANARY_MAX_CHECKS];
	size_t count, matched, unchecked;
	enum exit_status status;         /* what a failure of canary_run() stands for */
};

/*
 * Runs the canary object with the BTF at btf_path (NULL: where libbpf finds the kernel's).
 * -ESTALE: a mismatch, err names the field, what was expected and what was read; or a field that
 * the BTF does not have.
 */
int canary_run(struct slice object, const char *btf_path, struct canary_report *report,
	       struct error *err);

#endif
