/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packing: every kernel of an archive is reduced, and each class of kernels is stored once.  What a
 * class stores is the smallest of its members' reduced BTFs by (length, bytes), so that neither the
 * order of kernels nor a split of the work shows in the result.
 */
#ifndef BTFPACK_PACK_H
#define BTFPACK_PACK_H

#include "core/reduce.h"
#include "lib/lookup.h"
#include "payload/writer.h"

#include "btfpack/archive.h"

/* A class of kernels, which answer all relocations alike. */
struct pack_class {
	struct digest class;
	struct buffer btf;       /* the stored form; empty with answers_only */
	struct answers answers;
	size_t kernels;
};

/* A kernel that was reduced. */
struct pack_kernel {
	const struct btf_archive_entry *entry;
	struct digest full_btf;
	size_t class;            /* index into classes */
};

struct pack {
	struct pack_class *classes;
	struct pack_kernel *kernels;
	size_t class_count, class_capacity, kernel_count, kernel_capacity;
	struct lookup by_digest; /* classes, while kernels are filed under them */
	size_t skipped;          /* entries that cannot be used; each was named */
	uint64_t full_bytes, reduced_bytes; /* of all kernels, before and after */
};

struct pack_options {
	/* Which entries are packed; NULL: all. */
	bool (*wanted)(const struct btf_archive_entry *entry, const void *context);
	const void *context;
	unsigned threads;
	bool exact;              /* compute the SHA-256 of each BTF, whatever its side file says */
	bool verify;             /* ask each reduced BTF everything again */
	bool answers_only;       /* reduce nothing: classes have answers, and no BTF */
	const char *step;        /* for messages */
	bool keep_going;         /* an entry that cannot be used is worth a warning, no error */
};

/*
 * Reduces the wanted entries of archive, and names each that is damaged or is not what its folder
 * says.  The result does not depend on the number of threads.  Fails only when it cannot go on at
 * all.
 */
int pack_reduce(struct pack *pack, const struct reloset *set, const struct btf_archive *archive,
		const struct pack_options *options, struct error *err);

/*
 * Files a kernel's reduced BTF and answers under its class, whose number is *class, and keeps the
 * smallest.  Takes both over; -ENOMEM leaves them to the caller.
 */
int pack_file_under_class(struct pack *pack, struct buffer *reduced, struct answers *answers,
			  size_t *class);

/* Hands classes and kernels to the writer. */
int pack_write(const struct pack *pack, struct payload_writer *writer, struct error *err);

void pack_free(struct pack *pack);

#endif
