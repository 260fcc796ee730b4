/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes may be given as facts of another host.  What is taken for some is the same again. */
#include <stdlib.h>

#include "host/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *document = json_loadb((const char *)data, size, 0, NULL), *first, *second;
	struct error err = ERROR_NONE;
	struct facts facts;

	if (!document)
		return 0;
	if (facts_from_json(document, &facts, &err) == 0) {
		first = facts_to_json(&facts, true);
		facts_free(&facts);
		if (!first || facts_from_json(first, &facts, &err))
			abort();
		second = facts_to_json(&facts, true);
		if (!second || !json_equal(first, second))
			abort();
		facts_free(&facts);
		json_decref(second);
		json_decref(first);
	} else if (err.text[0] == '\0' || facts.kconfig || facts.inquiry) {
		abort();
	}
	json_decref(document);
	return 0;
}
