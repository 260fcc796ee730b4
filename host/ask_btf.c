/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers that a kernel's BTF file gives, where the kernel itself cannot be asked.  What it does
 * not have may still be a module's, so that most of its answers are a yes or unknown; but what
 * enumerations of bpf(2) do not have, that kernel does not know.
 */
#include <errno.h>
#include <stdio.h>

#include <linux/bpf.h>

#include "host/ask_parts.h"
#include "host/bpf_probes.h"

static const struct kernel_btf *file_of(const struct facts *facts)
{
	return facts->inquiry && facts->inquiry->has_file ? &facts->inquiry->btf : NULL;
}

struct probe ask_file_name(const struct facts *facts, uint32_t kind, const char *name)
{
	const struct kernel_btf *btf = file_of(facts);

	if (!btf)
		return probe_unknown(0);
	if (kernel_btf_find(btf, kind, name))
		return probe_yes();
	/* A kernel without modules has it nowhere else. */
	return facts_option(facts, "CONFIG_MODULES").set.truth == TRUTH_NO ? probe_no(ENOENT) :
	       probe_unknown(ENOENT);
}

struct probe ask_file_raw_tracepoint(const struct facts *facts, const char *name)
{
	char type[QUESTION_NAME_SIZE];

	snprintf(type, sizeof(type), "btf_trace_%s", name);
	return ask_file_name(facts, BTF_KIND_TYPEDEF, type);
}

/* No, or what is not known: being on the list is not being built in. */
static struct probe on_list(const struct facts *facts, const char *list, uint32_t number)
{
	const struct kernel_btf *btf = file_of(facts);

	return btf && kernel_btf_has_value(btf, list, number) == 0 ? probe_no(EINVAL) :
	       probe_unknown(0);
}

struct probe ask_file_program(const struct facts *facts, const struct asked_program *program)
{
	struct probe answer = on_list(facts, "bpf_prog_type", program->type);

	if (answer.truth == TRUTH_UNKNOWN && program->attach_type)
		answer = on_list(facts, "bpf_attach_type", program->attach_type);
	return answer;
}

struct probe ask_file_helper(const struct facts *facts, uint32_t helper)
{
	return on_list(facts, "bpf_func_id", helper);
}

/* Built whenever bpf(2) is; the others depend on more. */
static bool is_of_every_kernel(uint32_t type)
{
	switch (type) {
	case BPF_MAP_TYPE_HASH:
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PROG_ARRAY:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_LRU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
	case BPF_MAP_TYPE_LPM_TRIE:
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_HASH_OF_MAPS:
	case BPF_MAP_TYPE_QUEUE:
	case BPF_MAP_TYPE_STACK:
	case BPF_MAP_TYPE_RINGBUF:
	case BPF_MAP_TYPE_BLOOM_FILTER:
		return true;
	default:
		return false;
	}
}

struct probe ask_file_map(const struct facts *facts, uint32_t type, bool ordinary)
{
	const struct kernel_btf *btf = file_of(facts);
	int known = btf ? kernel_btf_has_value(btf, "bpf_map_type", type) : -ENOENT;

	if (known == 0)
		return probe_no(EINVAL);
	return known == 1 && ordinary && is_of_every_kernel(type) ? probe_yes() : probe_unknown(0);
}
