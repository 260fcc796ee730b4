/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes are an os-release: what comes out is bounded, terminated and free of control
 * characters.
 */
#include <stdlib.h>
#include <string.h>

#include "decide/remedy.h"
#include "decide/select.h"
#include "host/os_release.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *value, size_t size)
{
	size_t i, length = strnlen(value, size);

	if (length == size)
		abort();
	for (i = 0; i < length; i++)
		if ((unsigned char)value[i] < ' ' || value[i] == 0x7f)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct facts facts = { .arch = "x86_64", .release = "6.1.0-1-amd64", .build = "#1" };
	struct os_release *os = &facts.os;
	char text[1536];

	os_release_parse(slice_of(data, size), os);
	check(os->id, sizeof(os->id));
	check(os->version_id, sizeof(os->version_id));
	check(os->id_like, sizeof(os->id_like));
	check(os->pretty_name, sizeof(os->pretty_name));
	/* What reads it next. */
	remedy_no_btf(&facts, "app", text, sizeof(text));
	check(text, sizeof(text));
	select_same_distro("rhel", "8", os);
	return 0;
}
