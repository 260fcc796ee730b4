/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a kernel answers to a set of relocations, and the smallest BTF that answers the same.
 *
 * Two kernels with equal answers are one *class* (see docs/architecture.md): they have the same
 * digest, and either one's reduced BTF serves both.
 */
#ifndef CORE_REDUCE_H
#define CORE_REDUCE_H

#include "core/reloset.h"
#include "lib/array.h"

enum answer_state {
	ANSWERED,        /* libbpf patches the instruction with the kernel's value */
	ANSWERED_ABSENT, /* an existence or match question, and the answer is no: patched with 0 */
	ANSWERED_POISON, /* nothing there: libbpf poisons the instruction */
	ANSWERED_ERROR,  /* ambiguous or impossible: libbpf refuses to load the object */
};

/* The answers of one kernel.  Free with answers_free(). */
struct answers {
	struct digest class;         /* equal for kernels that no relocation can tell apart */
	uint8_t *states;             /* enum answer_state, for each question of the set */
	size_t count;
};

/*
 * Resolves every question of set against a kernel's BTF. -ENOMEM, or -ENOTSUP: more types of one
 * name than any kernel has.
 */
int answers_resolve(const struct reloset *set, const struct btf_view *kernel, struct answers *out,
		    struct error *err);
void answers_free(struct answers *answers);

/*
 * Appends to *out the canonical reduced BTF, little-endian with a 24-byte header, and fills
 * *answers (of the full BTF).  With verify the result is read back and asked everything again; the
 * call fails with -EPROTO and names the relocation when one would change.
 */
int reduce_kernel(const struct reloset *set, const struct btf_view *kernel, bool verify,
		  struct buffer *out, struct answers *answers, struct error *err);

#endif
