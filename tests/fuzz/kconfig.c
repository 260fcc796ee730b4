/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes are a kernel configuration, or a gzip file that may hold one. */
#include <stdlib.h>
#include <string.h>

#include "host/kconfig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void parse(struct slice text)
{
	struct kconfig_option options[] = {
		{ .name = "CONFIG_BPF" }, { .name = "CONFIG_BPF_SYSCALL" }, { .name = "CONFIG_HZ" },
	};
	size_t i;

	kconfig_parse(text, options, 3);
	for (i = 0; i < 3; i++)
		if (options[i].set.truth == TRUTH_UNKNOWN ||
		    strnlen(options[i].value, sizeof(options[i].value)) == sizeof(options[i].value))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { LIMIT = 1024 * 1024 };
	struct buffer text = { 0 };

	parse(slice_of(data, size));
	if (kconfig_gunzip(slice_of(data, size), LIMIT, &text) == 0) {
		if (text.size > LIMIT)
			abort();
		parse(buffer_slice(&text));
	} else if (text.size != 0) {
		abort();
	}
	buffer_free(&text);
	return 0;
}
