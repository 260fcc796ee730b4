/* SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "payload/names.h"

#include "host/kernel_image.h"
#include "host/root.h"

/*
 * The x86 boot protocol: a field of the header, counted from 0x200, says where in the setup code
 * the text is "RELEASE (user@host) BUILD".
 */
enum {
	MAGIC = 0x202,           /* "HdrS" */
	TEXT_OFFSET = 0x20e,
	HEADER_END = 0x210,
	TEXT_BASE = 0x200,
	SETUP_MAX_SIZE = 64 * 512,
};

/* The start of the file; the rest of it is the kernel, packed. */
static size_t read_setup(const char *root, const char *path, uint8_t out[static SETUP_MAX_SIZE])
{
	int root_fd = root_open(root, NULL), fd;
	size_t size = 0;
	ssize_t got = 0;

	if (root_fd < 0)
		return 0;
	fd = root_open_file(root_fd, path + strspn(path, "/"));
	close(root_fd);
	if (fd < 0)
		return 0;
	while (size < SETUP_MAX_SIZE && (got = read(fd, out + size, SETUP_MAX_SIZE - size)) > 0)
		size += (size_t)got;
	close(fd);
	return size;
}

void kernel_image_build_in(struct slice setup, const char *release, char build[KERNEL_BUILD_SIZE])
{
	const size_t length = strlen(release);
	const char *text, *end, *at;
	size_t offset;

	build[0] = '\0';
	if (setup.size < HEADER_END || memcmp(setup.data + MAGIC, "HdrS", 4) != 0)
		return;
	offset = TEXT_BASE + (size_t)load_le16(setup.data + TEXT_OFFSET);
	if (offset >= setup.size)
		return;
	text = (const char *)setup.data + offset;
	end = memchr(text, '\0', setup.size - offset);
	if (!end || strncmp(text, release, length) != 0 || strncmp(text + length, " (", 2) != 0)
		return;
	at = strstr(text, ") #");
	/* One without its number is a name that the build was not given in the end. */
	if (!at || at[3] < '0' || at[3] > '9')
		return;
	at += 2;
	if (strlen(at) < KERNEL_BUILD_SIZE && name_is_build(at))
		snprintf(build, KERNEL_BUILD_SIZE, "%s", at);
}

void kernel_image_build(const char *root, const char *path, const char *release,
			char build[KERNEL_BUILD_SIZE])
{
	uint8_t setup[SETUP_MAX_SIZE];
	size_t size = read_setup(root, path, setup);

	kernel_image_build_in(slice_of(setup, size), release, build);
}
