/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/ask.h"

#include "checker/gather_symbols.h"

/* "__x64_sys_openat", as libbpf looks for a system call. */
static void syscall_symbol(const struct facts *facts, const char *name, char *text, size_t size)
{
	static const struct {
		const char *arch, *prefix;
	} PREFIXES[] = {
		{ "x86_64", "__x64_sys_" }, { "arm64", "__arm64_sys_" }, { "i386", "__ia32_sys_" },
	};
	const char *prefix = "sys_";
	size_t i;

	for (i = 0; i < sizeof(PREFIXES) / sizeof(PREFIXES[0]); i++)
		if (strcmp(facts->arch, PREFIXES[i].arch) == 0)
			prefix = PREFIXES[i].prefix;
	snprintf(text, size, "%s%s", prefix, name);
}

/* The function of a kprobe: "do_exit" of "do_exit+0x10". */
static void function_symbol(const struct facts *facts, const struct program_needs *program,
			    char *text, size_t size)
{
	if (program->attach == ATTACH_KSYSCALL)
		syscall_symbol(facts, program->target, text, size);
	else
		snprintf(text, size, "%.*s", (int)strcspn(program->target, "+"), program->target);
}

static bool wants_symbol(const struct program_needs *program)
{
	return (program->attach == ATTACH_KPROBE || program->attach == ATTACH_KSYSCALL ||
		program->attach == ATTACH_KPROBE_MULTI) && program->target[0] &&
	       !strpbrk(program->target, "*?");
}

/* A kernel without kprobes has no use for their functions, and the list is long. */
static bool has_probes(const struct report *report, const struct program_needs *program)
{
	const struct policy *policy = &report->facts.policy;

	if (program->attach == ATTACH_KPROBE_MULTI)
		return report->evidence.kprobe_multi.truth != TRUTH_NO;
	return facts_option(&report->facts, "CONFIG_KPROBES").set.truth != TRUTH_NO &&
	       (policy->kprobe_pmu.known.truth == TRUTH_YES ||
		policy->kprobe_events.truth != TRUTH_NO);
}

enum { SYMBOL_NAME_SIZE = 128 };

/* Names that are looked for in one pass over the list of symbols. */
struct wanted {
	struct symbol *symbols;
	char (*names)[SYMBOL_NAME_SIZE];
	size_t count;
};

static bool is_wanted(const struct report *report, size_t program, bool thorough)
{
	const struct program_needs *needs = &report->needs.programs[program];

	return wants_symbol(needs) && (thorough || has_probes(report, needs));
}

/* Loading has shown that these are there, or weak. */
static bool wants_externs(const struct report *report, bool thorough)
{
	return thorough || report->evidence.whole.outcome != TRIED_YES;
}

static void collect_wanted(const struct report *report, bool thorough, struct wanted *out)
{
	const struct object *object = report->object;
	size_t i;

	for (i = 0; i < report->needs.program_count; i++)
		if (is_wanted(report, i, thorough))
			function_symbol(&report->facts, &report->needs.programs[i],
					out->names[out->count++], SYMBOL_NAME_SIZE);
	for (i = 0; wants_externs(report, thorough) && i < object->extern_count; i++)
		if (object->externs[i].kind == EXTERN_KSYM_UNTYPED)
			snprintf(out->names[out->count++], SYMBOL_NAME_SIZE, "%.127s",
				 object->externs[i].name);
	for (i = 0; i < out->count; i++)
		out->symbols[i].name = out->names[i];
}

/* In the order in which they were collected. */
static void take_wanted(struct report *report, bool thorough, const struct symbol *symbol)
{
	const struct object *object = report->object;
	size_t i;

	for (i = 0; i < report->needs.program_count; i++) {
		struct program_evidence *known = &report->evidence.programs[i];

		if (!is_wanted(report, i, thorough))
			continue;
		known->place = symbol->found;
		snprintf(known->near, sizeof(known->near), "%.127s", symbol->near);
		if (symbol->blacklisted.truth == TRUTH_YES)
			known->traceable = probe_no(EINVAL);
		symbol++;
	}
	for (i = 0; i < object->extern_count; i++) {
		struct probe *answer = &report->evidence.symbols[i];

		if (!wants_externs(report, thorough))
			*answer = probe_yes();
		else if (object->externs[i].kind == EXTERN_KSYM_UNTYPED)
			*answer = (symbol++)->found;
		else if (object->externs[i].kind == EXTERN_KSYM_TYPED)
			*answer = ask_ksym(&report->facts, object->externs[i].name, false);
	}
}

int gather_symbols(struct report *report, bool thorough, struct error *err)
{
	const size_t most = report->needs.program_count + report->object->extern_count + 1;
	struct wanted wanted = {
		.symbols = calloc(most, sizeof(*wanted.symbols)),
		.names = calloc(most, sizeof(*wanted.names)),
	};
	int code = wanted.symbols && wanted.names ? 0 : -ENOMEM;

	if (!code)
		collect_wanted(report, thorough, &wanted);
	if (!code && wanted.count)
		code = ask_symbols(&report->facts, wanted.symbols, wanted.count);
	if (!code)
		take_wanted(report, thorough, wanted.symbols);
	free(wanted.names);
	free(wanted.symbols);
	return code ? error_errno(err, code, "symbols") : 0;
}
