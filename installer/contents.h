/* SPDX-License-Identifier: BSD-2-Clause */
/* What a generation is going to hold, complete in memory before the first byte is written. */
#ifndef INSTALLER_CONTENTS_H
#define INSTALLER_CONTENTS_H

#include "lib/array.h"
#include "lib/digest.h"
#include "lib/error.h"

struct content_file {
	char *path;              /* relative to the generation, at most one folder deep */
	struct slice bytes;
	struct buffer own;       /* what bytes points to, unless it was borrowed */
	bool is_mapped;          /* bytes are those of a file, which others may write to */
	struct digest digest;
};

/* All zero is a valid empty one. */
struct contents {
	struct content_file *files;
	size_t count, capacity;
	char **links;            /* paths of symbolic links to the running kernel's own BTF */
	size_t link_count, link_capacity;
};

/* Where those links lead. */
#define CONTENTS_KERNEL_BTF "/sys/kernel/btf/vmlinux"

/*
 * Adds a file, taking the buffer's bytes, also on failure; -ENOMEM, or -EBADMSG for a bad path.
 * known: its digest, where that was computed already, else NULL.
 */
int contents_take(struct contents *contents, struct buffer *bytes, const struct digest *known,
		  struct error *err, const char *path_format, ...)
	__attribute__((format(printf, 5, 6)));

/* Adds a file whose bytes somebody else keeps alive. */
int contents_borrow(struct contents *contents, struct slice bytes, const struct digest *known,
		    struct error *err, const char *path_format, ...)
	__attribute__((format(printf, 5, 6)));

/* The same where they may be mapped: what is written is checked once more on the way. */
int contents_borrow_mapped(struct contents *contents, struct slice bytes, struct error *err,
			   const char *path_format, ...) __attribute__((format(printf, 4, 5)));

/* Adds a link to the kernel's own BTF. */
int contents_link(struct contents *contents, struct error *err, const char *path_format, ...)
	__attribute__((format(printf, 3, 4)));

/* Sorts by path, so that what is written and listed does not depend on who added what first. */
void contents_sort(struct contents *contents);

/* An earlier file than number i with the same bytes; NULL when there is none. */
const struct content_file *contents_twin(const struct contents *contents, size_t i);

/*
 * Bytes that it takes on a disk of 4 KiB blocks, its folders and plan_size bytes of plan included;
 * equal files are one.
 */
uint64_t contents_disk_size(const struct contents *contents, size_t plan_size);

void contents_free(struct contents *contents);

#endif
