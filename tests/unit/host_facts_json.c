/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts as a document: what its schema says, the same when read back, and named when damaged. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <bpf/bpf.h>
#include <cmocka.h>

#include "host/ask.h"
#include "tests/unit/schema.h"

#define SCHEMA "docs/schema/facts.json"

static struct facts this_host(void)
{
	struct error err = ERROR_NONE;
	struct facts facts;

	if (facts_gather(NULL, &facts, &err))
		fail_msg("%s", err.text);
	return facts;
}

static struct facts read_back(const json_t *document)
{
	struct error err = ERROR_NONE;
	struct facts facts;

	if (facts_from_json(document, &facts, &err))
		fail_msg("%s", err.text);
	return facts;
}

static void must_fit(json_t *document)
{
	struct misfit misfit;

	if (!schema_accepts(SCHEMA, document, &misfit))
		fail_msg("%s", misfit.text);
}

static bool same(struct probe a, struct probe b)
{
	return a.truth == b.truth && a.error == b.error;
}

static const struct asked_program KPROBE = { .type = BPF_PROG_TYPE_KPROBE };
static const struct asked_program FENTRY = {
	.type = BPF_PROG_TYPE_TRACING, .attach_type = BPF_TRACE_FENTRY, .target = "vfs_read",
};

/* One question of each sort. */
struct questions {
	struct probe answers[14];
	struct symbol symbols[3];
};

static struct questions ask(const struct facts *facts)
{
	struct questions q = {
		.answers = {
			ask_program(facts, &KPROBE), ask_program(facts, &FENTRY),
			ask_helper(facts, &KPROBE, BPF_FUNC_map_lookup_elem, true),
			ask_helper(facts, &KPROBE, BPF_FUNC_perf_event_output, false),
			ask_helper(facts, &FENTRY, BPF_FUNC_d_path, true),
			ask_kfunc(facts, &KPROBE, "bpf_task_acquire"),
			ask_map(facts, BPF_MAP_TYPE_HASH, 4, 8, 1024, 0),
			ask_global_data(facts), ask_tracepoint(facts, "sched", "sched_switch"),
			ask_raw_tracepoint(facts, "sched_switch"), ask_target(facts, &FENTRY),
			ask_ksym(facts, "bpf_prog_active", false),
			ask_uprobe(facts, "/proc/self/exe", "main"), ask_perf_event(facts),
		},
		.symbols = { { .name = "vfs_read" }, { .name = "btferry_no_such" },
			     { .name = "vfs_read" } },
	};

	assert_int_equal(ask_symbols(facts, q.symbols, 3), 0);
	return q;
}

static void here_and_back(void **state)
{
	struct facts facts = this_host(), again;
	struct questions here = ask(&facts), there;
	json_t *document = facts_to_json(&facts, true), *copy;
	size_t i;

	(void)state;
	assert_non_null(document);
	must_fit(document);
	again = read_back(document);
	assert_true(again.recorded);
	copy = facts_to_json(&again, true);
	assert_true(json_equal(document, copy));

	/* What was asked is answered the same, though nothing can be asked any more. */
	there = ask(&again);
	for (i = 0; i < sizeof(here.answers) / sizeof(here.answers[0]); i++)
		if (!same(here.answers[i], there.answers[i]))
			fail_msg("question %zu: %d, read back as %d", i, here.answers[i].truth,
				 there.answers[i].truth);
	for (i = 0; i < 3; i++) {
		assert_true(same(here.symbols[i].found, there.symbols[i].found));
		assert_true(same(here.symbols[i].traceable, there.symbols[i].traceable));
		assert_int_equal(here.symbols[i].type, there.symbols[i].type);
		assert_string_equal(here.symbols[i].near, there.symbols[i].near);
	}
	assert_true(same(here.symbols[0].found, here.symbols[2].found));
	json_decref(copy);
	json_decref(document);
	facts_free(&again);
	facts_free(&facts);
}

