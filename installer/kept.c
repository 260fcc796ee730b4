/* SPDX-License-Identifier: BSD-2-Clause */
#include <limits.h>
#include <stdio.h>

#include "installer/kept.h"

#define PAYLOAD_FILE "payload"
#define SIGNATURE_FILE PAYLOAD_FILE MINISIGN_SUFFIX

int kept_open(const struct trust *trust, const struct generation *generation, struct kept *out,
	      struct error *err)
{
	char name[PATH_MAX];
	int code;

	*out = (struct kept){ 0 };
	snprintf(name, sizeof(name), "%s/" PAYLOAD_FILE, generation->path);
	code = generation_read(generation, PAYLOAD_FILE, &out->payload, err);
	if (!code && generation_has(generation, SIGNATURE_FILE))
		code = generation_read(generation, SIGNATURE_FILE, &out->signature, err);
	return code ? code : admit_kept(trust, buffer_slice(&out->payload),
					buffer_slice(&out->signature), name,
					&out->admitted, err);
}

void kept_close(struct kept *kept)
{
	admitted_close(&kept->admitted);
	buffer_free(&kept->payload);
	buffer_free(&kept->signature);
}
