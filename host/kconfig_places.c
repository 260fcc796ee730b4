/* SPDX-License-Identifier: BSD-2-Clause */
/* Where configurations are: reading them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <zlib.h>

#include "lib/file.h"

#include "host/deployments.h"
#include "host/kconfig.h"
#include "host/root.h"

enum { FILE_MAX_SIZE = 16 * 1024 * 1024, GUNZIP_STEP = 64 * 1024, CHECKSUM_DIGITS = 64 };

#define RUNNING "proc/config.gz"
#define OSTREE "usr/lib/ostree-boot"

/* The places that distributions use; %s is the release. */
static const char *const PLACES[] = {
	"boot/config-%s",
	"usr/lib/modules/%s/config",
	"lib/modules/%s/config",
	"usr/lib/kernel/config-%s",
	OSTREE "/config-%s",
	"lib/modules/%s/build/.config",
	"usr/src/linux-headers-%s/.config",
	"usr/src/kernels/%s/.config",
	"usr/src/linux-%s/.config",
};

/* A search that goes on until one can be used. */
struct search {
	int root_fd;
	char *path;              /* what was read, else the first that could not be */
	size_t path_size;
	struct kconfig **out;
	int code;                /* 0 when found */
};

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

static int parse_fd(int fd, const char *path, struct kconfig **out)
{
	struct buffer text = { 0 };
	int code = file_read_fd(fd, path, FILE_MAX_SIZE, &text, NULL);

	if (!code)
		code = kconfig_parse(buffer_slice(&text), out);
	buffer_free(&text);
	return code;
}

/* The first place that is there and could not be read is the one to tell of. */
static void note_failure(struct search *search, const char *place, int code)
{
	if (code == -ENOENT || code == -ENOTDIR || search->code != -ENOENT)
		return;
	search->code = code;
	snprintf(search->path, search->path_size, "/%s", place);
}

/* True when the search is over. */
static bool try_place(struct search *search, const char *place)
{
	int fd = root_open_file(search->root_fd, place), code = fd;

	if (fd >= 0) {
		code = parse_fd(fd, place, search->out);
		close(fd);
	}
	if (code) {
		note_failure(search, place, code);
		return false;
	}
	search->code = 0;
	snprintf(search->path, search->path_size, "/%s", place);
	return true;
}

/* Another tree than the one that runs, with the kernel that boots next. */
struct tree_search {
	struct search *search;
	const char *release;
};

static int try_tree(const char *tree, void *context)
{
	const struct tree_search *in = context;
	char place[PATH_MAX];

	if ((size_t)snprintf(place, sizeof(place), "%s/usr/lib/modules/%s/config", tree,
			     in->release) >= sizeof(place))
		return 0;
	return try_place(in->search, place);
}

static void try_trees(struct search *search, const char *release)
{
	struct tree_search in = { search, release };
	int code = deployments_each(search->root_fd, try_tree, &in);

	if (code < 0)
		note_failure(search, "ostree/deploy", code);
}

/* ostree appends the checksum of the deployment: config-RELEASE-CHECKSUM. */
static bool is_of_deployment(const char *name, const char *release)
{
	static const char lead[] = "config-";
	size_t length = strlen(release);

	if (strncmp(name, lead, strlen(lead)) != 0 ||
	    strncmp(name + strlen(lead), release, length) != 0)
		return false;
	name += strlen(lead) + length;
	return name[0] == '-' && strlen(name + 1) == CHECKSUM_DIGITS &&
	       strspn(name + 1, "0123456789abcdef") == CHECKSUM_DIGITS;
}

static bool try_deployments(struct search *search, const char *release)
{
	int fd = root_open_file(search->root_fd, OSTREE);
	char place[sizeof(OSTREE) + NAME_MAX + 2];
	struct dirent *entry;
	bool found = false;
	DIR *folder;

	folder = fd < 0 ? NULL : fdopendir(fd);
	if (!folder) {
		note_failure(search, OSTREE, fd < 0 ? fd : -errno);
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (!found && (errno = 0, entry = readdir(folder))) {
		if (!is_of_deployment(entry->d_name, release))
			continue;
		snprintf(place, sizeof(place), OSTREE "/%s", entry->d_name);
		found = try_place(search, place);
	}
	if (!found && errno)
		note_failure(search, OSTREE, -errno);
	closedir(folder);
	return found;
}

int kconfig_read(int root_fd, const char *release, bool running, char *path, size_t path_size,
		 struct kconfig **out)
{
	struct search search = {
		.root_fd = root_fd, .path = path, .path_size = path_size, .out = out,
		.code = -ENOENT,
	};
	char place[256];
	size_t i;

	*out = NULL;
	path[0] = '\0';
	if (running && try_place(&search, RUNNING))
		return 0;
	for (i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
		snprintf(place, sizeof(place), PLACES[i], release);
		if (try_place(&search, place))
			return 0;
	}
	if (!try_deployments(&search, release))
		try_trees(&search, release);
	return search.code;
}

int kconfig_read_file(int dir_fd, const char *path, struct kconfig **out)
{
	/* Without O_NONBLOCK, a FIFO would hold the caller for ever. */
	int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), code;

	*out = NULL;
	if (fd < 0)
		return -errno;
	code = parse_fd(fd, path, out);
	close(fd);
	return code;
}
