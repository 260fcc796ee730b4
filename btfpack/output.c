/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/elf_add.h"
#include "lib/file.h"
#include "payload/format.h"
#include "payload/section.h"

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

/* Signs what is written, and removes a signature of what was there before. */
static int write_run(const char *output, const char *program_path, struct slice payload,
		     const struct signer *signer, size_t *size, struct error *err)
{
	struct buffer run = { 0 }, inside = { 0 }, beside = { 0 };
	const char *path = program_path;
	struct file_map program;
	char found[PATH_MAX];
	int code = 0;

	if (!path) {
		code = output_find_program("btferry-static", found, err);
		path = found;
	}
	if (!code)
		code = file_map(AT_FDCWD, path, &program, err);
	if (code)
		return code;
	if (signer)
		code = signer_sign_payload(signer, payload, output, &inside, err);
	if (!code)
		code = embed_payload(program.bytes, path, payload, buffer_slice(&inside), &run, err);
	if (!code && signer)
		code = signer_sign_run(signer, buffer_slice(&run), payload, output, &beside, err);
	if (!code)
		code = file_publish(AT_FDCWD, output, buffer_slice(&run), 0755, err);
	if (!code)
		code = signature_publish(output, buffer_slice(&beside), err);
	*size = run.size;
	buffer_free(&run);
	buffer_free(&inside);
	buffer_free(&beside);
	file_unmap(&program);
	return code;
}

static int write_payload(const char *output, struct slice payload, const struct signer *signer,
			 struct error *err)
{
	struct buffer beside = { 0 };
	int code = 0;

	if (signer)
		code = signer_sign_payload(signer, payload, output, &beside, err);
	if (!code)
		code = file_publish(AT_FDCWD, output, payload, 0644, err);
	if (!code)
		code = signature_publish(output, buffer_slice(&beside), err);
	buffer_free(&beside);
	return code;
}

int output_write_run(const char *path, const char *program, const char *payload,
		     const struct signer *signer, size_t *size, struct error *err)
{
	struct file_map map;
	int code = file_map(AT_FDCWD, payload, &map, err);

	if (code)
		return code;
	code = write_run(path, program, map.bytes, signer, size, err);
	file_unmap(&map);
	return code;
}

/* The .run gets a second section, and what was outside of its payload stays as it is. */
static int sign_run(const char *path, struct slice run, const struct signer *signer,
		    struct error *err)
{
	struct buffer signed_run = { 0 }, inside = { 0 }, beside = { 0 };
	struct slice payload, there;
	int code = section_find(run, path, PAYLOAD_SECTION, &payload, err);

	if (!code && section_find(run, path, SIGNATURE_SECTION, &there, NULL) == 0)
		code = error_set(err, -EEXIST, "%s: is signed already: build it again, or remove its "
				 "section " SIGNATURE_SECTION " with objcopy", path);
	if (!code)
		code = signer_sign_payload(signer, payload, path, &inside, err);
	if (!code)
		code = elf_add_section(run, path, SIGNATURE_SECTION, buffer_slice(&inside), &signed_run,
				       err);
	if (!code)
		code = signer_sign_run(signer, buffer_slice(&signed_run), payload, path, &beside, err);
	if (!code)
		code = file_publish(AT_FDCWD, path, buffer_slice(&signed_run), 0755, err);
	if (!code)
		code = signature_publish(path, buffer_slice(&beside), err);
	buffer_free(&signed_run);
	buffer_free(&inside);
	buffer_free(&beside);
	return code;
}

int output_sign(const char *path, const struct signer *signer, struct error *err)
{
	struct buffer beside = { 0 };
	struct file_map map;
	int code = file_map(AT_FDCWD, path, &map, err);

	if (code)
		return code;
	if (section_is_elf(map.bytes)) {
		code = sign_run(path, map.bytes, signer, err);
	} else {
		code = signer_sign_payload(signer, map.bytes, path, &beside, err);
		if (!code)
			code = signature_publish(path, buffer_slice(&beside), err);
	}
	buffer_free(&beside);
	file_unmap(&map);
	return code;
}

int output_write(const char *path, const char *program, const struct application *application,
		 const struct pack *pack, const struct signer *signer, size_t *size,
		 struct error *err)
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
		code = write_run(path, program, buffer_slice(&payload), signer, size, err);
	else if (!code)
		code = write_payload(path, buffer_slice(&payload), signer, err);
	buffer_free(&payload);
	return code;
}
