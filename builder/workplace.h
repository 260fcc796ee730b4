/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside builder/: the three ways, and what they share. */
#ifndef BUILDER_WORKPLACE_H
#define BUILDER_WORKPLACE_H

#include "builder/builder.h"
#include "builder/compile.h"

struct workplace {
	const struct build_request *request;
	struct workshop workshop;
	/* Found once, for the ways that need them; code is what finding them came to. */
	struct kernel_headers headers;
	struct toolchain toolchain;
	const struct architecture *architecture;
	bool was_looked_for;
	int code;
	struct error problem;
};

/* Each says in attempt how it went, and leaves in product what it made. */
void way_debug_info(struct workplace *place, struct build_attempt *attempt,
		    struct build_product *product);
void way_headers(struct workplace *place, struct build_attempt *attempt,
		 struct build_product *product);
void way_object(struct workplace *place, struct build_attempt *attempt,
		struct build_product *product);

/* Notes how a way ended, and why when it did not do. */
void way_ends(struct build_attempt *attempt, enum build_outcome outcome, const struct error *err);

/* What a negative errno of finding or compiling stands for. */
enum build_outcome outcome_of(int code);

/*
 * Finds the kernel's headers and a compiler, once.  The code of what is missing, as headers_find()
 * and toolchain_find(), which the attempt's found and why have as well.
 */
int find_tools(struct workplace *place, struct build_attempt *attempt);

/*
 * BTF of the types that the headers declare: appended to btf.  Returns as stub_compile(); the
 * attempt's notes say what was left out.
 */
int types_of_headers(struct workplace *place, struct build_attempt *attempt, struct buffer *btf,
		     struct error *err);

/*
 * Asks the canary whether the BTF is the running kernel's; the attempt's guard says what came of
 * it, or why it was not asked.  -ESTALE: it is another kernel's.
 */
int ask_canary(const struct build_request *request, struct slice btf, bool is_part,
	       struct build_attempt *attempt, struct error *err);

#endif
