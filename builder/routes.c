/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "builder/routes.h"

enum { COMMAND_MAX = 256 };

const char *route_name(enum route_kind kind)
{
	static const char *const NAMES[] = {
		[ROUTE_HEADERS] = "headers", [ROUTE_SOURCE] = "source", [ROUTE_CONTAINER] = "container",
		[ROUTE_ARCHIVE] = "archive", [ROUTE_DEBUG] = "debug-information",
	};

	return NAMES[kind];
}

bool container_takes_headers(const struct recipe *recipe)
{
	return !recipe->image[0] || !recipe->compiler;
}

void route_command(const struct routes *routes, const struct recipe_command *command, char *out,
		 size_t size)
{
	bool become = command->as_root && !routes->request->is_root;

	snprintf(out, size, "%s%s%s", become ? routes->recipe.become_root : "", become ? " " : "",
		 command->text);
}

static struct route *add_route(struct routes *routes, enum route_kind kind, const char *what)
{
	struct route *route = &routes->items[routes->count++];

	route->kind = kind;
	snprintf(route->what, sizeof(route->what), "%s", what);
	return route;
}

static struct step *add_step(struct route *route, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static struct step *add_step(struct route *route, const char *format, ...)
{
	struct step *step = &route->steps[route->count++];
	va_list args;

	va_start(args, format);
	vsnprintf(step->what, sizeof(step->what), format, args);
	va_end(args);
	return step;
}

static void add_finish(const struct routes *routes, struct route *route)
{
	struct step *step = add_step(route, "BTF from that, or an object for this kernel alone; it is "
				     "checked, and installed.");

	recipe_command(&step->commands, true, "%s", routes->finish);
}

static void find_headers(struct routes *routes)
{
	const struct recipe *recipe = &routes->recipe;
	struct route *route = add_route(routes, ROUTE_HEADERS, "");
	struct step *step = add_step(route, "The headers of exactly this kernel, and a compiler.");

	if (recipe->refresh)
		recipe_command(&step->commands, true, "%s", recipe->refresh);
	recipe_command(&step->commands, true, "%s %s %s", recipe->install, recipe->headers,
		       recipe->compiler);
	add_finish(routes, route);
}

static void find_source(struct routes *routes)
{
	const struct instructions_request *request = routes->request;
	struct route *route = add_route(routes, ROUTE_SOURCE, "");
	struct step *step;

	step = add_step(route, "In that source tree, its configuration as .config, with make, gcc, flex, "
			"bison, bc, clang and llvm installed. The tree must call itself %s.",
			request->release);
	recipe_command(&step->commands, false, "make olddefconfig prepare modules_prepare");
	recipe_command(&step->commands, false, "test \"$(make -s kernelrelease)\" = %s",
		       request->release);
	step = add_step(route, "BTF from that, or an object for this kernel alone; it is checked, and "
			"installed.");
	recipe_command(&step->commands, true, "%s build --kernel %s --headers \"$PWD\"",
		       request->command, request->release);
}

static void find_container(struct routes *routes, const char *why)
{
	const struct instructions_request *request = routes->request;
	const struct recipe *recipe = &routes->recipe;
	bool carried = container_takes_headers(recipe) && recipe->headers[0];
	struct route *route = add_route(routes, ROUTE_CONTAINER, why);
	struct step *step;

	step = add_step(route, "What another machine needs%s. Take it there with %s's .run.",
			carried ? ": the recipe, and the headers of exactly this kernel" :
				  ": the recipe", request->app);
	recipe_command(&step->commands, false, "%s build --print --container%s%s >Containerfile",
		       request->command, request->is_running ? "" : " --kernel ",
		       request->is_running ? "" : request->release);
	if (carried && !request->is_image) {
		if (recipe->refresh)
			recipe_command(&step->commands, true, "%s", recipe->refresh);
		recipe_command(&step->commands, true, "%s %s", recipe->install, recipe->headers);
		recipe_command(&step->commands, false, "tar -czf headers.tar.gz -C / %s",
			       recipe->carried);
	}
	add_step(route, "There, as the head of the recipe says. It gives %s-%s.bpf.o, which you bring "
		 "back: `%s install --object %s-%s.bpf.o` finishes.", request->app, request->release,
		 request->command, request->app, request->release);
}

static void find_archive(struct routes *routes)
{
	const struct recipe *recipe = &routes->recipe;
	struct route *route;
	struct step *step;

	if (!recipe->gone[0])
		return;
	route = add_route(routes, ROUTE_ARCHIVE, "Where that package is not found:");
	step = add_step(route, "%s", recipe->gone);
	step->commands = recipe->gone_commands;
	if (routes->items[0].kind == ROUTE_HEADERS && recipe->gone_commands.count)
		add_finish(routes, route);
}

static void find_debug(struct routes *routes)
{
	struct route *route;
	struct step *step;

	if (!routes->recipe.debug_commands.count || routes->request->is_image)
		return;
	route = add_route(routes, ROUTE_DEBUG, "Or from the kernel's debug information:");
	step = add_step(route, "%s", routes->recipe.debug);
	step->commands = routes->recipe.debug_commands;
	add_finish(routes, route);
}

static int check_name(const char *what, const char *name, struct error *err)
{
	if (*name && strlen(name) <= RECIPE_NAME_MAX && recipe_is_plain(name))
		return 0;
	return error_set(err, -EINVAL, "%s \"%.80s\": no command can hold such a name", what, name);
}

static int check_names(const struct instructions_request *request, struct error *err)
{
	int code = check_name("kernel", request->release, err);

	if (!code)
		code = check_name("application", request->app, err);
	if (!code && strlen(request->command) > COMMAND_MAX)
		code = error_set(err, -EINVAL, "%.80s...: too long for a command that is to be typed",
				 request->command);
	return code ? code : check_name("machine", request->machine, err);
}

int routes_find(const struct instructions_request *request, struct routes *routes,
		struct error *err)
{
	struct recipe *recipe = &routes->recipe;
	struct recipe_subject subject;
	int code = check_names(request, err);

	*routes = (struct routes){ .request = request, .recipe = { .become_root = "sudo" } };
	if (code)
		return code;
	snprintf(routes->finish, sizeof(routes->finish), "%s build%s%s", request->command,
		 request->is_running ? "" : " --kernel ", request->is_running ? "" : request->release);
	routes->distro = distro_choose(request->os, request->release, request->build);
	subject = (struct recipe_subject){
		.release = request->release, .build = request->build, .machine = request->machine,
		.id = routes->distro.id, .version_id = routes->distro.version_id,
	};
	routes->distro.make(&subject, recipe);

	if (!recipe->headers[0])
		find_source(routes);
	else if (request->is_image)
		find_container(routes, "No package can be installed on this system.");
	else if (recipe->compiler)
		find_headers(routes);
	else
		find_container(routes, "The compilers of this distribution are older than clang 10, which "
			       "BPF needs.");
	find_archive(routes);
	find_debug(routes);
	if (routes->items[0].kind == ROUTE_HEADERS)
		find_container(routes, "Where no compiler may be on this host:");
	return 0;
}
