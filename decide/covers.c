/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/reloset.h"

#include "decide/covers.h"

/* Objects that were packed.  Their bytes must live as long. */
struct packed {
	struct buffer *bytes;
	struct object **objects;
	size_t count;
};

static bool is_object_for(const struct payload_file *file, const char *arch)
{
	return (file->role == PAYLOAD_OBJECT || file->role == PAYLOAD_CANARY ||
		file->role == PAYLOAD_FURTHER) &&
	       (file->arch[0] == '\0' || strcmp(file->arch, arch) == 0);
}

static int read_packed(const struct payload *payload, const char *arch, struct packed *out,
		       struct error *err)
{
	size_t i, files = payload_file_count(payload);
	int code = 0;

	*out = (struct packed){
		.bytes = calloc(files + 1, sizeof(*out->bytes)),
		.objects = calloc(files + 1, sizeof(struct object *)),
	};
	if (!out->bytes || !out->objects)
		return error_errno(err, -ENOMEM, "packed objects");
	for (i = 0; i < files && !code; i++) {
		struct payload_file file = payload_file(payload, i);
		size_t place = out->count;

		if (!is_object_for(&file, arch))
			continue;
		out->count++;
		code = payload_file_read(payload, i, &out->bytes[place], err);
		if (!code)
			code = object_open(buffer_slice(&out->bytes[place]), file.name,
					   &out->objects[place], err);
	}
	return code;
}

static void packed_free(struct packed *packed)
{
	size_t i;

	for (i = 0; i < packed->count; i++) {
		if (packed->objects[i])
			object_close(packed->objects[i]);
		buffer_free(&packed->bytes[i]);
	}
	free(packed->bytes);
	free(packed->objects);
}

static int compare(const struct packed *packed, struct object *asked, bool *covers,
		   struct error *err)
{
	struct reloset *set = NULL, *questions = NULL;
	int code;

	code = reloset_create(packed->objects, packed->count, &set, err);
	if (!code)
		code = reloset_create(&asked, 1, &questions, err);
	if (!code)
		*covers = reloset_covers(set, questions);
	if (questions)
		reloset_destroy(questions);
	if (set)
		reloset_destroy(set);
	return code;
}

int payload_covers(const struct payload *payload, const char *arch, struct object *asked,
		   bool *covers, struct error *err)
{
	struct packed packed;
	int code;

	*covers = false;
	code = read_packed(payload, arch, &packed, err);
	if (!code)
		code = compare(&packed, asked, covers, err);
	packed_free(&packed);
	return code;
}