/* What nobody asked is unknown, and no errno is made up for it. */
static void not_recorded(void **state)
{
	struct facts facts = this_host(), again;
	json_t *document = facts_to_json(&facts, false);
	struct symbol symbol = { .name = "vfs_read" };
	struct questions there;
	size_t i;

	(void)state;
	must_fit(document);
	again = read_back(document);
	there = ask(&again);
	for (i = 0; i < sizeof(there.answers) / sizeof(there.answers[0]); i++)
		assert_true(same(there.answers[i], probe_unknown(0)));
	assert_int_equal(ask_symbols(&again, &symbol, 1), 0);
	assert_true(same(symbol.found, probe_unknown(0)));
	/* Of the configuration, the list is there, and the rest is not known to be off. */
	assert_int_equal(facts_option(&again, "CONFIG_BTFERRY_NO_SUCH").state, KCONFIG_UNKNOWN);
	assert_int_equal(facts_option(&again, "CONFIG_BPF").state,
			 facts_option(&facts, "CONFIG_BPF").state);
	json_decref(document);
	facts_free(&again);
	facts_free(&facts);
}

/* The inventory answers for the types that share a list of helpers, and for ordinary maps. */
static void inventory(void **state)
{
	static const struct asked_program OTHERS[] = {
		{ .type = BPF_PROG_TYPE_TRACEPOINT }, { .type = BPF_PROG_TYPE_RAW_TRACEPOINT },
		{ .type = BPF_PROG_TYPE_PERF_EVENT },
		{ .type = BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE },
	};
	struct facts facts = this_host(), again;
	json_t *document;
	uint32_t helper;
	size_t i;

	(void)state;
	if (ask_helpers_selftest(&facts).truth != TRUTH_YES) {
		print_message("bpf(2) is not for us here\n");
		facts_free(&facts);
		skip();
	}
	ask_inventory(&facts);
	document = facts_to_json(&facts, true);
	must_fit(document);
	again = read_back(document);
	for (i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++)
		for (helper = 1; helper <= 211; helper++) {
			struct probe recorded = ask_helper(&again, &OTHERS[i], helper, true);
			struct probe asked = ask_helper(&facts, &OTHERS[i], helper, true);

			if (recorded.truth != asked.truth)
				fail_msg("type %u, helper %u: recorded %d, asked %d", OTHERS[i].type,
					 helper, recorded.truth, asked.truth);
		}
	assert_int_equal(ask_map(&again, BPF_MAP_TYPE_HASH, 4, 8, 1024, 0).truth, TRUTH_YES);
	assert_int_equal(ask_map(&again, BPF_MAP_TYPE_HASH, 4, 8, 1024, BPF_F_MMAPABLE).truth,
			 TRUTH_UNKNOWN);
	/* It cannot be asked for without a line in the kernel's log, and is known all the same. */
	assert_int_equal(ask_helper(&again, &KPROBE, BPF_FUNC_trace_printk, true).truth, TRUTH_YES);
	assert_int_equal(ask_helper(&again, &KPROBE, BPF_FUNC_trace_printk, false).truth, TRUTH_NO);
	assert_int_equal(ask_helper(&again, &(struct asked_program){ .type = BPF_PROG_TYPE_XDP },
				    BPF_FUNC_redirect, true).truth, TRUTH_UNKNOWN);
	json_decref(document);
	facts_free(&again);
	facts_free(&facts);
}

/* Sets a value at "a.b.c" of a document. */
static void put(json_t *document, const char *path, json_t *value)
{
	const char *dot;
	char key[64];

	while ((dot = strchr(path, '.'))) {
		snprintf(key, sizeof(key), "%.*s", (int)(dot - path), path);
		document = json_object_get(document, key);
		assert_non_null(document);
		path = dot + 1;
	}
	assert_int_equal(json_object_set_new(document, path, value), 0);
}

