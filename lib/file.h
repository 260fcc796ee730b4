/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files, read whole and bounded, mapped, or written so that a reader sees the old or the new
 * content and nothing between.  Paths are relative to a directory descriptor (AT_FDCWD for the
 * working directory), so that a test can hand in another root.  Every descriptor is close-on-exec.
 */
#ifndef LIB_FILE_H
#define LIB_FILE_H

#include <sys/types.h>

#include "lib/array.h"
#include "lib/error.h"

/*
 * Appends the whole file to *out.  Works for files without a size (/proc, /sys).  -EFBIG when it
 * holds more than max_size bytes, -EISDIR for a directory; errors name the path.
 */
int file_read(int dir_fd, const char *path, size_t max_size, struct buffer *out, struct error *err);

/* The same from an open descriptor, from where it stands; name is for messages. */
int file_read_fd(int fd, const char *name, size_t max_size, struct buffer *out, struct error *err);

/* A read-only mapping; file_unmap() ends its life, and that of every slice into it. */
struct file_map {
	struct slice bytes;
	void *address;
	size_t length;
};

/* Maps a regular file; an empty one gives an empty slice. */
int file_map(int dir_fd, const char *path, struct file_map *map, struct error *err);
int file_map_fd(int fd, const char *name, struct file_map *map, struct error *err);
void file_unmap(struct file_map *map);

/*
 * What changes files goes on where a signal interrupts it: a descriptor or 0, or a negative errno.
 * Opened is close-on-exec.
 */
int file_open(int dir_fd, const char *path, int flags, mode_t mode);
int file_write_all(int fd, struct slice data); /* also through short writes */
int file_set_mode(int fd, mode_t mode);
int file_sync(int fd);
int file_close(int fd);

/* Makes durable which names a directory has. */
int dir_sync(int dir_fd, const char *path);

/*
 * Publishes data as path with this mode less the umask, whole or not at all: written to a temporary
 * file in the same directory, fsynced, renamed over path, directory fsynced. -EEXIST, -EISDIR:
 * there is something else than a regular file, which stays.
 */
int file_publish(int dir_fd, const char *path, struct slice data, mode_t mode, struct error *err);

/* Makes path and its missing parents; a directory that is there already is fine. */
int dir_make(int dir_fd, const char *path, mode_t mode, struct error *err);

#endif
