/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a struct's members are laid out and printed, read from the object's own BTF by the convention
 * of docs/objects.md.
 */
#ifndef RUNTIME_LAYOUT_H
#define RUNTIME_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include <bpf/btf.h>

#include "lib/error.h"

enum field_form {
	FORM_UNSIGNED,
	FORM_SIGNED,
	FORM_BOOL,
	FORM_ENUM,           /* by name; the number where it has none */
	FORM_FLAGS,          /* the names of the enumerators whose bits are set */
	FORM_EVENT,          /* name of the event */
	FORM_STRING,         /* up to the first NUL */
	FORM_LIST,           /* strings with a NUL behind each; sibling: how many bytes */
	FORM_LOCATED,        /* data_loc: size << 16 | offset in the record, of a string */
	FORM_LOCATED_LIST,   /* ... of strings with a NUL behind each */
	FORM_BYTES,          /* hexadecimal digits */
	FORM_HEX,            /* a number as "0x..." */
	FORM_ADDRESS,        /* IPv4 or IPv6; sibling: AF_INET or AF_INET6 */
	FORM_IPV4,
	FORM_IPV6,
	FORM_MONOTONIC,      /* nanoseconds of CLOCK_MONOTONIC, as wall-clock time */
	FORM_BOOTTIME,       /* of CLOCK_BOOTTIME */
	FORM_REALTIME,       /* of CLOCK_REALTIME, since 1970 */
	FORM_DURATION,       /* nanoseconds, as seconds */
	FORM_STRUCT,
	FORM_INLINE,         /* a struct whose members stand in place of it */
	FORM_ARRAY,          /* of fields[0] */
	FORM_HIDDEN,
};

struct layout;

struct field {
	const char *name;    /* lives as long as the BTF */
	enum field_form form;
	uint32_t offset;     /* in the record */
	uint32_t size;
	uint8_t first_bit, bits; /* of a bit field, in these bytes; bits 0: it is none */
	bool omit_empty;
	bool lower;          /* FORM_ENUM: the name without the enum's prefix, in lower case */
	uint32_t sibling_offset, sibling_size; /* 0: there is none */
	uint32_t enum_type;  /* FORM_ENUM, FORM_FLAGS: type id */
	uint32_t count;      /* FORM_ARRAY: elements, `element` apart; sibling: how many are used */
	uint32_t element;
	struct layout *inner; /* FORM_STRUCT, FORM_INLINE, FORM_ARRAY */
};

struct layout {
	struct field *fields;
	size_t count;
};

/* How a struct is read. */
struct layout_source {
	const struct btf *btf;       /* must outlive the layout */
	const char *event;           /* for messages */
	bool shows_unions;           /* each member of a union is shown; else unions are refused */
};

/*
 * Lays out the members of the struct; -ENOTSUP: one that cannot be printed, named.  layout_free()
 * frees, also what a failure left.
 */
int layout_read(const struct layout_source *source, uint32_t struct_id, struct layout *out,
		struct error *err);
void layout_free(struct layout *layout);

#endif
