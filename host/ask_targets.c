/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions about names in the kernel's BTF: what programs attach to, typed ksyms. */
#include <errno.h>
#include <stdio.h>

#include <bpf/bpf.h>

#include "host/ask_parts.h"
#include "host/bpf_names.h"

/* How the targets of a kind of program are named in the BTF, and one that kernels have. */
struct target_form {
	uint32_t type, attach_type; /* 0: any other of the type */
	uint32_t kind;              /* BTF_KIND_ */
	const char *prefix, *example;
};

static const struct target_form FORMS[] = {
	{ BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, BTF_KIND_TYPEDEF, "btf_trace_", "sched_switch" },
	{ BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, BTF_KIND_FUNC, "bpf_iter_", "task" },
	{ BPF_PROG_TYPE_TRACING, BPF_MODIFY_RETURN, BTF_KIND_FUNC, "", "security_file_open" },
	{ BPF_PROG_TYPE_TRACING, 0, BTF_KIND_FUNC, "", "vfs_read" },
	{ BPF_PROG_TYPE_LSM, 0, BTF_KIND_FUNC, "bpf_lsm_", "file_open" },
};

static const struct target_form *form_of(const struct asked_program *program)
{
	size_t i;

	for (i = 0; i < sizeof(FORMS) / sizeof(FORMS[0]); i++)
		if (FORMS[i].type == program->type &&
		    (!FORMS[i].attach_type || FORMS[i].attach_type == program->attach_type))
			return &FORMS[i];
	return NULL;
}

static bool says_target(const struct asked_program *program)
{
	return program->target && program->target[0];
}

uint32_t ask_target_id(const struct facts *facts, const struct asked_program *program)
{
	const struct target_form *form = form_of(program);
	const struct kernel_btf *btf;
	char name[QUESTION_NAME_SIZE];
	int error;

	if (!form || !ask_is_live(facts))
		return 0;
	btf = inquiry_btf(facts->inquiry, form->kind, &error);
	if (!btf)
		return 0;
	snprintf(name, sizeof(name), "%s%s", form->prefix,
		 says_target(program) ? program->target : form->example);
	return kernel_btf_find(btf, form->kind, name);
}

/* In the kernel's own, else in a module's. */
static struct probe find_name(struct inquiry *inquiry, uint32_t kind, const char *name)
{
	const struct kernel_btf *btf;
	int error, found;

	btf = inquiry_btf(inquiry, kind, &error);
	if (!btf)
		return error == ENOENT || error == EBADMSG || error == ENOTSUP ? probe_no(error) :
		       probe_unknown(error);
	if (kernel_btf_find(btf, kind, name))
		return probe_yes();
	found = kernel_btf_find_in_modules(btf, inquiry->root_fd, kind, name);
	if (found < 0)
		return probe_unknown(-found);
	return found ? probe_yes() : probe_no(ENOENT);
}

static struct probe ask_name(const struct facts *facts, uint32_t kind, const char *name)
{
	static const char *const KINDS[] = {
		[BTF_KIND_FUNC] = "func", [BTF_KIND_TYPEDEF] = "typedef", [BTF_KIND_VAR] = "var",
	};
	char question[QUESTION_NAME_SIZE];
	const struct answer *known;

	snprintf(question, sizeof(question), "%s %s", KINDS[kind], name);
	known = ask_recorded(facts, ASKED_BTF, question);
	if (known)
		return known->probe;
	if (!ask_is_live(facts))
		return ask_file_name(facts, kind, name);
	return ask_note(facts, ASKED_BTF, question, find_name(facts->inquiry, kind, name));
}

struct probe ask_target(const struct facts *facts, const struct asked_program *program)
{
	const struct target_form *form = form_of(program);
	char name[QUESTION_NAME_SIZE];

	if (!form || !says_target(program))
		return probe_unknown(0);
	snprintf(name, sizeof(name), "%s%s", form->prefix, program->target);
	return ask_name(facts, form->kind, name);
}

struct probe ask_ksym(const struct facts *facts, const char *name, bool is_function)
{
	return ask_name(facts, is_function ? BTF_KIND_FUNC : BTF_KIND_VAR, name);
}

void ask_kind_name(const struct asked_program *program, bool with_target,
		   char name[static QUESTION_NAME_SIZE])
{
	char type[BPF_NAME_SIZE], attach[BPF_NAME_SIZE];

	snprintf(name, QUESTION_NAME_SIZE, "%s%s%s%s%s%.300s",
		 bpf_program_type_name(program->type, type), program->attach_type ? ":" : "",
		 program->attach_type ? bpf_attach_type_name(program->attach_type, attach) : "",
		 program->sleepable ? ":sleepable" : "",
		 with_target && says_target(program) ? ":" : "",
		 with_target && says_target(program) ? program->target : "");
}
