/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "decide/select.h"

#include "runtime/stored.h"

#define SOURCE_KERNEL "kernel"
#define SOURCE_STORED "stored"
#define SOURCE_BUILT "built"
#define PAYLOAD_NAME "payload"

/* Finds the BTF that the generation's payload has for the kernel that runs. */
static bool find_packed(const struct generation *generation, const struct facts *facts,
			struct digest *digest)
{
	struct buffer bytes = { 0 };
	struct payload *payload = NULL;
	struct selection selection;
	bool found = false;

	if (!generation_read(generation, PAYLOAD_NAME, &bytes, NULL) &&
	    !payload_open_bytes(buffer_slice(&bytes), PAYLOAD_NAME, &payload, NULL)) {
		selection = select_btf(payload, facts->arch, facts->release, facts->build,
				       &facts->os);
		found = selection.state == SELECTED;
		if (found)
			*digest = payload_btf_digest(payload,
						     payload_kernel(payload, selection.kernel).btf);
		payload_close(payload);
	}
	buffer_free(&bytes);
	return found;
}

bool stored_is_nearest(const struct generation *generation, const struct facts *facts)
{
	const struct generation_kernel *kernel = generation_find(generation, facts->release);

	return kernel && kernel->rule && strcmp(kernel->rule, GENERATION_RULE_NEIGHBOURS) == 0;
}

int stored_nearest(const struct generation *generation, const struct facts *facts,
		   struct buffer *btf, char *around, size_t size, struct error *err)
{
	struct selection selection;
	struct buffer bytes = { 0 };
	struct payload *payload = NULL;
	int code;

	code = generation_read(generation, PAYLOAD_NAME, &bytes, err);
	if (!code)
		code = payload_open_bytes(buffer_slice(&bytes), PAYLOAD_NAME, &payload, err);
	if (!code) {
		selection = select_btf(payload, facts->arch, facts->release, facts->build, &facts->os);
		select_neighbours(&selection);
		if (selection.state == SELECTED && selection.rule == BY_NEIGHBOURS) {
			neighbours_say(&selection.neighbours, payload, around, size);
			code = payload_btf(payload, selection.neighbours.btf, btf, err);
		}
	}
	payload_close(payload);
	buffer_free(&bytes);
	return code;
}

enum stored_state stored_state(const struct generation *generation, const struct facts *facts)
{
	const struct generation_kernel *kernel = generation_find(generation, facts->release);
	struct digest digest;

	if (!kernel || strcmp(kernel->arch, facts->arch) != 0)
		return STORED_NONE;
	/* Asked only where it matters: a payload is large. */
	if (!strcmp(kernel->source, SOURCE_KERNEL))
		return facts->btf_source.truth != TRUTH_YES &&
		       find_packed(generation, facts, &digest) ? STORED_AT_HAND : STORED_NONE;
	if (strcmp(kernel->source, SOURCE_STORED) != 0 && strcmp(kernel->source, SOURCE_BUILT) != 0)
		return STORED_NONE;
	if (kernel->build[0] == '\0' || strcmp(kernel->build, facts->build) == 0)
		return STORED_ONE;
	return find_packed(generation, facts, &digest) && !digest_compare(&digest, &kernel->btf)
		       ? STORED_ONE : STORED_STALE;
}
