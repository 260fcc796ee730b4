/* SPDX-License-Identifier: BSD-2-Clause */
/* What the BTF file of a kernel answers that cannot be asked itself; and whose it is. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <cmocka.h>

#include "host/ask.h"
#include "host/btf_arch.h"

static struct slice raw_of(struct btf *btf)
{
	uint32_t size;
	const void *data = btf__raw_data(btf, &size);

	return slice_of(data, size);
}

static void add_function(struct btf *btf, const char *name)
{
	int proto = btf__add_func_proto(btf, 0);

	assert_true(proto > 0);
	assert_true(btf__add_func(btf, name, BTF_FUNC_STATIC, proto) > 0);
}

/* The first values of an enumeration, and where it ends. */
static void add_list(struct btf *btf, const char *name, int count)
{
	char value[32];
	int i;

	assert_true(btf__add_enum(btf, name, 4) > 0);
	for (i = 0; i < count; i++) {
		snprintf(value, sizeof(value), "%s_%d", name, i);
		assert_int_equal(btf__add_enum_value(btf, value, i), 0);
	}
	snprintf(value, sizeof(value), "__MAX_%s", name);
	assert_int_equal(btf__add_enum_value(btf, value, count), 0);
}

/* A kernel before ring buffers (map type 27), with 100 helpers, programs up to raw tracepoints. */
static struct btf *make_kernel(void)
{
	struct btf *btf = btf__new_empty();
	int integer = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);

	assert_true(integer > 0);
	add_list(btf, "bpf_map_type", BPF_MAP_TYPE_RINGBUF);
	add_list(btf, "bpf_func_id", 100);
	add_list(btf, "bpf_prog_type", BPF_PROG_TYPE_RAW_TRACEPOINT + 1);
	add_list(btf, "bpf_attach_type", BPF_TRACE_RAW_TP);
	assert_true(btf__add_typedef(btf, "btf_trace_sched_switch", integer) > 0);
	add_function(btf, "vfs_read");
	return btf;
}

static struct facts read_facts(const char *config)
{
	const struct facts_request request = { .scope = FACTS_FILES, .release = "5.4.0" };
	struct error err = ERROR_NONE;
	struct facts facts;

	assert_int_equal(facts_read(&request, &facts, &err), 0);
	if (config)
		assert_int_equal(kconfig_parse(slice_of(config, strlen(config)), &facts.kconfig), 0);
	return facts;
}

static enum truth map(const struct facts *facts, uint32_t type, uint32_t key, uint32_t value)
{
	return ask_map(facts, type, key, value, 1024, 0).truth;
}

static void lists(void **state)
{
	const struct asked_program kprobe = { .type = BPF_PROG_TYPE_KPROBE };
	const struct asked_program tracing = { .type = BPF_PROG_TYPE_TRACING };
	const struct asked_program other = { .type = BPF_PROG_TYPE_KPROBE,
					     .attach_type = BPF_TRACE_RAW_TP };
	struct facts facts = read_facts(NULL);
	struct btf *kernel = make_kernel();

	(void)state;
	/* Nothing is known before there is a BTF. */
	assert_int_equal(map(&facts, BPF_MAP_TYPE_RINGBUF, 0, 0), TRUTH_UNKNOWN);
	add_function(kernel, "bpf_check");
	assert_int_equal(facts_add_btf(&facts, raw_of(kernel)), 0);

	assert_int_equal(map(&facts, BPF_MAP_TYPE_RINGBUF, 0, 0), TRUTH_NO);
	assert_int_equal(map(&facts, BPF_MAP_TYPE_HASH, 4, 8), TRUTH_YES);
	/* More than each kernel takes; a type that depends on what else was built. */
	assert_int_equal(map(&facts, BPF_MAP_TYPE_HASH, 4, 1 << 20), TRUTH_UNKNOWN);
	assert_int_equal(map(&facts, BPF_MAP_TYPE_STACK_TRACE, 4, 8), TRUTH_UNKNOWN);
	/* On the list is not yet built in, or allowed for the type. */
	assert_int_equal(ask_program(&facts, &kprobe).truth, TRUTH_UNKNOWN);
	assert_int_equal(ask_program(&facts, &tracing).truth, TRUTH_NO);
	assert_int_equal(ask_program(&facts, &other).truth, TRUTH_NO);
	assert_int_equal(ask_helper(&facts, &kprobe, 99, true).truth, TRUTH_UNKNOWN);
	/* The end of the list has the number of the first that is not on it. */
	assert_int_equal(ask_helper(&facts, &kprobe, 100, true).truth, TRUTH_NO);
	assert_int_equal(ask_helper(&facts, &kprobe, 100, true).error, EINVAL);
	btf__free(kernel);
	facts_free(&facts);
}

