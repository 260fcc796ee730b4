/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "builder/routes.h"

enum { LINE_WIDTH = 96 };

/*
 * Writes text as lines that begin with lead, broken between words.  Some of it is another's words:
 * no control character of it may end the comment.
 */
static void write_comment(FILE *out, const char *lead, const char *text)
{
	size_t room = LINE_WIDTH - strlen(lead), length, used = 0, i;

	while (*text) {
		length = strcspn(text, " ");
		if (used && used + 1 + length > room) {
			fputc('\n', out);
			used = 0;
		}
		fputs(used ? " " : lead, out);
		for (i = 0; i < length; i++)
			fputc((unsigned char)text[i] < ' ' || text[i] == 0x7f ? '?' : text[i], out);
		used += length + (used ? 1 : 0);
		text += length + (text[length] == ' ');
	}
	fputc('\n', out);
}

static void write_commands(const struct routes *routes, const struct recipe_commands *commands,
			   const char *lead, FILE *out)
{
	char text[RECIPE_COMMAND_SIZE + 16];
	size_t i;

	for (i = 0; i < commands->count; i++) {
		route_command(routes, &commands->items[i], text, sizeof(text));
		fprintf(out, "%s%s\n", lead, text);
	}
}

static void write_head(const struct routes *routes, FILE *out)
{
	const struct instructions_request *request = routes->request;
	const char *pretty = request->os->pretty_name[0] ? request->os->pretty_name :
			     request->os->id[0] ? request->os->id : "no os-release";
	char text[1024] = "";

	snprintf(text, sizeof(text), "%s on kernel %s (%s): what to type, or to paste.", request->app,
		 request->release, request->machine);
	write_comment(out, "# ", text);
	if (routes->distro.match == MATCH_ID)
		snprintf(text, sizeof(text), "Distribution: %s.", pretty);
	else if (routes->distro.match == MATCH_ID_LIKE)
		snprintf(text, sizeof(text), "Distribution: %s, by its ID_LIKE like %s.", pretty,
			 routes->distro.name);
	else if (routes->distro.match == MATCH_KERNEL)
		snprintf(text, sizeof(text),
			 "Distribution: the kernel says that it is of %s, os-release says %s. Where that "
			 "is a container's, type this on the host.", routes->distro.name, pretty);
	else
		snprintf(text, sizeof(text), "Distribution: not known (%s).", pretty);
	write_comment(out, "# ", text);
	if (routes->recipe.note[0])
		write_comment(out, "# ", routes->recipe.note);
}

/* The first way is there to be run, all others to be read. */
static void write_first(const struct routes *routes, FILE *out)
{
	const struct route *route = &routes->items[0];
	char text[640];
	size_t i;

	if (route->what[0])
		write_comment(out, "# ", route->what);
	for (i = 0; i < route->count; i++) {
		snprintf(text, sizeof(text), "%zu. %s", i + 1, route->steps[i].what);
		fputc('\n', out);
		write_comment(out, "# ", text);
		write_commands(routes, &route->steps[i].commands, "", out);
	}
}

static void write_other(const struct routes *routes, const struct route *route, FILE *out)
{
	size_t i;

	fputc('\n', out);
	write_comment(out, "# ", route->what);
	for (i = 0; i < route->count; i++) {
		/* How it ends was said with the first route. */
		if (i == 0 || !route->steps[i].commands.count)
			write_comment(out, "# ", route->steps[i].what);
		write_commands(routes, &route->steps[i].commands, "#     ", out);
	}
}

static int finish_writing(FILE *out, struct error *err)
{
	return fflush(out) || ferror(out) ? error_errno(err, -EIO, "instructions") : 0;
}

int instructions_write(const struct instructions_request *request, FILE *out, struct error *err)
{
	struct routes routes;
	int code = routes_find(request, &routes, err);
	size_t i;

	if (code)
		return code;
	write_head(&routes, out);
	write_first(&routes, out);
	for (i = 1; i < routes.count; i++)
		write_other(&routes, &routes.items[i], out);
	return finish_writing(out, err);
}
