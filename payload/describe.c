/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include <jansson.h>

#include "payload/describe.h"

enum { LIST_SCHEMA = 1, INFO_SCHEMA = 1, SHORT_DIGEST = 12 };

static const char *role_name(enum payload_role role)
{
	switch (role) {
	case PAYLOAD_MANIFEST:
		return "manifest";
	case PAYLOAD_OBJECT:
		return "object";
	case PAYLOAD_CANARY:
		return "canary";
	case PAYLOAD_SOURCE:
		return "source";
	case PAYLOAD_FURTHER:
		return "further";
	}
	return "other"; /* of a later minor version of the format */
}

/* Prints and frees the document; NULL stands for want of memory while it was made. */
static int print_json(json_t *document, FILE *out, struct error *err)
{
	int code = document ? 0 : error_errno(err, -ENOMEM, "JSON");

	if (document && (json_dumpf(document, out, JSON_INDENT(2)) < 0 || fputc('\n', out) == EOF))
		code = error_set(err, -EIO, "JSON: cannot be written");
	json_decref(document);
	return code;
}

/* stdio remembers that a write failed, not why. */
static int check_stream(FILE *out, struct error *err)
{
	return ferror(out) ? error_set(err, -EIO, "the output cannot be written") : 0;
}

static json_t *json_digest(const struct digest *digest)
{
	char hex[DIGEST_HEX_SIZE];

	return digest_is_zero(digest) ? json_null() : json_string(digest_hex(digest, hex));
}

/* null for what is not known, which the payload stores as "". */
static json_t *json_known(const char *text)
{
	return text[0] ? json_string(text) : json_null();
}

static json_t *kernel_json(const struct payload *payload, size_t i)
{
	struct payload_kernel kernel = payload_kernel(payload, i);
	struct digest btf = payload_btf_digest(payload, kernel.btf);

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "arch", kernel.arch, "release",
			 kernel.release, "build", json_known(kernel.build), "distro",
			 json_known(kernel.distro), "version_id", json_known(kernel.version_id),
			 "btf", json_digest(&btf), "full_btf", json_digest(&kernel.full_btf));
}

static json_t *list_json(const struct payload *payload)
{
	struct digest fingerprint = payload_fingerprint(payload);
	json_t *kernels = json_array();
	size_t i;

	for (i = 0; i < payload_kernel_count(payload); i++)
		if (json_array_append_new(kernels, kernel_json(payload, i)) < 0) {
			json_decref(kernels);
			return NULL;
		}
	return json_pack("{s:i, s:s, s:s, s:o, s:o}", "schema", LIST_SCHEMA, "application",
			 payload_app(payload), "version", payload_app_version(payload),
			 "fingerprint", json_digest(&fingerprint), "kernels", kernels);
}

static const char *or_dash(const char *text)
{
	return text[0] ? text : "-";
}

static size_t widest_release(const struct payload *payload)
{
	size_t i, widest = strlen("RELEASE");

	for (i = 0; i < payload_kernel_count(payload); i++) {
		size_t length = strlen(payload_kernel(payload, i).release);

		if (length > widest)
			widest = length;
	}
	return widest;
}

int payload_list(const struct payload *payload, bool json, FILE *out, struct error *err)
{
	int width = (int)widest_release(payload);
	char hex[DIGEST_HEX_SIZE];
	size_t i;

	if (json)
		return print_json(list_json(payload), out, err);
	fprintf(out, "%-7s  %-*s  %-10s  %-8s  %-*s  %s\n", "ARCH", width, "RELEASE", "DISTRO",
		"VERSION", SHORT_DIGEST, "BTF", "BUILD");
	for (i = 0; i < payload_kernel_count(payload); i++) {
		struct payload_kernel kernel = payload_kernel(payload, i);
		struct digest btf = payload_btf_digest(payload, kernel.btf);

		fprintf(out, "%-7s  %-*s  %-10s  %-8s  %.*s  %s\n", kernel.arch, width, kernel.release,
			or_dash(kernel.distro), or_dash(kernel.version_id), SHORT_DIGEST,
			digest_hex(&btf, hex), or_dash(kernel.build));
	}
	return check_stream(out, err);
}

/* The numbers of `info`, once for both dresses. */
struct totals {
	size_t bytes, kernels, btfs, files;
	uint64_t btf_bytes, file_bytes; /* unpacked */
	struct payload_sizes sizes;     /* packed */
};

static struct totals count(const struct payload *payload)
{
	struct totals totals = {
		.bytes = payload_bytes(payload).size,
		.kernels = payload_kernel_count(payload),
		.btfs = payload_btf_count(payload),
		.files = payload_file_count(payload),
	};
	size_t i;

	for (i = 0; i < totals.btfs; i++)
		totals.btf_bytes += payload_btf_size(payload, (uint32_t)i);
	for (i = 0; i < totals.files; i++)
		totals.file_bytes += payload_file(payload, i).size;
	totals.sizes = payload_sizes(payload);
	return totals;
}

