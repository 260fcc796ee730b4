/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "decide/covers.h"
#include "lib/file.h"
#include "loader/admit.h"
#include "loader/request.h"

#include "checker/input.h"

enum { OBJECT_MAX_SIZE = 256 * 1024 * 1024 };

static int read_manifest(struct input *input, struct error *err)
{
	const struct payload *payload = input->options->payload;
	size_t index;
	int code;

	if (!payload || payload_find_file(payload, PAYLOAD_MANIFEST, "", &index))
		return 0;
	code = payload_file_read(payload, index, &input->manifest_text, err);
	if (!code)
		code = manifest_parse(buffer_slice(&input->manifest_text), "manifest.ini",
				      &input->manifest, err);
	input->has_manifest = !code;
	return code;
}

/* The named object, else the payload's for this architecture. */
static int read_object(struct input *input, const char *app, struct error *err)
{
	const struct payload *payload = input->options->payload;
	const char *name = input->options->object;
	char key[MINISIGN_ID_TEXT];
	size_t index;
	int code;

	input->object_name = request_object_name(name ? name : app);
	if (!input->object_name)
		return error_errno(err, -ENOMEM, "object");
	if (!name && input->options->built.object.size) {
		const struct slice built = input->options->built.object;

		name = input->options->built.object_path;
		code = buffer_append(&input->object_bytes, built.data, built.size);
	} else if (name) {
		code = file_read(AT_FDCWD, name, OBJECT_MAX_SIZE, &input->object_bytes, err);
		if (!code)
			code = admit_given(input->options->trust, name,
					   buffer_slice(&input->object_bytes), key, err);
	} else {
		code = payload_find_file(payload, PAYLOAD_OBJECT, input->arch, &index);
		if (code)
			return error_set(err, code, "payload: holds no object for %s", input->arch);
		name = payload_file(payload, index).name;
		code = payload_file_read(payload, index, &input->object_bytes, err);
	}
	return code ? code : object_open(buffer_slice(&input->object_bytes), name, &input->object,
					 err);
}

static int read_canary(struct input *input, struct error *err)
{
	const struct payload *payload = input->options->payload;
	size_t index;

	if (!payload || payload_find_file(payload, PAYLOAD_CANARY, input->arch, &index))
		return 0;
	return payload_file_read(payload, index, &input->canary, err);
}

int input_read(const struct check_options *options, const char *arch, const char *app,
	       struct input *out, struct error *err)
{
	int code;

	*out = (struct input){ .options = options, .arch = arch };
	code = read_manifest(out, err);
	if (!code)
		code = read_object(out, app, err);
	return code ? code : read_canary(out, err);
}

void input_free(struct input *input)
{
	if (input->object)
		object_close(input->object);
	if (input->has_manifest)
		manifest_free(&input->manifest);
	free(input->object_name);
	buffer_free(&input->canary);
	buffer_free(&input->object_bytes);
	buffer_free(&input->manifest_text);
}

int input_covered(const struct input *input, bool *covered, struct error *err)
{
	*covered = !input->options->object;
	return *covered ? 0 : payload_covers(input->options->payload, input->arch, input->object,
					     covered, err);
}
