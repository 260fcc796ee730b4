/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opening what lies below a directory and nothing else: no "..", no absolute path, no symbolic link
 * on the way or at the end.  openat2(2) does it in the kernel (5.6 and later); older kernels, and
 * sandboxes that refuse the call, get a walk with O_NOFOLLOW, component by component.
 */
#ifndef RUNTIME_BENEATH_H
#define RUNTIME_BENEATH_H

#include <stdbool.h>

enum { BENEATH_MAX_PATH = 255 };

/*
 * True for a relative path whose components are plain names: none empty, "." or "..", no control
 * character in any.
 */
bool beneath_is_plain(const char *path);

/*
 * A close-on-exec descriptor, or a negative errno: -EBADMSG for a path that is not plain, -ELOOP or
 * -ENOTDIR where a symbolic link stands in the way.  flags are open(2)'s, without O_CREAT.
 */
int beneath_open(int dir_fd, const char *path, int flags);

/* The walk alone, whatever the kernel can do. */
int beneath_walk(int dir_fd, const char *path, int flags);

#endif
