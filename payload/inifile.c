/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include <ini.h>

#include "payload/inifile.h"

int inifile_refuse(struct inifile *file, const char *format, ...)
{
	char reason[512];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	return error_set(file->err, -EBADMSG, "%s: line %u: %s", file->path, file->line, reason);
}

/* " # ..." at the end of a line is a comment here too, as " ; ..." is for libinih. */
static void cut_comment(char *line)
{
	char *at;

	for (at = strchr(line, '#'); at; at = strchr(at + 1, '#')) {
		if (at > line && (at[-1] == ' ' || at[-1] == '\t')) {
			*at = '\0';
			return;
		}
	}
}

static bool has_control_character(struct slice line)
{
	size_t i;

	for (i = 0; i < line.size; i++)
		if ((line.data[i] < 0x20 && line.data[i] != '\t') || line.data[i] == 0x7f)
			return true;
	return false;
}

/* line begins with '['; whatever is wrong with its form libinih reports. */
static int begin_section(struct inifile *file, const char *line)
{
	size_t length = strcspn(line + 1, "]");

	memcpy(file->section, line + 1, length);
	file->section[length] = '\0';
	return file->on_section(file, file->section);
}

static struct slice cut_line(struct inifile *file)
{
	struct slice line = file->rest;
	const uint8_t *end = memchr(line.data, '\n', line.size);
	size_t used = line.size;

	if (end) {
		line.size = (size_t)(end - line.data);
		used = line.size + 1;
	}
	file->rest = slice_of(file->rest.data + used, file->rest.size - used);
	if (line.size > 0 && line.data[line.size - 1] == '\r')
		line.size--;
	return line;
}

static int take_line(struct inifile *file, char *text, size_t room)
{
	struct slice line = cut_line(file);

	file->line++;
	if (line.size >= room || line.size > INIFILE_MAX_LINE)
		return inifile_refuse(file, "is longer than %d bytes; source may continue on "
				      "indented lines", INIFILE_MAX_LINE);
	if (has_control_character(line))
		return inifile_refuse(file, "has a control character");
	memcpy(text, line.data, line.size);
	text[line.size] = '\0';
	cut_comment(text);
	file->is_continuation = text[0] == ' ' || text[0] == '\t';
	if (file->is_continuation && text[strspn(text, " \t")] == '[')
		return inifile_refuse(file, "a section begins at the start of its line");
	return text[0] == '[' ? begin_section(file, text) : 0;
}

/* fgets(3) for libinih; NULL at the end and after the first error. */
static char *next_line(char *text, int room, void *user)
{
	struct inifile *file = user;

	if (file->code || file->rest.size == 0)
		return NULL;
	file->code = take_line(file, text, (size_t)room);
	return file->code ? NULL : text;
}

/* libinih's section may be a shortened one; begin_section() kept the whole. */
static int handle_key(void *user, const char *section, const char *key, const char *value)
{
	struct inifile *file = user;

	(void)section;
	if (!file->code)
		file->code = file->section[0] ? file->on_key(file, key, value)
			: inifile_refuse(file, "key \"%s\" stands before the first section", key);
	return file->code == 0;
}

int inifile_parse(struct inifile *file, struct slice text, struct error *err)
{
	int line;

	file->rest = text;
	file->err = err;
	line = ini_parse_stream(next_line, file, handle_key, file);
	if (file->code || line == 0)
		return file->code;
	if (line < 0)
		return error_errno(err, -ENOMEM, "%s", file->path);
	return error_set(err, -EBADMSG, "%s: line %d: is neither \"key = value\" nor \"[section]\"",
			 file->path, line);
}
