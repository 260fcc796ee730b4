/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "builder/workplace.h"

static const char *const NAMES[WAY_COUNT] = {
	[WAY_DEBUG_INFO] = "debug-info", [WAY_HEADERS] = "headers", [WAY_OBJECT] = "object",
};

const char *build_way_name(enum build_way way)
{
	return NAMES[way];
}

enum build_way build_way_of(const char *name)
{
	enum build_way way = 0;

	while (way < WAY_COUNT && strcmp(NAMES[way], name) != 0)
		way++;
	return way;
}

void way_ends(struct build_attempt *attempt, enum build_outcome outcome, const struct error *err)
{
	attempt->outcome = outcome;
	if (outcome != BUILD_DONE)
		snprintf(attempt->why, sizeof(attempt->why), "%s", err->text);
}

enum build_outcome outcome_of(int code)
{
	switch (code) {
	case 0: return BUILD_DONE;
	case -ENOENT:
	case -ENOTDIR: return BUILD_LACKS;
	case -ESTALE:
	case -ENOTSUP: return BUILD_REFUSED;
	default: return BUILD_FAILED;
	}
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void try_ways(struct workplace *place, struct build *out)
{
	static void (*const WAYS[WAY_COUNT])(struct workplace *, struct build_attempt *,
					     struct build_product *) = {
		[WAY_DEBUG_INFO] = way_debug_info,
		[WAY_HEADERS] = way_headers,
		[WAY_OBJECT] = way_object,
	};
	enum build_way way;

	for (way = 0; way < WAY_COUNT; way++) {
		struct build_attempt *attempt = &out->attempts[way];
		double begin = now();

		if (!place->request->ways[way])
			continue;
		WAYS[way](place, attempt, &out->product);
		attempt->seconds = now() - begin;
		if (attempt->outcome == BUILD_DONE) {
			out->product.way = way;
			break;
		}
	}
}

int build_run(const struct build_request *request, struct build *out, struct error *err)
{
	struct workplace place = { .request = request };
	int code;

	*out = (struct build){ .product = { .way = WAY_COUNT } };
	code = workshop_open(&place.workshop, err);
	if (!code)
		try_ways(&place, out);
	snprintf(out->kernel_build, sizeof(out->kernel_build), "%s", place.headers.version);
	workshop_close(&place.workshop);
	return code;
}

void build_free(struct build *build)
{
	enum build_way way;

	for (way = 0; way < WAY_COUNT; way++) {
		buffer_free(&build->attempts[way].unresolved);
		buffer_free(&build->attempts[way].notes);
	}
	buffer_free(&build->product.btf);
	buffer_free(&build->product.object);
}
