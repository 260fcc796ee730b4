/* SPDX-License-Identifier: BSD-2-Clause */
/* The ways to a build, each a list of steps: what text and JSON are made of.  builder/ only. */
#ifndef BUILDER_WAYS_H
#define BUILDER_WAYS_H

#include "builder/distros.h"
#include "builder/instructions.h"
#include "builder/recipe.h"

enum way_kind {
	WAY_HEADERS,             /* packages of headers and compiler, here */
	WAY_SOURCE,              /* the source tree of that kernel, here */
	WAY_CONTAINER,           /* built elsewhere, carried here */
	WAY_ARCHIVE,             /* as headers, where the package is gone from the mirror */
	WAY_DEBUG,               /* from debug information */
};

enum { WAYS_MAX = 4, STEPS_MAX = 3 };

struct step {
	char what[512];
	struct recipe_commands commands;
};

struct way {
	enum way_kind kind;
	char what[640];          /* when to take it */
	struct step steps[STEPS_MAX];
	size_t count;
};

struct ways {
	const struct instructions_request *request;
	struct distro_choice distro;
	struct recipe recipe;
	char finish[384];        /* "proctrace build", the command without sudo */
	struct way items[WAYS_MAX]; /* the first is the one to take */
	size_t count;
};

/* Fills ways for a request, which must outlive them; -EINVAL as instructions_write() says. */
int ways_find(const struct instructions_request *request, struct ways *ways, struct error *err);

/* "headers", "source", "container", "archive", "debug-information". */
const char *way_name(enum way_kind kind);

/* A command as it is typed: with sudo where it needs root and the user is not. */
void way_command(const struct ways *ways, const struct recipe_command *command, char *out,
		 size_t size);

/* True when the container must be given the headers: no image is known that has their package. */
bool container_takes_headers(const struct recipe *recipe);

#endif
