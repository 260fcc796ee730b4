/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "loader/explain.h"
#include "loader/libbpf_log.h"

#define PRIVILEGES "it takes CAP_BPF and CAP_PERFMON, or root, and no policy (lockdown, LSM, " \
		   "seccomp) against it"

static enum exit_status no(struct error *err, int code)
{
	err->code = code;
	return STATUS_NO;
}

static bool is_refusal(int code)
{
	return code == -EPERM || code == -EACCES;
}

/*
 * A relocation that found nothing poisons an instruction, and the verifier stumbles over it:
 * libbpf then writes which one it was.
 */
static bool is_missing_field(const char *object, int code, struct error *err)
{
	char fact[256], program[128] = "?";

	if (!libbpf_log_find("failed to resolve CO-RE relocation ", "\n", fact, sizeof(fact)))
		return false;
	libbpf_log_find("prog '", "'", program, sizeof(program));
	error_set(err, code, "%s: program %s: the BTF in use has no %s", object, program, fact);
	return true;
}

static bool is_ambiguous_field(const char *object, int code, struct error *err)
{
	char fact[256];

	if (!libbpf_log_find("relocation decision ambiguity: ", "\n", fact, sizeof(fact)) &&
	    !libbpf_log_find("field offset ambiguity: ", "\n", fact, sizeof(fact)))
		return false;
	error_set(err, code, "%s: the BTF in use is ambiguous: %s", object, fact);
	return true;
}

enum exit_status explain_load(int code, const char *object, bool quiet, struct error *err)
{
	char fact[256], program[128] = "?";

	if (is_missing_field(object, code, err) || is_ambiguous_field(object, code, err))
		return no(err, code);
	if (libbpf_log_find("failed to find valid kernel BTF", "\n", fact, sizeof(fact))) {
		error_set(err, code, "%s: a program needs the kernel's own BTF, and there is none",
			  object);
		return no(err, code);
	}
	libbpf_log_find("prog '", "'", program, sizeof(program));
	if (libbpf_log_find("BEGIN PROG LOAD LOG --\n", "-- END PROG LOAD LOG", fact,
			    sizeof(fact)) && fact[0] != '\0') {
		if (!quiet)
			libbpf_log_print();
		error_errno(err, code, "%s: program %s: the kernel's verifier refuses it", object,
			    program);
		return no(err, code);
	}
	if (is_refusal(code)) {
		error_errno(err, code, "%s: the kernel does not let us load it (" PRIVILEGES ")",
			    object);
		return STATUS_BLOCKED;
	}
	if (!quiet)
		libbpf_log_print();
	error_errno(err, code, "%s: cannot load", object);
	return code == -ENOMEM ? STATUS_SYSTEM : no(err, code);
}

enum exit_status explain_attach(int code, const char *object, const char *program,
				const char *section, struct error *err)
{
	if (is_refusal(code)) {
		error_errno(err, code, "%s: program %s: the kernel does not let us attach it ("
			    PRIVILEGES ")", object, program);
		return STATUS_BLOCKED;
	}
	if (code == -EOPNOTSUPP)
		error_set(err, code, "%s: program %s: section \"%s\" does not say where to attach it",
			  object, program, section);
	else if (code == -ENOENT)
		error_set(err, code, "%s: program %s: this kernel has no place %s", object, program,
			  section);
	else
		error_errno(err, code, "%s: program %s: cannot attach to %s", object, program,
			    section);
	return no(err, code);
}
