/* SPDX-License-Identifier: BSD-2-Clause */
/* Any text as what a compiler said: of each error there is one line, and reading ends. */
#include <stdlib.h>
#include <string.h>

#include "builder/complaint.h"

#include "lib/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct complaint *complaint)
{
	if (strnlen(complaint->text, sizeof(complaint->text)) == sizeof(complaint->text) ||
	    !complaint->text[0] || strchr(complaint->text, '\n'))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct complaint_reader reader;
	struct complaint complaint;
	char *said = strndup((const char *)data, size);
	size_t errors = 0;

	if (!said)
		return 0;
	complaint_start(&reader, said, "types.c");
	while (complaint_next(&reader, &complaint)) {
		check(&complaint);
		if (++errors > size)
			abort();
	}
	complaint_first(said, &complaint);
	check(&complaint);
	free(said);
	return 0;
}
