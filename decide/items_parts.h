/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside decide/: the judges of the single items, and what they share. */
#ifndef DECIDE_ITEMS_PARTS_H
#define DECIDE_ITEMS_PARTS_H

#include "decide/items.h"

void item_pass(struct finding *out, const char *reason);

/* Loading has shown what an item asks. */
bool item_has_loaded(const struct evidence *e);

/* The plan loads this program; one that is loaded attaches in this way. */
bool item_is_on(const struct evidence *e, size_t program);
bool item_attaches_by(const struct evidence *e, enum attach_kind kind);

void item_bpf(const struct evidence *e, struct finding *out);
void item_selftest(const struct evidence *e, struct finding *out);
void item_capabilities(const struct evidence *e, struct finding *out);
void item_unprivileged(const struct evidence *e, struct finding *out);
void item_paranoid(const struct evidence *e, struct finding *out);
void item_memlock(const struct evidence *e, struct finding *out);
void item_seccomp(const struct evidence *e, struct finding *out);
void item_lockdown(const struct evidence *e, struct finding *out);
void item_lsm(const struct evidence *e, struct finding *out);
void item_object_btf(const struct evidence *e, struct finding *out);
void item_kernel_btf(const struct evidence *e, struct finding *out);
void item_own_btf(const struct evidence *e, struct finding *out);
void item_relocations(const struct evidence *e, struct finding *out);
void item_externs(const struct evidence *e, struct finding *out);
void item_types(const struct evidence *e, struct finding *out);
void item_maps(const struct evidence *e, struct finding *out);
void item_helpers(const struct evidence *e, struct finding *out);
void item_kfuncs(const struct evidence *e, struct finding *out);
void item_symbols(const struct evidence *e, struct finding *out);
void item_global_data(const struct evidence *e, struct finding *out);
void item_license(const struct evidence *e, struct finding *out);
void item_kprobes(const struct evidence *e, struct finding *out);
void item_tracepoints(const struct evidence *e, struct finding *out);
void item_raw_tracepoints(const struct evidence *e, struct finding *out);
void item_fentry(const struct evidence *e, struct finding *out);
void item_uprobes(const struct evidence *e, struct finding *out);
void item_ftrace(const struct evidence *e, struct finding *out);
void item_jit(const struct evidence *e, struct finding *out);
void item_load(const struct evidence *e, struct finding *out);
void item_environment(const struct evidence *e, struct finding *out);

#endif
