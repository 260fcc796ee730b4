/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/file.h"

#include "btfpack/embed.h"
#include "btfpack/output.h"

bool output_ends_in(const char *path, const char *end)
{
	size_t length = strlen(path), end_length = strlen(end);

	return length > end_length && strcmp(path + length - end_length, end) == 0;
}

int output_find_program(const char *name, char path[static PATH_MAX], struct error *err)
{
	static const char *const places[] = { "", "../lib/btferry/" };
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	size_t i;

	if (length < 0)
		return error_errno(err, -errno, "/proc/self/exe");
	self[length] = '\0';
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char copy[PATH_MAX];

		memcpy(copy, self, sizeof(copy));
		if (snprintf(path, PATH_MAX, "%s/%s%s", dirname(copy), places[i], name) < PATH_MAX &&
		    access(path, R_OK) == 0)
			return 0;
	}
	return error_set(err, -ENOENT,
			 "the target program %s is not beside btfpack; name one with an option (--help)",
			 name);
}

static int write_run(const char *output, const char *program_path, struct slice payload,
		     size_t *size, struct error *err)
{
	char found[PATH_MAX];
	const char *path = program_path;
	struct buffer run = { 0 };
	struct file_map program;
	int code = 0;

	if (!path) {
		code = output_find_program("btferry-static", found, err);
		path = found;
	}
	if (!code)
		code = file_map(AT_FDCWD, path, &program, err);
	if (code)
		return code;
	code = embed_payload(program.bytes, path, payload, &run, err);
	if (!code)
		code = file_publish(AT_FDCWD, output, buffer_slice(&run), 0755, err);
	*size = run.size;
	buffer_free(&run);
	file_unmap(&program);
	return code;
}

int output_write_run(const char *path, const char *program, const char *payload, size_t *size,
		     struct error *err)
{
	struct file_map map;
	int code = file_map(AT_FDCWD, payload, &map, err);

	if (code)
		return code;
	code = write_run(path, program, map.bytes, size, err);
	file_unmap(&map);
	return code;
}

int output_write(const char *path, const char *program, const struct application *application,
		 const struct pack *pack, size_t *size, struct error *err)
{
	struct digest fingerprint = reloset_fingerprint(application->objects.relos);
	struct payload_writer *writer = payload_writer_new();
	struct buffer payload = { 0 };
	int code;

	if (!writer)
		return error_errno(err, -ENOMEM, "payload");
	code = pack_write(pack, writer, err);
	if (!code)
		code = application_write(application, writer, err);
	if (!code)
		code = payload_writer_finish(writer, application->manifest.name,
					     application->manifest.version, &fingerprint, &payload, err);
	payload_writer_free(writer);
	*size = payload.size;
	if (!code && output_ends_in(path, ".run"))
		code = write_run(path, program, buffer_slice(&payload), size, err);
	else if (!code)
		code = file_publish(AT_FDCWD, path, buffer_slice(&payload), 0644, err);
	buffer_free(&payload);
	return code;
}
