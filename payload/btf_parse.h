/* SPDX-License-Identifier: BSD-2-Clause */
/* From a reduced BTF's bytes to its model; build host only. */
#ifndef PAYLOAD_BTF_PARSE_H
#define PAYLOAD_BTF_PARSE_H

#include "payload/btf_model.h"
#include "payload/strings.h"

/* Adds each string of a BTF.  What is no BTF that btf_model_parse() takes may add nothing. */
int btf_gather_strings(struct slice btf, struct strings *strings);

/*
 * Names become offsets in strings, which are sorted.  *is_coded turns false, and *out is empty, for
 * what the coded form cannot hold.  -ENOMEM.
 */
int btf_model_parse(struct slice btf, const struct strings *strings, struct btf_model *out,
		    bool *is_coded);

#endif
