/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "core/elf_add.h"
#include "payload/format.h"
#include "payload/section.h"

#include "btfpack/embed.h"

int embed_payload(struct slice program, const char *name, struct slice payload,
		  struct buffer *out, struct error *err)
{
	struct error search = ERROR_NONE;
	struct slice there;
	int code;

	if (!section_is_elf(program))
		return error_set(err, -EBADMSG, "%s: is no ELF program", name);
	code = section_find(program, name, &there, &search);
	if (code == 0)
		return error_set(err, -EEXIST, "%s: carries a payload already", name);
	if (code != -ENOENT)
		return error_set(err, code, "%s", search.text);
	return elf_add_section(program, name, PAYLOAD_SECTION, payload, out, err);
}
