/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a record: of an object with every form of a member, and of one whose records have no
 * header.  There is always an event, and its line never steers a terminal.
 */
#include <stdlib.h>

#include "runtime/render.h"
#include "runtime/table.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct event_layouts described, one_struct;

static struct btf *read_btf(const char *path)
{
	struct btf *btf = btf__parse(path, NULL);

	if (!btf)
		abort();
	return btf;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct btf *forms = read_btf(TEST_BPF_DIR "/runtime/forms.bpf.o");
	struct btf *foreign = read_btf(TEST_BPF_DIR "/runtime/foreign.bpf.o");
	struct error err = ERROR_NONE;

	(void)argc;
	(void)argv;
	if (event_layouts_read(forms, &described, &err) ||
	    event_layouts_read_struct(foreign, "rb", NULL, &one_struct, &err))
		abort();
	return 0;
}

static void try(const struct event_layouts *layouts, struct slice record)
{
	const struct clock clock = { .monotonic_offset = 1000000000000000000 };
	json_t *event = render(layouts, &clock, record);
	struct table table = { .terminal = false };
	struct buffer line = { 0 };
	size_t i;

	if (!event || !json_is_string(json_object_get(event, "event")) ||
	    table_append(&table, event, &line))
		abort();
	for (i = 0; i + 1 < line.size; i++)
		if (line.data[i] < 0x20 || line.data[i] == 0x7f ||
		    (line.data[i] == 0xc2 && line.data[i + 1] < 0xa0))
			abort();
	buffer_free(&line);
	json_decref(event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try(&described, slice_of(data, size));
	try(&one_struct, slice_of(data, size));
	return 0;
}
