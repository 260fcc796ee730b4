/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include <linux/bpf.h>

#include "decide/blocked.h"
#include "decide/needs.h"

#include "btfpack/sandbox.h"

/* What any program of an object asks for. */
struct wishes {
	bool net_admin;          /* program types that the kernel asks CAP_NET_ADMIN for */
	bool symbols;            /* /proc/kallsyms and tracefs' kprobe_events */
	bool programs;           /* files that uprobes are set in */
	bool cgroups;
};

static void add_wishes(struct wishes *wishes, const struct program_needs *program)
{
	switch (program->attach) {
	case ATTACH_KPROBE:
	case ATTACH_KPROBE_MULTI:
	case ATTACH_KSYSCALL:
		wishes->symbols = true;
		break;
	case ATTACH_UPROBE:
	case ATTACH_USDT:
		wishes->programs = true;
		break;
	default:
		break;
	}
	wishes->net_admin |= takes_net_admin(program->type);
	wishes->cgroups |= strncmp(program->section, "cgroup", strlen("cgroup")) == 0;
}

int sandbox_values(struct bundle *bundle, const struct object *object, struct error *err)
{
	struct wishes wishes = { 0 };
	struct needs needs;
	size_t i;
	int code = needs_of(object, bundle->manifest, &needs, err);

	if (code)
		return code;
	for (i = 0; i < needs.program_count; i++)
		add_wishes(&wishes, &needs.programs[i]);
	for (i = 0; i < object->extern_count; i++)
		wishes.symbols |= object->externs[i].kind == EXTERN_KSYM_UNTYPED;
	needs_free(&needs);
	bundle_set(bundle, VALUE_CAPABILITIES, wishes.net_admin ? "CAP_BPF CAP_PERFMON CAP_NET_ADMIN" :
		   wishes.programs ? "CAP_BPF CAP_PERFMON CAP_SYS_ADMIN" : "CAP_BPF CAP_PERFMON");
	bundle_set(bundle, VALUE_PROTECT_TUNABLES, wishes.symbols || wishes.programs ? "no" : "yes");
	bundle_set(bundle, VALUE_PROTECT_CGROUPS, wishes.cgroups ? "no" : "yes");
	bundle_set(bundle, VALUE_PRIVATE_NETWORK, wishes.net_admin ? "no" : "yes");
	bundle_set(bundle, VALUE_PROTECT_HOME, wishes.programs ? "read-only" : "yes");
	return 0;
}
