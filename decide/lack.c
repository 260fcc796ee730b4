/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include <linux/bpf.h>

#include "host/bpf_names.h"

#include "decide/lack.h"

/*
 * What a kernel lacks, whatever the verifier says of it.  Each fills *out and returns true when its
 * sort of thing is known not to be there.
 */
static bool lacks_type(const struct subject_program *p, struct finding *out)
{
	char type[BPF_NAME_SIZE];

	if (p->known->type.truth != TRUTH_NO)
		return false;
	finding_set(out, ANSWER_NO, CLASS_PROGRAM_TYPE, "this kernel has no programs of type %s",
		    bpf_program_type_name(p->needs->type, type));
	finding_advise(out, "Boot a kernel that has them, or make the program optional, or give it an "
		       "alternative, in the manifest.");
	return true;
}

/* libbpf looks for the place of these in the kernel's BTF before it loads the program. */
static bool lacks_target(const struct subject_program *p, struct finding *out)
{
	bool is_found_by_libbpf = p->needs->type == BPF_PROG_TYPE_TRACING ||
				  p->needs->type == BPF_PROG_TYPE_LSM;

	if (!is_found_by_libbpf || p->known->place.truth != TRUTH_NO ||
	    p->known->place.error != ENOENT)
		return false;
	finding_set(out, ANSWER_NO, CLASS_ATTACH_TYPE, "the kernel's BTF has nothing to attach %s to",
		    p->needs->section);
	finding_advise(out, "Attach to what this kernel has, or make the program optional, or give it an "
		       "alternative, in the manifest.");
	return true;
}

static bool lacks_symbol(const struct subject_program *p, struct finding *out)
{
	const struct object_extern *symbol = evidence_missing_symbol(p->evidence);

	if (!symbol)
		return false;
	finding_set(out, ANSWER_NO, CLASS_UNKNOWN, "this kernel has no symbol %s (__ksym)",
		    symbol->name);
	finding_advise(out, "Declare it __weak and test it in the program, or boot a kernel that has "
		       "it.");
	return true;
}

/* libbpf makes all maps of the object, also those that this program does not use. */
static bool lacks_map(const struct subject_program *p, struct finding *out)
{
	const struct object *object = p->evidence->needs->object;
	const struct object_map *map;
	char type[BPF_NAME_SIZE];
	size_t i = 0;

	while (i < object->map_count && p->evidence->maps[i].truth != TRUTH_NO)
		i++;
	if (i == object->map_count)
		return false;
	map = &object->maps[i];
	finding_set(out, ANSWER_NO, CLASS_MAP_TYPE,
		    "this kernel cannot make map %s (type %s, flags 0x%x, %u entries)", map->name,
		    bpf_map_type_name(map->type, type), map->flags, map->max_entries);
	finding_advise(out, "%s", map->type == BPF_MAP_TYPE_RINGBUF ?
		       "Give the object a perf buffer beside the ring buffer: docs/objects.md, Events." :
		       "Boot a newer kernel, or do without the map.");
	return true;
}

static void say_helper(const struct subject_program *p, size_t i, struct finding *out)
{
	char helper[BPF_NAME_SIZE], type[BPF_NAME_SIZE];

	bpf_helper_name(p->needs->helpers[i], helper);
	if (p->known->helpers[i].error == EACCES) {
		finding_set(out, ANSWER_NO, CLASS_VERIFIER,
			    "helper %s is only for programs whose licence is compatible with the GPL, "
			    "and this one's is \"%s\"", helper, p->evidence->needs->object->license);
		finding_advise(out, "Say SEC(\"license\") = \"GPL\" or \"Dual BSD/GPL\" in the source, if "
			       "that is true.");
		return;
	}
	finding_set(out, ANSWER_NO, CLASS_VERIFIER,
		    "this kernel has no helper %s for programs of type %s", helper,
		    bpf_program_type_name(p->needs->type, type));
	finding_advise(out, "Test for it in the program (bpf_core_enum_value_exists(enum bpf_func_id, "
		       "...)), or give the program an alternative, or boot a newer kernel.");
}

static bool lacks_helper(const struct subject_program *p, struct finding *out)
{
	size_t i = 0;

	while (i < p->needs->helper_count && p->known->helpers[i].truth != TRUTH_NO)
		i++;
	if (i == p->needs->helper_count)
		return false;
	say_helper(p, i, out);
	return true;
}

static bool lacks_kfunc(const struct subject_program *p, struct finding *out)
{
	char type[BPF_NAME_SIZE];
	size_t i = 0;

	while (i < p->needs->kfunc_count && p->known->kfuncs[i].truth != TRUTH_NO)
		i++;
	if (i == p->needs->kfunc_count)
		return false;
	finding_set(out, ANSWER_NO, CLASS_VERIFIER,
		    "this kernel has no function %s that programs of type %s may call",
		    p->needs->kfuncs[i], bpf_program_type_name(p->needs->type, type));
	finding_advise(out, "Declare it __ksym __weak and test it, or boot a kernel that has it.");
	return true;
}

/* libbpf tries it with a program for sockets. */
static bool is_without_network(const struct facts *facts)
{
	return facts_option(facts, "CONFIG_NET").set.truth == TRUTH_NO;
}

const char *lack_global_data(const struct facts *facts)
{
	return is_without_network(facts) ?
	       "this kernel is built without CONFIG_NET, and libbpf loads no program with global "
	       "variables there" :
	       "this kernel knows no global variables in programs (5.2 has them)";
}

static bool lacks_global_data(const struct subject_program *p, struct finding *out)
{
	const struct facts *facts = p->evidence->facts;

	if (!p->needs->global_data || p->evidence->global_data.truth != TRUTH_NO)
		return false;
	finding_set(out, ANSWER_NO, CLASS_MAP_TYPE, "%s", lack_global_data(facts));
	finding_advise(out, "Boot a %s, or keep the values in a map.",
		       is_without_network(facts) ? "kernel with CONFIG_NET=y" : "newer kernel");
	return true;
}

bool lack_find(const struct subject_program *p, struct finding *out)
{
	return lacks_type(p, out) || lacks_target(p, out) || lacks_symbol(p, out) ||
	       lacks_map(p, out) || lacks_helper(p, out) || lacks_kfunc(p, out) ||
	       lacks_global_data(p, out);
}
