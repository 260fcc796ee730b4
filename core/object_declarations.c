/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Maps and externs of an object.  libbpf's conventions (bpf_helpers.h): __uint(type, N) declares a
 * member `int (*type)[N]`; __kconfig and __ksym put an extern into a section of that name.
 */
#include <errno.h>
#include <string.h>

#include "lib/array.h"
#include "lib/plain.h"

#include "core/object_parts.h"

struct declarations {
	struct object *object;
	size_t map_capacity, extern_capacity;
};

/* N of `int (*name)[N]`; 0 for a member of another shape. */
static uint32_t declared_number(const struct btf_view *btf, struct btf_info pointer)
{
	struct btf_info array = btf_view_type(btf, btf_view_skip(btf, pointer.size_or_type));

	return array.kind == BTF_KIND_ARRAY ? btf_info_nelems(&array) : 0;
}

/* The size of what `typeof(x) *name` points to. */
static uint32_t declared_size(const struct btf_view *btf, struct btf_info pointer)
{
	int64_t size = btf_view_size(btf, pointer.size_or_type);

	return size > 0 && size <= UINT32_MAX ? (uint32_t)size : 0;
}

static void read_map_member(const struct btf_view *btf, struct btf_member_info member,
			    struct object_map *map)
{
	const char *name = btf_view_string(btf, member.name_off);
	struct btf_info pointer = btf_view_type(btf, btf_view_skip(btf, member.type));

	/* A map of maps or programs: their descriptors. */
	if (strcmp(name, "values") == 0)
		map->value_size = sizeof(uint32_t);
	if (pointer.kind != BTF_KIND_PTR)
		return;
	if (strcmp(name, "type") == 0)
		map->type = declared_number(btf, pointer);
	else if (strcmp(name, "key_size") == 0)
		map->key_size = declared_number(btf, pointer);
	else if (strcmp(name, "key") == 0)
		map->key_size = declared_size(btf, pointer);
	else if (strcmp(name, "value_size") == 0)
		map->value_size = declared_number(btf, pointer);
	else if (strcmp(name, "value") == 0)
		map->value_size = declared_size(btf, pointer);
	else if (strcmp(name, "max_entries") == 0)
		map->max_entries = declared_number(btf, pointer);
	else if (strcmp(name, "map_flags") == 0)
		map->flags = declared_number(btf, pointer);
}

static void read_map(const struct btf_view *btf, uint32_t id, struct object_map *map)
{
	struct btf_info t = btf_view_type(btf, btf_view_skip(btf, id));
	uint32_t i;

	for (i = 0; t.kind == BTF_KIND_STRUCT && i < t.vlen; i++)
		read_map_member(btf, btf_info_member(&t, i), map);
}

static int add_map(struct declarations *d, const struct object_map *map)
{
	struct object *object = d->object;
	int code = array_grow(&object->maps, object->map_count, &d->map_capacity);

	if (!code)
		object->maps[object->map_count++] = *map;
	return code;
}

static int add_extern(struct declarations *d, const struct btf_info *entry, bool kconfig)
{
	struct object *object = d->object;
	const struct btf_view *btf = &object->btf;
	enum object_extern_kind kind;
	struct btf_info type;
	int code;

	if (kconfig) {
		kind = EXTERN_KCONFIG;
	} else if (entry->kind == BTF_KIND_FUNC) {
		kind = EXTERN_KFUNC;
	} else {
		type = btf_view_type(btf, btf_view_skip(btf, entry->size_or_type));
		kind = type.kind == BTF_KIND_UNKN ? EXTERN_KSYM_UNTYPED : EXTERN_KSYM_TYPED;
	}
	code = array_grow(&object->externs, object->extern_count, &d->extern_capacity);
	if (!code)
		object->externs[object->extern_count++] = (struct object_extern){
			.name = btf_view_string(btf, entry->name_off),
			.kind = kind,
		};
	return code;
}

static int read_section(struct declarations *d, const struct btf_info *section)
{
	const struct btf_view *btf = &d->object->btf;
	const char *name = btf_view_string(btf, section->name_off);
	bool maps = strcmp(name, ".maps") == 0;
	bool struct_ops = strncmp(name, ".struct_ops", strlen(".struct_ops")) == 0;
	bool kconfig = strcmp(name, ".kconfig") == 0;
	bool ksyms = strcmp(name, ".ksyms") == 0;
	uint32_t i;
	int code = 0;

	if (!maps && !struct_ops && !kconfig && !ksyms)
		return 0;
	for (i = 0; i < section->vlen && !code; i++) {
		struct btf_info entry = btf_view_type(btf, btf_info_section_entry(section, i));
		struct object_map map = { .name = btf_view_string(btf, entry.name_off) };

		if (!plain_is(map.name))
			return -EBADMSG;
		if (maps)
			read_map(btf, entry.size_or_type, &map);
		else
			map.type = BPF_MAP_TYPE_STRUCT_OPS;
		code = maps || struct_ops ? add_map(d, &map) : add_extern(d, &entry, kconfig);
	}
	return code;
}

/* Whether an extern is weak, and where a map is declared, only the symbol table says. */
static int note_symbol(const struct elf_symbol *symbol, void *context)
{
	struct object *object = context;
	size_t i;

	for (i = 0; symbol->entry.st_shndx != SHN_UNDEF && i < object->map_count; i++)
		if (strcmp(object->maps[i].name, symbol->name) == 0)
			object->maps[i].offset = (uint32_t)symbol->entry.st_value;
	if (symbol->entry.st_shndx != SHN_UNDEF || GELF_ST_BIND(symbol->entry.st_info) != STB_WEAK)
		return 0;
	for (i = 0; i < object->extern_count; i++)
		if (strcmp(object->externs[i].name, symbol->name) == 0)
			object->externs[i].weak = true;
	return 0;
}

int object_read_declarations(struct object *object, const struct elf_image *image,
			     struct error *err)
{
	struct declarations d = { .object = object };
	uint32_t id;
	int code;

	for (id = 1; id < object->btf.type_count; id++) {
		struct btf_info t = btf_view_type(&object->btf, id);

		code = t.kind == BTF_KIND_DATASEC ? read_section(&d, &t) : 0;
		if (code == -EBADMSG)
			return error_set(err, code, "%s: .BTF: the name of a map or an extern has a control "
					 "character", object->name);
		if (code)
			return error_errno(err, code, "%s", object->name);
	}
	return elf_image_symbols(image, note_symbol, object, err);
}
