/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "installer/application.h"

static int read_role(const struct payload *payload, enum payload_role role, const char *arch,
		     const char *what, struct buffer *out, struct error *err)
{
	size_t index;

	if (payload_find_file(payload, role, arch, &index))
		return error_set(err, -ENOENT, "%s %s: the payload has no %s for %s",
				 payload_app(payload), payload_app_version(payload), what, arch);
	return payload_file_read(payload, index, out, err);
}

int application_load(const struct payload *payload, const char *arch, struct application *out,
		     struct error *err)
{
	size_t index;
	int code;

	*out = (struct application){ 0 };
	code = read_role(payload, PAYLOAD_MANIFEST, arch, "manifest", &out->manifest_text, err);
	if (!code)
		code = read_role(payload, PAYLOAD_OBJECT, arch, "object", &out->object_bytes, err);
	out->has_canary = payload_find_file(payload, PAYLOAD_CANARY, arch, &index) == 0;
	if (!code && out->has_canary)
		code = payload_file_read(payload, index, &out->canary_bytes, err);
	if (!code)
		code = manifest_parse(buffer_slice(&out->manifest_text), "manifest.ini",
				      &out->manifest, err);
	if (!code)
		code = object_open(buffer_slice(&out->object_bytes), payload_app(payload),
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
	buffer_free(&application->canary_bytes);
	buffer_free(&application->object_bytes);
	buffer_free(&application->manifest_text);
}
