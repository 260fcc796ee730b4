/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/inifile.h reads; this file says which sections, keys and values there are. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/size.h"
#include "payload/inifile.h"
#include "payload/manifest_parts.h"
#include "payload/names.h"

#include "payload/manifest.h"

/* What is known so far; inifile.user. */
struct parse {
	struct manifest *manifest;
	size_t object_capacity, further_capacity, program_capacity, source_capacity, header_capacity;
	size_t setting_capacity;
	struct manifest_program *program; /* of the section [program NAME] that we are in */
	bool has_optional;                /* that section said so, yes or no */
	bool has_source, has_headers;
};

static bool is_identifier(const char *text)
{
	size_t length = strlen(text);

	return length >= 1 && length <= 127 && strspn(text, MANIFEST_IDENTIFIER) == length &&
	       !(text[0] >= '0' && text[0] <= '9');
}

static int app_key(struct inifile *file, const char *key, const char *value)
{
	struct parse *parse = file->user;
	struct manifest *manifest = parse->manifest;

	if (strcmp(key, "name") == 0) {
		if (!name_is_app(value))
			return inifile_refuse(file, "name \"%s\": must be [a-z][a-z0-9-]*, at most 63 bytes",
				      value);
		return manifest_set_once(file, &manifest->name, key, value);
	}
	if (strcmp(key, "version") == 0) {
		if (!name_is_version(value))
			return inifile_refuse(file, "version \"%s\": must be [A-Za-z0-9][A-Za-z0-9.+~-]*, at "
				      "most 63 bytes", value);
		return manifest_set_once(file, &manifest->version, key, value);
	}
	if (strcmp(key, "summary") == 0)
		return manifest_set_once(file, &manifest->summary, key, value);
	return inifile_refuse(file, "unknown key \"%s\" in [app]; it has name, version, summary", key);
}

/* Appends an object to a list of them. */
static int append_object(struct inifile *file, struct manifest_object **list, size_t *count,
			 size_t *capacity, const char *arch, const char *path)
{
	struct manifest_object object = { .arch = strdup(arch), .path = strdup(path) };

	if (!object.arch || !object.path || array_grow(list, *count, capacity)) {
		free(object.arch);
		free(object.path);
		return manifest_out_of_memory(file);
	}
	(*list)[(*count)++] = object;
	return 0;
}

static int add_object(struct inifile *file, const char *key, const char *arch, const char *path)
{
	struct parse *parse = file->user;
	struct manifest *manifest = parse->manifest;
	size_t i;

	if (!manifest_path_is_safe(path))
		return inifile_refuse(file, "path \"%s\": must be relative, without \"..\"", path);
	for (i = 0; i < manifest->object_count; i++)
		if (strcmp(manifest->objects[i].arch, arch) == 0)
			return inifile_refuse(file, "duplicate key \"%s\" in [object]", key);
	return append_object(file, &manifest->objects, &manifest->object_count,
			     &parse->object_capacity, arch, path);
}

/* In the payload they stand under their names, without the folders. */
static int add_further(struct inifile *file, const char *key, const char *arch, const char *path)
{
	struct parse *parse = file->user;
	struct manifest *manifest = parse->manifest;
	size_t i;

	if (!manifest_path_is_safe(path))
		return inifile_refuse(file, "%s \"%s\": must be relative, without \"..\"", key, path);
	if (!name_is_file(manifest_file_name(path)))
		return inifile_refuse(file, "%s \"%s\": the file's name must be "
				      "[A-Za-z0-9_-][A-Za-z0-9._-]*, at most 127 bytes", key, path);
	for (i = 0; i < manifest->further_count; i++)
		if (strcmp(manifest->further[i].arch, arch) == 0 &&
		    strcmp(manifest_file_name(manifest->further[i].path), manifest_file_name(path)) == 0)
			return inifile_refuse(file, "%s \"%s\": there are two files of that name", key,
					      path);
	return append_object(file, &manifest->further, &manifest->further_count,
			     &parse->further_capacity, arch, path);
}

