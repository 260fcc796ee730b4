/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which kernels an application's objects fit, and why not (docs/coverage.md).  Kernels of one class
 * give the same answers (core/reduce.h), so what comes of the objects is found out once for each
 * class and architecture; and equal outcomes are one.
 */
#ifndef BTFPACK_COVERAGE_H
#define BTFPACK_COVERAGE_H

#include "decide/needs.h"
#include "decide/reach.h"

#include "btfpack/pack.h"

/* From the best to the worst. */
enum coverage_state { COVERAGE_RESOLVES, COVERAGE_FALLBACKS, COVERAGE_FAILS, COVERAGE_STATES };

/* What became of a relocation that was not answered with the kernel's value. */
enum coverage_result {
	RESULT_ABSENT,           /* it asked whether something is there, and the answer is no */
	RESULT_GUARDED,          /* poisoned, and a test that fails keeps the program away */
	RESULT_POISONED,         /* poisoned, and the program comes to it */
	RESULT_REFUSED,          /* libbpf refuses to load the object */
};

struct coverage_finding {
	uint32_t question;       /* of the relocation set */
	enum coverage_result result;
};

/* What a program is to its object on one kernel. */
enum coverage_role {
	ROLE_REQUIRED,
	ROLE_OPTIONAL,
	ROLE_OFF,                /* SEC("?..."): not loaded unless told to */
	ROLE_REPLACED,           /* fails, and its alternative does not */
	ROLE_ALTERNATIVE,        /* stands by for another program */
};

/* A program with findings. */
struct coverage_program {
	uint32_t object;         /* of the subject */
	uint32_t program;        /* of the object */
	enum coverage_state state;
	enum coverage_role role;
	struct coverage_finding *findings; /* in the order of questions */
	size_t count;
};

struct coverage_outcome {
	enum coverage_state state;
	struct coverage_program *programs;
	size_t count, kernels;
};

/* An object under judgement. */
struct coverage_object {
	const struct object *object;
	size_t place;            /* in the relocation set */
	const char *arch;        /* "" for every architecture */
	bool further;            /* another loader runs it */
	struct digest sha256;    /* of its bytes */
	struct reach *reach;
	struct needs needs;
};

/* What is judged: objects by themselves, or those of a manifest.  All but needs is borrowed. */
struct coverage_subject {
	const struct manifest *manifest; /* NULL: objects were named */
	const struct reloset *set;
	struct coverage_object *objects;
	size_t count;
};

/* A subject on the kernels of a pack. */
struct coverage {
	const struct coverage_subject *subject;
	const struct pack *pack;
	struct coverage_outcome *outcomes; /* the worst first, then those of most kernels */
	size_t outcome_count, outcome_capacity;
	size_t *kernels;         /* of each kernel of the pack, its outcome; or COVERAGE_NONE */
	size_t totals[COVERAGE_STATES];
};

/* The subject has no object for this kernel's architecture. */
#define COVERAGE_NONE SIZE_MAX

/*
 * Adds an object to the subject, number place of the relocation set; -ENOMEM or what needs_of()
 * says.  coverage_subject_free() frees.
 */
int coverage_subject_add(struct coverage_subject *subject, const struct object *object,
			 size_t place, const char *arch, bool further, struct error *err);
void coverage_subject_free(struct coverage_subject *subject);

/* The subject's own object for this architecture: what is loaded there; NULL: it has none. */
const struct coverage_object *coverage_object_for(const struct coverage_subject *subject,
						  const char *arch);

/*
 * Whether the object is judged on kernels of this architecture: objects that were named by
 * themselves all are; of a manifest's own the one that is loaded.
 */
bool coverage_judges(const struct coverage_subject *subject, const struct coverage_object *object,
		     const char *arch);

/* Judges all kernels of pack, whose answers are to the subject's set.  coverage_free() frees. */
int coverage_judge(const struct coverage_subject *subject, const struct pack *pack,
		   struct coverage *out, struct error *err);
void coverage_free(struct coverage *coverage);

/* "resolves" ..., "absent" ..., "required" ... as the schema has them. */
const char *coverage_state_name(enum coverage_state state);
const char *coverage_result_name(enum coverage_result result);
const char *coverage_role_name(enum coverage_role role);

/* The name of the program. */
const char *coverage_program_name(const struct coverage_subject *subject,
				  const struct coverage_program *program);

/* True where this finding is a reason for the program to fail. */
static inline bool coverage_is_failure(const struct coverage_finding *finding)
{
	return finding->result == RESULT_POISONED || finding->result == RESULT_REFUSED;
}

/* Why the program needs the kernel's own BTF, type ids among the reasons; NULL: it does not. */
const char *coverage_kernel_btf(const struct coverage_subject *subject, size_t object,
				size_t program);

#endif
