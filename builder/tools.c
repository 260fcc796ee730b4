/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "builder/stub.h"
#include "builder/workplace.h"

/* The compiler finds the two folders by these numbers (compile.c). */
static int give_headers(struct workplace *place)
{
	struct workshop *workshop = &place->workshop;
	struct error *err = &place->problem;
	int code = workshop_give(workshop, 0, place->headers.build);

	if (code)
		return error_errno(err, code, "%s", place->headers.build);
	code = workshop_give(workshop, 1, place->headers.source);
	if (code)
		return error_errno(err, code, "%s", place->headers.source);
	if (!workshop_can_read(workshop, 0, "include/generated/autoconf.h") ||
	    !workshop_can_read(workshop, 1, "include/linux/kconfig.h"))
		return error_set(err, -ENOENT, "%.300s: cannot be read by the unprivileged user that the "
				 "compiler runs as: chmod -R o+rX it", place->headers.build);
	return 0;
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
		code = give_headers(place);
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
