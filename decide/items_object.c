/* SPDX-License-Identifier: BSD-2-Clause */
/* What the object asks of the kernel: BTF, options, types, helpers, symbols. */
#include <errno.h>
#include <string.h>

#include "host/bpf_names.h"

#include "decide/helpers.h"
#include "decide/items_parts.h"
#include "decide/lack.h"

void item_object_btf(const struct evidence *e, struct finding *out)
{
	if (e->needs->object->has_btf) {
		item_pass(out, "the object has BTF");
		return;
	}
	finding_set(out, item_has_loaded(e) ? ANSWER_YES : ANSWER_UNKNOWN, CLASS_NONE,
		    "the object has no BTF: it was compiled without -g, and nothing in it is relocated");
}

void item_kernel_btf(const struct evidence *e, struct finding *out)
{
	static const char *const SOURCES[] = {
		[BTF_NONE] = "none is used", [BTF_KERNEL] = "the kernel's own is used",
		[BTF_GIVEN] = "the given one is used", [BTF_STORED] = "the stored one is used",
	};
	const struct plan *plan = e->plan;

	if (!e->needs->relocations)
		return;
	if (plan->btf != BTF_NONE) {
		item_pass(out, SOURCES[plan->btf]);
		return;
	}
	finding_set(out, plan->status == STATUS_BLOCKED ? ANSWER_UNKNOWN : ANSWER_NO,
		    CLASS_MISSING_BTF, "%s", plan->reason);
	finding_advise(out, "%s", plan->remedy);
}

void item_own_btf(const struct evidence *e, struct finding *out)
{
	struct probe has = e->facts->kernel_has_btf;
	const char *why = e->needs->kernel_btf, *name = NULL;
	size_t i;

	for (i = 0; i < e->needs->program_count; i++)
		if (e->needs->programs[i].kernel_btf && item_is_on(e, i) && !name) {
			name = e->needs->programs[i].name;
			why = e->needs->programs[i].kernel_btf;
		}
	if (!why)
		return;
	out->error = has.error;
	if (has.truth == TRUTH_YES || item_has_loaded(e)) {
		item_pass(out, "the kernel exposes it");
	} else if (has.truth == TRUTH_UNKNOWN) {
		finding_set(out, ANSWER_UNKNOWN, CLASS_MISSING_BTF,
			    "whether the kernel exposes it is not known");
	} else {
		finding_set(out, ANSWER_NO, CLASS_MISSING_BTF, "%s%s needs it (%s), and the kernel exposes "
			    "none", name ? "program " : "the object", name ? name : "", why);
		finding_advise(out, "Give the program an alternative, or make it optional, in the "
			       "manifest; or boot a kernel with CONFIG_DEBUG_INFO_BTF=y.");
	}
}

void item_relocations(const struct evidence *e, struct finding *out)
{
	const struct relocation_evidence *worst = NULL;
	const char *program = NULL;
	size_t i, missing = 0, refused = 0;

	if (!e->needs->relocations)
		return;
	if (!e->resolved) {
		finding_set(out, ANSWER_UNKNOWN, CLASS_MISSING_BTF, "they were not resolved");
		return;
	}
	for (i = 0; i < e->needs->program_count; i++) {
		const struct relocation_evidence *relocations = &e->programs[i].relocations;

		if (!item_is_on(e, i) || e->programs[i].load.outcome == TRIED_YES)
			continue;
		missing += relocations->missing;
		refused += relocations->refused;
		if (!worst && relocations->first[0]) {
			worst = relocations;
			program = e->needs->programs[i].name;
		}
	}
	if (!worst) {
		item_pass(out, "all that are reached are resolved");
		return;
	}
	finding_set(out, refused || e->whole.outcome == TRIED_NO ? ANSWER_NO : ANSWER_UNKNOWN,
		    CLASS_CORE_RELOCATION, "%s, used in %s, is not on this kernel%s", worst->first, program,
		    missing + refused > 1 ? ", and it is not the only one" : "");
	finding_advise(out, "Guard the access with bpf_core_field_exists() or "
		       "bpf_core_type_exists(), or make the program optional in the manifest.");
}

void item_externs(const struct evidence *e, struct finding *out)
{
	const struct object *object = e->needs->object;
	bool asks = false;
	size_t i;

	for (i = 0; i < object->extern_count; i++) {
		const struct object_extern *ext = &object->externs[i];
		struct kconfig_option option;

		if (ext->kind != EXTERN_KCONFIG || strncmp(ext->name, "CONFIG_", 7) != 0)
			continue;
		asks = true;
		option = facts_option(e->facts, ext->name);
		if (ext->weak || option.set.truth == TRUTH_YES)
			continue;
		finding_set(out, option.set.truth == TRUTH_NO ? ANSWER_NO : ANSWER_UNKNOWN, CLASS_UNKNOWN,
			    option.set.truth == TRUTH_NO ? "the object asks for %s, which is not set" :
			    "the object asks for %s, and the kernel's configuration cannot be read",
			    ext->name);
		out->error = option.set.error;
		finding_advise(out, option.set.truth == TRUTH_NO ?
			       "Boot a kernel that was built with it, or make the extern weak." :
			       "`modprobe configs`, or install the kernel's /boot/config-%s.",
			       e->facts->release);
		return;
	}
	if (asks)
		item_pass(out, "the options that the object asks for are known");
}

void item_types(const struct evidence *e, struct finding *out)
{
	char name[BPF_NAME_SIZE];
	bool unknown = false;
	size_t i;

	for (i = 0; i < e->needs->program_count; i++) {
		if (!item_is_on(e, i))
			continue;
		if (e->programs[i].type.truth == TRUTH_NO) {
			finding_set(out, ANSWER_NO, CLASS_PROGRAM_TYPE,
				    "this kernel has no programs of type %s (%s)",
				    bpf_program_type_name(e->needs->programs[i].type, name),
				    e->needs->programs[i].name);
			return;
		}
		unknown |= e->programs[i].type.truth == TRUTH_UNKNOWN;
	}
	if (unknown)
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN, "not all could be asked for");
	else
		item_pass(out, "the kernel has them");
}

