/* SPDX-License-Identifier: BSD-2-Clause */
/* plan.json (docs/schema/plan.json), from text to the fields of a generation. */
#ifndef RUNTIME_PLAN_JSON_H
#define RUNTIME_PLAN_JSON_H

#include "lib/bytes.h"
#include "runtime/generation.h"

#define PLAN_FILE "plan.json"

enum {
	PLAN_SCHEMA = 1,
	PLAN_MAX_SIZE = 8 * 1024 * 1024,
	PLAN_MAX_KERNELS = 4096,
	PLAN_MAX_FILES = 16384,
};

/*
 * Fills app, version, fingerprint, kernels and files of out.  -EBADMSG: no plan, or a damaged one;
 * -ENOTSUP: a newer schema; the error names the member.  path is for messages.  What was filled in
 * before a failure is out's, and generation_close() frees it.
 */
int plan_json_parse(struct slice text, const char *path, struct generation *out, struct error *err);

#endif
