/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

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

void application_free(struct application *application)
{
	needs_free(&application->needs);
	if (application->object)
		object_close(application->object);
	manifest_free(&application->manifest);
	buffer_free(&application->canary_file.bytes);
	buffer_free(&application->object_file.bytes);
	buffer_free(&application->manifest_file.bytes);
}
