/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "decide/release.h"
#include "decide/select.h"

#include "decide/neighbours.h"

/* Keeps the ends of what was found. */
static void widen(const struct payload *payload, const struct release *release, size_t i,
		  bool is_first, struct neighbours *out)
{
	const struct release first = release_of(payload_kernel(payload, out->first).release);
	const struct release last = release_of(payload_kernel(payload, out->last).release);

	if (is_first || release_compare(release, &first) < 0)
		out->first = i;
	if (is_first || release_compare(release, &last) > 0)
		out->last = i;
}

struct neighbours neighbours_find(const struct payload *payload, const char *arch,
				  const char *release, const struct os_release *os)
{
	const struct release wanted = release_of(release);
	struct neighbours out = { .agree = true };
	bool is_any = false;
	size_t i;

	for (i = 0; i < payload_kernel_count(payload); i++) {
		struct payload_kernel kernel = payload_kernel(payload, i);
		struct release found;
		int order;

		if (strcmp(kernel.arch, arch) != 0 ||
		    !select_same_distro(kernel.distro, kernel.version_id, os))
			continue;
		found = release_of(kernel.release);
		order = release_compare(&found, &wanted);
		if (!release_is_akin(&found, &wanted))
			continue;
		if (!is_any)
			out.btf = kernel.btf;
		is_any = true;
		out.agree = out.agree && kernel.btf == out.btf;
		/* Another build of the very release: a witness, and on neither side. */
		if (order == 0)
			continue;
		widen(payload, &found, i, out.older + out.newer == 0, &out);
		if (order < 0)
			out.older++;
		else
			out.newer++;
	}
	out.agree = out.agree && out.older && out.newer;
	return out;
}

void neighbours_say(const struct neighbours *neighbours, const struct payload *payload, char *text,
		    size_t size)
{
	snprintf(text, size, "the %zu builds around it (%zu older, %zu newer: %s to %s) have one BTF",
		 neighbours->older + neighbours->newer, neighbours->older, neighbours->newer,
		 payload_kernel(payload, neighbours->first).release,
		 payload_kernel(payload, neighbours->last).release);
}
