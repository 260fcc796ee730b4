/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>

#include <linux/btf.h>

#include "payload/btf_model.h"

enum { KIND_ENUM64 = 19 }; /* since 6.0; headers of a build host may be older */

void btf_model_free(struct btf_model *model)
{
	free(model->types);
	free(model->parts);
	*model = (struct btf_model){ 0 };
}

int btf_model_add_type(struct btf_model *model, const struct btf_type_model *type)
{
	int code = array_grow(&model->types, model->type_count, &model->type_capacity);

	if (!code)
		model->types[model->type_count++] = *type;
	return code;
}

int btf_model_add_part(struct btf_model *model, const struct btf_part *part)
{
	int code = array_grow(&model->parts, model->part_count, &model->part_capacity);

	if (!code)
		model->parts[model->part_count++] = *part;
	return code;
}

bool btf_kind_is_coded(uint32_t kind)
{
	return (kind >= BTF_KIND_INT && kind <= BTF_KIND_TYPEDEF) || kind == BTF_KIND_FUNC_PROTO ||
	       kind == BTF_KIND_FLOAT || kind == KIND_ENUM64;
}

bool btf_kind_is_edited(uint32_t kind)
{
	return kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION || kind == BTF_KIND_ENUM ||
	       kind == KIND_ENUM64;
}

bool btf_kind_has_parts(uint32_t kind)
{
	return btf_kind_is_edited(kind) || kind == BTF_KIND_FUNC_PROTO;
}

bool btf_kind_part_has_type(uint32_t kind)
{
	return kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION || kind == BTF_KIND_FUNC_PROTO;
}

bool btf_kind_value_is_type(uint32_t kind)
{
	return kind == BTF_KIND_PTR || kind == BTF_KIND_TYPEDEF || kind == BTF_KIND_FUNC_PROTO;
}

bool btf_part_value_fits(uint32_t kind, uint64_t value)
{
	if (kind == BTF_KIND_FUNC_PROTO)
		return value == 0;
	if (kind == BTF_KIND_ENUM)
		return value == (uint64_t)(int64_t)(int32_t)value;
	return kind == KIND_ENUM64 || value <= UINT32_MAX;
}

bool btf_model_is_closed(const struct btf_model *model)
{
	size_t i, p;

	for (i = 0; i < model->type_count; i++) {
		const struct btf_type_model *type = &model->types[i];

		if (btf_kind_value_is_type(type->kind) && type->value > model->type_count)
			return false;
		if (type->kind == BTF_KIND_ARRAY &&
		    (type->extra[0] > model->type_count || type->extra[1] > model->type_count))
			return false;
		for (p = 0; btf_kind_part_has_type(type->kind) && p < type->vlen; p++)
			if (model->parts[type->first_part + p].type > model->type_count)
				return false;
	}
	return true;
}
