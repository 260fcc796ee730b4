/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel's types out of its headers: a source that includes them and declares a variable of each
 * type that an object's relocations start from, compiled; of such variables llc writes BTF.
 */
#ifndef BUILDER_STUB_H
#define BUILDER_STUB_H

#include "core/partial.h"

#include "builder/compile.h"

struct stub_request {
	struct compile_request compile; /* source and for_bpf are filled in here */
	const struct reloset *set;
	char *const *headers;    /* further ones that the application names */
	size_t header_count;
};

/*
 * Appends the BTF.  Headers that cannot be compiled and types that they do not declare are left
 * out: notes, which the caller frees, gets a line for each.  -EBADMSG: nothing could be compiled.
 */
int stub_compile(const struct stub_request *request, struct buffer *btf, struct buffer *notes,
		 struct error *err);

#endif
