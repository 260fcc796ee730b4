/* SPDX-License-Identifier: BSD-2-Clause */
/* The ways to a build, each a list of steps: what text and JSON are made of.  builder/ only. */
#ifndef BUILDER_ROUTES_H
#define BUILDER_ROUTES_H

#include "builder/distros.h"
#include "builder/instructions.h"
#include "builder/recipe.h"

enum route_kind {
	ROUTE_HEADERS,             /* packages of headers and compiler, here */
	ROUTE_SOURCE,              /* the source tree of that kernel, here */
	ROUTE_CONTAINER,           /* built elsewhere, carried here */
	ROUTE_ARCHIVE,             /* as headers, where the package is gone from the mirror */
	ROUTE_DEBUG,               /* from debug information */
};

enum { ROUTES_MAX = 4, STEPS_MAX = 3 };

struct step {
	char what[512];
	struct recipe_commands commands;
};

struct route {
	enum route_kind kind;
	char what[640];          /* when to take it */
	struct step steps[STEPS_MAX];
	size_t count;
};

struct routes {
	const struct instructions_request *request;
	struct distro_choice distro;
	struct recipe recipe;
	char finish[384];        /* "proctrace build", the command without sudo */
	struct route items[ROUTES_MAX]; /* the first is the one to take */
	size_t count;
};

/* Fills routes for a request, which must outlive them; -EINVAL as instructions_write() says. */
int routes_find(const struct instructions_request *request, struct routes *routes,
		struct error *err);

/* "headers", "source", "container", "archive", "debug-information". */
const char *route_name(enum route_kind kind);

/* A command as it is typed: with sudo where it needs root and the user is not. */
void route_command(const struct routes *routes, const struct recipe_command *command, char *out,
		 size_t size);

/* True when the container must be given the headers: no image is known that has their package. */
bool container_takes_headers(const struct recipe *recipe);

#endif
