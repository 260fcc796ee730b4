/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "payload/names.h"
#include "runtime/build_record.h"

#include "installer/built_text.h"
#include "installer/plan_text.h"

enum { BUILT_SCHEMA = 1, MAX_NAME = 128, MAX_PATH = 256 };

bool built_is_part(enum build_way way)
{
	return way != WAY_DEBUG_INFO;
}

void built_take(struct built *out, struct build_product *product, const char *build,
		const struct application *application)
{
	*out = (struct built){ .way = product->way, .btf = product->btf, .object = product->object };
	snprintf(out->build, sizeof(out->build), "%s", build);
	if (out->object.size)
		out->sources = application->sources_digest;
	product->btf = product->object = (struct buffer){ 0 };
}

/* A member that must be text; NULL when it is not. */
static const char *text_of(const json_t *document, const char *member)
{
	return json_string_value(json_object_get(document, member));
}

int built_parse(struct slice text, const char *path, char release[static BUILT_NAME_SIZE],
		struct built *out, struct error *err)
{
	json_error_t problem;
	json_t *document = json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES,
				      &problem);
	const char *way = text_of(document, "way"), *build = text_of(document, "build");
	const char *sources = text_of(document, "sources"), *name = text_of(document, "release");
	struct build_record record = { .is_given = false };
	json_int_t schema;
	int code = 0;

	if (!document)
		return error_set(err, -EBADMSG, "%s: line %d: %s", path, problem.line, problem.text);
	schema = json_integer_value(json_object_get(document, "schema"));
	if (schema > BUILT_SCHEMA)
		code = error_set(err, -ENOTSUP, "%s: is newer than this program: use a newer one", path);
	else if (schema < 1 || !way || build_way_of(way) == WAY_COUNT || !build || !name ||
		 strlen(build) >= sizeof(out->build) || !name_is_build(build) ||
		 strlen(name) >= BUILT_NAME_SIZE || !name_is_kernel_word(name) ||
		 (sources && !digest_parse(sources, &out->sources)))
		code = error_set(err, -EBADMSG, "%s: is not what `build` writes", path);
	if (!code)
		code = build_record_parse(text, path, &record, err);
	if (!code) {
		out->is_given = record.is_given;
		memcpy(out->key, record.key, sizeof(out->key));
		out->way = build_way_of(way);
		snprintf(out->build, sizeof(out->build), "%s", build);
		snprintf(release, BUILT_NAME_SIZE, "%s", name);
	}
	json_decref(document);
	return code;
}

/* One that is not there is none, and no error. */
static int read_file(const struct generation *generation, const char *release, const char *name,
		     struct buffer *out, struct error *err)
{
	char path[MAX_PATH];

	snprintf(path, sizeof(path), "build/%.100s/%.127s", release, name);
	return generation_has(generation, path) ? generation_read(generation, path, out, err) : 0;
}

int built_read(const struct generation *generation, const char *release, struct built *out,
	       struct error *err)
{
	char object[MAX_NAME], name[BUILT_NAME_SIZE];
	struct buffer text = { 0 };
	int code;

	*out = BUILT_NONE;
	snprintf(object, sizeof(object), "%s.bpf.o", generation->app);
	code = read_file(generation, release, "build.json", &text, err);
	if (!code && text.size) {
		code = built_parse(buffer_slice(&text), "build.json", name, out, err);
		if (!code)
			code = read_file(generation, release, "kernel.btf", &out->btf, err);
		if (!code)
			code = read_file(generation, release, object, &out->object, err);
	}
	buffer_free(&text);
	if (code)
		built_free(out);
	return code;
}

bool built_is_for(const struct built *built, const char *build)
{
	return built->way != WAY_COUNT &&
	       (!built->build[0] || !build[0] || !strcmp(built->build, build));
}

bool built_has_object(const struct built *built, const struct application *application)
{
	return built->object.size > 0 &&
	       (digest_is_zero(&built->sources) ||
		digest_compare(&built->sources, &application->sources_digest) == 0);
}

/* What the canary reads of it; nothing where it does not know all of that. */
static int reduce_for_canary(const struct built *built, const struct application *application,
			     struct buffer *out, struct error *err)
{
	struct buffer unresolved = { 0 };
	int code;

	if (!application->has_canary || !built->btf.size)
		return 0;
	code = build_reduce(&application->canary, 1, buffer_slice(&built->btf),
			    built_is_part(built->way), out, &unresolved, err);
	buffer_free(&unresolved);
	return code == -ENODATA ? 0 : code;
}

/* {"key": who signed it} of what was given; null: it was made here. */
static json_t *given_entry(const struct built *built)
{
	return built->is_given ? json_pack("{s:s?}", "key", built->key[0] ? built->key : NULL)
			       : json_null();
}

int built_text(const struct built *built, const char *release, struct buffer *out,
	       struct error *err)
{
	char hex[DIGEST_HEX_SIZE];
	const bool has_sources = !digest_is_zero(&built->sources);

	return document_text(json_pack("{s:i, s:o, s:s, s:s, s:s, s:s?}", "schema", BUILT_SCHEMA,
				       "given", given_entry(built),
				       "way", build_way_name(built->way), "release", release,
				       "build", built->build, "sources",
				       has_sources ? digest_hex(&built->sources, hex) : NULL),
			     out, err);
}

static int write_text(const struct built *built, const char *release, struct contents *contents,
		      struct error *err)
{
	struct buffer text = { 0 };
	int code = built_text(built, release, &text, err);

	if (!code)
		code = contents_take(contents, &text, NULL, err, "build/%s/build.json", release);
	buffer_free(&text);
	return code;
}

int built_write(struct built *built, const char *release, const struct application *application,
		const char *app, struct contents *contents, struct error *err)
{
	struct buffer canary = { 0 };
	int code = write_text(built, release, contents, err);

	if (!code && built->object.size)
		code = reduce_for_canary(built, application, &canary, err);
	if (!code && canary.size)
		code = contents_take(contents, &canary, NULL, err, "build/%s/canary.btf", release);
	if (!code && built->btf.size)
		code = contents_take(contents, &built->btf, NULL, err, "build/%s/kernel.btf", release);
	if (!code && built->object.size)
		code = contents_take(contents, &built->object, NULL, err, "build/%s/%s.bpf.o", release,
				     app);
	buffer_free(&canary);
	return code;
}

void built_free(struct built *built)
{
	buffer_free(&built->btf);
	buffer_free(&built->object);
	*built = BUILT_NONE;
}
