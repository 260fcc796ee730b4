/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"

#include "host/detached.h"
#include "host/root.h"
#include "host/tracepoints.h"

int tracefs_open(int root_fd, bool mounts)
{
	static const char *const PLACES[] = { "sys/kernel/tracing", "sys/kernel/debug/tracing" };
	char events[64];
	int code, fd;
	size_t i;

	for (i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
		snprintf(events, sizeof(events), "%s/events", PLACES[i]);
		code = root_find(root_fd, events);
		if (code == 0)
			return root_open_file(root_fd, PLACES[i]);
		if (code != -ENOENT)
			return code;
	}
	if (!mounts)
		return -ENODEV;
	fd = detached_mount("tracefs");
	if (fd >= 0 && root_find(fd, "events")) {
		close(fd); /* there, and empty: tracing was switched off at boot */
		return -ENODEV;
	}
	return fd;
}

struct probe tracepoint_find(int tracefs_fd, const char *category, const char *name)
{
	char path[PATH_MAX];
	int code;

	if (tracefs_fd < 0)
		return probe_unknown(-tracefs_fd);
	if (snprintf(path, sizeof(path), "events/%s/%s/id", category, name) >= (int)sizeof(path))
		return probe_no(ENAMETOOLONG);
	code = root_find(tracefs_fd, path);
	if (code == 0)
		return probe_yes();
	return code == -ENOENT || code == -ENOTDIR ? probe_no(ENOENT) : probe_unknown(-code);
}

/* The end of the last field that a description of an event's record names. */
static uint64_t record_size(const char *format)
{
	unsigned offset, length;
	uint64_t size = 0;

	for (; (format = strstr(format, "offset:")); format++)
		if (sscanf(format, "offset:%u; size:%u;", &offset, &length) == 2 &&
		    (uint64_t)offset + length > size)
			size = (uint64_t)offset + length;
	return size;
}

struct probe tracepoint_holds(int tracefs_fd, const char *category, const char *name, size_t end)
{
	enum { MAX_FORMAT = 64 * 1024 };
	struct buffer text = { 0 };
	struct probe holds;
	char path[PATH_MAX];
	uint64_t size;
	int code;

	if (tracefs_fd < 0)
		return probe_unknown(-tracefs_fd);
	if (snprintf(path, sizeof(path), "events/%s/%s/format", category, name) >= (int)sizeof(path))
		return probe_no(ENAMETOOLONG);
	code = root_read(tracefs_fd, path, MAX_FORMAT, &text);
	if (!code)
		code = buffer_append(&text, "", 1);
	size = code ? 0 : record_size((char *)text.data);
	holds = code || !size ? probe_unknown(code ? -code : EBADMSG) :
		end <= size ? probe_yes() : probe_no(EACCES);
	buffer_free(&text);
	return holds;
}

struct probe tracepoint_find_any(int tracefs_fd, const char *name)
{
	struct probe found = probe_no(ENOENT);
	struct dirent *entry;
	DIR *events;
	int fd;

	if (tracefs_fd < 0)
		return probe_unknown(-tracefs_fd);
	fd = root_open_file(tracefs_fd, "events");
	events = fd < 0 ? NULL : fdopendir(fd);
	if (!events) {
		found = probe_unknown(fd < 0 ? -fd : errno);
		if (fd >= 0)
			close(fd);
		return found;
	}
	while (found.truth == TRUTH_NO && (errno = 0, entry = readdir(events)))
		if (entry->d_name[0] != '.')
			found = tracepoint_find(tracefs_fd, entry->d_name, name);
	if (found.truth == TRUTH_NO && errno)
		found = probe_unknown(errno);
	closedir(events);
	return found;
}
