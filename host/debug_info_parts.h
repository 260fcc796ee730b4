/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside host/: what is read of a file that may be a kernel's debug information. */
#ifndef HOST_DEBUG_INFO_PARTS_H
#define HOST_DEBUG_INFO_PARTS_H

#include "host/btf_image.h"
#include "host/debug_info.h"

/* The build ID among ELF notes; empty when there is none. */
struct slice debug_info_build_id(struct slice notes);

/* debug_info_find() of a file whose path is in out already, for messages. */
int debug_info_judge(struct slice file, const struct btf_build *build, bool is_running,
		     struct debug_info *out, struct error *err);

#endif
