/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/console.h"
#include "lib/heap.h"
#include "loader/explain.h"
#include "loader/foreign.h"
#include "loader/libbpf_log.h"
#include "loader/load.h"
#include "loader/memfd.h"

#include "checker/trial_child.h"

/* libbpf takes 0.1 s and 100 MB for a vmlinux BTF; a verifier may take long over a big program. */
enum { TRIAL_SECONDS = 30, TRIAL_MEMORY = 1 << 30 };

/* What libbpf takes for the kernel's own BTF, twice over, and for an object. */
enum { TRIAL_HEAP = 32 << 20 };

/* In the child. */
struct child {
	const struct trial_input *input;
	struct trial_message *message;
	struct load_request request;
	char btf_path[MEMFD_PATH_SIZE], canary_path[MEMFD_PATH_SIZE];
	struct buffer kconfig;
};

static enum failure_class class_of(enum load_cause cause)
{
	static const enum failure_class CLASSES[] = {
		[CAUSE_REFUSED] = CLASS_POLICY, [CAUSE_SHORTAGE] = CLASS_UNKNOWN,
		[CAUSE_RELOCATION] = CLASS_CORE_RELOCATION, [CAUSE_KERNEL_BTF] = CLASS_MISSING_BTF,
		[CAUSE_TARGET] = CLASS_ATTACH_TYPE, [CAUSE_MAP] = CLASS_MAP_TYPE,
		[CAUSE_VERIFIER] = CLASS_VERIFIER, [CAUSE_OTHER] = CLASS_UNKNOWN,
	};

	return CLASSES[cause];
}

static enum attempt_outcome attempt_outcome(enum exit_status status)
{
	switch (status) {
	case STATUS_DONE:
		return TRIED_YES;
	case STATUS_NO:
	case STATUS_DAMAGED: /* libbpf cannot read it */
		return TRIED_NO;
	case STATUS_BLOCKED:
		return TRIED_BLOCKED;
	default:
		return TRIED_UNKNOWN;
	}
}

/* Behind the names of the object and the program, which the report has already. */
static const char *skip_names(const char *text)
{
	const char *end = strstr(text, ": ");

	text = end ? end + 2 : text;
	end = strncmp(text, "program ", 8) == 0 ? strstr(text, ": ") : NULL;
	return end ? end + 2 : text;
}

/* A filter may say "no such system call" of one that it forbids. */
static enum exit_status doubt(const struct trial_input *input, enum exit_status status,
			      const struct error *err)
{
	return status == STATUS_NO && err->code == -ENOSYS &&
	       policy_is_filtered(&input->subject.facts->policy) ? STATUS_BLOCKED : status;
}

static void note(struct attempt *attempt, enum exit_status status, enum failure_class class,
		 const struct error *err)
{
	*attempt = (struct attempt){ .outcome = attempt_outcome(status) };
	if (!status)
		return;
	attempt->class = class;
	attempt->error = -err->code;
	snprintf(attempt->reason, sizeof(attempt->reason), "%s", skip_names(err->text));
}

static void touch(struct child *c, struct bpf_program *program, size_t place)
{
	struct attempt *attempt = &c->message->programs[place].attach;
	const struct program_needs *needs = &c->input->subject.needs->programs[place];
	struct error err = ERROR_NONE;
	enum exit_status status;

	if (c->input->attach == TRIAL_LOADS_ONLY)
		return;
	if (needs->attach != ATTACH_OTHER)
		status = load_touch(&c->request, program, &err);
	else if (c->input->attach != TRIAL_ATTACHES_ALL || !foreign_can_touch(needs->type))
		return;
	else
		status = foreign_touch(program, c->request.name, &err);
	/* A bare section says no place, which is no failure to attach. */
	if (status && err.code == -EOPNOTSUPP)
		return;
	note(attempt, status, CLASS_ATTACH_TYPE, &err);
}

static enum exit_status ask_canary(struct child *c, struct error *err)
{
	const struct trial_input *input = c->input;
	struct trial *trial = &c->message->trial;
	int code;

	if (input->canary.size == 0 ||
	    (input->subject.plan->btf == BTF_NONE && input->canary_btf.size == 0))
		return STATUS_DONE;
	code = canary_run(input->canary, c->canary_path[0] ? c->canary_path : NULL, &trial->canary,
			  err);
	trial->canary_outcome = code == 0 ? CANARY_AGREES :
				code == -ESTALE ? CANARY_DISAGREES : CANARY_FAILED;
	return code ? trial->canary.status : STATUS_DONE;
}

/* What `run` would come to, from where it stopped. */
static void conclude_whole(struct child *c, enum exit_status status)
{
	struct trial_message *message = c->message;

	if (status)
		message->trial.class = class_of(explain_cause(message->err.code));
	message->whole = attempt_outcome(doubt(c->input, status, &message->err));
}

