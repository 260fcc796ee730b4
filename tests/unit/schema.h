/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * As much of JSON Schema as docs/schema uses, for documents that a test made: types, enum, const,
 * required, properties, additionalProperties, items, $ref within the file.
 */
#ifndef TESTS_UNIT_SCHEMA_H
#define TESTS_UNIT_SCHEMA_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

/* Why a document is not what a schema says: "kernel.jit: ..."; "" when it is. */
struct misfit {
	char text[768];
};

static inline bool schema_fits(const json_t *root, const json_t *schema, json_t *value,
			       const char *path, struct misfit *misfit);

static inline bool schema_misfit(struct misfit *misfit, const char *path, const char *what)
{
	snprintf(misfit->text, sizeof(misfit->text), "%s: %s", path, what);
	return false;
}

static inline bool schema_is_type(const char *type, const json_t *value)
{
	return (strcmp(type, "object") == 0 && json_is_object(value)) ||
	       (strcmp(type, "array") == 0 && json_is_array(value)) ||
	       (strcmp(type, "string") == 0 && json_is_string(value)) ||
	       (strcmp(type, "integer") == 0 && json_is_integer(value)) ||
	       (strcmp(type, "boolean") == 0 && json_is_boolean(value)) ||
	       (strcmp(type, "null") == 0 && json_is_null(value));
}

static inline bool schema_has_type(const json_t *type, const json_t *value)
{
	size_t i;

	if (!type || json_is_string(type))
		return !type || schema_is_type(json_string_value(type), value);
	for (i = 0; i < json_array_size(type); i++)
		if (schema_is_type(json_string_value(json_array_get(type, i)), value))
			return true;
	return false;
}

static inline bool schema_is_listed(const json_t *list, const json_t *value)
{
	size_t i;

	for (i = 0; i < json_array_size(list); i++)
		if (json_equal(json_array_get(list, i), value))
			return true;
	return false;
}

static inline bool schema_fits_object(const json_t *root, const json_t *schema, json_t *value,
				      const char *path, struct misfit *misfit)
{
	const json_t *required = json_object_get(schema, "required");
	const json_t *others = json_object_get(schema, "additionalProperties");
	char below[512];
	const char *key;
	json_t *member;
	size_t i;

	for (i = 0; i < json_array_size(required); i++) {
		key = json_string_value(json_array_get(required, i));
		if (!json_object_get(value, key)) {
			snprintf(below, sizeof(below), "%.200s.%.200s", path, key);
			return schema_misfit(misfit, below, "is required");
		}
	}
	json_object_foreach(value, key, member) {
		const json_t *own = json_object_get(json_object_get(schema, "properties"), key);

		snprintf(below, sizeof(below), "%.200s.%.200s", path, key);
		if (!own && json_is_false(others))
			return schema_misfit(misfit, below, "is not in the schema");
		if (!schema_fits(root, own ? own : others, member, below, misfit))
			return false;
	}
	return true;
}

static inline bool schema_fits(const json_t *root, const json_t *schema, json_t *value,
			       const char *path, struct misfit *misfit)
{
	const char *ref = json_string_value(json_object_get(schema, "$ref"));
	const json_t *list = json_object_get(schema, "enum"), *constant;
	const json_t *items = json_object_get(schema, "items");
	size_t i;

	if (!schema)
		return true;
	if (ref) {
		schema = json_object_get(json_object_get(root, "$defs"), ref + strlen("#/$defs/"));
		return schema ? schema_fits(root, schema, value, path, misfit) :
		       schema_misfit(misfit, path, "the schema refers to nothing");
	}
	constant = json_object_get(schema, "const");
	if ((constant && !json_equal(constant, value)) || (list && !schema_is_listed(list, value)))
		return schema_misfit(misfit, path, "is none of the values");
	if (!schema_has_type(json_object_get(schema, "type"), value))
		return schema_misfit(misfit, path, "is of another type");
	for (i = 0; items && i < json_array_size(value); i++)
		if (!schema_fits(root, items, json_array_get(value, i), path, misfit))
			return false;
	return !json_is_object(value) || schema_fits_object(root, schema, value, path, misfit);
}

/* True when a document is what the schema in a file says; tests run in the tree's top folder. */
static inline bool schema_accepts(const char *file, json_t *document, struct misfit *misfit)
{
	json_error_t error;
	json_t *schema = json_load_file(file, 0, &error);
	bool fits;

	misfit->text[0] = '\0';
	if (!schema)
		return schema_misfit(misfit, file, error.text);
	fits = schema_fits(schema, schema, document, "", misfit);
	json_decref(schema);
	return fits;
}

#endif
