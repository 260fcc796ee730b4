/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of a relocation set: questions, and groups of them that look at the same candidates.
 * core/ only; everybody else uses core/reloset.h.
 */
#ifndef CORE_QUESTION_H
#define CORE_QUESTION_H

#include "core/reloset.h"
#include "core/spec.h"

struct question {
	struct spec spec;        /* the local side */
	struct spec_value local;
	int local_error;         /* libbpf refuses the local side of it: no kernel can help */
	struct digest id;        /* of everything that can influence an answer */
	uint32_t object, relo;   /* the first record that asks it */
	uint32_t serial;         /* in order of appearance */
};

/* Questions about types of one name and kind: they share their candidates. */
struct group {
	const char *name;        /* without flavour: name_length bytes, no NUL behind them */
	uint32_t name_length;
	uint32_t kind;           /* of the root; BTF_KIND_ENUM for enum64 too */
	size_t first, count;     /* questions */
};

struct reloset {
	struct object **objects;
	struct question *questions;
	uint32_t **asked;        /* for each object, the question of each record */
	struct group *groups;
	size_t object_count, question_count, group_count, record_count;
	struct digest fingerprint;
};

/* Fills id from spec and local. */
int question_identify(struct question *question);

#endif
