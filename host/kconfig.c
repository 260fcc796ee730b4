/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A configuration in memory: its text, cut into names and values by NULs where they stand, and an
 * index over it that is sorted by name.
 */
#include <errno.h>
#include <stdlib.h>

#include "host/kconfig.h"

#define PREFIX "CONFIG_"
#define NOT_SET " is not set"

/* A configuration of 7.x has 300 kB. */
enum { KCONFIG_MAX_SIZE = 16 * 1024 * 1024 };

/* Offsets into the text. */
struct line {
	uint32_t name, value;
	enum kconfig_state state;
};

struct kconfig {
	struct buffer text;
	struct line *lines;
	size_t count, capacity;
	bool complete;           /* what is not named is not set */
	uint32_t version;        /* where in the text, by its heading; 0: it has none */
};

static const char *text_at(const struct kconfig *kconfig, uint32_t offset)
{
	return (const char *)kconfig->text.data + offset;
}

static bool is_name_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Length of the option's name that text starts with; 0 when it starts with none. */
static size_t name_length(const char *text)
{
	size_t length = strlen(PREFIX);

	if (strncmp(text, PREFIX, length) != 0)
		return 0;
	while (is_name_byte(text[length]))
		length++;
	return length > strlen(PREFIX) ? length : 0;
}

/* Takes off the quotes and backslashes that Kconfig put around a string, in place. */
static void unquote(char *value)
{
	char *out = value;

	for (value++; *value && *value != '"'; value++) {
		if (*value == '\\' && value[1])
			value++;
		*out++ = *value;
	}
	*out = '\0';
}

static enum kconfig_state read_value(char *value)
{
	if (value[0] == '"') {
		unquote(value);
		return KCONFIG_TEXT;
	}
	if (strcmp(value, "y") == 0)
		return KCONFIG_BUILT_IN;
	if (strcmp(value, "m") == 0)
		return KCONFIG_MODULE;
	if (strcmp(value, "n") == 0)
		return KCONFIG_NOT_SET;
	return KCONFIG_NUMBER;
}

static int add_line(struct kconfig *kconfig, const char *name, const char *value,
		    enum kconfig_state state)
{
	int code = array_grow(&kconfig->lines, kconfig->count, &kconfig->capacity);

	if (!code)
		kconfig->lines[kconfig->count++] = (struct line){
			.name = (uint32_t)(name - text_at(kconfig, 0)),
			.value = (uint32_t)(value - text_at(kconfig, 0)),
			.state = state,
		};
	return code;
}

/* "# Linux/x86 6.1.192 Kernel Configuration" */
static void read_heading(struct kconfig *kconfig, char *line)
{
	static const char lead[] = "# Linux/", tail[] = " Kernel Configuration";
	char *end = strstr(line, tail), *version;

	if (strncmp(line, lead, strlen(lead)) != 0 || !end)
		return;
	version = strchr(line + strlen(lead), ' ');
	if (!version || version >= end)
		return;
	*end = '\0';
	kconfig->version = (uint32_t)(version + 1 - text_at(kconfig, 0));
}

/* One line, NUL-terminated, that may be cut to pieces. */
static int read_line(struct kconfig *kconfig, char *line)
{
	bool comment = strncmp(line, "# ", 2) == 0;
	size_t length = strlen(line);
	char *name = line + (comment ? 2 : 0), *end;

	while (length > 0 && (line[length - 1] == '\r' || line[length - 1] == ' '))
		line[--length] = '\0';
	length = name_length(name);
	end = name + length;
	if (length == 0) {
		read_heading(kconfig, line);
		return 0;
	}
	if (comment) {
		if (strcmp(end, NOT_SET) != 0)
			return 0;
		*end = '\0';
		strcpy(end + 1, "n"); /* there was room for more */
		return add_line(kconfig, name, end + 1, KCONFIG_NOT_SET);
	}
	if (*end != '=')
		return 0;
	*end = '\0';
	return add_line(kconfig, name, end + 1, read_value(end + 1));
}

static int read_lines(struct kconfig *kconfig)
{
	char *at = (char *)kconfig->text.data, *end;
	int code = 0;

	for (; !code && *at; at = end) {
		end = strchrnul(at, '\n');
		if (*end)
			*end++ = '\0';
		code = read_line(kconfig, at);
	}
	return code;
}

static int by_name(const void *a, const void *b, void *context)
{
	const struct kconfig *kconfig = context;
	const struct line *x = a, *y = b;
	int order = strcmp(text_at(kconfig, x->name), text_at(kconfig, y->name));

	return order ? order : x->name < y->name ? -1 : x->name > y->name;
}

/* Of several lines for one option the last one counts. */
static void sort(struct kconfig *kconfig)
{
	struct line *lines = kconfig->lines;
	size_t i, kept = 0;

	if (kconfig->count == 0)
		return;
	qsort_r(lines, kconfig->count, sizeof(*lines), by_name, kconfig);
	for (i = 1; i < kconfig->count; i++) {
		if (strcmp(text_at(kconfig, lines[kept].name), text_at(kconfig, lines[i].name)) != 0)
			kept++;
		lines[kept] = lines[i];
	}
	kconfig->count = kept + 1;
}

