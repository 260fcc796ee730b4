/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing a payload (payload/FORMAT.md); build host only.  The order in which things are added does
 * not show in the result: equal content, equal bytes.
 */
#ifndef PAYLOAD_WRITER_H
#define PAYLOAD_WRITER_H

#include "payload/reader.h"

struct payload_writer;

/* NULL when out of memory. */
struct payload_writer *payload_writer_new(void);
void payload_writer_free(struct payload_writer *writer);

/* Stores a BTF once, however often it is added; *number is what payload_kernel.btf refers to. */
int payload_writer_btf(struct payload_writer *writer, struct slice btf, uint32_t *number,
		       struct error *err);

/*
 * Adds a kernel; its strings are copied.  The very same kernel twice is fine; the same (arch,
 * release, build, distro, version_id) with another BTF is -EEXIST.  Where only full_btf differs it
 * becomes zero, not known.
 */
int payload_writer_kernel(struct payload_writer *writer, const struct payload_kernel *kernel,
			  struct error *err);

/* Adds a file; content and strings are copied.  One per (role, arch, name). */
int payload_writer_file(struct payload_writer *writer, enum payload_role role, const char *arch,
			const char *name, struct slice content, struct error *err);

/* The same for content that stays as it is until the writer is freed; it is not copied. */
int payload_writer_file_borrow(struct payload_writer *writer, enum payload_role role,
			       const char *arch, const char *name, struct slice content,
			       struct error *err);

/* Appends the finished payload to *out. */
int payload_writer_finish(struct payload_writer *writer, const char *app, const char *version,
			  const struct digest *fingerprint, struct buffer *out, struct error *err);

#endif
