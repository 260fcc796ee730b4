/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "builder/stub.h"
#include "builder/workplace.h"

static int check_readable(struct workplace *place)
{
	static const char sample[] = "include/generated/autoconf.h";
	char path[PATH_MAX + sizeof(sample)];

	snprintf(path, sizeof(path), "%s/%s", place->headers.build, sample);
	if (workshop_can_read(&place->workshop, path) &&
	    workshop_can_read(&place->workshop, place->headers.source))
		return 0;
	return error_set(&place->problem, -ENOENT, "%.300s: cannot be read by the unprivileged user that "
			 "the compiler runs as: copy it to where everybody may look", path);
}

static int look(struct workplace *place)
{
	const struct build_request *request = place->request;
	int code;

	place->architecture = architecture_find(request->arch);
	if (!place->architecture)
		return error_set(&place->problem, -ENOTSUP, "it is not known how to compile for %s",
				 request->arch);
	code = headers_find(request->headers, request->release, request->build, &place->headers,
			    &place->problem);
	if (!code)
		code = check_readable(place);
	return code ? code : toolchain_find(request->clang, &place->toolchain, &place->problem);
}

int find_tools(struct workplace *place, struct build_attempt *attempt)
{
	if (!place->was_looked_for) {
		place->was_looked_for = true;
		place->code = look(place);
	}
	if (place->headers.source[0])
		snprintf(attempt->found, sizeof(attempt->found), "%.240s%s%.240s",
			 place->headers.build, place->code ? "" : ", ", place->toolchain.clang);
	if (place->code)
		way_ends(attempt, outcome_of(place->code), &place->problem);
	return place->code;
}

int types_of_headers(struct workplace *place, struct build_attempt *attempt, struct buffer *btf,
		     struct error *err)
{
	const struct build_request *request = place->request;
	struct stub_request stub = {
		.compile = {
			.workshop = &place->workshop,
			.toolchain = &place->toolchain,
			.headers = &place->headers,
			.architecture = place->architecture,
		},
		.headers = request->manifest->headers,
		.header_count = request->manifest->header_count,
	};
	struct reloset *set;
	int code;

	code = reloset_create(request->objects, request->object_count, &set, err);
	if (code)
		return code;
	stub.set = set;
	code = stub_compile(&stub, btf, &attempt->notes, err);
	reloset_destroy(set);
	return code;
}
