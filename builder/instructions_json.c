/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>

#include "builder/routes.h"

enum { INSTRUCTIONS_SCHEMA = 1 };

/* Text of os-release may be no UTF-8, which JSON cannot carry. */
static json_t *text_json(const char *text)
{
	json_t *string = json_string(text);

	return string ? string : json_string("");
}

static json_t *commands_json(const struct routes *routes, const struct recipe_commands *commands)
{
	char text[RECIPE_COMMAND_SIZE + 16];
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < commands->count; i++) {
		route_command(routes, &commands->items[i], text, sizeof(text));
		if (json_array_append_new(list, json_string(text))) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *way_json(const struct routes *routes, const struct route *route)
{
	json_t *steps = json_array();
	size_t i;

	for (i = 0; i < route->count; i++)
		if (json_array_append_new(steps, json_pack("{s:s, s:o}", "what", route->steps[i].what,
				"commands", commands_json(routes, &route->steps[i].commands)))) {
			json_decref(steps);
			return NULL;
		}
	return json_pack("{s:s, s:s, s:o}", "way", route_name(route->kind), "when", route->what, "steps",
			 steps);
}

static json_t *ways_json(const struct routes *routes)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < routes->count; i++)
		if (json_array_append_new(list, way_json(routes, &routes->items[i]))) {
			json_decref(list);
			return NULL;
		}
	return list;
}

/* The recipe as the text that it is. */
static json_t *container_json(const struct instructions_request *request)
{
	struct error err = ERROR_NONE;
	json_t *json = NULL;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (!instructions_write_container(request, out, &err))
		json = json_string(text);
	fclose(out);
	free(text);
	return json;
}

json_t *instructions_json(const struct instructions_request *request, struct error *err)
{
	json_t *document;
	struct routes routes;

	if (routes_find(request, &routes, err))
		return NULL;
	document = json_pack("{s:i, s:s, s:s, s:s, s:{s:o, s:s, s:s, s:s}, s:s, s:o, s:o}",
			     "schema", INSTRUCTIONS_SCHEMA, "app", request->app,
			     "release", request->release, "machine", request->machine,
			     "distribution", "id", text_json(routes.distro.id),
			     "version_id", routes.distro.version_id, "name", routes.distro.name,
			     "known_by", distro_match_name(routes.distro.match),
			     "note", routes.recipe.note, "ways", ways_json(&routes),
			     "containerfile", container_json(request));
	if (!document)
		error_errno(err, -ENOMEM, "instructions");
	return document;
}
