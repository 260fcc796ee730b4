/* SPDX-License-Identifier: BSD-2-Clause */
/* A host that a test makes up: a root directory, and the facts that are read there. */
#ifndef TESTS_UNIT_HOST_H
#define TESTS_UNIT_HOST_H

#include <sys/utsname.h>

#include <bpf/btf.h>

#include "host/facts.h"
#include "tests/unit/fake_root.h"

struct host {
	struct fake_root root;
	struct utsname uts;
	struct facts facts;      /* the last that were read */
};

static inline int setup(void **state)
{
	struct host *host = calloc(1, sizeof(*host));

	assert_non_null(host);
	host->root = fake_root_make();
	uname(&host->uts);
	*state = host;
	return 0;
}

static inline int teardown(void **state)
{
	struct host *host = *state;

	facts_free(&host->facts);
	fake_root_remove(&host->root);
	free(host);
	return 0;
}

static inline void put_text(struct host *host, const char *path, const char *text)
{
	fake_root_text(&host->root, path, text);
}

/* The smallest BTF that says something: one integer. */
static inline void put_btf(struct host *host, const char *path)
{
	struct btf *btf = btf__new_empty();
	const void *raw;
	uint32_t size;

	assert_true(btf__add_int(btf, "int", 4, BTF_INT_SIGNED) > 0);
	raw = btf__raw_data(btf, &size);
	fake_root_put(&host->root, path, raw, size);
	btf__free(btf);
}

/* The facts belong to the host, until they are read again. */
static inline struct facts gather(struct host *host)
{
	struct error err = ERROR_NONE;

	facts_free(&host->facts);
	assert_int_equal(facts_gather(host->root.path, &host->facts, &err), 0);
	return host->facts;
}

#define HOST_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