/* Calls add for each word of a value. */
static int for_each_word(struct inifile *file, const char *key, const char *arch, const char *value,
			 int (*add)(struct inifile *, const char *, const char *, const char *))
{
	char words[INIFILE_MAX_LINE + 1], *rest = words, *word;
	int code = 0;

	snprintf(words, sizeof(words), "%s", value);
	while (!code && (word = strsep(&rest, " \t")))
		if (word[0])
			code = add(file, key, arch, word);
	return code;
}

/* Appends a path to a list of them. */
static int append_path(struct inifile *file, char ***list, size_t *count, size_t *capacity,
		       const char *key, const char *path)
{
	size_t i;

	if (!manifest_path_is_safe(path))
		return inifile_refuse(file, "%s \"%s\": must be relative, without \"..\"", key, path);
	for (i = 0; i < *count; i++)
		if (strcmp((*list)[i], path) == 0)
			return inifile_refuse(file, "%s \"%s\" is named twice", key, path);
	if (array_grow(list, *count, capacity))
		return manifest_out_of_memory(file);
	(*list)[*count] = strdup(path);
	if (!(*list)[*count])
		return manifest_out_of_memory(file);
	(*count)++;
	return 0;
}

static int add_source(struct inifile *file, const char *key, const char *arch, const char *path)
{
	struct parse *parse = file->user;

	(void)arch;
	return append_path(file, &parse->manifest->sources, &parse->manifest->source_count,
			   &parse->source_capacity, key, path);
}

/* They become #include <...>, where nothing may end the name early. */
static int add_header(struct inifile *file, const char *key, const char *arch, const char *path)
{
	struct parse *parse = file->user;

	(void)arch;
	if (strspn(path, MANIFEST_IDENTIFIER "./-+") != strlen(path))
		return inifile_refuse(file, "%s \"%s\": must be letters, digits and ./_+- as in linux/fs.h",
				      key, path);
	return append_path(file, &parse->manifest->headers, &parse->manifest->header_count,
			   &parse->header_capacity, key, path);
}

/* A list that one key gives, and lines that continue it. */
static int add_list(struct inifile *file, const char *key, const char *value, bool *was_given,
		    int (*add)(struct inifile *, const char *, const char *, const char *))
{
	if (*was_given && !file->is_continuation)
		return inifile_refuse(file, "duplicate key \"%s\" in [object]", key);
	*was_given = true;
	return for_each_word(file, key, "", value, add);
}

static int add_furthers(struct inifile *file, const char *key, const char *arch, const char *value)
{
	const struct manifest *manifest = ((struct parse *)file->user)->manifest;
	size_t i;

	for (i = 0; !file->is_continuation && i < manifest->further_count; i++)
		if (strcmp(manifest->further[i].arch, arch) == 0)
			return inifile_refuse(file, "duplicate key \"%s\" in [object]", key);
	return for_each_word(file, key, arch, value, add_further);
}

static int object_key(struct inifile *file, const char *key, const char *value)
{
	const char *arch = strchr(key, '.');
	size_t length = arch ? (size_t)(arch++ - key) : strlen(key);
	bool is_path = length == 4 && memcmp(key, "path", 4) == 0;
	struct parse *parse = file->user;

	if (strcmp(key, "source") == 0)
		return add_list(file, key, value, &parse->has_source, add_source);
	if (strcmp(key, "headers") == 0)
		return add_list(file, key, value, &parse->has_headers, add_header);
	if (!is_path && (length != 4 || memcmp(key, "also", 4) != 0))
		return inifile_refuse(file, "unknown key \"%s\" in [object]; it has path, path.ARCH, "
				      "also, also.ARCH, source, headers", key);
	if (arch && !name_is_kernel_word(arch))
		return inifile_refuse(file, "\"%s\": what follows the dot must be an architecture", key);
	return is_path ? add_object(file, key, arch ? arch : "", value) :
	       add_furthers(file, key, arch ? arch : "", value);
}

