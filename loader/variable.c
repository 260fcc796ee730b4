/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include <bpf/btf.h>

#include "lib/array.h"

#include "loader/variable.h"

#define CONSTANTS ".rodata"

static const struct btf_var_secinfo *find(const struct btf *btf, const char *name)
{
	int32_t id = btf__find_by_name_kind(btf, CONSTANTS, BTF_KIND_DATASEC);
	const struct btf_type *section;
	uint16_t i;

	if (id < 0)
		return NULL;
	section = btf__type_by_id(btf, (uint32_t)id);
	for (i = 0; i < btf_vlen(section); i++) {
		const struct btf_var_secinfo *place = &btf_var_secinfos(section)[i];
		const struct btf_type *variable = btf__type_by_id(btf, place->type);
		const char *its_name = btf__name_by_offset(btf, variable->name_off);

		if (its_name && strcmp(its_name, name) == 0)
			return place;
	}
	return NULL;
}

int variable_set(struct bpf_object *object, const char *name, uint64_t value, struct error *err)
{
	const struct btf *btf = bpf_object__btf(object);
	const struct btf_var_secinfo *place = btf ? find(btf, name) : NULL;
	struct bpf_map *map = bpf_object__find_map_by_name(object, CONSTANTS);
	struct buffer constants = { 0 };
	const void *initial = NULL;
	uint8_t bytes[8];
	size_t size = 0;
	int code;

	if (map)
		initial = bpf_map__initial_value(map, &size);
	if (!place || !initial)
		return error_set(err, -ENOENT, "%s: has no constant %s", bpf_object__name(object),
				 name);
	if (place->size > sizeof(bytes) || !range_fits(size, place->offset, place->size))
		return error_set(err, -EBADMSG, "%s: constant %s does not lie within " CONSTANTS,
				 bpf_object__name(object), name);
	store_le64(bytes, value);
	code = buffer_append(&constants, initial, size);
	if (!code) {
		memcpy(constants.data + place->offset, bytes, place->size);
		code = bpf_map__set_initial_value(map, constants.data, size);
	}
	buffer_free(&constants);
	return code ? error_errno(err, code, "%s: constant %s", bpf_object__name(object), name) : 0;
}
