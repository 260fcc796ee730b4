/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stddef.h>

#include "lib/file.h"

#include "host/os_release.h"
#include "host/root.h"

enum { OS_RELEASE_MAX_SIZE = 64 * 1024 };

static const struct {
	const char *name;
	size_t offset, size;
} KEYS[] = {
	{ "ID", offsetof(struct os_release, id), sizeof(((struct os_release *)0)->id) },
	{ "VERSION_ID", offsetof(struct os_release, version_id),
	  sizeof(((struct os_release *)0)->version_id) },
	{ "ID_LIKE", offsetof(struct os_release, id_like),
	  sizeof(((struct os_release *)0)->id_like) },
	{ "PRETTY_NAME", offsetof(struct os_release, pretty_name),
	  sizeof(((struct os_release *)0)->pretty_name) },
};

/*
 * Resolves quotes and backslashes as a shell would; false when the value is malformed or too
 * long.
 */
static bool unquote(struct slice value, char *out, size_t size)
{
	size_t i, used = 0;
	char quote = '\0';

	for (i = 0; i < value.size; i++) {
		char c = (char)value.data[i];

		if (quote ? c == quote : (c == '"' || c == '\'')) {
			quote = (char)(quote ? '\0' : c);
			continue;
		}
		if (c == '\\' && quote != '\'' && ++i < value.size)
			c = (char)value.data[i];
		else if (!quote && (c == ' ' || c == '\t' || c == '\r'))
			break;
		/* Names end up in paths, messages and terminals: no control characters. */
		if ((unsigned char)c < ' ' || c == 0x7f || used + 1 >= size)
			return false;
		out[used++] = c;
	}
	out[used] = '\0';
	return !quote;
}

static void parse_line(struct slice line, struct os_release *out)
{
	char value[sizeof(out->pretty_name)];
	size_t k, length;

	while (line.size > 0 && (line.data[0] == ' ' || line.data[0] == '\t'))
		line = slice_of(line.data + 1, line.size - 1);
	for (k = 0; k < sizeof(KEYS) / sizeof(KEYS[0]); k++) {
		length = strlen(KEYS[k].name);
		if (line.size <= length || memcmp(line.data, KEYS[k].name, length) != 0 ||
		    line.data[length] != '=')
			continue;
		if (unquote(slice_of(line.data + length + 1, line.size - length - 1), value,
			    KEYS[k].size))
			memcpy((char *)out + KEYS[k].offset, value, strlen(value) + 1);
	}
}

void os_release_parse(struct slice text, struct os_release *out)
{
	*out = (struct os_release){ .id = "" };
	while (text.size > 0) {
		const uint8_t *end = memchr(text.data, '\n', text.size);
		size_t length = end ? (size_t)(end - text.data) : text.size;

		parse_line(slice_of(text.data, length), out);
		length += end ? 1 : 0;
		text = slice_of(text.data + length, text.size - length);
	}
}

int os_release_read(int root_fd, struct os_release *out, struct error *err)
{
	static const char *const PLACES[] = { "etc/os-release", "usr/lib/os-release" };
	struct buffer text = { 0 };
	int code = -ENOENT;
	size_t i;

	*out = (struct os_release){ .id = "" };
	for (i = 0; code == -ENOENT && i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
		code = root_read(root_fd, PLACES[i], OS_RELEASE_MAX_SIZE, &text);
		if (code && code != -ENOENT)
			error_errno(err, code, "/%s", PLACES[i]);
	}
	if (!code)
		os_release_parse(buffer_slice(&text), out);
	buffer_free(&text);
	return code == -ENOENT ? 0 : code;
}

int os_release_read_file(int dir_fd, const char *path, struct os_release *out)
{
	struct buffer text = { 0 };
	int code;

	*out = (struct os_release){ .id = "" };
	code = file_read(dir_fd, path, OS_RELEASE_MAX_SIZE, &text, NULL);
	if (!code)
		os_release_parse(buffer_slice(&text), out);
	buffer_free(&text);
	return code;
}