static json_t *file_json(const struct payload *payload, size_t i)
{
	struct payload_file file = payload_file(payload, i);

	return json_pack("{s:s, s:o, s:s, s:I, s:o}", "role", role_name(file.role), "arch",
			 json_known(file.arch), "name", file.name, "size", (json_int_t)file.size,
			 "sha256", json_digest(&file.digest));
}

static const struct {
	const char *name;
	size_t offset;
} size_names[] = {
	{ "btfs", offsetof(struct payload_sizes, btfs) },
	{ "kernels", offsetof(struct payload_sizes, kernels) },
	{ "names", offsetof(struct payload_sizes, names) },
	{ "checksums", offsetof(struct payload_sizes, checksums) },
	{ "rest", offsetof(struct payload_sizes, rest) },
	{ "provenance", offsetof(struct payload_sizes, provenance) },
	{ "files", offsetof(struct payload_sizes, files) },
};

static json_t *sizes_json(const struct payload_sizes *sizes)
{
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < sizeof(size_names) / sizeof(size_names[0]); i++) {
		uint64_t size = *(const uint64_t *)((const char *)sizes + size_names[i].offset);

		json_object_set_new(object, size_names[i].name, json_integer((json_int_t)size));
	}
	return object;
}

static json_t *signature_json(const struct signature_note *signature)
{
	if (!signature)
		return NULL;
	return json_pack("{s:s, s:s?, s:o}", "state", signature->state, "key", signature->key,
			 "epoch", signature->epoch ? json_integer((json_int_t)signature->epoch)
						   : json_null());
}

static json_t *info_json(const struct payload *payload, const struct signature_note *signature)
{
	struct digest fingerprint = payload_fingerprint(payload);
	struct totals totals = count(payload);
	json_t *files = json_array();
	size_t i;

	for (i = 0; i < totals.files; i++)
		if (json_array_append_new(files, file_json(payload, i)) < 0) {
			json_decref(files);
			return NULL;
		}
	return json_pack("{s:i, s:s, s:s, s:o, s:I, s:o, s:I, s:I, s:I, s:I, s:I, s:o, s:o*}", "schema",
			 INFO_SCHEMA, "application", payload_app(payload), "version",
			 payload_app_version(payload), "fingerprint", json_digest(&fingerprint),
			 "bytes", (json_int_t)totals.bytes, "sizes", sizes_json(&totals.sizes),
			 "provenance_bytes",
			 (json_int_t)totals.sizes.provenance, "kernels", (json_int_t)totals.kernels,
			 "btfs", (json_int_t)totals.btfs, "btf_bytes", (json_int_t)totals.btf_bytes,
			 "file_bytes", (json_int_t)totals.file_bytes, "files", files,
			 "signature", signature_json(signature));
}

static void print_sizes(const struct payload_sizes *sizes, FILE *out)
{
	size_t i;

	for (i = 0; i < sizeof(size_names) / sizeof(size_names[0]); i++)
		fprintf(out, "  %-12s %10" PRIu64 "\n", size_names[i].name,
			*(const uint64_t *)((const char *)sizes + size_names[i].offset));
}

static void print_signature(const struct signature_note *signature, FILE *out)
{
	fprintf(out, "signature    %s", signature->state);
	if (signature->key)
		fprintf(out, ", key %s", signature->key);
	if (signature->epoch)
		fprintf(out, ", epoch %" PRIu64, signature->epoch);
	fputc('\n', out);
}

static void print_info(const struct payload *payload, const struct signature_note *signature,
		       FILE *out)
{
	struct digest fingerprint = payload_fingerprint(payload);
	struct totals totals = count(payload);
	char hex[DIGEST_HEX_SIZE];
	size_t i;

	fprintf(out, "application  %s %s\n", payload_app(payload), payload_app_version(payload));
	fprintf(out, "fingerprint  %s\n", digest_hex(&fingerprint, hex));
	if (signature)
		print_signature(signature, out);
	fprintf(out, "payload      %zu bytes\n", totals.bytes);
	print_sizes(&totals.sizes, out);
	fprintf(out, "kernels      %zu\n", totals.kernels);
	fprintf(out, "BTFs         %zu, %" PRIu64 " bytes unpacked\n", totals.btfs, totals.btf_bytes);
	fprintf(out, "files        %zu, %" PRIu64 " bytes unpacked\n", totals.files,
		totals.file_bytes);
	for (i = 0; i < totals.files; i++) {
		struct payload_file file = payload_file(payload, i);

		fprintf(out, "  %-8s  %-7s  %8" PRIu64 "  %.*s  %s\n", role_name(file.role),
			or_dash(file.arch), file.size, SHORT_DIGEST, digest_hex(&file.digest, hex),
			file.name);
	}
}

int payload_info(const struct payload *payload, const struct signature_note *signature, bool json,
		 FILE *out, struct error *err)
{
	if (json)
		return print_json(info_json(payload, signature), out, err);
	print_info(payload, signature, out);
	return check_stream(out, err);
}