void item_maps(const struct evidence *e, struct finding *out)
{
	const struct object *object = e->needs->object;
	char name[BPF_NAME_SIZE];
	bool unknown = false;
	size_t i;

	if (object->map_count == 0)
		return;
	for (i = 0; i < object->map_count; i++) {
		if (e->maps[i].truth == TRUTH_NO) {
			finding_set(out, ANSWER_NO, CLASS_MAP_TYPE,
				    "this kernel cannot make map %s (type %s)", object->maps[i].name,
				    bpf_map_type_name(object->maps[i].type, name));
			out->error = e->maps[i].error;
			return;
		}
		unknown |= e->maps[i].truth == TRUTH_UNKNOWN;
	}
	if (unknown)
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN, "not all could be asked for");
	else
		item_pass(out, "the kernel has them");
}

void item_helpers(const struct evidence *e, struct finding *out)
{
	char helper[BPF_NAME_SIZE];
	size_t i, k, unknown = 0, count = 0;

	for (i = 0; i < e->needs->program_count; i++) {
		const struct program_needs *program = &e->needs->programs[i];

		for (k = 0; item_is_on(e, i) && k < program->helper_count; k++) {
			struct probe answer = e->programs[i].helpers[k];

			count++;
			unknown += answer.truth == TRUTH_UNKNOWN;
			if (answer.truth != TRUTH_NO || answer.error == EACCES)
				continue;
			finding_set(out, ANSWER_NO, CLASS_VERIFIER, "program %s may not call %s here",
				    program->name, bpf_helper_name(program->helpers[k], helper));
			return;
		}
	}
	if (unknown)
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN, "of %zu pairs of program and helper, %zu "
			    "could not be asked for", count, unknown);
	else if (count)
		finding_set(out, ANSWER_YES, CLASS_NONE, "%zu pairs of program and helper", count);
}

void item_kfuncs(const struct evidence *e, struct finding *out)
{
	size_t i, k, unknown = 0, count = 0;

	for (i = 0; i < e->needs->program_count; i++)
		for (k = 0; item_is_on(e, i) && k < e->needs->programs[i].kfunc_count; k++) {
			count++;
			unknown += e->programs[i].kfuncs[k].truth == TRUTH_UNKNOWN;
			if (e->programs[i].kfuncs[k].truth != TRUTH_NO)
				continue;
			finding_set(out, ANSWER_NO, CLASS_VERIFIER, "program %s may not call %s here",
				    e->needs->programs[i].name, e->needs->programs[i].kfuncs[k]);
			return;
		}
	if (unknown)
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN, "not all could be asked for");
	else if (count)
		item_pass(out, "the kernel has them");
}

void item_symbols(const struct evidence *e, struct finding *out)
{
	const struct object_extern *missing = evidence_missing_symbol(e);
	const struct object *object = e->needs->object;
	size_t i, count = 0, unknown = 0;

	for (i = 0; i < object->extern_count; i++) {
		if (object->externs[i].kind != EXTERN_KSYM_UNTYPED &&
		    object->externs[i].kind != EXTERN_KSYM_TYPED)
			continue;
		count++;
		unknown += e->symbols[i].truth == TRUTH_UNKNOWN;
	}
	if (missing)
		finding_set(out, ANSWER_NO, CLASS_UNKNOWN, "this kernel has no symbol %s", missing->name);
	else if (unknown)
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN, "not all could be looked for");
	else if (count)
		item_pass(out, "the kernel has them, or they are weak");
}

void item_global_data(const struct evidence *e, struct finding *out)
{
	bool wanted = false;
	size_t i;

	for (i = 0; i < e->needs->program_count; i++)
		wanted |= e->needs->programs[i].global_data && item_is_on(e, i);
	if (!wanted)
		return;
	if (e->global_data.truth == TRUTH_YES)
		item_pass(out, "programs may have global variables");
	else if (e->global_data.truth == TRUTH_NO)
		finding_set(out, ANSWER_NO, CLASS_MAP_TYPE, "%s", lack_global_data(e->facts));
	else
		finding_set(out, ANSWER_UNKNOWN, CLASS_UNKNOWN, "it could not be asked for");
}

void item_license(const struct evidence *e, struct finding *out)
{
	const char *license = e->needs->object->license;
	char name[BPF_NAME_SIZE];
	size_t i, k;

	if (license_is_gpl(license)) {
		finding_set(out, ANSWER_YES, CLASS_NONE, "\"%s\" is compatible with the GPL", license);
		return;
	}
	for (i = 0; i < e->needs->program_count; i++)
		for (k = 0; item_is_on(e, i) && k < e->needs->programs[i].helper_count; k++) {
			uint32_t helper = e->needs->programs[i].helpers[k];

			if (!helper_is_gpl_only(helper))
				continue;
			finding_set(out, item_has_loaded(e) ? ANSWER_YES : ANSWER_NO, CLASS_VERIFIER,
				    "the licence is \"%s\", and program %s calls %s, which is for "
				    "GPL-compatible programs only", license, e->needs->programs[i].name,
				    bpf_helper_name(helper, name));
			finding_advise(out, "Say SEC(\"license\") = \"GPL\" or \"Dual BSD/GPL\" in the "
				       "source, if that is true.");
			return;
		}
	finding_set(out, ANSWER_YES, CLASS_NONE, "\"%s\", and no helper asks for another", license);
}