static int events_key(struct inifile *file, const char *key, const char *value)
{
	struct parse *parse = file->user;
	uint64_t size;

	if (strcmp(key, "struct") == 0) {
		if (!is_identifier(value))
			return inifile_refuse(file, "struct \"%s\": is no name of a struct", value);
		return manifest_set_once(file, &parse->manifest->events_struct, key, value);
	}
	if (strcmp(key, "size") == 0) {
		if (parse->manifest->events_size)
			return inifile_refuse(file, "duplicate key \"size\" in [events]");
		if (!size_parse(value, &size) || !size_is_buffer(size))
			return inifile_refuse(file, "size \"%s\": must be a power of two from 4096 (4K) "
					      "to 1024M", value);
		parse->manifest->events_size = (uint32_t)size;
		return 0;
	}
	if (strcmp(key, "map") != 0)
		return inifile_refuse(file, "unknown key \"%s\" in [events]; it has map, size, struct", key);
	if (!is_identifier(value))
		return inifile_refuse(file, "map \"%s\": is no name of a map", value);
	return manifest_set_once(file, &parse->manifest->events_map, key, value);
}

/* Whether the object has such a variable, and the value fits it, is seen where it is loaded. */
static int set_key(struct inifile *file, const char *key, const char *value)
{
	struct parse *parse = file->user;
	struct manifest *manifest = parse->manifest;
	const size_t length = strlen(key);
	char *text;
	size_t i;

	if (!is_identifier(key))
		return inifile_refuse(file, "\"%s\" in [set]: is no name of a variable", key);
	for (i = 0; i < manifest->setting_count; i++)
		if (strncmp(manifest->settings[i], key, length) == 0 &&
		    manifest->settings[i][length] == '=')
			return inifile_refuse(file, "duplicate key \"%s\" in [set]", key);
	if (array_grow(&manifest->settings, manifest->setting_count, &parse->setting_capacity) ||
	    asprintf(&text, "%s=%s", key, value) < 0)
		return manifest_out_of_memory(file);
	manifest->settings[manifest->setting_count++] = text;
	return 0;
}

static int program_key(struct inifile *file, const char *key, const char *value)
{
	struct parse *parse = file->user;
	struct manifest_program *program = parse->program;

	if (strcmp(key, "alternative") == 0) {
		if (!is_identifier(value) || strcmp(value, program->name) == 0)
			return inifile_refuse(file, "alternative \"%s\": is no name of another program",
					      value);
		return manifest_set_once(file, &program->alternative, key, value);
	}
	if (strcmp(key, "optional") != 0)
		return inifile_refuse(file, "unknown key \"%s\" in [%s]; it has alternative, optional",
				      key, file->section);
	if (parse->has_optional)
		return inifile_refuse(file, "duplicate key \"optional\" in [%s]", file->section);
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return inifile_refuse(file, "optional \"%s\": must be yes or no", value);
	parse->has_optional = true;
	program->optional = value[0] == 'y';
	return 0;
}

static int begin_program(struct inifile *file, const char *name)
{
	struct parse *parse = file->user;
	struct manifest *manifest = parse->manifest;

	if (!is_identifier(name))
		return inifile_refuse(file, "[%s]: is no name of a program", file->section);
	if (manifest_program(manifest, name))
		return inifile_refuse(file, "duplicate section [%s]", file->section);
	if (array_grow(&manifest->programs, manifest->program_count, &parse->program_capacity))
		return manifest_out_of_memory(file);
	parse->program = &manifest->programs[manifest->program_count];
	parse->has_optional = false;
	*parse->program = (struct manifest_program){ .name = strdup(name) };
	if (!parse->program->name)
		return manifest_out_of_memory(file);
	manifest->program_count++;
	return 0;
}

static int on_section(struct inifile *file, const char *name)
{
	static const char program[] = "program ";

	if (strncmp(name, program, strlen(program)) == 0)
		return begin_program(file, name + strlen(program));
	if (strcmp(name, "app") == 0 || strcmp(name, "object") == 0 || strcmp(name, "events") == 0 ||
	    strcmp(name, "package") == 0 || strcmp(name, "set") == 0)
		return 0;
	return inifile_refuse(file, "unknown section [%s]; there are app, object, events, set, package, "
			      "program NAME", name);
}

