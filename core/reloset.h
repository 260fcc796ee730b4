/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CO-RE relocations of one or more objects, reduced to what is different about them: tens
 * of thousands of records become some hundred questions that a kernel's BTF answers. Questions
 * stand in an order that depends on their content alone, so that neither the order of objects
 * nor of programs shows in anything derived from them.
 *
 * Questions are grouped by the name of their root type: libbpf looks for candidates by that
 * name, without the flavour suffix (`task_struct___old` asks for `task_struct`).
 */
#ifndef CORE_RELOSET_H
#define CORE_RELOSET_H

#include "core/object.h"
#include "lib/digest.h"

struct reloset;

/*
 * Builds the set. The objects must outlive it. A relocation that libbpf itself would refuse
 * when it parses it (bad access string, anonymous root) is -EBADMSG and named.
 */
int reloset_create(struct object *const *objects, size_t count, struct reloset **out,
		   struct error *err);
void reloset_destroy(struct reloset *set);

/* Identity of what is asked: equal sets, equal fingerprint, whatever objects they came from. */
struct digest reloset_fingerprint(const struct reloset *set);

/* True when every question of asked is one of set: a BTF reduced for set serves asked too. */
bool reloset_covers(const struct reloset *set, const struct reloset *asked);

size_t reloset_question_count(const struct reloset *set);

/* The question that relocation relo of an object asks; RELOSET_NONE: about a local type id. */
#define RELOSET_NONE UINT32_MAX
uint32_t reloset_question_of(const struct reloset *set, size_t object, size_t relo);

/* What sort of question it is: enum bpf_core_relo_kind. */
uint32_t reloset_kind(const struct reloset *set, size_t i);

/*
 * All relocation records of all objects, including those about local type ids, which ask
 * nothing.
 */
size_t reloset_record_count(const struct reloset *set);

/*
 * Writes question i as a person reads it: "struct task_struct.pid (byte offset)".  Returns text.
 */
char *reloset_describe(const struct reloset *set, size_t i, char *text, size_t size);

/* The two parts of that: "struct task_struct.pid", which it returns, and "byte offset". */
char *reloset_field(const struct reloset *set, size_t i, char *text, size_t size);
const char *reloset_kind_name(const struct reloset *set, size_t i);

/*
 * True when question i asks for a type's id in the kernel's own BTF (bpf_core_type_id_kernel()). No
 * other BTF can answer it: the id that libbpf finds is one of the file that it is given.
 */
bool reloset_asks_kernel_id(const struct reloset *set, size_t i);

/* One place that asks question i, for messages: "OBJECT: PROGRAM". */
void reloset_first_use(const struct reloset *set, size_t i, const char **object,
		       const char **program);

#endif
