/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decision: a pure function from what is known (facts, needs, what was given, what is stored)
 * to a plan.  docs/architecture.md has its table; tests/unit/decide_decide.c has a line for each
 * row.
 */
#ifndef DECIDE_DECIDE_H
#define DECIDE_DECIDE_H

#include "decide/needs.h"
#include "host/facts.h"

/* What the stored or installed BTFs hold for this kernel. */
enum stored_state {
	STORED_NONE,     /* nothing for this arch and release */
	STORED_ONE,      /* the one that fits */
	STORED_AMBIGUOUS,
	STORED_STALE,    /* installed for another build of this release */
	STORED_AT_HAND,  /* in the installed payload, but not installed: the kernel exposed BTF then */
};

struct situation {
	const char *app;                 /* the program's name, for commands in the remedy */
	const struct facts *facts;
	const struct needs *needs;       /* of the object that would be loaded: given, else installed */
	const char *given_object;        /* BTFERRY_BPF_FILE or --object; NULL */
	const char *given_btf;           /* BTFERRY_BTF_FILE or --btf; NULL; known to parse */
	enum stored_state stored;
	const char *candidates;          /* STORED_AMBIGUOUS: what it could be, as text; else NULL */
	const char *neighbours;          /* STORED_ONE: whose it is, by neighbours_say(); NULL: its own */
	bool stored_is_built;            /* the stored BTF was made here, by `build` */
	bool stored_covers;              /* the stored BTF was reduced for the given object's questions */
	/* Object that `build` made for this release; needs may be those of it.  NULL: there is none. */
	const char *built_here;
};

/* Rows of the table, in order. */
enum decision {
	DECIDE_NO_BTF_NEEDED,    /* 0 */
	DECIDE_GIVEN_WITH_BTF,   /* 1 */
	DECIDE_GIVEN_STORED,     /* 2a */
	DECIDE_GIVEN_UNCOVERED,  /* 2b: exit 3 */
	DECIDE_GIVEN_BUILT,      /* 2c */
	DECIDE_BTF,              /* 3 */
	DECIDE_STORED,           /* 4 */
	DECIDE_BUILT_HERE,       /* 5, with an object that was built here */
	DECIDE_NOTHING,          /* 5: exit 3 */
};

enum plan_object { OBJECT_NONE, OBJECT_GIVEN, OBJECT_INSTALLED, OBJECT_BUILT_HERE };

enum plan_btf {
	BTF_NONE,        /* load without any */
	BTF_KERNEL,      /* libbpf finds it by itself: no custom path */
	BTF_GIVEN,
	BTF_STORED,
};

/* One program that the plan does not load as it stands. */
struct plan_program {
	const char *name;
	const char *replaced_by; /* NULL: left out */
	char why[256];
};

/* Why an alternative is off that takes nothing's place. */
#define PLAN_NOT_NEEDED "alternative that is not needed"

struct plan {
	enum decision decision;
	enum exit_status status;         /* STATUS_DONE: go; else the exit code to end with */
	enum plan_object object;
	enum plan_btf btf;
	struct plan_program *programs;   /* switched off; owned by the plan */
	size_t program_count;
	char reason[1024];               /* one sentence: what was decided and why */
	char remedy[1536];               /* what to do next; "" when nothing is to be done */
};

/* How the plan treats a program: PROGRAM_ALTERNATIVE is loaded in the place of another one. */
enum program_state { PROGRAM_LOADED, PROGRAM_ALTERNATIVE, PROGRAM_OFF };
enum program_state plan_state(const struct plan *plan, const struct program_needs *program);

/* Notes that a program is off; each one once at most.  name and replaced_by must live as long. */
void plan_switch_off(struct plan *plan, const char *name, const char *replaced_by, const char *why);

/*
 * A program of the plan turned out not to run: its alternative takes its place.  False, and nothing
 * is changed, when it has none that could.  plan_can_replace() only looks.
 */
bool plan_can_replace(const struct plan *plan, const struct needs *needs, const char *name);
bool plan_replace(struct plan *plan, const struct needs *needs, const char *name, const char *why);

/* Decides; -ENOMEM or 0.  plan_free() frees. */
int decide(const struct situation *situation, struct plan *out, struct error *err);
void plan_free(struct plan *plan);

/* "0", "1", "2a" ... as docs and reports name the row. */
const char *decision_name(enum decision decision);

#endif
