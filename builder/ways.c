/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "builder/ways.h"

enum { COMMAND_MAX = 256 };

const char *way_name(enum way_kind kind)
{
	static const char *const NAMES[] = {
		[WAY_HEADERS] = "headers", [WAY_SOURCE] = "source", [WAY_CONTAINER] = "container",
		[WAY_ARCHIVE] = "archive", [WAY_DEBUG] = "debug-information",
	};

	return NAMES[kind];
}

bool container_takes_headers(const struct recipe *recipe)
{
	return !recipe->image[0] || !recipe->compiler;
}

void way_command(const struct ways *ways, const struct recipe_command *command, char *out,
		 size_t size)
{
	bool become = command->as_root && !ways->request->is_root;

	snprintf(out, size, "%s%s%s", become ? ways->recipe.become_root : "", become ? " " : "",
		 command->text);
}

static struct way *add_way(struct ways *ways, enum way_kind kind, const char *what)
{
	struct way *way = &ways->items[ways->count++];

	way->kind = kind;
	snprintf(way->what, sizeof(way->what), "%s", what);
	return way;
}

static struct step *add_step(struct way *way, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static struct step *add_step(struct way *way, const char *format, ...)
{
	struct step *step = &way->steps[way->count++];
	va_list args;

	va_start(args, format);
	vsnprintf(step->what, sizeof(step->what), format, args);
	va_end(args);
	return step;
}

static void add_finish(const struct ways *ways, struct way *way)
{
	struct step *step = add_step(way, "BTF from that, or an object for this kernel alone; it is "
				     "checked, and installed.");

	recipe_command(&step->commands, true, "%s", ways->finish);
}

static void find_headers(struct ways *ways)
{
	const struct recipe *recipe = &ways->recipe;
	struct way *way = add_way(ways, WAY_HEADERS, "");
	struct step *step = add_step(way, "The headers of exactly this kernel, and a compiler.");

	if (recipe->refresh)
		recipe_command(&step->commands, true, "%s", recipe->refresh);
	recipe_command(&step->commands, true, "%s %s %s", recipe->install, recipe->headers,
		       recipe->compiler);
	add_finish(ways, way);
}

static void find_source(struct ways *ways)
{
	const struct instructions_request *request = ways->request;
	struct way *way = add_way(ways, WAY_SOURCE, "");
	struct step *step;

	step = add_step(way, "In that source tree, its configuration as .config, with make, gcc, flex, "
			"bison, bc, clang and llvm installed. The tree must call itself %s.",
			request->release);
	recipe_command(&step->commands, false, "make olddefconfig prepare modules_prepare");
	recipe_command(&step->commands, false, "test \"$(make -s kernelrelease)\" = %s",
		       request->release);
	step = add_step(way, "BTF from that, or an object for this kernel alone; it is checked, and "
			"installed.");
	recipe_command(&step->commands, true, "%s build --kernel %s --headers \"$PWD\"",
		       request->command, request->release);
}

static void find_container(struct ways *ways, const char *why)
{
	const struct instructions_request *request = ways->request;
	const struct recipe *recipe = &ways->recipe;
	bool carried = container_takes_headers(recipe) && recipe->headers[0];
	struct way *way = add_way(ways, WAY_CONTAINER, why);
	struct step *step;

	step = add_step(way, "What another machine needs%s. Take it there with %s's .run.",
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
	add_step(way, "There, as the head of the recipe says. It gives %s-%s.bpf.o, which you bring "
		 "back: `%s install --object %s-%s.bpf.o` finishes.", request->app, request->release,
		 request->command, request->app, request->release);
}

static void find_archive(struct ways *ways)
{
	const struct recipe *recipe = &ways->recipe;
	struct way *way;
	struct step *step;

	if (!recipe->gone[0])
		return;
	way = add_way(ways, WAY_ARCHIVE, "Where that package is not found:");
	step = add_step(way, "%s", recipe->gone);
	step->commands = recipe->gone_commands;
	if (ways->items[0].kind == WAY_HEADERS && recipe->gone_commands.count)
		add_finish(ways, way);
}

static void find_debug(struct ways *ways)
{
	struct way *way;
	struct step *step;

	if (!ways->recipe.debug_commands.count || ways->request->is_image)
		return;
	way = add_way(ways, WAY_DEBUG, "Or from the kernel's debug information:");
	step = add_step(way, "%s", ways->recipe.debug);
	step->commands = ways->recipe.debug_commands;
	add_finish(ways, way);
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

int ways_find(const struct instructions_request *request, struct ways *ways, struct error *err)
{
	struct recipe *recipe = &ways->recipe;
	struct recipe_subject subject;
	int code = check_names(request, err);

	*ways = (struct ways){ .request = request, .recipe = { .become_root = "sudo" } };
	if (code)
		return code;
	snprintf(ways->finish, sizeof(ways->finish), "%s build%s%s", request->command,
		 request->is_running ? "" : " --kernel ", request->is_running ? "" : request->release);
	ways->distro = distro_choose(request->os, request->release, request->build);
	subject = (struct recipe_subject){
		.release = request->release, .build = request->build, .machine = request->machine,
		.id = ways->distro.id, .version_id = ways->distro.version_id,
	};
	ways->distro.make(&subject, recipe);

	if (!recipe->headers[0])
		find_source(ways);
	else if (request->is_image)
		find_container(ways, "No package can be installed on this system.");
	else if (recipe->compiler)
		find_headers(ways);
	else
		find_container(ways, "The compilers of this distribution are older than clang 10, which "
			       "BPF needs.");
	find_archive(ways);
	find_debug(ways);
	if (ways->items[0].kind == WAY_HEADERS)
		find_container(ways, "Where no compiler may be on this host:");
	return 0;
}
