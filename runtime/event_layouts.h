/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The events of an object, read from its own BTF by the convention of docs/objects.md.  Nothing
 * here knows an application.
 */
#ifndef RUNTIME_EVENT_LAYOUTS_H
#define RUNTIME_EVENT_LAYOUTS_H

#include "lib/bytes.h"

#include "runtime/layout.h"

/*
 * One event: an enumerator of `enum event_type` and the struct of the same name in lower case; or
 * the one struct of an object without that enum.
 */
struct event_layout {
	uint32_t type;
	char *name;          /* "exec" for EVENT_EXEC; of the one struct, its name */
	uint32_t size;       /* of the struct */
	struct layout layout;
};

struct event_layouts {
	const struct btf *btf;
	struct event_layout *events;
	size_t count;
	bool one_struct;     /* records have no header: each is events[0] */
};

/*
 * Reads the layouts; btf must outlive them.  -ENOENT: the object has no `enum event_type` or no
 * struct for it; -ENOTSUP: a member that cannot be printed, named.  event_layouts_free() frees.
 */
int event_layouts_read(const struct btf *btf, struct event_layouts *out, struct error *err);

/*
 * The same for an object without `enum event_type`: each record is the struct `wanted`; where that
 * is NULL, `struct event`, or the struct that the map's BTF names as its value.  -ENOENT: there is
 * no such struct.
 */
int event_layouts_read_struct(const struct btf *btf, const char *map, const char *wanted,
			      struct event_layouts *out, struct error *err);
void event_layouts_free(struct event_layouts *layouts);

const struct event_layout *event_layouts_find(const struct event_layouts *layouts, uint32_t type);

/*
 * The part of a record that its one struct lies in; false when it is another size's.  Its last
 * member may be cut, and a perf buffer pads.
 */
bool event_layouts_fit(const struct event_layouts *layouts, struct slice record,
		       struct slice *part);

#endif
