/* SPDX-License-Identifier: BSD-2-Clause */
/* Command `check`: will it run here, now, and if not, why and what to do. */
#ifndef CHECKER_CHECK_H
#define CHECKER_CHECK_H

#include <stdbool.h>

#include "payload/reader.h"

struct check_options {
	const char *root;        /* NULL for "/" */
	const struct payload *payload; /* NULL when none is at hand: then object is needed */
	const char *object;      /* --object F, else BTFERRY_BPF_FILE */
	const char *btf;         /* --btf F, else BTFERRY_BTF_FILE */
	bool json;
	bool verbose;
};

enum exit_status check(const struct check_options *options);

#endif
