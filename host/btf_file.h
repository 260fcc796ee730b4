/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel's BTF in a file, as libbpf takes it: raw, or section .BTF of an ELF file. */
#ifndef HOST_BTF_FILE_H
#define HOST_BTF_FILE_H

#include "lib/array.h"
#include "lib/error.h"

/*
 * Appends the BTF in path (relative to dir_fd) to *out, after it was parsed once.  -EBADMSG:
 * neither BTF nor an ELF file with BTF, or damaged; -ENOTSUP: of a kind that this program does
 * not know.
 */
int btf_file_read(int dir_fd, const char *path, struct buffer *out, struct error *err);

/* The same from the bytes of such a file, which are at hand; name is for messages. */
int btf_file_parse(struct slice file, const char *name, struct buffer *out, struct error *err);

/* The same below a root (host/root.h), whose links stay within it; path without leading slash. */
int btf_file_read_below(int root_fd, const char *path, struct buffer *out, struct error *err);

#endif
