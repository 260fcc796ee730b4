/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All that is known about one object on one kernel when it is judged: what the object needs, the
 * facts, what the kernel answered to the questions that follow from the needs, and what trying came
 * to.  A probe that was not made is TRUTH_UNKNOWN without an errno.
 */
#ifndef DECIDE_EVIDENCE_H
#define DECIDE_EVIDENCE_H

#include "decide/decide.h"
#include "decide/finding.h"

/* What trying to load or attach came to. */
enum attempt_outcome {
	NOT_TRIED,               /* reason says why, or is "" */
	TRIED_YES,
	TRIED_NO,
	TRIED_BLOCKED,           /* EPERM and the like: a policy or a missing privilege */
	TRIED_UNKNOWN,           /* it ran out of time or memory */
};

struct attempt {
	enum attempt_outcome outcome;
	enum failure_class class;
	int error;               /* positive errno; 0 when there is none */
	char reason[FINDING_REASON_SIZE]; /* without a full stop; "" where there is none */
};

/* What became of one program's relocations. */
struct relocation_evidence {
	size_t count;
	size_t missing;          /* poisoned, and the program comes to them */
	size_t guarded;          /* poisoned, and a test keeps the program away */
	size_t refused;          /* libbpf refuses the object for them */
	char first[256];         /* the first that is refused, else missing */
};

/* Whether a program asks a question about the kernel's BTF, and comes to the answer. */
enum use {
	USE_NONE,
	USE_GUARDED,             /* the code that asks is never run on this kernel */
	USE_REACHED,
};

struct program_evidence {
	uint8_t *uses;           /* enum use, of each question of the object */
	struct relocation_evidence relocations;
	struct probe type;       /* the kernel has such programs */
	struct probe *helpers;   /* of program_needs.helpers */
	struct probe *kfuncs;    /* of program_needs.kfuncs */
	struct probe place;      /* where it is to be attached is there */
	size_t context_end;      /* it reads at least that much of its context, in bytes */
	struct probe holds;      /* a tracepoint's record is that long */
	char near[128];          /* names that are close to a place that is not */
	struct probe traceable;  /* kprobes: the function is not on the kernel's blacklist */
	struct attempt load, attach; /* of this program alone */
};

struct evidence {
	const struct facts *facts;
	const struct needs *needs;
	const struct plan *plan;
	bool elsewhere;          /* another host or kernel is judged: nothing was tried */
	bool given;              /* the object was named; its own loader may attach what libbpf does not */
	bool resolved;           /* relocations were resolved */
	struct attempt whole;    /* the object as `run` loads it */
	struct program_evidence *programs; /* of needs.programs */
	struct probe *maps;      /* of needs.object->maps */
	struct probe *symbols;   /* of needs.object->externs, where they are a kernel's symbols */
	struct probe global_data;
	struct probe selftest;   /* answers about helpers can be relied on */
	struct probe memcg;      /* RLIMIT_MEMLOCK does not count */
	struct probe perf_event; /* perf_event_open(2), by which libbpf attaches */
	struct probe uprobe_event;
	struct probe kprobe_multi;
	struct probe fentry;     /* programs can be attached to functions of the kernel */
};

/* Fills an evidence in which nothing is known; -ENOMEM or 0.  evidence_free() frees. */
int evidence_init(struct evidence *evidence, const struct facts *facts, const struct needs *needs,
		  const struct plan *plan, size_t question_count, struct error *err);
void evidence_free(struct evidence *evidence);

/* A symbol that the object cannot do without and the kernel has not; NULL: none is known. */
const struct object_extern *evidence_missing_symbol(const struct evidence *evidence);

/* How a program uses a question of the object's relocations. */
enum use evidence_use(const struct evidence *evidence, size_t program, size_t question);

/* True for a program without which the object is not to run. */
bool evidence_wants(const struct evidence *evidence, size_t program);

#endif
