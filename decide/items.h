/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of what is looked at, each with its answer: docs/check.md has it as a table.  What an
 * object does not need is ANSWER_SKIP and cannot fail it.
 */
#ifndef DECIDE_ITEMS_H
#define DECIDE_ITEMS_H

#include "decide/evidence.h"

enum item {
	ITEM_BPF, ITEM_SELFTEST, ITEM_CAPABILITIES, ITEM_UNPRIVILEGED, ITEM_PARANOID, ITEM_MEMLOCK,
	ITEM_SECCOMP, ITEM_LOCKDOWN, ITEM_LSM_BPF, ITEM_OBJECT_BTF, ITEM_KERNEL_BTF, ITEM_OWN_BTF,
	ITEM_RELOCATIONS, ITEM_EXTERNS, ITEM_PROGRAM_TYPES, ITEM_MAP_TYPES, ITEM_HELPERS,
	ITEM_KFUNCS, ITEM_KSYMS, ITEM_GLOBAL_DATA, ITEM_LICENSE, ITEM_KPROBES, ITEM_TRACEPOINTS,
	ITEM_RAW_TRACEPOINTS, ITEM_FENTRY, ITEM_UPROBES, ITEM_FTRACE, ITEM_JIT, ITEM_LOAD,
	ITEM_ENVIRONMENT, ITEMS
};

/* "sys.bpf", "lsm.lockdown" ... */
const char *item_id(enum item item);

void items_judge(const struct evidence *evidence, struct finding out[ITEMS]);

#endif
