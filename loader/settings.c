/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/event_path.h"
#include "loader/setting_type.h"
#include "loader/settings.h"
#include "loader/variable.h"

#define COUNT_SUFFIX "_count"
#define TAG_DOC "doc:"
#define TAG_INTERNAL "internal"

enum { NAME_SIZE = 128, COUNT_SIZE = 4 };

/* The object's variables, read once. */
struct scene {
	const struct bpf_object *object;
	const struct btf *btf;
	struct variable *variables;
	size_t count;
};

static int scene_read(const struct bpf_object *object, struct scene *scene, struct error *err)
{
	*scene = (struct scene){ .object = object, .btf = bpf_object__btf(object) };
	return variables_read(object, &scene->variables, &scene->count, err);
}

/* The text behind prefix of the variable's tag that begins so; NULL: there is none. */
static const char *tag(const struct scene *scene, const struct variable *variable,
		       const char *prefix)
{
	uint32_t id;

	for (id = 1; id < btf__type_cnt(scene->btf); id++) {
		const struct btf_type *type = btf__type_by_id(scene->btf, id);
		const char *text = type_text(scene->btf, type->name_off);

		if (btf_is_decl_tag(type) && type->type == variable->id &&
		    btf_decl_tag(type)->component_idx < 0 &&
		    strncmp(text, prefix, strlen(prefix)) == 0)
			return text + strlen(prefix);
	}
	return NULL;
}

static const struct variable *find(const struct scene *scene, const char *name)
{
	size_t i;

	for (i = 0; i < scene->count; i++)
		if (scene->variables[i].is_global && strcmp(scene->variables[i].name, name) == 0)
			return &scene->variables[i];
	return NULL;
}

/* Copies name without its suffix; false when it does not end so. */
static bool strip(const char *name, const char *suffix, char out[static NAME_SIZE])
{
	size_t length = strlen(name), cut = strlen(suffix);

	if (length <= cut || length - cut >= NAME_SIZE || strcmp(name + length - cut, suffix) != 0)
		return false;
	memcpy(out, name, length - cut);
	out[length - cut] = '\0';
	return true;
}

/* What `run` itself sets: the switch of an events map, the number of a list's elements. */
static bool is_runs_own(const struct scene *scene, const struct variable *variable)
{
	struct setting_type type;
	const struct variable *list;
	char name[NAME_SIZE];

	if (strip(variable->name, EVENT_SWITCH_SUFFIX, name) &&
	    bpf_object__find_map_by_name(scene->object, name))
		return true;
	if (variable->size != COUNT_SIZE || !strip(variable->name, COUNT_SUFFIX, name))
		return false;
	list = find(scene, name);
	return list && setting_type_of(scene->btf, list->type, &type) && type.count;
}

/* A constant that is not volatile was compiled into the code: setting it would change nothing. */
static bool is_setting(const struct scene *scene, const struct variable *variable,
		       struct setting_type *type)
{
	return variable->is_global && setting_type_of(scene->btf, variable->type, type) &&
	       variable->size == (uint64_t)type->size * (type->count ? type->count : 1) &&
	       (type->is_volatile || !variable->is_constant) && !is_runs_own(scene, variable) &&
	       !tag(scene, variable, TAG_INTERNAL);
}

static int refuse_name(const struct scene *scene, const char *name, struct error *err)
{
	char names[512];
	size_t i, used = 0;
	struct setting_type type;

	for (i = 0; i < scene->count && used < sizeof(names); i++)
		if (is_setting(scene, &scene->variables[i], &type))
			used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
						 used ? ", " : "", scene->variables[i].name);
	if (used >= sizeof(names))
		memcpy(names + sizeof(names) - 4, "...", 4);
	return error_set(err, -EINVAL, "%s: has no setting %.100s; it has %s",
			 bpf_object__name(scene->object), name, used ? names : "none");
}

static int write_list_count(const struct scene *scene, const char *name, uint32_t given,
			    struct error *err)
{
	const struct variable *count;
	char its_name[NAME_SIZE + sizeof(COUNT_SUFFIX)];
	uint8_t bytes[COUNT_SIZE];

	snprintf(its_name, sizeof(its_name), "%s" COUNT_SUFFIX, name);
	count = find(scene, its_name);
	if (!count || count->size != COUNT_SIZE)
		return 0;
	store_le32(bytes, given);
	return variable_write(count, bytes, err);
}

