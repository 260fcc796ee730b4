/* SPDX-License-Identifier: BSD-2-Clause */
/* plan.json (docs/schema/plan.json), from what was decided to text. */
#ifndef INSTALLER_PLAN_TEXT_H
#define INSTALLER_PLAN_TEXT_H

#include <jansson.h>

#include "decide/admission.h"

#include "installer/contents.h"
#include "installer/kernels.h"

/* The document; NULL when out of memory.  The caller decrefs. */
json_t *plan_document(const struct payload *payload, const struct signature_facts *signature,
		      const char *arch, const struct kernels *kernels,
		      const struct contents *contents);

/* Appends a document as it is stored and printed: sorted keys, indented, a newline at the end. */
int plan_text(const json_t *document, struct buffer *out, struct error *err);

/* The same for a document that is taken; NULL is out of memory. */
int document_text(json_t *document, struct buffer *out, struct error *err);

/* Prints any document like that to standard output.  Takes it; NULL is out of memory. */
int document_print(json_t *document, struct error *err);

#endif
