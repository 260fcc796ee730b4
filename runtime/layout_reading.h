/* SPDX-License-Identifier: BSD-2-Clause */
/* What layout.c and format.c share while a struct is read. */
#ifndef RUNTIME_LAYOUT_READING_H
#define RUNTIME_LAYOUT_READING_H

#include "runtime/layout.h"

struct layout_reading {
	const struct layout_source *source;
	const struct btf *btf;       /* the source's */
	size_t fields;               /* so far, for a limit */
	struct error *err;
};

/* Where a member stands: number i of a struct that lies at offset in the record. */
struct layout_place {
	uint32_t parent_id;
	const struct btf_type *parent;
	uint16_t i;
	uint32_t offset;
};

/* Fills the error with "event NAME: member NAME: reason" and returns -ENOTSUP. */
int layout_refuse(struct layout_reading *reading, const char *member, const char *reason);

/* The form that the type alone asks for. */
int layout_form_of_type(struct layout_reading *reading, int type_id, unsigned depth,
			struct field *field);

/* Lays out a struct that is a member, at field->offset. */
int layout_read_inner(struct layout_reading *reading, uint32_t type_id, unsigned depth,
		      struct field *field);

/*
 * The form of a member of this type: what its tags ask for, else what the type asks for.  Sets
 * omit_empty, too.
 */
int format_read(struct layout_reading *reading, const struct layout_place *place, int type_id,
		unsigned depth, struct field *field);

#endif
