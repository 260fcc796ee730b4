/* SPDX-License-Identifier: BSD-2-Clause */
/* Names in a part, for part_write.c and part_read.c only. */
#ifndef BTFPACK_PART_FORMAT_H
#define BTFPACK_PART_FORMAT_H

#define PART_INDEX_NAME "part-%s.json"
#define PART_APPLICATION_NAME "application.payload"
#define PART_BTF_NAME "btf/%s"

enum { PART_SCHEMA = 1, PART_NAME_SIZE = 96, PART_MAX_INDEX = 1024 * 1024 * 1024 };

#endif
