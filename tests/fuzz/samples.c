/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads its input as what somebody else than a run answers at a socket. */
#include <stdlib.h>
#include <string.h>

#include "installer/samples.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), label[8];
	const char *at = text;
	struct sample sample;
	double real;

	if (!text)
		abort();
	while (sample_next(&at, &sample)) {
		sample_label(&sample, "event", label, sizeof(label));
		if (strlen(label) >= sizeof(label))
			abort();
	}
	sample_real(text, "seconds", &real);
	free(text);
	return 0;
}
