/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside host/: an answer as JSON, {"answer": "no", "errno": "ENOENT"}, there and back. */
#ifndef HOST_PROBE_JSON_H
#define HOST_PROBE_JSON_H

#include <jansson.h>

#include "host/probe.h"
#include "lib/error.h"

/* NULL when out of memory. */
json_t *probe_to_json(struct probe probe);

/* A string of bytes from outside; what is no UTF-8 becomes question marks.  NULL: no memory. */
json_t *bytes_to_json(const char *text);

/* -EBADMSG: no such thing; the error names key. */
int probe_from_json(const json_t *json, const char *key, struct probe *out, struct error *err);
int text_from_json(const json_t *json, const char *key, char *out, size_t size, struct error *err);

/* "ENOENT", or a number; NULL for 0.  name has room for it. */
const char *errno_to_text(int error, char name[static 16]);
int errno_from_json(const json_t *json, const char *key, int *out, struct error *err);

#endif
