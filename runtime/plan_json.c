/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/plain.h"
#include "payload/names.h"

#include "runtime/beneath.h"
#include "runtime/plan_json.h"

/* Where in the document we are; the first thing that is wrong ends the reading. */
struct reading {
	const char *path;
	struct error *err;
	int code;
};

static void refuse(struct reading *reading, const char *member, const char *why)
{
	if (!reading->code)
		reading->code = error_set(reading->err, -EBADMSG, "%s: %s: %s", reading->path,
					  member, why);
}

/* A copy of the string member; NULL, and the reading is over, when it is no text for people. */
static char *take_string(struct reading *reading, json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));
	char *copy;

	if (!text) {
		refuse(reading, member, "a string is wanted here");
		return NULL;
	}
	if (!plain_is(text)) {
		refuse(reading, member, "has a control character");
		return NULL;
	}
	copy = strdup(text);
	if (!copy && !reading->code)
		reading->code = error_errno(reading->err, -ENOMEM, "%s", reading->path);
	return copy;
}

static struct digest take_digest(struct reading *reading, json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));
	struct digest digest = { { 0 } };

	if (!text || !digest_parse(text, &digest))
		refuse(reading, member, "64 hexadecimal digits are wanted here");
	return digest;
}

/* The array member, when it holds at most max items; NULL otherwise. */
static json_t *take_array(struct reading *reading, json_t *object, const char *member, size_t max)
{
	json_t *array = json_object_get(object, member);

	if (json_is_array(array) && json_array_size(array) <= max)
		return array;
	refuse(reading, member, json_is_array(array) ? "has too many entries"
						     : "an array is wanted here");
	return NULL;
}

static bool is_source(const char *text)
{
	return !strcmp(text, "kernel") || !strcmp(text, "stored") || !strcmp(text, "built") ||
	       !strcmp(text, "none");
}

static void read_kernel(struct reading *reading, json_t *entry, struct generation_kernel *kernel)
{
	json_t *covered = json_object_get(entry, "covered");

	kernel->release = take_string(reading, entry, "release");
	kernel->arch = take_string(reading, entry, "arch");
	kernel->build = take_string(reading, entry, "build");
	kernel->source = take_string(reading, entry, "source");
	kernel->row = take_string(reading, entry, "row");
	if (!json_is_null(json_object_get(entry, "rule")))
		kernel->rule = take_string(reading, entry, "rule");
	kernel->reason = take_string(reading, entry, "reason");
	if (reading->code)
		return;
	if (!name_is_kernel_word(kernel->release))
		refuse(reading, "release", "is no kernel release");
	if (!name_is_kernel_word(kernel->arch))
		refuse(reading, "arch", "is no architecture");
	if (!name_is_build(kernel->build))
		refuse(reading, "build", "is no build of a kernel");
	if (!is_source(kernel->source))
		refuse(reading, "source", "is not kernel, stored, built or none");
	else if (!strcmp(kernel->source, "stored") || !strcmp(kernel->source, "built"))
		kernel->btf = take_digest(reading, entry, "btf");
	else if (!json_is_null(json_object_get(entry, "btf")))
		refuse(reading, "btf", "null is wanted where the source is not \"stored\" or "
			"\"built\"");
	if (!json_is_boolean(covered))
		refuse(reading, "covered", "true or false is wanted here");
	kernel->covered = json_is_true(covered);
}

static void read_file(struct reading *reading, json_t *entry, struct generation_file *file)
{
	json_t *size = json_object_get(entry, "size");

	file->path = take_string(reading, entry, "path");
	file->digest = take_digest(reading, entry, "sha256");
	if (file->path && !beneath_is_plain(file->path))
		refuse(reading, "path", "leaves the generation");
	if (!json_is_integer(size) || json_integer_value(size) < 0)
		refuse(reading, "size", "a number of bytes is wanted here");
	file->size = (uint64_t)json_integer_value(size);
}

static void read_kernels(struct reading *reading, json_t *plan, struct generation *out)
{
	json_t *array = take_array(reading, plan, "kernels", PLAN_MAX_KERNELS), *entry;
	size_t i;

	if (!array)
		return;
	out->kernels = calloc(json_array_size(array) + 1, sizeof(*out->kernels));
	if (!out->kernels) {
		reading->code = error_errno(reading->err, -ENOMEM, "%s", reading->path);
		return;
	}
	out->kernel_count = json_array_size(array);
	json_array_foreach(array, i, entry)
		read_kernel(reading, entry, &out->kernels[i]);
}

static void read_files(struct reading *reading, json_t *plan, struct generation *out)
{
	json_t *array = take_array(reading, plan, "files", PLAN_MAX_FILES), *entry;
	size_t i;

	if (!array)
		return;
	out->files = calloc(json_array_size(array) + 1, sizeof(*out->files));
	if (!out->files) {
		reading->code = error_errno(reading->err, -ENOMEM, "%s", reading->path);
		return;
	}
	out->file_count = json_array_size(array);
	json_array_foreach(array, i, entry)
		read_file(reading, entry, &out->files[i]);
}

/* Null, or not there, where none verified. */
static void read_signature(struct reading *reading, json_t *signature, struct generation *out)
{
	json_int_t epoch = json_integer_value(json_object_get(signature, "epoch"));

	if (!signature || json_is_null(signature))
		return;
	out->signer = take_string(reading, signature, "key");
	out->epoch = (uint64_t)epoch;
	if (epoch < 1)
		refuse(reading, "signature", "an epoch is wanted here");
}

static void read_schema(struct reading *reading, json_t *plan)
{
	json_t *schema = json_object_get(plan, "schema");

	if (!json_is_integer(schema) || json_integer_value(schema) < 1)
		refuse(reading, "schema", "a number is wanted here");
	else if (json_integer_value(schema) > PLAN_SCHEMA)
		reading->code = error_set(reading->err, -ENOTSUP,
					  "%s: schema: is %" JSON_INTEGER_FORMAT
					  ", this program knows %d: use a newer one",
					  reading->path, json_integer_value(schema), PLAN_SCHEMA);
}

int plan_json_parse(struct slice text, const char *path, struct generation *out, struct error *err)
{
	struct reading reading = { .path = path, .err = err };
	json_error_t problem;
	json_t *plan;

	plan = json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, &problem);
	if (!plan)
		return error_set(err, -EBADMSG, "%s: line %d: %s", path, problem.line,
				 problem.text);
	read_schema(&reading, plan);
	if (!reading.code) {
		out->app = take_string(&reading, plan, "app");
		out->version = take_string(&reading, plan, "version");
		out->fingerprint = take_digest(&reading, plan, "fingerprint");
		read_signature(&reading, json_object_get(plan, "signature"), out);
		read_kernels(&reading, plan, out);
		read_files(&reading, plan, out);
	}
	if (out->app && !name_is_app(out->app))
		refuse(&reading, "app", "is no application name");
	if (out->version && !name_is_version(out->version))
		refuse(&reading, "version", "is no version");
	json_decref(plan);
	return reading.code;
}