static int set(const struct scene *scene, const char *name, const char *text, struct error *err)
{
	const struct variable *variable = find(scene, name);
	struct setting_type type;
	uint8_t *value;
	uint32_t given;
	int code;

	if (!variable || !is_setting(scene, variable, &type))
		return refuse_name(scene, name, err);
	value = malloc(variable->size);
	if (!value)
		return error_errno(err, -ENOMEM, "%s", name);
	code = setting_parse(&type, text, value, &given, err);
	if (code)
		error_wrap(err, "%s", name);
	else
		code = variable_write(variable, value, err);
	if (!code && type.count)
		code = write_list_count(scene, name, given, err);
	free(value);
	return code;
}

static int set_one(const struct scene *scene, const char *text, struct error *err)
{
	const char *value = strchr(text, '=');
	char name[NAME_SIZE];

	if (!value || value == text)
		return error_set(err, -EINVAL, "`%.200s`: is not NAME=VALUE", text);
	snprintf(name, sizeof(name), "%.*s", (int)(value - text), text);
	return set(scene, name, value + 1, err);
}

int settings_apply(struct bpf_object *object, const struct settings *settings, struct error *err)
{
	struct scene scene;
	size_t i;
	int code = 0;

	if (settings->default_count + settings->given_count == 0)
		return 0;
	code = scene_read(object, &scene, err);
	for (i = 0; i < settings->default_count && !code; i++) {
		code = set_one(&scene, settings->defaults[i], err);
		if (code == -EINVAL) {
			error_wrap(err, "manifest: [set]");
			code = err->code = -EBADMSG;
		}
	}
	for (i = 0; i < settings->given_count && !code; i++) {
		code = set_one(&scene, settings->given[i], err);
		if (code)
			error_wrap(err, "--set");
	}
	free(scene.variables);
	return code;
}

int settings_check(struct slice bytes, const char *name, const struct settings *settings,
		   struct error *err)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = name);
	struct bpf_object *object;
	int code;

	if (settings->default_count + settings->given_count == 0)
		return 0;
	object = bpf_object__open_mem(bytes.data, bytes.size, &opts);
	if (!object)
		return 0;
	code = settings_apply(object, settings, err);
	bpf_object__close(object);
	return code;
}

/* As many as the object says; without a count, all up to the last one that is not zero. */
static uint32_t list_length(const struct scene *scene, const struct variable *variable,
			    const struct setting_type *type)
{
	const uint8_t *value = variable_value(variable);
	const struct variable *count;
	char name[NAME_SIZE + sizeof(COUNT_SUFFIX)];
	uint32_t size = variable->size;

	snprintf(name, sizeof(name), "%s" COUNT_SUFFIX, variable->name);
	count = find(scene, name);
	if (count && count->size == COUNT_SIZE)
		return load_le32(variable_value(count));
	while (size > 0 && value[size - 1] == 0)
		size--;
	return (size + type->size - 1) / type->size;
}

static int describe(const struct scene *scene, const struct variable *variable,
		    const struct setting_type *type, struct settable *out)
{
	uint32_t given = type->count ? list_length(scene, variable, type) : 0;
	const char *doc = tag(scene, variable, TAG_DOC);
	char text[SETTING_TYPE_SIZE];
	struct buffer value = { 0 };
	int code = setting_print(type, variable_value(variable), given, &value);

	if (!code)
		code = buffer_append(&value, "", 1);
	*out = (struct settable){
		.name = variable->name,
		.doc = doc ? doc : "",
		.type = strdup(setting_type_text(type, text)),
		.value = (char *)value.data,
	};
	return code || !out->type ? -ENOMEM : 0;
}

int settings_list(const struct bpf_object *object, struct settable **out, size_t *count,
		  struct error *err)
{
	struct setting_type type;
	struct scene scene;
	size_t i;
	int code = scene_read(object, &scene, err);

	*count = 0;
	*out = code ? NULL : calloc(scene.count + 1, sizeof(**out));
	if (!code && !*out)
		code = error_errno(err, -ENOMEM, "settings");
	for (i = 0; i < scene.count && !code; i++)
		if (is_setting(&scene, &scene.variables[i], &type) &&
		    describe(&scene, &scene.variables[i], &type, &(*out)[(*count)++]))
			code = error_errno(err, -ENOMEM, "settings");
	free(scene.variables);
	if (code) {
		settings_free(*out, *count);
		*out = NULL;
		*count = 0;
	}
	return code;
}

void settings_free(struct settable *settings, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(settings[i].type);
		free(settings[i].value);
	}
	free(settings);
}
