/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "installer/application.h"

/* -ENOENT: the payload has none for arch. */
static int read_role(const struct payload *payload, enum payload_role role, const char *arch,
		     const char *what, struct packed_file *out, struct error *err)
{
	size_t index;

	if (payload_find_file(payload, role, arch, &index))
		return error_set(err, -ENOENT, "%s %s: the payload has no %s for %s",
				 payload_app(payload), payload_app_version(payload), what, arch);
	out->digest = payload_file(payload, index).digest;
	return payload_file_read(payload, index, &out->bytes, err);
}

int application_load(const struct payload *payload, const char *arch, struct application *out,
		     struct error *err)
{
	int code;

	*out = (struct application){ 0 };
	code = read_role(payload, PAYLOAD_MANIFEST, arch, "manifest", &out->manifest_file, err);
	if (!code)
		code = read_role(payload, PAYLOAD_OBJECT, arch, "object", &out->object_file, err);
	if (!code) {
		code = read_role(payload, PAYLOAD_CANARY, arch, "canary", &out->canary_file, err);
		out->has_canary = !code;
		code = code == -ENOENT ? 0 : code;
	}
	if (!code)
		code = manifest_parse(buffer_slice(&out->manifest_file.bytes), "manifest.ini",
				      &out->manifest, err);
	if (!code)
		code = object_open(buffer_slice(&out->object_file.bytes), payload_app(payload),
				   &out->object, err);
	if (!code)
		code = needs_of(out->object, &out->manifest, &out->needs, err);
	return code;
}

/* Every file of a role that is for arch, in the payload's order. */
static int read_carried(const struct payload *payload, enum payload_role role, const char *arch,
			struct carried_file **files, size_t *count, struct error *err)
{
	size_t i, capacity = 0;
	int code = 0;

	for (i = 0; !code && i < payload_file_count(payload); i++) {
		struct payload_file file = payload_file(payload, i);
		struct carried_file *carried;

		if (file.role != role || (file.arch[0] && strcmp(file.arch, arch) != 0))
			continue;
		if (array_grow(files, *count, &capacity))
			return error_errno(err, -ENOMEM, "%s", file.name);
		carried = &(*files)[(*count)++];
		*carried = (struct carried_file){ .file.digest = file.digest, .name = file.name };
		code = payload_file_read(payload, i, &carried->file.bytes, err);
	}
	return code;
}

static int open_objects(struct application *application, struct error *err)
{
	const size_t most = application->further_count + 2;
	int code = 0;
	size_t i;

	application->objects = calloc(most, sizeof(*application->objects));
	if (!application->objects)
		return error_errno(err, -ENOMEM, "objects");
	application->objects[application->object_count++] = application->object;
	if (application->canary)
		application->objects[application->object_count++] = application->canary;
	for (i = 0; !code && i < application->further_count; i++) {
		const struct carried_file *further = &application->furthers[i];

		code = object_open(buffer_slice(&further->file.bytes), further->name,
				   &application->objects[application->object_count], err);
		application->object_count += !code;
	}
	return code;
}

static struct digest digest_sources(const struct application *application)
{
	struct digest_state state;
	size_t i;

	digest_init(&state);
	for (i = 0; i < application->source_count; i++) {
		const struct carried_file *source = &application->sources[i];

		digest_update(&state, source->name, strlen(source->name) + 1);
		digest_update(&state, &source->file.digest, sizeof(source->file.digest));
	}
	return digest_final(&state);
}

int application_load_build(const struct payload *payload, const char *arch, struct application *out,
			   struct error *err)
{
	int code;

	if (out->objects)
		return 0;
	code = read_carried(payload, PAYLOAD_FURTHER, arch, &out->furthers, &out->further_count, err);
	if (!code)
		code = read_carried(payload, PAYLOAD_SOURCE, arch, &out->sources, &out->source_count,
				    err);
	if (!code && out->has_canary)
		code = object_open(buffer_slice(&out->canary_file.bytes), "canary", &out->canary, err);
	if (!code)
		code = open_objects(out, err);
	if (!code)
		out->sources_digest = digest_sources(out);
	return code;
}

static void free_carried(struct carried_file *files, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		buffer_free(&files[i].file.bytes);
	free(files);
}

void application_free(struct application *application)
{
	const size_t own = 1 + (application->canary != NULL);
	size_t i;

	/* The first are the application's own objects. */
	for (i = own; i < application->object_count; i++)
		object_close(application->objects[i]);
	free(application->objects);
	free_carried(application->furthers, application->further_count);
	free_carried(application->sources, application->source_count);
	if (application->canary)
		object_close(application->canary);
	needs_free(&application->needs);
	if (application->object)
		object_close(application->object);
	manifest_free(&application->manifest);
	buffer_free(&application->canary_file.bytes);
	buffer_free(&application->object_file.bytes);
	buffer_free(&application->manifest_file.bytes);
}
