/* SPDX-License-Identifier: BSD-2-Clause */
/* Codes of payload/FORMAT.md, 7.3 that encoder and decoder share. */
#ifndef PAYLOAD_BTF_CODE_H
#define PAYLOAD_BTF_CODE_H

#include "payload/varint.h"

enum {
	OP_END = 0,
	OP_DELETE = 1,
	OP_INSERT = 2,
	OP_REPLACE = 3,
	OP_EDIT = 4,             /* and the flags below above it */

	EDIT_SIZE = 1,
	EDIT_PARTS = 2,
	EDIT_FLAG = 4,
	EDIT_TYPES = 8,
	EDIT_VALUES = 16,
	EDIT_ALL = 31,

	CODED_FLAG = 1 << 5,     /* beside the kind */
};

/* Offsets are mostly whole bytes, and so are their differences: the low bit says "in bits". */
static inline uint64_t scaled(uint64_t value)
{
	return value % 8 == 0 ? value / 8 << 1 : value << 1 | 1;
}

static inline uint64_t unscaled(uint64_t code)
{
	return code & 1 ? code >> 1 : (code >> 1) * 8;
}

/* The difference of two parts' values as one number, and back. */
static inline uint64_t difference_code(uint64_t difference)
{
	bool whole = difference % 8 == 0;
	/* An arithmetic shift, which C leaves to the compiler for signed numbers. */
	uint64_t eighth = difference >> 3 | (difference >> 63 ? UINT64_MAX << 61 : 0);

	return whole ? zigzag(eighth) << 1 : zigzag(difference) << 1 | 1;
}

static inline uint64_t difference_of(uint64_t code)
{
	return code & 1 ? unzigzag(code >> 1) : unzigzag(code >> 1) * 8;
}

/* A part that both base and result have, to be put in the order of the base's values. */
struct survivor {
	uint64_t value;          /* the base's */
	uint32_t origin;         /* its number among the base's parts */
	uint32_t index;          /* among the result's */
};

static inline int compare_survivors(const void *a, const void *b)
{
	const struct survivor *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->origin < y->origin ? -1 : x->origin > y->origin;
}

#endif