static void load_whole(struct child *c)
{
	const struct needs *needs = c->input->subject.needs;
	struct trial_message *message = c->message;
	struct bpf_program *program;
	enum exit_status status;
	struct loaded loaded;
	size_t i;

	status = load(&c->request, &loaded, &message->err);
	message->trial.without_optional = loaded.without_optional;
	conclude_whole(c, status);
	for (i = 0; !status && i < needs->program_count; i++) {
		program = bpf_object__find_program_by_name(loaded.object, needs->programs[i].name);
		if (!program || !bpf_program__autoload(program))
			continue;
		message->programs[i].load.outcome = TRIED_YES;
		touch(c, program, i);
	}
	load_close(&loaded);
}

static void try_whole(struct child *c)
{
	enum exit_status status = ask_canary(c, &c->message->err);

	if (status)
		conclude_whole(c, status);
	else
		load_whole(c);
	c->message->whole_done = true;
}

static void try_alone(struct child *c, size_t place)
{
	const char *name = c->input->subject.needs->programs[place].name;
	struct error err = ERROR_NONE;
	enum exit_status status;
	struct loaded loaded;

	status = load_alone(&c->request, name, &loaded, &err);
	note(&c->message->programs[place].load, doubt(c->input, status, &err),
	     status ? class_of(explain_cause(err.code)) : CLASS_NONE, &err);
	if (!status)
		touch(c, bpf_object__find_program_by_name(loaded.object, name), place);
	load_close(&loaded);
}

/* What `run` would load and was not loaded with the whole. */
static bool is_to_be_tried(const struct child *c, size_t place)
{
	const struct subject *subject = &c->input->subject;

	return c->message->trial.canary_outcome != CANARY_DISAGREES &&
	       c->message->programs[place].load.outcome == NOT_TRIED &&
	       plan_state(subject->plan, &subject->needs->programs[place]) != PROGRAM_OFF;
}

/* Options and BTF, as files of this process. */
static int prepare(struct child *c, struct error *err)
{
	const struct trial_input *input = c->input;
	const char *btf_path = NULL;
	int code = 0;

	if (input->subject.plan->btf != BTF_NONE && input->btf.size > 0)
		code = memfd_of(input->btf, "btf", c->btf_path, err);
	if (code >= 0 && input->canary_btf.size > 0)
		code = memfd_of(input->canary_btf, "canary", c->canary_path, err);
	/* Without /proc there is no path to a memfd; but the kernel's own BTF libbpf finds by itself. */
	if (code == -ENOENT && input->subject.plan->btf == BTF_KERNEL) {
		c->btf_path[0] = c->canary_path[0] = '\0';
		*err = ERROR_NONE;
	} else if (code < 0) {
		return code;
	}
	if (c->btf_path[0])
		btf_path = c->btf_path;
	c->request = request_of(&input->subject, btf_path, NULL);
	code = request_kconfig(input->subject.object, input->root,
			       input->subject.facts->release, &c->kconfig, err);
	if (c->kconfig.size > 0)
		c->request.kconfig = (const char *)c->kconfig.data;
	return code;
}

static void limit(void)
{
	const struct rlimit seconds = { TRIAL_SECONDS, TRIAL_SECONDS };
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CPU, &seconds);
	setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* its shadow memory alone is larger */
	const struct rlimit memory = { TRIAL_MEMORY, TRIAL_MEMORY };

	setrlimit(RLIMIT_AS, &memory);
#endif
	alarm(TRIAL_SECONDS);
}

/* The end of what libbpf and the verifier said: that is where the reason stands. */
static void keep_log(struct trial *trial)
{
	const char *text = libbpf_log_text();
	size_t size = strlen(text);

	if (size >= sizeof(trial->log))
		text += size - (sizeof(trial->log) - 1);
	snprintf(trial->log, sizeof(trial->log), "%s", text);
}

/* A failure that is the same for each program. */
static void note_all(struct child *c, enum exit_status status, const struct error *err)
{
	size_t i;

	for (i = 0; i < c->input->subject.needs->program_count; i++)
		if (is_to_be_tried(c, i))
			note(&c->message->programs[i].load, status, CLASS_UNKNOWN, err);
}

/* What is said on the way is for `run`; the report says it all. */
_Noreturn void trial_child(const struct trial_input *input, struct trial_message *message)
{
	struct child c = { .input = input, .message = message };
	struct error err = ERROR_NONE;
	int code;

	limit();
	heap_prefer_huge_pages(TRIAL_HEAP);
	console_set_quiet(true);
	libbpf_log_start(LIBBPF_LOG_SILENT);
	code = prepare(&c, &err);
	if (code) {
		enum exit_status status = code == -ENODATA ? STATUS_NO : error_status(code);

		message->whole = attempt_outcome(status);
		message->trial.class = CLASS_UNKNOWN;
		message->err = err;
		message->whole_done = true;
		note_all(&c, status, &err);
		message->complete = true;
		_exit(0);
	}
	if (input->attach == TRIAL_ATTACHES_ALL)
		foreign_prepare();
	if (message->step == STEP_WHOLE) {
		try_whole(&c);
		keep_log(&message->trial);
		message->step++;
	}
	for (; message->step <= input->subject.needs->program_count; message->step++)
		if (is_to_be_tried(&c, message->step - 1))
			try_alone(&c, message->step - 1);
	message->complete = true;
	_exit(0);
}
