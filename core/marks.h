/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What relocations could see of a kernel's types. Matching notes it as it goes; reduction keeps
 * just that. Two sorts of note:
 *
 * - *attributes*: that a name, a size ... was looked at. They hold whatever the outcome was,
 *   since a comparison that failed must fail again.
 * - *parts*: a member or an enumerator that the way led through. They hold only when the whole
 *   match succeeds (marks_keep()); else they are dropped (marks_drop()), for what is not there
 *   does not match either.
 *
 * core/ only.
 */
#ifndef CORE_MARKS_H
#define CORE_MARKS_H

#include "core/btf.h"

enum mark_attribute {
	MARK_NAME = 1,
	MARK_SIZE = 2,     /* of an array: its length and the size of its element */
	MARK_SIGN = 4,
	MARK_POINTEE = 8,  /* what a pointer points to */
	MARK_ASKED = 16,   /* asked, as a candidate, all that its name can be asked */
};

/* The marks of one type. */
struct mark {
	uint32_t type;
	uint32_t attributes;
	uint32_t nelems;         /* an array must stay at least this long */
	uint32_t vlen;           /* at least as many members or enumerators must remain */
	uint32_t *parts;         /* indexes of members or enumerators, unsorted, each once */
	size_t part_count, part_capacity;
};

struct marks {
	const struct btf_view *btf;
	uint32_t *slots;         /* type id -> index into marks + 1 */
	struct mark *marks;
	size_t count, capacity;
	struct pending_part {
		uint32_t type, index;
	} *pending;
	size_t pending_count, pending_capacity;
	bool failed;             /* out of memory at some time: marks are incomplete */
	bool pointer_size;       /* the size of a pointer was looked at */
};

int marks_init(struct marks *marks, const struct btf_view *btf);
void marks_free(struct marks *marks);

/* All of these do nothing when marks is NULL. */
void marks_attribute(struct marks *marks, uint32_t type, uint32_t attributes);
void marks_size(struct marks *marks, uint32_t type);
void marks_nelems(struct marks *marks, uint32_t type, uint32_t nelems);
void marks_vlen(struct marks *marks, uint32_t type, uint32_t vlen);
void marks_part(struct marks *marks, uint32_t type, uint32_t index);
void marks_keep(struct marks *marks);
void marks_drop(struct marks *marks);

/* The marks of a type; all zero when there are none. */
const struct mark *marks_of(const struct marks *marks, uint32_t type);

#endif