const char *kconfig_version(const struct kconfig *kconfig)
{
	return kconfig && kconfig->version ? text_at(kconfig, kconfig->version) : "";
}

struct kconfig *kconfig_new(bool complete)
{
	struct kconfig *kconfig = calloc(1, sizeof(*kconfig));

	if (kconfig)
		kconfig->complete = complete;
	return kconfig;
}

void kconfig_free(struct kconfig *kconfig)
{
	if (!kconfig)
		return;
	buffer_free(&kconfig->text);
	free(kconfig->lines);
	free(kconfig);
}

/* Text as it is, or as it was before gzip. */
static int unpack(struct slice text, struct buffer *out)
{
	static const uint8_t gzip[] = { 0x1f, 0x8b };

	if (text.size > KCONFIG_MAX_SIZE)
		return -EFBIG;
	if (text.size >= sizeof(gzip) && memcmp(text.data, gzip, sizeof(gzip)) == 0)
		return kconfig_gunzip(text, KCONFIG_MAX_SIZE, out);
	return text.size ? buffer_append(out, text.data, text.size) : -EBADMSG;
}

int kconfig_parse(struct slice text, struct kconfig **out)
{
	struct kconfig *kconfig = kconfig_new(true);
	int code = -ENOMEM;

	*out = NULL;
	if (kconfig)
		code = unpack(text, &kconfig->text);
	/* Text that has a NUL was damaged: what is behind it would be missed. */
	if (!code && memchr(kconfig->text.data, '\0', kconfig->text.size))
		code = -EBADMSG;
	if (!code)
		code = buffer_append(&kconfig->text, NULL, 1);
	if (!code)
		code = read_lines(kconfig);
	if (!code && kconfig->count == 0)
		code = -EBADMSG;
	if (code) {
		kconfig_free(kconfig);
		return code;
	}
	sort(kconfig);
	*out = kconfig;
	return 0;
}

/* The first line whose name is not below this one. */
static size_t lower_bound(const struct kconfig *kconfig, const char *name)
{
	size_t low = 0, high = kconfig->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(text_at(kconfig, kconfig->lines[middle].name), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct kconfig_option option_of(const struct kconfig *kconfig, const struct line *line)
{
	return (struct kconfig_option){
		.state = line->state,
		.set = line->state == KCONFIG_NOT_SET || line->state == KCONFIG_ABSENT ?
		       probe_no(0) : probe_yes(),
		.value = text_at(kconfig, line->value),
	};
}

struct kconfig_option kconfig_find(const struct kconfig *kconfig, const char *name)
{
	size_t i = kconfig ? lower_bound(kconfig, name) : 0;

	if (kconfig && i < kconfig->count &&
	    strcmp(text_at(kconfig, kconfig->lines[i].name), name) == 0)
		return option_of(kconfig, &kconfig->lines[i]);
	if (!kconfig || !kconfig->complete)
		return (struct kconfig_option){ .state = KCONFIG_UNKNOWN, .value = "" };
	return (struct kconfig_option){
		.state = KCONFIG_ABSENT, .set = probe_no(0), .value = "n",
	};
}

bool kconfig_is_complete(const struct kconfig *kconfig)
{
	return kconfig && kconfig->complete;
}

int kconfig_each(const struct kconfig *kconfig,
		 int (*visit)(const char *name, const struct kconfig_option *option, void *context),
		 void *context)
{
	size_t i;
	int code = 0;

	for (i = 0; kconfig && !code && i < kconfig->count; i++) {
		struct kconfig_option option = option_of(kconfig, &kconfig->lines[i]);

		code = visit(text_at(kconfig, kconfig->lines[i].name), &option, context);
	}
	return code;
}

/* Appends a name and a value that the text then holds; their offsets and state in *line. */
static int append_line(struct kconfig *kconfig, const char *name, const char *value,
		       struct line *line)
{
	size_t size = kconfig->text.size;
	int code;

	if (strlen(name) + strlen(value) + 2 > KCONFIG_MAX_SIZE - size)
		return -EFBIG;
	code = buffer_append(&kconfig->text, name, strlen(name) + 1);
	if (!code)
		code = buffer_append(&kconfig->text, value, strlen(value) + 1);
	if (code)
		return code;
	line->name = (uint32_t)size;
	line->value = (uint32_t)(size + strlen(name) + 1);
	line->state = read_value((char *)kconfig->text.data + line->value);
	return 0;
}

int kconfig_add(struct kconfig *kconfig, const char *name, const char *value)
{
	size_t at = lower_bound(kconfig, name);
	struct line line;
	int code;

	if (name_length(name) != strlen(name) || (value && strchr(value, '\n')))
		return -EBADMSG;
	code = array_grow(&kconfig->lines, kconfig->count, &kconfig->capacity);
	if (!code)
		code = append_line(kconfig, name, value ? value : "n", &line);
	if (code)
		return code;
	if (!value)
		line.state = KCONFIG_ABSENT;
	if (at == kconfig->count ||
	    strcmp(text_at(kconfig, kconfig->lines[at].name), name) != 0) {
		memmove(&kconfig->lines[at + 1], &kconfig->lines[at],
			(kconfig->count - at) * sizeof(line));
		kconfig->count++;
	}
	kconfig->lines[at] = line;
	return 0;
}
