/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the events of an object are laid out and printed, read from the object's own BTF by the
 * convention of docs/objects.md.  Nothing here knows an application.
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
	FORM_EVENT,          /* name of the event */
	FORM_STRING,         /* up to the first NUL */
	FORM_LIST,           /* strings with a NUL behind each; sibling: how many bytes */
	FORM_BYTES,          /* hexadecimal digits */
	FORM_HEX,            /* a number as "0x..." */
	FORM_ADDRESS,        /* IPv4 or IPv6; sibling: AF_INET or AF_INET6 */
	FORM_IPV4,
	FORM_IPV6,
	FORM_MONOTONIC,      /* nanoseconds of CLOCK_MONOTONIC, as wall-clock time */
	FORM_BOOTTIME,       /* of CLOCK_BOOTTIME */
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
	bool omit_empty;
	uint32_t sibling_offset, sibling_size; /* 0: there is none */
	uint32_t enum_type;  /* FORM_ENUM: type id */
	uint32_t count;      /* FORM_ARRAY: elements, `element` apart */
	uint32_t element;
	struct layout *inner; /* FORM_STRUCT, FORM_INLINE, FORM_ARRAY */
};

struct layout {
	struct field *fields;
	size_t count;
};

/* One event: an enumerator of `enum event_type` and the struct of the same name in lower case. */
struct event_layout {
	uint32_t type;
	char *name;          /* "exec" for EVENT_EXEC */
	struct layout layout;
};

struct event_layouts {
	const struct btf *btf;
	struct event_layout *events;
	size_t count;
};

/*
 * Reads the layouts; btf must outlive them.  -ENOENT: the object has no `enum event_type` or no
 * struct for it; -ENOTSUP: a member that cannot be printed, named.  event_layouts_free() frees.
 */
int event_layouts_read(const struct btf *btf, struct event_layouts *out, struct error *err);
void event_layouts_free(struct event_layouts *layouts);

const struct event_layout *event_layouts_find(const struct event_layouts *layouts, uint32_t type);

#endif
