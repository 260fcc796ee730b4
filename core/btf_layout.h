/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Byte offsets of BTF's structures (struct btf_header, struct btf_type and what follows it, in
 * linux/btf.h). The info word holds vlen in bits 0-23, kind in 24-30 and kind_flag in 31; kernels
 * before 7.1 use 16 and 5 bits of the first two, the rest is zero. core/ only.
 */
#ifndef CORE_BTF_LAYOUT_H
#define CORE_BTF_LAYOUT_H

#include <stdint.h>

enum {
	HEADER_VERSION = 2, HEADER_LENGTH = 4,
	HEADER_TYPE_OFF = 8, HEADER_TYPE_LEN = 12, HEADER_STR_OFF = 16, HEADER_STR_LEN = 20,
	HEADER_SIZE = 24,

	TYPE_NAME = 0, TYPE_INFO = 4, TYPE_SIZE_OR_TYPE = 8, TYPE_SIZE = 12,

	MEMBER_SIZE = 12, ENUM_SIZE = 8, ENUM64_SIZE = 12, PARAM_SIZE = 8, SECINFO_SIZE = 12,
	ARRAY_SIZE = 12, INT_SIZE = 4, VAR_SIZE = 4, DECL_TAG_SIZE = 4,
};

static inline uint32_t info_kind(uint32_t info)
{
	return info >> 24 & 0x7f;
}

static inline uint32_t info_vlen(uint32_t info)
{
	return info & 0xffffff;
}

#endif
