/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All that the decision looks at, gathered: the host, what was given by name, what is installed.
 * What was given and is missing or damaged is an error, never passed over.
 */
#ifndef RUNTIME_INVENTORY_H
#define RUNTIME_INVENTORY_H

#include "decide/decide.h"
#include "loader/request.h"

#include "runtime/generation.h"
#include "runtime/run.h"

struct inventory {
	const struct run_options *options;
	struct facts facts;
	struct generation generation;
	bool installed;              /* generation and manifest are there */
	struct manifest manifest;
	struct buffer object_bytes;  /* the given object, else the installed one */
	struct object *object;
	struct needs needs;
	struct buffer given_btf;     /* empty: none was given */
	struct buffer built;         /* compiled here for this kernel; empty: none was */
	/* What the built object took the place of: a plan names programs by the strings in it. */
	struct buffer replaced_bytes;
	struct object *replaced;
	struct needs replaced_needs;
	char *object_name;           /* for messages, and what libbpf calls the object */
	char *built_path;            /* below the generation */
	enum stored_state stored;
	/* Not of this kernel, but what all builds around it have: nothing without the canary. */
	bool is_nearest;
	struct buffer nearest_btf;   /* where it is not installed: of the payload */
	char around[320];            /* then: whose it is, as neighbours_say() */
	bool covers;
	bool contradiction;          /* the given BTF is known to be of no such kernel as this one */
};

/*
 * Gathers.  -ENOENT: nothing is installed and no object was given.  inventory_free() frees, also
 * what a failure left.
 */
int inventory_gather(const struct run_options *options, struct inventory *out, struct error *err);
/*
 * What a failure of inventory_gather() stands for; where nothing is installed, err says what to do.
 */
enum exit_status inventory_status(const struct inventory *inventory, int code, struct error *err);
void inventory_free(struct inventory *inventory);

/* Closes the folders that it was read from; what was read stays. */
void inventory_let_go(struct inventory *inventory);

/* The object, and what goes with it, as load() and `run --settings` want it; points into both. */
struct subject inventory_subject(const struct inventory *inventory, const struct plan *plan);

/* The plan for it. */
int inventory_decide(const struct inventory *inventory, struct plan *plan, struct error *err);

/* Puts the object that was built here in the object's place: what the plan may ask for. */
int inventory_use_built(struct inventory *inventory, struct error *err);

/* Appends the BTF stored for this kernel. */
int inventory_stored_btf(const struct inventory *inventory, struct buffer *out, struct error *err);

/*
 * What was built here runs here; what was given to an install in its place has to be signed where
 * the policy wants it: -EKEYREJECTED.
 */
int inventory_admit_built(const struct inventory *inventory, struct error *err);

/* True when that BTF was made here, by `build`. */
bool inventory_btf_is_built(const struct inventory *inventory);

/*
 * Appends the BTF that the canary is asked with where the object was compiled here: it was made of
 * the same headers.  Nothing where those did not declare what the canary reads.
 */
int inventory_canary_btf(const struct inventory *inventory, struct buffer *out, struct error *err);

/* Appends the text of loader/externs.h; leaves *out empty when the object asks for no option. */
int inventory_kconfig(const struct inventory *inventory, struct buffer *out, struct error *err);

#endif
