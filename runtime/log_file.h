/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file of lines that others rotate: renamed, removed, or copied and truncated.  It is opened to
 * append, so that a truncated one goes on at its start.
 */
#ifndef RUNTIME_LOG_FILE_H
#define RUNTIME_LOG_FILE_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/error.h"

/*
 * How it is opened, then and after each rotation; the filter of system calls takes nothing else.
 * Readable, too: for its last byte.  Non-blocking, so that a FIFO in its place cannot hold us.
 */
enum {
	LOG_FILE_FLAGS = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC,
	LOG_FILE_MODE = 0640,
};

struct log_file {
	const char *path;
	int fd;
	bool is_device;              /* nobody rotates it */
	bool ends_torn;              /* the last line that somebody wrote has no end */
	bool was_missing;            /* at the last look */
	dev_t device;
	ino_t inode;
};

/*
 * Opens, or makes with mode 0640; the path must outlive it.  A symbolic link at its end is not
 * followed.  -ENOTSUP: it is no regular file or device; -ELOOP: it is a link.
 */
int log_file_open(const char *path, struct log_file *out, struct error *err);
void log_file_close(struct log_file *file);

/*
 * True when the path leads to another file by now, or the file was removed.  One that is renamed,
 * with none in its place yet, is given until the next look: who rotates may be about to make it.
 */
bool log_file_has_moved(struct log_file *file);

/* True when no name leads to the open file any more: what is written there, nobody will read. */
bool log_file_is_removed(const struct log_file *file);

/* Opens what is at the path now; after a failure, the file that was open still is. */
int log_file_reopen(struct log_file *file, struct error *err);

/* True when this process, as it is now, may make the file again after it was renamed. */
bool log_file_can_be_made(const struct log_file *file);

/* The file's size, or a negative errno. */
off_t log_file_size(const struct log_file *file);

#endif
