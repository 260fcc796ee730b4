/* SPDX-License-Identifier: BSD-2-Clause */
/* The CO-RE relocation records of a BPF object, found in its .BTF.ext with libelf. */
#ifndef TESTS_ORACLE_RELOS_H
#define TESTS_ORACLE_RELOS_H

#include <stddef.h>
#include <stdint.h>

#include <linux/bpf.h>

struct relos {
	struct bpf_core_relo *items; /* in the file's order, which is libbpf's */
	size_t count, capacity;
	size_t file_offset;          /* of .BTF.ext in the file */
	size_t *positions;           /* of each record in .BTF.ext */
	size_t position_capacity;
};

/* Reads the records; an object without .BTF.ext has none.  Exits with a message when it cannot. */
void relos_read(const char *path, struct relos *relos);
void relos_free(struct relos *relos);

/* "byte_off", "type_exists" ... for enum bpf_core_relo_kind; "unknown" for anything else. */
const char *relo_kind_name(uint32_t kind);

#endif
