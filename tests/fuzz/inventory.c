/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a list of hosts: CSV, JSON, facts. */
#include <stdlib.h>
#include <string.h>

#include "btfpack/inventory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int take(const struct inventory_host *host, void *context, struct error *err)
{
	size_t *hosts = context;

	(void)err;
	if (!host->name || !host->facts->arch[0] || !host->facts->release[0])
		abort(); /* a host without these is refused */
	++*hosts;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = ERROR_NONE;
	size_t hosts = 0;
	int code = inventory_parse(slice_of(data, size), "input", take, &hosts, &err);

	if (code != err.code || (code && err.text[0] == '\0'))
		abort(); /* no refusal without its sentence */
	return 0;
}
