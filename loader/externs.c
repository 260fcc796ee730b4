/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "loader/externs.h"

#define OPTION_PREFIX "CONFIG_"

/* LINUX_KERNEL_VERSION and the like are no options: libbpf answers them itself. */
static bool is_option(const struct object_extern *external)
{
	return external->kind == EXTERN_KCONFIG &&
	       strncmp(external->name, OPTION_PREFIX, strlen(OPTION_PREFIX)) == 0;
}

bool externs_ask(const struct object *object)
{
	size_t i;

	for (i = 0; i < object->extern_count; i++)
		if (is_option(&object->externs[i]))
			return true;
	return false;
}

/* The type of the variable with this name; 0 when there is none. */
static uint32_t variable_type(const struct btf_view *btf, const char *name)
{
	uint32_t id;

	for (id = 1; id < btf->type_count; id++) {
		struct btf_info type = btf_view_type(btf, id);

		if (type.kind == BTF_KIND_VAR &&
		    strcmp(btf_view_string(btf, type.name_off), name) == 0)
			return btf_view_skip(btf, type.size_or_type);
	}
	return 0;
}

/* What stands for "not set": libbpf takes n for bool, char and enum libbpf_tristate only. */
static const char *value_of_unset(const struct btf_view *btf, const char *name)
{
	struct btf_info type = btf_view_type(btf, variable_type(btf, name));

	if (type.kind == BTF_KIND_ARRAY)
		return "\"\"";
	if (type.kind == BTF_KIND_INT && type.size_or_type > 1)
		return "0";
	return "n";
}

/* The text as libbpf reads it: it stops at the closing quote and knows no backslash before one. */
static int write_line(const struct object *object, const struct object_extern *external,
		      const struct kconfig *config, struct buffer *out, struct error *err)
{
	struct kconfig_option option = kconfig_find(config, external->name);
	const char *value = option.value;
	bool text = option.state == KCONFIG_TEXT;
	char *line;
	int length;

	if (option.set.truth != TRUTH_YES) {
		if (!external->weak)
			return error_set(err, -ENODATA, "%s: needs %s, which %s", object->name,
					 external->name, config ?
					 "this kernel's configuration does not set" :
					 "is not known: no kernel configuration can be read");
		value = value_of_unset(&object->btf, external->name);
	}
	length = asprintf(&line, text ? "%s=\"%s\"\n" : "%s=%s\n", external->name, value);
	if (length < 0)
		return error_errno(err, -ENOMEM, "%s: %s", object->name, external->name);
	length = buffer_append(out, line, (size_t)length);
	free(line);
	return length ? error_errno(err, length, "%s: %s", object->name, external->name) : 0;
}

int externs_write(const struct object *object, const struct kconfig *config, struct buffer *out,
		  struct error *err)
{
	size_t i;
	int code = 0;

	for (i = 0; i < object->extern_count && !code; i++)
		if (is_option(&object->externs[i]))
			code = write_line(object, &object->externs[i], config, out, err);
	if (!code && buffer_append(out, "", 1))
		code = error_errno(err, -ENOMEM, "%s", object->name);
	return code;
}
