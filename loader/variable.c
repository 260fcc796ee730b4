/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "loader/types.h"
#include "loader/variable.h"

#define CONSTANTS ".rodata"
#define DATA ".data"

static bool is_section(const char *name, const char *wanted)
{
	size_t length = strlen(wanted);

	return strncmp(name, wanted, length) == 0 && (name[length] == '\0' || name[length] == '.');
}

static int add(const struct btf *btf, const struct btf_var_secinfo *place, struct variable variable,
	       struct variable **out, size_t *count, size_t *capacity)
{
	const struct btf_type *type = btf__type_by_id(btf, place->type);
	size_t size = 0;

	if (!btf_is_var(type) || !bpf_map__initial_value(variable.map, &size) ||
	    !range_fits(size, place->offset, place->size))
		return -EBADMSG;
	if (array_grow(out, *count, capacity))
		return -ENOMEM;
	variable.name = type_text(btf, type->name_off);
	variable.id = place->type;
	variable.type = type->type;
	variable.offset = place->offset;
	variable.size = place->size;
	variable.is_global = btf_var(type)->linkage == BTF_VAR_GLOBAL_ALLOCATED;
	(*out)[(*count)++] = variable;
	return 0;
}

int variables_read(const struct bpf_object *object, struct variable **out, size_t *count,
		   struct error *err)
{
	const struct btf *btf = bpf_object__btf(object);
	size_t capacity = 0;
	uint32_t id;
	uint16_t i;
	int code = 0;

	*out = NULL;
	*count = 0;
	for (id = 1; btf && !code && id < btf__type_cnt(btf); id++) {
		const struct btf_type *section = btf__type_by_id(btf, id);
		const char *name = type_text(btf, section->name_off);
		struct variable variable = { .is_constant = is_section(name, CONSTANTS) };

		if (!btf_is_datasec(section) || !(variable.is_constant || is_section(name, DATA)))
			continue;
		variable.map = bpf_object__find_map_by_name(object, name);
		for (i = 0; variable.map && !code && i < btf_vlen(section); i++)
			code = add(btf, &btf_var_secinfos(section)[i], variable, out, count,
				   &capacity);
		if (code)
			error_errno(err, code, "%s: its variables in %s", bpf_object__name(object),
				    name);
	}
	if (code) {
		free(*out);
		*out = NULL;
		*count = 0;
	}
	return code;
}

const uint8_t *variable_value(const struct variable *variable)
{
	size_t size;
	const uint8_t *values = bpf_map__initial_value(variable->map, &size);

	return values + variable->offset;
}

int variable_write(const struct variable *variable, const void *value, struct error *err)
{
	struct buffer values = { 0 };
	size_t size = 0;
	const void *initial = bpf_map__initial_value(variable->map, &size);
	int code = buffer_append(&values, initial, size);

	if (!code) {
		memcpy(values.data + variable->offset, value, variable->size);
		code = bpf_map__set_initial_value(variable->map, values.data, size);
	}
	buffer_free(&values);
	return code ? error_errno(err, code, "variable %s", variable->name) : 0;
}

int variable_set(struct bpf_object *object, const char *name, uint64_t value, struct error *err)
{
	struct variable *variables;
	size_t count, i;
	uint8_t bytes[8];
	int code = variables_read(object, &variables, &count, err);

	if (code)
		return code;
	store_le64(bytes, value);
	for (i = 0; i < count && !(variables[i].is_constant &&
				   strcmp(variables[i].name, name) == 0); i++)
		;
	if (i == count)
		code = error_set(err, -ENOENT, "%s: has no constant %s", bpf_object__name(object),
				 name);
	else if (variables[i].size > sizeof(bytes))
		code = error_set(err, -EBADMSG, "%s: constant %s is no number",
				 bpf_object__name(object), name);
	else
		code = variable_write(&variables[i], bytes, err);
	free(variables);
	return code;
}
