/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "core/elf_add.h"
#include "payload/format.h"
#include "payload/section.h"

#include "btfpack/embed.h"

int embed_payload(struct slice program, const char *name, struct slice payload,
		  struct slice signature, struct buffer *out, struct error *err)
{
	struct error search = ERROR_NONE;
	struct buffer unsigned_run = { 0 };
	struct slice there;
	int code;

	if (!section_is_elf(program))
		return error_set(err, -EBADMSG, "%s: is no ELF program", name);
	code = section_find(program, name, PAYLOAD_SECTION, &there, &search);
	if (code == 0)
		return error_set(err, -EEXIST, "%s: carries a payload already", name);
	if (code != -ENOENT)
		return error_set(err, code, "%s", search.text);
	if (!signature.size)
		return elf_add_section(program, name, PAYLOAD_SECTION, payload, out, err);
	code = elf_add_section(program, name, PAYLOAD_SECTION, payload, &unsigned_run, err);
	if (!code)
		code = elf_add_section(buffer_slice(&unsigned_run), name, SIGNATURE_SECTION, signature, out,
				       err);
	buffer_free(&unsigned_run);
	return code;
}
