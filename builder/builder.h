/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where no BTF of a kernel can be had, what is on the host may still tell how its structs lie.
 * Three ways are tried, the one that changes least first:
 *
 *   debug information    BTF of a vmlinux with DWARF, by pahole: as good as the kernel's own
 *   headers              BTF of the types that the kernel's headers declare; the CO-RE object stays
 *   object               the application's source, compiled against the headers without CO-RE
 *
 * Compilers run as workshop.h says.  Nothing is installed here.
 */
#ifndef BUILDER_BUILDER_H
#define BUILDER_BUILDER_H

#include <stdbool.h>

#include "core/object.h"
#include "lib/array.h"
#include "lib/error.h"
#include "payload/manifest.h"

enum build_way { WAY_DEBUG_INFO, WAY_HEADERS, WAY_OBJECT, WAY_COUNT };

/* "debug-info", "headers", "object": as the command line and documents name it. */
const char *build_way_name(enum build_way way);

/* The way of that name; WAY_COUNT: there is none. */
enum build_way build_way_of(const char *name);

struct build_file {
	const char *name;        /* without folders */
	struct slice bytes;
};

struct build_request {
	/* Whose relocations a BTF must serve: the application's, the canary, and what goes along. */
	struct object *const *objects;
	size_t object_count;
	struct slice canary;     /* that object's bytes; empty when there is none */
	const struct manifest *manifest;
	const struct build_file *sources; /* the first that ends in .c is the program */
	size_t source_count;
	const char *release, *build, *arch; /* of the kernel; build "" when not known */
	bool is_running;         /* it is the one that runs here, so the canary can be asked */
	const char *headers;     /* folder to look in; NULL: where distributions have them */
	const char *clang;       /* NULL: the one in PATH */
	bool ways[WAY_COUNT];    /* to be tried */
};

enum build_outcome {
	BUILD_NOT_TRIED,         /* not asked for, or one before it was enough */
	BUILD_DONE,
	BUILD_LACKS,             /* something that it needs is not there: why says what */
	BUILD_REFUSED,           /* what is there is another kernel's, or of a sort that cannot do */
	BUILD_INCOMPLETE,        /* BTF that leaves relocations open: unresolved names them */
	BUILD_FAILED,            /* a compiler, or the canary, said no */
};

/* How a way went, for people and for documents. */
struct build_attempt {
	enum build_outcome outcome;
	char found[512];         /* what it worked with; "" when nothing was found */
	char why[768];           /* why it did not do; "" when it did */
	char guard[256];         /* what the canary said, or why it was not asked; "" */
	struct buffer unresolved; /* lines: relocations that the BTF cannot answer */
	struct buffer notes;     /* lines: what was left out on the way */
	double seconds;
};

struct build_product {
	enum build_way way;      /* WAY_COUNT: there is none */
	struct buffer btf;       /* the kernel's, whole or a part; the object's canary is asked with it */
	struct buffer object;    /* WAY_OBJECT: what takes the CO-RE object's place */
};

struct build {
	struct build_attempt attempts[WAY_COUNT];
	struct build_product product;
	char kernel_build[65];   /* uname -v, as the headers say it; "" when they do not */
};

/*
 * Tries the ways in order until one does.  0 also when none did: the attempts say why.  An error is
 * the system's (memory, no folder to work in).  build_free() frees, also after an error.
 */
int build_run(const struct build_request *request, struct build *out, struct error *err);
void build_free(struct build *build);

/*
 * Reduces a BTF that was built here for objects: known for a part of the kernel only when is_part.
 * unresolved gets a line for each relocation that it cannot answer, and -ENODATA is returned when
 * there is any.
 */
int build_reduce(struct object *const *objects, size_t count, struct slice btf, bool is_part,
		 struct buffer *out, struct buffer *unresolved, struct error *err);

#endif
