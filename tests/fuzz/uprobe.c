/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a program or a library in whose tables of symbols a function is looked for. */
#include <stdlib.h>

#include "host/uprobes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct probe found;
	Elf *elf;

	elf_version(EV_CURRENT);
	/* libelf takes a char * but does not write to an image that it opened for reading. */
	elf = elf_memory((char *)(uintptr_t)data, size);
	if (!elf)
		return 0;
	found = uprobe_find_in(elf, "call");
	if (found.truth == TRUTH_UNKNOWN)
		abort(); /* all of it is there to be read */
	uprobe_find_in(elf, "call+4");
	elf_end(elf);
	return 0;
}
