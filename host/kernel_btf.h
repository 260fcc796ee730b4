/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel's own BTF, for names in it: what tracing and lsm programs attach to, typed ksyms, kernel
 * functions, and what bpf(2) knows.  The running kernel's is read and indexed when the first name
 * is asked for.
 */
#ifndef HOST_KERNEL_BTF_H
#define HOST_KERNEL_BTF_H

#include <stdint.h>

#include "core/btf.h"
#include "lib/array.h"
#include "lib/file.h"

/* Kinds are numbered up to BTF_KIND_ENUM64. */
enum { KERNEL_BTF_KINDS = 20 };

struct kernel_btf {
	struct slice bytes;      /* in copy or map */
	struct buffer copy;
	struct file_map map;
	struct btf_view view;
	struct kernel_btf_names { /* of one kind, by hash; made when the first is asked for */
		uint32_t *slots, mask;
	} names[KERNEL_BTF_KINDS];
	int error;               /* negative errno: it cannot be used */
};

/*
 * Reads /sys/kernel/btf/vmlinux below a root; 0 or a negative errno.  kernel_btf_close() frees.
 */
int kernel_btf_open(struct kernel_btf *btf, int root_fd, struct error *err);

/* Makes ready for finding names of a kind (BTF_KIND_FUNC ...); -ENOMEM or 0. */
int kernel_btf_index(struct kernel_btf *btf, uint32_t kind);

/* The same of a copy of raw, which came from elsewhere; every kind is indexed that is asked for. */
int kernel_btf_copy(struct kernel_btf *btf, struct slice raw);
void kernel_btf_close(struct kernel_btf *btf);

/* The id of the first type of this kind, which was indexed, and name; 0: there is none. */
uint32_t kernel_btf_find(const struct kernel_btf *btf, uint32_t kind, const char *name);

/*
 * Whether an enumeration has this value, but for the names that stand for the end of the list
 * (__BPF_FUNC_MAX_ID): 1 yes, 0 no, -ENOENT there is no such enumeration.
 */
int kernel_btf_has_value(const struct kernel_btf *btf, const char *enumeration, uint64_t value);

/*
 * Whether the BTF of a loaded module has it: 1 yes, 0 no, or a negative errno, when one cannot be
 * read.
 */
int kernel_btf_find_in_modules(const struct kernel_btf *btf, int root_fd, uint32_t kind,
			       const char *name);

#endif
