/* SPDX-License-Identifier: BSD-2-Clause */
/* The global variables of an object, and their values before it is loaded. */
#ifndef LOADER_VARIABLE_H
#define LOADER_VARIABLE_H

#include <stdbool.h>

#include <bpf/libbpf.h>

#include "lib/array.h"
#include "lib/error.h"

/* Where a variable lies; pointers live as long as the object. */
struct variable {
	const char *name;
	struct bpf_map *map;         /* that holds its section's values */
	uint32_t id;                 /* of the variable in the object's BTF */
	uint32_t type;               /* of what it is declared as, qualifiers and all */
	uint32_t offset, size;
	bool is_constant;            /* in .rodata: what is set is frozen at the load */
	bool is_global;              /* not `static` */
};

/*
 * The variables of .rodata and .data, and of sections whose names begin so and go on with a dot.
 * The caller frees *out.  An object without BTF has none.
 */
int variables_read(const struct bpf_object *object, struct variable **out, size_t *count,
		   struct error *err);

/* Its value: variable->size bytes, as long as nothing is set. */
const uint8_t *variable_value(const struct variable *variable);

/* Gives it another value, of variable->size bytes. */
int variable_write(const struct variable *variable, const void *value, struct error *err);

/* Sets the constant of up to 8 bytes; -ENOENT: the object has none of that name. */
int variable_set(struct bpf_object *object, const char *name, uint64_t value, struct error *err);

#endif
