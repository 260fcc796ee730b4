/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files below a directory that stands for "/".  A host's own root may be mounted somewhere else
 * (in a container: /host), and its symbolic links are meant from there: /etc/os-release may point
 * to an absolute path.  Names are given without the leading slash.
 */
#ifndef HOST_ROOT_H
#define HOST_ROOT_H

#include "lib/array.h"
#include "lib/error.h"

/* Opens the directory, NULL for "/"; a descriptor or a negative errno. */
int root_open(const char *root, struct error *err);

/* Opens a file for reading; links stay within the root. */
int root_open_file(int root_fd, const char *path);

/* Appends a whole file to *out; 0 or a negative errno (-EFBIG above max_size). */
int root_read(int root_fd, const char *path, size_t max_size, struct buffer *out);

/*
 * What a symbolic link says, NUL-terminated; links on the way stay within the root.  -EINVAL: it is
 * none; -ENAMETOOLONG.
 */
int root_readlink(int root_fd, const char *path, char *out, size_t size);

/* 0 when path is there, whatever it is; else a negative errno. */
int root_find(int root_fd, const char *path);

#endif
