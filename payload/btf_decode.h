/* SPDX-License-Identifier: BSD-2-Clause */
/* From the coded form of a BTF to its bytes (payload/FORMAT.md, 7.); runs on the target host. */
#ifndef PAYLOAD_BTF_DECODE_H
#define PAYLOAD_BTF_DECODE_H

#include "payload/btf_model.h"

/* The strings of a group, each with its NUL; number 0 is the empty one and stands in no table. */
struct group_strings {
	const char **items;
	uint32_t count;
};

/* Cuts table into its strings.  group_strings_free() frees; -EBADMSG, -ENOMEM. */
int group_strings_open(struct slice table, struct group_strings *out);
void group_strings_free(struct group_strings *strings);

/*
 * Decodes one BTF against base, which may be empty.  size is how many bytes the BTF has: what would
 * take more is refused before memory is asked for.  *out is empty after a failure: -EBADMSG,
 * -ENOMEM.
 */
int btf_decode_model(struct slice coded, const struct btf_model *base, uint32_t string_count,
		     uint64_t size, struct btf_model *out);

/* Appends the BTF that a model stands for. */
int btf_model_write(const struct btf_model *model, const struct group_strings *strings,
		    struct buffer *out);

#endif
