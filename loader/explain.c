/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/probe.h"

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

/* What says nothing about the host's ability: it may go well the next time. */
static bool is_shortage(int code)
{
	return code == -ENOMEM || code == -EAGAIN || code == -EINTR || code == -ENOSPC;
}

/* What libbpf says around the reason, and says of every failure. */
static bool is_frame(const char *line)
{
	static const char *const FRAMES[] = {
		"processed ", "-- END PROG LOAD LOG", "libbpf: failed to load object",
		"failed to load: -", "libbpf: -- END", "libbpf: -- BEGIN", "-- BEGIN PROG LOAD LOG",
		"BPF program load failed", "failed to prepare load attributes",
	};
	size_t i;

	for (i = 0; i < sizeof(FRAMES) / sizeof(FRAMES[0]); i++)
		if (strstr(line, FRAMES[i]))
			return true;
	return line[0] == '\0';
}

/* Without the names of who speaks and of the program, which is named already. */
static const char *skip_speaker(const char *text)
{
	const char *end;

	if (strncmp(text, "libbpf: ", 8) == 0)
		text += 8;
	end = strncmp(text, "prog '", 6) == 0 ? strstr(text, "': ") : NULL;
	return end ? end + 3 : text;
}

/* ": " and the last line of the log that says something; "" when none does. */
static void find_last_words(char *words, size_t size)
{
	const char *line, *end;
	char text[256];

	words[0] = '\0';
	for (line = libbpf_log_text(); *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		snprintf(text, sizeof(text), "%.*s", (int)(end - line), line);
		if (!is_frame(text))
			snprintf(words, size, ": %s", skip_speaker(text));
	}
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

void explain_program(char *name, size_t size)
{
	if (!libbpf_log_find("prog '", "'", name, (int)size))
		name[0] = '\0';
}

/* "program x: " for the one that libbpf could not load; "" when the log names none. */
static void find_program(char *text, size_t size)
{
	char name[128];

	explain_program(name, sizeof(name));
	snprintf(text, size, name[0] ? "program %s: " : "%s", name);
}

static bool verifier_spoke(void)
{
	char fact[2];

	return libbpf_log_find("BEGIN PROG LOAD LOG --\n", "-- END PROG LOAD LOG", fact,
			       sizeof(fact)) && fact[0] != '\0';
}

static bool log_has(const char *words)
{
	return strstr(libbpf_log_text(), words) != NULL;
}

enum load_cause explain_cause(int code)
{
	if (log_has("failed to resolve CO-RE relocation ") ||
	    log_has("relocation decision ambiguity: ") || log_has("field offset ambiguity: "))
		return CAUSE_RELOCATION;
	if (log_has("failed to find valid kernel BTF"))
		return CAUSE_KERNEL_BTF;
	if (is_refusal(code) && !verifier_spoke())
		return CAUSE_REFUSED;
	if (is_shortage(code))
		return CAUSE_SHORTAGE;
	if (log_has(": failed to create: "))
		return CAUSE_MAP;
	if (log_has("failed to find kernel BTF type ID of "))
		return CAUSE_TARGET;
	return verifier_spoke() ? CAUSE_VERIFIER : CAUSE_OTHER;
}

enum exit_status explain_load(int code, const char *object, bool quiet, struct error *err)
{
	char fact[256], program[144], words[272];

	if (is_missing_field(object, code, err) || is_ambiguous_field(object, code, err))
		return no(err, code);
	if (libbpf_log_find("failed to find valid kernel BTF", "\n", fact, sizeof(fact))) {
		error_set(err, code, "%s: a program needs the kernel's own BTF, and there is none",
			  object);
		return no(err, code);
	}
	find_program(program, sizeof(program));
	find_last_words(words, sizeof(words));
	if (is_refusal(code) && !verifier_spoke()) {
		error_errno(err, code, "%s: %sthe kernel does not let us load it (" PRIVILEGES ")",
			    object, program);
		return STATUS_BLOCKED;
	}
	if (!quiet)
		libbpf_log_print();
	error_errno(err, code, "%s: %s%s%s", object, program,
		    verifier_spoke() ? "the kernel's verifier refuses it" : "cannot load", words);
	return is_shortage(code) ? STATUS_SYSTEM : no(err, code);
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
	else if (code == -KERNEL_ENOTSUPP)
		error_set(err, code, "%s: program %s: this kernel does not support attaching to %s",
			  object, program, section);
	else
		error_errno(err, code, "%s: program %s: cannot attach to %s", object, program,
			    section);
	return no(err, code);
}
