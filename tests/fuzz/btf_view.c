/* SPDX-License-Identifier: BSD-2-Clause */
/* Opens any bytes as BTF and, where that works, looks at everything that the view hands out. */
#include <stdlib.h>

#include "core/btf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not static: a compiler must take it for read elsewhere. */
extern volatile size_t look;
volatile size_t look;

static size_t read_string(const struct btf_view *view, uint32_t offset)
{
	return strlen(btf_view_string(view, offset));
}

/* Every entry of a type. */
static size_t read_entries(const struct btf_view *view, const struct btf_info *type)
{
	size_t sum = 0;

	/* Others may claim 65,535 entries each, which nobody reads. */
	if (!btf_kind_is_composite(type->kind) && !btf_kind_is_enum(type->kind) &&
	    type->kind != BTF_KIND_FUNC_PROTO)
		return 0;
	for (uint32_t i = 0; i < type->vlen; i++) {
		if (btf_kind_is_composite(type->kind)) {
			struct btf_member_info member = btf_info_member(type, i);
			sum += read_string(view, member.name_off) + member.bit_offset;
			sum += btf_view_type(view, member.type).kind;
		} else if (btf_kind_is_enum(type->kind)) {
			struct btf_enumerator value = btf_info_enumerator(type, i);
			sum += read_string(view, value.name_off) + value.value;
		} else if (type->kind == BTF_KIND_FUNC_PROTO) {
			sum += btf_view_type(view, btf_info_param(type, i)).kind;
		}
	}
	return sum;
}

static size_t read_type(const struct btf_view *view, uint32_t id)
{
	struct btf_info type = btf_view_type(view, id);
	size_t sum = read_string(view, type.name_off) + read_entries(view, &type);

	if (type.kind == BTF_KIND_ARRAY) {
		sum += btf_view_type(view, btf_info_element(&type)).kind;
		sum += btf_info_nelems(&type);
	}
	if (type.kind == BTF_KIND_INT)
		sum += btf_info_int(&type);
	if (btf_view_skip(view, id) >= view->type_count)
		abort();
	return sum + (size_t)btf_view_size(view, id) + strlen(btf_kind_name(type.kind));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct btf_view view;
	struct error err = ERROR_NONE;

	if (btf_view_open(&view, slice_of(data, size), &err)) {
		if (!err.code || !err.text[0])
			abort(); /* an error without a sentence */
		return 0;
	}
	for (uint32_t id = 0; id < view.type_count; id++)
		look = look + read_type(&view, id);
	btf_view_close(&view);
	return 0;
}
