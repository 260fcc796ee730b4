/* SPDX-License-Identifier: BSD-2-Clause */
/* An object that asks a kernel, both made with libbpf's BTF writer. */
#ifndef TESTS_UNIT_ASKER_H
#define TESTS_UNIT_ASKER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <bpf/btf.h>

#include "core/reduce.h"

enum { RELO_LIMIT = 16 };

/* An object without code: types and relocations. */
struct asker {
	struct btf *btf;
	struct object object;
	struct object_relo relos[RELO_LIMIT];
	struct reloset *set;
};

static inline struct slice raw_of(struct btf *btf)
{
	uint32_t size;
	const void *data = btf__raw_data(btf, &size);

	return slice_of(data, size);
}

static inline void ask(struct asker *asker, int type, const char *access, uint32_t kind)
{
	asker->relos[asker->object.relo_count++] = (struct object_relo){
		.type = (uint32_t)type,
		.access = access,
		.kind = kind,
		.program = OBJECT_SUBPROGRAM,
	};
}

static inline void begin(struct asker *asker)
{
	*asker = (struct asker){ .btf = btf__new_empty() };
}

static inline void finish(struct asker *asker)
{
	struct object *objects[] = { &asker->object };
	struct error err = ERROR_NONE;

	asker->object.name = "asker";
	asker->object.relos = asker->relos;
	assert_int_equal(btf_view_open(&asker->object.btf, raw_of(asker->btf), &err), 0);
	if (reloset_create(objects, 1, &asker->set, &err))
		fail_msg("%s", err.text);
}

static inline void end(struct asker *asker)
{
	reloset_destroy(asker->set);
	btf_view_close(&asker->object.btf);
	btf__free(asker->btf);
}

static inline struct buffer reduced(const struct reloset *set, struct btf *kernel,
				    struct answers *answers)
{
	struct error err = ERROR_NONE;
	struct buffer out = { 0 };
	struct btf_view view;

	assert_int_equal(btf_view_open(&view, raw_of(kernel), &err), 0);
	if (reduce_kernel(set, &view, true, &out, answers, &err))
		fail_msg("%s", err.text);
	btf_view_close(&view);
	return out;
}

#endif
