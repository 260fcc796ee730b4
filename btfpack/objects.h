/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * BPF object files held open: bytes, decoded object, and the relocations of all of them
 * together.
 */
#ifndef BTFPACK_OBJECTS_H
#define BTFPACK_OBJECTS_H

#include "core/reloset.h"
#include "lib/file.h"

struct objects {
	struct file_map *maps;
	struct object **items;
	size_t count, capacity, map_capacity;
	struct reloset *relos;   /* after objects_relocations() */
};

/* Opens the object file at path. */
int objects_add_file(struct objects *objects, const char *path, struct error *err);

/* Opens an object in memory, which must outlive it. */
int objects_add_bytes(struct objects *objects, struct slice bytes, const char *name,
		      struct error *err);

/* Builds the relocation set of all that were added. */
int objects_relocations(struct objects *objects, struct error *err);

void objects_free(struct objects *objects);

#endif