static int on_key(struct inifile *file, const char *key, const char *value)
{
	struct parse *parse = file->user;

	if (file->is_continuation && strcmp(key, "source") != 0 && strcmp(key, "headers") != 0 &&
	    strncmp(key, "also", 4) != 0 && strcmp(key, "description") != 0)
		return inifile_refuse(file, "an indented line continues the one above, which only "
				      "also, source, headers and description may");
	if (strcmp(file->section, "app") == 0)
		return app_key(file, key, value);
	if (strcmp(file->section, "object") == 0)
		return object_key(file, key, value);
	if (strcmp(file->section, "events") == 0)
		return events_key(file, key, value);
	if (strcmp(file->section, "package") == 0)
		return manifest_package_key(file, parse->manifest, key, value);
	if (strcmp(file->section, "set") == 0)
		return set_key(file, key, value);
	return program_key(file, key, value);
}

static int check_complete(struct manifest *manifest, const char *path, struct error *err)
{
	if (!manifest->name || !manifest->version)
		return error_set(err, -EBADMSG, "%s: has no %s in [app]", path,
				 manifest->name ? "version" : "name");
	if (manifest->object_count == 0)
		return error_set(err, -EBADMSG, "%s: has no path in [object]", path);
	if (!manifest->summary)
		manifest->summary = strdup("");
	return manifest->summary ? 0 : error_errno(err, -ENOMEM, "%s", path);
}

int manifest_parse(struct slice text, const char *path, struct manifest *out, struct error *err)
{
	struct manifest manifest = { 0 };
	struct parse parse = { .manifest = &manifest };
	struct inifile file = {
		.path = path,
		.user = &parse,
		.on_section = on_section,
		.on_key = on_key,
	};
	int code;

	if (text.size > MANIFEST_MAX_SIZE)
		return error_set(err, -EBADMSG, "%s: larger than the %d bytes a manifest may have", path,
				 MANIFEST_MAX_SIZE);
	code = inifile_parse(&file, text, err);
	if (!code)
		code = check_complete(&manifest, path, err);
	if (code)
		manifest_free(&manifest);
	else
		*out = manifest;
	return code;
}

static void free_objects(struct manifest_object *objects, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(objects[i].arch);
		free(objects[i].path);
	}
	free(objects);
}

void manifest_free(struct manifest *manifest)
{
	size_t i;

	free_objects(manifest->objects, manifest->object_count);
	free_objects(manifest->further, manifest->further_count);
	for (i = 0; i < manifest->program_count; i++) {
		free(manifest->programs[i].name);
		free(manifest->programs[i].alternative);
	}
	for (i = 0; i < manifest->source_count; i++)
		free(manifest->sources[i]);
	for (i = 0; i < manifest->header_count; i++)
		free(manifest->headers[i]);
	for (i = 0; i < manifest->setting_count; i++)
		free(manifest->settings[i]);
	free(manifest->headers);
	free(manifest->settings);
	free(manifest->programs);
	free(manifest->sources);
	free(manifest->name);
	free(manifest->version);
	free(manifest->summary);
	free(manifest->events_map);
	free(manifest->events_struct);
	free(manifest->maintainer);
	free(manifest->homepage);
	free(manifest->license);
	free(manifest->license_file);
	free(manifest->copyright);
	free(manifest->description);
	*manifest = (struct manifest){ 0 };
}

const char *manifest_file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

const char *manifest_object_path(const struct manifest *manifest, const char *arch)
{
	const char *general = NULL;
	size_t i;

	for (i = 0; i < manifest->object_count; i++) {
		if (strcmp(manifest->objects[i].arch, arch) == 0)
			return manifest->objects[i].path;
		if (manifest->objects[i].arch[0] == '\0')
			general = manifest->objects[i].path;
	}
	return general;
}

const struct manifest_program *manifest_program(const struct manifest *manifest, const char *name)
{
	size_t i;

	for (i = 0; i < manifest->program_count; i++)
		if (strcmp(manifest->programs[i].name, name) == 0)
			return &manifest->programs[i];
	return NULL;
}