/* NULL: the key is not there. */
static const struct {
	const char *path, *value, *says;
	int code;
} DAMAGE[] = {
	{ "schema", "2", "schema", -ENOTSUP },
	{ "schema", "\"1\"", "schema", -EBADMSG },
	{ "scope", "\"dreamt\"", "scope", -EBADMSG },
	{ "release", "6", "release", -EBADMSG },
	{ "release", "\"\"", "release", -EBADMSG },
	{ "os", "[]", "os", -EBADMSG },
	{ "os.id", "\"0123456789012345678901234567890123456789012345678901234567890123456789\"",
	  "os.id", -EBADMSG },
	{ "btf.kernel", "{\"answer\": \"perhaps\"}", "btf.kernel.answer", -EBADMSG },
	{ "btf.kernel", "{\"answer\": \"no\", \"errno\": \"ENONSENSE\"}", "btf.kernel.errno",
	  -EBADMSG },
	{ "probes.ringbuf", "true", "probes.ringbuf.answer", -EBADMSG },
	{ "kernel.jit", "{\"answer\": \"yes\"}", "kernel.jit.value", -EBADMSG },
	{ "kernel.jit", "{\"answer\": \"yes\", \"value\": \"1\"}", "kernel.jit.value", -EBADMSG },
	{ "process.capabilities", "{\"answer\": \"yes\", \"value\": \"0x?\"}",
	  "process.capabilities.value", -EBADMSG },
	{ "kernel.lockdown", "{\"mode\": \"open\"}", "kernel.lockdown.mode", -EBADMSG },
	{ "kconfig.path", "null", "kconfig.path", -EBADMSG },
	{ "kconfig.options", "[]", "kconfig.options", -EBADMSG },
	{ "kconfig.options", "{\"BPF\": \"y\"}", "kconfig.options.BPF", -EBADMSG },
	{ "kconfig.options", "{\"CONFIG_BPF\": 1}", "kconfig.options.CONFIG_BPF", -EBADMSG },
	{ "answers.map", "[]", "answers.map", -EBADMSG },
	{ "answers.map", "{\"ringbuf\": {}}", "answers.map.ringbuf.answer", -EBADMSG },
	{ "answers.symbol", "{\"f\": {\"answer\": \"yes\"}}", "answers.symbol.f", -EBADMSG },
};

static void damaged(void **state)
{
	struct facts facts = this_host(), none;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(DAMAGE) / sizeof(DAMAGE[0]); i++) {
		json_t *document = facts_to_json(&facts, false);
		struct error err = ERROR_NONE;

		put(document, "kconfig.errno", json_null());
		json_object_del(json_object_get(document, "kconfig"), "errno");
		put(document, DAMAGE[i].path, json_loads(DAMAGE[i].value, JSON_DECODE_ANY, NULL));
		if (facts_from_json(document, &none, &err) != DAMAGE[i].code ||
		    strncmp(err.text, DAMAGE[i].says, strlen(DAMAGE[i].says)) != 0)
			fail_msg("%s = %s: %d, %s", DAMAGE[i].path, DAMAGE[i].value, err.code,
				 err.text);
		assert_null(none.kconfig);
		json_decref(document);
	}
	facts_free(&facts);
}

/* The least that facts are, as somebody may write them by hand. */
static void by_hand(void **state)
{
	json_t *document = json_loads("{\"schema\": 1, \"scope\": \"files\", \"arch\": \"arm64\","
				      " \"release\": \"6.1.0\", \"kconfig\": {\"path\": \"\","
				      " \"complete\": true, \"options\": {\"CONFIG_BPF\": \"y\","
				      " \"CONFIG_LSM\": \"\\\"a,\\\\\\\"b\\\"\"}}}", 0, NULL);
	struct facts facts = read_back(document);

	(void)state;
	assert_string_equal(facts.arch, "arm64");
	assert_int_equal(facts.kernel_has_btf.truth, TRUTH_UNKNOWN);
	assert_int_equal(facts.policy.lockdown, LOCKDOWN_UNKNOWN);
	assert_int_equal(policy_capability(&facts.policy, 0).truth, TRUTH_UNKNOWN);
	assert_int_equal(facts_option(&facts, "CONFIG_BPF").state, KCONFIG_BUILT_IN);
	assert_string_equal(facts_option(&facts, "CONFIG_LSM").value, "a,\"b");
	assert_int_equal(facts_option(&facts, "CONFIG_KPROBES").state, KCONFIG_ABSENT);
	facts_free(&facts);
	json_decref(document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(here_and_back),
		cmocka_unit_test(not_recorded),
		cmocka_unit_test(inventory),
		cmocka_unit_test(damaged),
		cmocka_unit_test(by_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
