/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>

#include <zlib.h>

#include "host/kconfig.h"
#include "host/root.h"

/* A configuration of 7.x has 300 kB. */
enum { KCONFIG_MAX_SIZE = 16 * 1024 * 1024, GUNZIP_STEP = 64 * 1024 };

/* The places that distributions use; %s is the release. */
static const char *const PLACES[] = {
	"boot/config-%s",
	"usr/lib/modules/%s/config",
	"lib/modules/%s/config",
	"usr/lib/ostree-boot/config-%s",
	"usr/lib/kernel/config-%s",
	"lib/modules/%s/build/.config",
	"usr/src/linux-headers-%s/.config",
	"usr/src/kernels/%s/.config",
	"usr/src/linux-%s/.config",
};

static void set_option(struct kconfig_option *option, struct slice value)
{
	size_t length = value.size;

	while (length > 0 && (value.data[length - 1] == '\r' || value.data[length - 1] == ' '))
		length--;
	if (length >= 2 && value.data[0] == '"' && value.data[length - 1] == '"') {
		value.data++;
		length -= 2;
	}
	if (length >= sizeof(option->value))
		length = sizeof(option->value) - 1;
	memcpy(option->value, value.data, length);
	option->value[length] = '\0';
	option->set.truth = strcmp(option->value, "y") == 0 || strcmp(option->value, "m") == 0 ?
			    TRUTH_YES : TRUTH_NO;
}

static void parse_line(struct slice line, struct kconfig_option *options, size_t count)
{
	size_t i, length;

	/* "# CONFIG_X is not set" says what leaving it out would say. */
	if (line.size == 0 || line.data[0] == '#')
		return;
	for (i = 0; i < count; i++) {
		length = strlen(options[i].name);
		if (line.size > length && line.data[length] == '=' &&
		    memcmp(line.data, options[i].name, length) == 0) {
			set_option(&options[i],
				   slice_of(line.data + length + 1, line.size - length - 1));
			return;
		}
	}
}

void kconfig_parse(struct slice text, struct kconfig_option *options, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		options[i].set = (struct probe){ .truth = TRUTH_NO };
		strcpy(options[i].value, "n");
	}
	while (text.size > 0) {
		const uint8_t *end = memchr(text.data, '\n', text.size);
		size_t length = end ? (size_t)(end - text.data) : text.size;

		parse_line(slice_of(text.data, length), options, count);
		length += end ? 1 : 0;
		text = slice_of(text.data + length, text.size - length);
	}
}

int kconfig_gunzip(struct slice packed, size_t max_size, struct buffer *out)
{
	size_t start = out->size;
	z_stream z = { 0 };
	int code = 0, state = Z_OK;

	if (packed.size > UINT32_MAX)
		return -EFBIG;
	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK) /* 16: a gzip header, nothing else */
		return -ENOMEM;
	z.next_in = (Bytef *)(uintptr_t)packed.data;
	z.avail_in = (uInt)packed.size;
	while (!code && state != Z_STREAM_END) {
		code = buffer_reserve(out, GUNZIP_STEP);
		if (code)
			break;
		z.next_out = out->data + out->size;
		z.avail_out = GUNZIP_STEP;
		state = inflate(&z, Z_NO_FLUSH);
		if (state != Z_OK && state != Z_STREAM_END)
			code = state == Z_MEM_ERROR ? -ENOMEM : -EBADMSG;
		out->size += GUNZIP_STEP - z.avail_out;
		if (!code && out->size - start > max_size)
			code = -EFBIG;
	}
	inflateEnd(&z);
	if (code)
		out->size = start;
	return code;
}

static int read_packed(int root_fd, const char *path, struct buffer *text)
{
	struct buffer packed = { 0 };
	int code = root_read(root_fd, path, KCONFIG_MAX_SIZE, &packed);

	if (!code)
		code = kconfig_gunzip(buffer_slice(&packed), KCONFIG_MAX_SIZE, text);
	buffer_free(&packed);
	return code;
}

int kconfig_read(int root_fd, const char *release, bool running, char *path, size_t path_size,
		 struct buffer *text)
{
	int code = -ENOENT, worst;
	size_t i;

	if (running) {
		code = read_packed(root_fd, "proc/config.gz", text);
		if (!code)
			snprintf(path, path_size, "/proc/config.gz");
	}
	worst = code;
	for (i = 0; code && i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
		char place[256];

		place[0] = '/';
		snprintf(place + 1, sizeof(place) - 1, PLACES[i], release);
		code = root_read(root_fd, place + 1, KCONFIG_MAX_SIZE, text);
		if (!code)
			snprintf(path, path_size, "%s", place);
		else if (code != -ENOENT && worst == -ENOENT)
			worst = code;
	}
	return code ? worst : 0;
}
