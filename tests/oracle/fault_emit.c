/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A core/ that writes a wrong BTF, for btfpack-broken: of the first struct with members the last
 * one stands a byte further on.
 */
#include "core/btf_layout.h"
#include "core/emit.h"

/* emit_btf() itself, and what stands in for it in core/reduce.c: the linker's --wrap. */
int __real_emit_btf(const struct reloset *set, const struct candidates *tables,
		    const struct btf_view *kernel, const struct marks *marks, struct buffer *out);
int __wrap_emit_btf(const struct reloset *set, const struct candidates *tables,
		    const struct btf_view *kernel, const struct marks *marks, struct buffer *out);

static void move_a_member(uint8_t *raw, size_t size)
{
	struct error err = ERROR_NONE;
	struct btf_view view;
	uint32_t id;

	if (btf_view_open(&view, slice_of(raw, size), &err))
		return;
	for (id = 1; id < view.type_count; id++) {
		struct btf_info t = btf_view_type(&view, id);
		uint8_t *offset;

		if (t.kind != BTF_KIND_STRUCT || t.vlen == 0)
			continue;
		offset = raw + (t.tail - raw) + (t.vlen - 1) * MEMBER_SIZE + 8;
		store_le32(offset, load_le32(offset) + 8);
		break;
	}
	btf_view_close(&view);
}

int __wrap_emit_btf(const struct reloset *set, const struct candidates *tables,
		    const struct btf_view *kernel, const struct marks *marks, struct buffer *out)
{
	size_t start = out->size;
	int code = __real_emit_btf(set, tables, kernel, marks, out);

	if (!code)
		move_a_member(out->data + start, out->size - start);
	return code;
}