static void names(void **state)
{
	const struct asked_program there = { .type = BPF_PROG_TYPE_TRACING,
					     .attach_type = BPF_TRACE_FENTRY, .target = "vfs_read" };
	struct asked_program module = there;
	struct facts facts = read_facts("CONFIG_MODULES=y\n");
	struct btf *kernel = make_kernel();

	(void)state;
	module.target = "nft_do_chain";
	add_function(kernel, "bpf_check");
	assert_int_equal(facts_add_btf(&facts, raw_of(kernel)), 0);
	assert_int_equal(ask_target(&facts, &there).truth, TRUTH_YES);
	assert_int_equal(ask_raw_tracepoint(&facts, "sched_switch").truth, TRUTH_YES);
	assert_int_equal(ask_ksym(&facts, "vfs_read", true).truth, TRUTH_YES);
	/* A module may have it. */
	assert_int_equal(ask_target(&facts, &module).truth, TRUTH_UNKNOWN);
	assert_int_equal(ask_raw_tracepoint(&facts, "no_such").truth, TRUTH_UNKNOWN);
	facts_free(&facts);

	facts = read_facts("# CONFIG_MODULES is not set\n");
	assert_int_equal(facts_add_btf(&facts, raw_of(kernel)), 0);
	assert_int_equal(ask_target(&facts, &module).truth, TRUTH_NO);
	assert_int_equal(ask_raw_tracepoint(&facts, "no_such").truth, TRUTH_NO);
	btf__free(kernel);
	facts_free(&facts);
}

/* A reduced BTF lacks nearly everything, which says nothing. */
static void reduced(void **state)
{
	struct facts facts = read_facts("# CONFIG_MODULES is not set\n");
	struct btf *kernel = make_kernel();

	(void)state;
	assert_int_equal(facts_add_btf(&facts, raw_of(kernel)), 0);
	assert_int_equal(map(&facts, BPF_MAP_TYPE_RINGBUF, 0, 0), TRUTH_UNKNOWN);
	assert_int_equal(ask_raw_tracepoint(&facts, "no_such").truth, TRUTH_UNKNOWN);
	btf__free(kernel);
	facts_free(&facts);
}

/* What is said of such a BTF; with expected, by btf_arch_other(). */
static const char *arch_with(const char *member, uint32_t pointer_size, const char *expected)
{
	struct btf *btf = btf__new_empty();
	int word = btf__add_int(btf, pointer_size == 8 ? "long unsigned int" : "long int",
				pointer_size, 0);
	struct error err = ERROR_NONE;
	struct btf_view view;
	const char *arch;

	assert_true(btf__add_struct(btf, "pt_regs", pointer_size) > 0);
	assert_int_equal(btf__add_field(btf, member, word, 0, 0), 0);
	assert_int_equal(btf_view_open(&view, raw_of(btf), &err), 0);
	arch = expected ? btf_arch_other(&view, expected) : btf_arch(&view);
	btf_view_close(&view);
	btf__free(btf);
	return arch;
}

static void architectures(void **state)
{
	(void)state;
	assert_string_equal(arch_with("orig_ax", 8, NULL), "x86_64");
	assert_string_equal(arch_with("orig_ax", 4, NULL), "i386");
	assert_string_equal(arch_with("di", 8, NULL), "x86_64");
	assert_string_equal(arch_with("orig_x0", 8, NULL), "arm64");
	assert_string_equal(arch_with("epc", 8, NULL), "riscv64");
	assert_null(arch_with("gpr", 8, NULL));
}

static void other_architectures(void **state)
{
	(void)state;
	assert_null(arch_with("orig_ax", 8, "x86_64"));
	assert_string_equal(arch_with("orig_ax", 8, "i386"), "x86_64");
	assert_string_equal(arch_with("orig_ax", 8, "amd64"), "x86_64");
	assert_null(arch_with("gpr", 8, "ppc64le"));
	assert_null(arch_with("uregs", 4, "arm"));
	assert_null(arch_with("gpr", 8, "parisc"));
	assert_string_equal(arch_with("gpr", 8, "i386"), "a 64-bit architecture");
	assert_string_equal(arch_with("uregs", 4, "arm64"), "a 32-bit architecture");
}

static void headings(void **state)
{
	static const char text[] = "#\n# Linux/x86 6.1.192 Kernel Configuration\n#\nCONFIG_BPF=y\n";
	static const char none[] = "# Linux/x86\nCONFIG_BPF=y\n";
	struct kconfig *kconfig;

	(void)state;
	assert_int_equal(kconfig_parse(slice_of(text, sizeof(text) - 1), &kconfig), 0);
	assert_string_equal(kconfig_version(kconfig), "6.1.192");
	kconfig_free(kconfig);
	assert_int_equal(kconfig_parse(slice_of(none, sizeof(none) - 1), &kconfig), 0);
	assert_string_equal(kconfig_version(kconfig), "");
	kconfig_free(kconfig);
	assert_string_equal(kconfig_version(NULL), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),         cmocka_unit_test(names),
		cmocka_unit_test(reduced),       cmocka_unit_test(architectures),
		cmocka_unit_test(headings),      cmocka_unit_test(other_architectures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
