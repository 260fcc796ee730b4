/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes are a kernel configuration, or a gzip file that may hold one. */
#include <stdlib.h>
#include <string.h>

#include "host/kconfig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each option is found by the name that it is listed with. */
static int found_again(const char *name, const struct kconfig_option *option, void *context)
{
	struct kconfig_option found = kconfig_find(context, name);

	return found.state != option->state || found.value != option->value ||
	       found.set.truth == TRUTH_UNKNOWN;
}

static void parse(struct slice text)
{
	struct kconfig *kconfig;

	if (kconfig_parse(text, &kconfig))
		return;
	if (kconfig_find(kconfig, "CONFIG_BPF").state == KCONFIG_UNKNOWN ||
	    kconfig_each(kconfig, found_again, kconfig))
		abort();
	kconfig_free(kconfig);
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
