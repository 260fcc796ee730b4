/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "btfpack/application.h"
#include "btfpack/canary_object.h"

enum { SOURCE_MAX_SIZE = 4 * 1024 * 1024 };

static int path_of(const struct application *application, const char *name,
		   char path[static PATH_MAX],
		   struct error *err)
{
	if (snprintf(path, PATH_MAX, "%s/%s", application->directory, name) >= PATH_MAX)
		return error_errno(err, -ENAMETOOLONG, "%s", name);
	return 0;
}

static int open_files(struct application *application, const struct manifest_object *files,
		      size_t count, struct error *err)
{
	char path[PATH_MAX];
	size_t i;
	int code = 0;

	for (i = 0; i < count && !code; i++) {
		code = path_of(application, files[i].path, path, err);
		if (!code)
			code = objects_add_file(&application->objects, path, err);
	}
	return code;
}

static int open_objects(struct application *application, struct error *err)
{
	const struct manifest *manifest = &application->manifest;
	int code;

	code = open_files(application, manifest->objects, manifest->object_count, err);
	if (!code)
		code = open_files(application, manifest->further, manifest->further_count, err);
	if (!code)
		code = objects_add_bytes(&application->objects, canary_object(), "canary.bpf.o", err);
	return code ? code : objects_relocations(&application->objects, err);
}

int application_open(const char *path, struct application *out, struct error *err)
{
	char *copy = strdup(path);
	int code;

	*out = (struct application){ 0 };
	if (copy)
		out->directory = strdup(dirname(copy));
	free(copy);
	if (!out->directory)
		return error_errno(err, -ENOMEM, "%s", path);
	code = file_read(AT_FDCWD, path, MANIFEST_MAX_SIZE, &out->text, err);
	if (!code)
		code = manifest_parse(buffer_slice(&out->text), path, &out->manifest, err);
	return code ? code : open_objects(out, err);
}

/* Opens the object that payload has under this role, architecture and name. */
static int open_packed(struct application *application, enum payload_role role, const char *arch,
		       const char *name, const char *path, struct error *err)
{
	struct buffer *content = &application->contents[application->content_count];
	const struct payload *payload = application->payload;
	size_t i;
	int code;

	for (i = 0; i < payload_file_count(payload); i++) {
		struct payload_file file = payload_file(payload, i);

		if (file.role == role && !strcmp(file.arch, arch) && !strcmp(file.name, name))
			break;
	}
	if (i == payload_file_count(payload))
		return error_set(err, -EBADMSG, "%s: not in the payload", path);
	application->content_count++;
	code = payload_file_read(payload, i, content, err);
	return code ? code : objects_add_bytes(&application->objects, buffer_slice(content), path, err);
}

static int open_all_packed(struct application *application, struct error *err)
{
	const struct manifest *manifest = &application->manifest;
	char name[NAME_MAX];
	size_t i;
	int code = 0;

	snprintf(name, sizeof(name), "%s.bpf.o", manifest->name);
	for (i = 0; i < manifest->object_count && !code; i++)
		code = open_packed(application, PAYLOAD_OBJECT, manifest->objects[i].arch, name,
				   manifest->objects[i].path, err);
	for (i = 0; i < manifest->further_count && !code; i++)
		code = open_packed(application, PAYLOAD_FURTHER, manifest->further[i].arch,
				   manifest_file_name(manifest->further[i].path), manifest->further[i].path, err);
	return code ? code : open_packed(application, PAYLOAD_CANARY, "", "canary.bpf.o",
					 "canary.bpf.o", err);
}

int application_open_payload(const struct payload *payload, struct application *out,
			     struct error *err)
{
	const struct manifest *manifest = &out->manifest;
	size_t index;
	int code;

	*out = (struct application){ .payload = payload };
	if (payload_find_file(payload, PAYLOAD_MANIFEST, "", &index))
		return error_set(err, -EBADMSG, "no manifest in the payload");
	code = payload_file_read(payload, index, &out->text, err);
	if (!code)
		code = manifest_parse(buffer_slice(&out->text), "manifest.ini", &out->manifest, err);
	if (code)
		return code;
	out->contents = calloc(manifest->object_count + manifest->further_count + 1,
			       sizeof(*out->contents));
	if (!out->contents)
		return error_errno(err, -ENOMEM, "objects");
	code = open_all_packed(out, err);
	return code ? code : objects_relocations(&out->objects, err);
}

void application_close(struct application *application)
{
	size_t i;

	objects_free(&application->objects);
	for (i = 0; i < application->content_count; i++)
		buffer_free(&application->contents[i]);
	free(application->contents);
	manifest_free(&application->manifest);
	buffer_free(&application->text);
	free(application->directory);
	*application = (struct application){ 0 };
}

static int write_objects(const struct application *application, struct payload_writer *writer,
			 struct error *err)
{
	const struct manifest *manifest = &application->manifest;
	char name[NAME_MAX];
	size_t i;
	int code = 0;

	snprintf(name, sizeof(name), "%s.bpf.o", manifest->name);
	for (i = 0; i < manifest->object_count && !code; i++)
		code = payload_writer_file_borrow(writer, PAYLOAD_OBJECT, manifest->objects[i].arch, name,
						  application->objects.maps[i].bytes, err);
	for (i = 0; i < manifest->further_count && !code; i++)
		code = payload_writer_file_borrow(writer, PAYLOAD_FURTHER, manifest->further[i].arch,
						  manifest_file_name(manifest->further[i].path),
						  application->objects.maps[manifest->object_count + i].bytes,
						  err);
	if (!code)
		code = payload_writer_file(writer, PAYLOAD_CANARY, "", "canary.bpf.o", canary_object(), err);
	return code;
}

static int write_sources(const struct application *application, struct payload_writer *writer,
			 struct error *err)
{
	const struct manifest *manifest = &application->manifest;
	struct buffer content = { 0 };
	char path[PATH_MAX];
	size_t i;
	int code = 0;

	for (i = 0; i < manifest->source_count && !code; i++) {
		content.size = 0;
		code = path_of(application, manifest->sources[i], path, err);
		if (!code)
			code = file_read(AT_FDCWD, path, SOURCE_MAX_SIZE, &content, err);
		if (!code)
			code = payload_writer_file(writer, PAYLOAD_SOURCE, "", basename(path),
						   buffer_slice(&content), err);
	}
	buffer_free(&content);
	return code;
}

static int copy_files(const struct payload *payload, struct payload_writer *writer,
		      struct error *err)
{
	struct buffer content = { 0 };
	size_t i;
	int code = 0;

	for (i = 0; i < payload_file_count(payload) && !code; i++) {
		struct payload_file file = payload_file(payload, i);

		content.size = 0;
		code = payload_file_read(payload, i, &content, err);
		if (!code)
			code = payload_writer_file(writer, file.role, file.arch, file.name,
						   buffer_slice(&content), err);
	}
	buffer_free(&content);
	return code;
}

int application_write(const struct application *application, struct payload_writer *writer,
		      struct error *err)
{
	int code;

	if (application->payload)
		return copy_files(application->payload, writer, err);
	code = payload_writer_file(writer, PAYLOAD_MANIFEST, "", "manifest.ini",
				       buffer_slice(&application->text), err);

	if (!code)
		code = write_objects(application, writer, err);
	return code ? code : write_sources(application, writer, err);
}
