/* SPDX-License-Identifier: BSD-2-Clause */
#include "decide/items_parts.h"

void item_pass(struct finding *out, const char *reason)
{
	finding_set(out, ANSWER_YES, CLASS_NONE, "%s", reason);
}

bool item_has_loaded(const struct evidence *e)
{
	return e->whole.outcome == TRIED_YES;
}

bool item_is_on(const struct evidence *e, size_t program)
{
	return plan_state(e->plan, &e->needs->programs[program]) != PROGRAM_OFF;
}

bool item_attaches_by(const struct evidence *e, enum attach_kind kind)
{
	size_t i;

	for (i = 0; i < e->needs->program_count; i++)
		if (e->needs->programs[i].attach == kind && item_is_on(e, i))
			return true;
	return false;
}

static const struct {
	const char *id;
	void (*judge)(const struct evidence *e, struct finding *out);
} TABLE[ITEMS] = {
	[ITEM_BPF] = { "sys.bpf", item_bpf },
	[ITEM_SELFTEST] = { "sys.selftest", item_selftest },
	[ITEM_CAPABILITIES] = { "cap.eff", item_capabilities },
	[ITEM_UNPRIVILEGED] = { "sys.unpriv", item_unprivileged },
	[ITEM_PARANOID] = { "sys.paranoid", item_paranoid },
	[ITEM_MEMLOCK] = { "sys.memlock", item_memlock },
	[ITEM_SECCOMP] = { "sys.seccomp", item_seccomp },
	[ITEM_LOCKDOWN] = { "lsm.lockdown", item_lockdown },
	[ITEM_LSM_BPF] = { "lsm.bpf", item_lsm },
	[ITEM_OBJECT_BTF] = { "obj.btf", item_object_btf },
	[ITEM_KERNEL_BTF] = { "btf.relocations", item_kernel_btf },
	[ITEM_OWN_BTF] = { "btf.kernel", item_own_btf },
	[ITEM_RELOCATIONS] = { "core.relos", item_relocations },
	[ITEM_EXTERNS] = { "cfg.externs", item_externs },
	[ITEM_PROGRAM_TYPES] = { "prog.type", item_types },
	[ITEM_MAP_TYPES] = { "map.type", item_maps },
	[ITEM_HELPERS] = { "helper.pairs", item_helpers },
	[ITEM_KFUNCS] = { "kfunc", item_kfuncs },
	[ITEM_KSYMS] = { "ksym", item_symbols },
	[ITEM_GLOBAL_DATA] = { "map.global_data", item_global_data },
	[ITEM_LICENSE] = { "obj.license", item_license },
	[ITEM_KPROBES] = { "att.kprobe", item_kprobes },
	[ITEM_TRACEPOINTS] = { "att.tp", item_tracepoints },
	[ITEM_RAW_TRACEPOINTS] = { "att.rawtp", item_raw_tracepoints },
	[ITEM_FENTRY] = { "att.fentry", item_fentry },
	[ITEM_UPROBES] = { "att.uprobe", item_uprobes },
	[ITEM_FTRACE] = { "att.ftrace", item_ftrace },
	[ITEM_JIT] = { "jit", item_jit },
	[ITEM_LOAD] = { "dry.load", item_load },
	[ITEM_ENVIRONMENT] = { "env", item_environment },
};

const char *item_id(enum item item)
{
	return TABLE[item].id;
}

void items_judge(const struct evidence *evidence, struct finding out[ITEMS])
{
	size_t i;

	for (i = 0; i < ITEMS; i++) {
		out[i] = (struct finding){ .answer = ANSWER_SKIP };
		TABLE[i].judge(evidence, &out[i]);
	}
}
