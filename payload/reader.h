/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a payload (payload/FORMAT.md).  Opening checks the header and the index, and nothing
 * else is touched until it is asked for: a look-up is a binary search over the index's blocks of
 * kernels and in one of them, and fetching a BTF unpacks the one cluster that holds it, decodes the
 * few BTFs that it leans on, and checks its hash.
 */
#ifndef PAYLOAD_READER_H
#define PAYLOAD_READER_H

#include "lib/array.h"
#include "lib/digest.h"
#include "lib/error.h"

struct payload;

/* A kernel that was packed.  Strings live as long as the payload; "" means not known. */
struct payload_kernel {
	const char *arch;        /* x86_64, arm64, i386 ... */
	const char *release;     /* uname -r */
	const char *build;       /* uname -v, where the source was a kernel image */
	const char *distro;      /* os-release ID */
	const char *version_id;  /* os-release VERSION_ID */
	struct digest full_btf;  /* of the full BTF it was reduced from */
	uint32_t btf;            /* number of the stored BTF */
};

enum payload_role {
	PAYLOAD_MANIFEST = 1,    /* manifest.ini */
	PAYLOAD_OBJECT = 2,      /* the application's CO-RE object, for an arch */
	PAYLOAD_CANARY = 3,      /* the canary object */
	PAYLOAD_SOURCE = 4,      /* for the kernel-specific build */
	PAYLOAD_FURTHER = 5,     /* another object that the BTFs serve, for an arch */
};

/* A file that travels beside the BTFs. */
struct payload_file {
	enum payload_role role;
	const char *arch;        /* "" for every architecture */
	const char *name;        /* [A-Za-z0-9._-]+, no leading dot */
	uint64_t size;           /* bytes, unpacked */
	struct digest digest;
};

/*
 * Opens path: a .payload file, or an ELF program that carries one as section .btferry.payload.
 * -ENOENT: an ELF file without that section (or no such file); -EBADMSG: neither, or damaged (says
 * where); -ENOTSUP: newer.  payload_close() ends the life of everything it handed out.  One thread
 * at a time may use a payload: it keeps what it unpacked.
 */
int payload_open(int dir_fd, const char *path, struct payload **out, struct error *err);

/* The same over bytes in memory, which must outlive it. */
int payload_open_bytes(struct slice bytes, const char *name, struct payload **out,
		       struct error *err);
void payload_close(struct payload *payload);

const char *payload_app(const struct payload *payload);
const char *payload_app_version(const struct payload *payload);

/* Fingerprint of the relocations that every stored BTF was reduced for (core/reloset.h). */
struct digest payload_fingerprint(const struct payload *payload);

/*
 * Kernels are sorted by (arch, release, build, distro, version_id).  Where a block of kernels
 * cannot be read, which payload_verify() names, its kernels have empty strings and no BTF
 * (UINT32_MAX), and are not found; where just its provenance cannot, build and full_btf are not
 * known.
 */
size_t payload_kernel_count(const struct payload *payload);
struct payload_kernel payload_kernel(const struct payload *payload, size_t i);

/* First and count of the kernels with this arch and release; count 0 when there is none. */
size_t payload_find(const struct payload *payload, const char *arch, const char *release,
		    size_t *first);

size_t payload_btf_count(const struct payload *payload);

/* Zero and 0 for a BTF that cannot be decoded: payload_btf() says why. */
struct digest payload_btf_digest(const struct payload *payload, uint32_t btf);
uint64_t payload_btf_size(const struct payload *payload, uint32_t btf);

/* Appends stored BTF number btf to *out, its hash checked. */
int payload_btf(const struct payload *payload, uint32_t btf, struct buffer *out, struct error *err);

size_t payload_file_count(const struct payload *payload);
struct payload_file payload_file(const struct payload *payload, size_t i);

/*
 * Finds a file by role and architecture (its own first, then the one for all); -ENOENT when there
 * is none.  *index can be handed to payload_file() and payload_file_read().
 */
int payload_find_file(const struct payload *payload, enum payload_role role, const char *arch,
		      size_t *index);

/* Appends file i to *out, its hash checked. */
int payload_file_read(const struct payload *payload, size_t i, struct buffer *out,
		      struct error *err);

/* Where the bytes of a payload go; together they are all of them. */
struct payload_sizes {
	uint64_t btfs;           /* the groups */
	uint64_t kernels;        /* their blocks, and where they begin */
	uint64_t names;          /* strings of the index */
	uint64_t checksums;      /* of header, index and groups */
	uint64_t rest;           /* of header and index: counts, sizes, versions, fingerprint */
	uint64_t provenance;     /* with the records of its clusters */
	uint64_t files;          /* the same, and the files' own records */
};

struct payload_sizes payload_sizes(const struct payload *payload);

/* The whole payload as stored, for a copy. */
struct slice payload_bytes(const struct payload *payload);

/*
 * Checks that every byte is as it was sealed, by its checksum: what damage needs.  Nothing is
 * unpacked, so that it takes no more than reading.
 */
int payload_check_stored(const struct payload *payload, struct error *err);

/*
 * Checks every byte and what it stands for: each cluster, each BTF, each file.  The error names
 * what is damaged.
 */
int payload_verify(const struct payload *payload, struct error *err);

#endif
