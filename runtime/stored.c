/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "decide/select.h"

#include "runtime/stored.h"

#define SOURCE_STORED "stored"
#define PAYLOAD_NAME "payload"

/* True when the payload's BTF for the build that runs is the one that is stored. */
static bool is_one_class(const struct generation *generation,
			 const struct generation_kernel *kernel, const struct facts *facts)
{
	struct buffer bytes = { 0 };
	struct payload *payload = NULL;
	struct selection selection;
	struct digest digest;
	bool same = false;

	if (!generation_read(generation, PAYLOAD_NAME, &bytes, NULL) &&
	    !payload_open_bytes(buffer_slice(&bytes), PAYLOAD_NAME, &payload, NULL)) {
		selection = select_btf(payload, facts->arch, facts->release, facts->build,
				       &facts->os);
		if (selection.state == SELECTED) {
			digest = payload_btf_digest(payload,
						    payload_kernel(payload, selection.kernel).btf);
			same = digest_compare(&digest, &kernel->btf) == 0;
		}
		payload_close(payload);
	}
	buffer_free(&bytes);
	return same;
}

enum stored_state stored_state(const struct generation *generation, const struct facts *facts)
{
	const struct generation_kernel *kernel = generation_find(generation, facts->release);

	if (!kernel || strcmp(kernel->source, SOURCE_STORED) != 0 ||
	    strcmp(kernel->arch, facts->arch) != 0)
		return STORED_NONE;
	if (kernel->build[0] == '\0' || strcmp(kernel->build, facts->build) == 0 ||
	    is_one_class(generation, kernel, facts))
		return STORED_ONE;
	return STORED_STALE;
}
