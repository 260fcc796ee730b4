/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "btfpack/objects.h"

int objects_add_bytes(struct objects *objects, struct slice bytes, const char *name,
		      struct error *err)
{
	struct object *object;
	int code;

	if (array_grow(&objects->items, objects->count, &objects->capacity) ||
	    array_grow(&objects->maps, objects->count, &objects->map_capacity))
		return error_errno(err, -ENOMEM, "%s", name);
	code = object_open(bytes, name, &object, err);
	if (code)
		return code;
	if (!object->has_btf) {
		object_close(object);
		return error_set(err, -EBADMSG, "%s: has no .BTF, so no CO-RE relocations: compile it with "
				 "clang -g, and do not strip more than llvm-strip -g does", name);
	}
	objects->maps[objects->count] = (struct file_map){ 0 };
	objects->items[objects->count++] = object;
	return 0;
}

int objects_add_file(struct objects *objects, const char *path, struct error *err)
{
	struct file_map map;
	int code = file_map(AT_FDCWD, path, &map, err);

	if (code)
		return code;
	code = objects_add_bytes(objects, map.bytes, path, err);
	if (code)
		file_unmap(&map);
	else
		objects->maps[objects->count - 1] = map;
	return code;
}

int objects_relocations(struct objects *objects, struct error *err)
{
	return reloset_create(objects->items, objects->count, &objects->relos, err);
}

void objects_free(struct objects *objects)
{
	size_t i;

	reloset_destroy(objects->relos);
	for (i = 0; i < objects->count; i++) {
		object_close(objects->items[i]);
		file_unmap(&objects->maps[i]);
	}
	free(objects->items);
	free(objects->maps);
	*objects = (struct objects){ 0 };
}
