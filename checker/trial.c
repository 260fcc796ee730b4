/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/console.h"
#include "loader/libbpf_log.h"
#include "loader/load.h"
#include "loader/memfd.h"

#include "checker/trial.h"

/* libbpf takes 0.1 s and 100 MB for a vmlinux BTF; a verifier may take long over a big program. */
enum { TRIAL_SECONDS = 30, TRIAL_MEMORY = 1 << 30 };

/* Memory that the child shares with its parent: what it came to, also when it is ended early. */
struct message {
	bool complete;
	enum exit_status status;
	struct error err;
	struct trial trial;
};

static enum exit_status ask_canary(const struct trial_input *input, const char *btf_path,
				   struct trial *trial, struct error *err)
{
	int code;

	if (input->subject.plan->btf == BTF_NONE || input->canary.size == 0)
		return STATUS_DONE;
	code = canary_run(input->canary, btf_path, &trial->canary, err);
	trial->canary_outcome = code == 0 ? CANARY_AGREES :
				code == -ESTALE ? CANARY_DISAGREES : CANARY_FAILED;
	return code ? trial->canary.status : STATUS_DONE;
}

static enum exit_status load_only(const struct trial_input *input, const char *btf_path,
				  struct trial *trial, struct error *err)
{
	struct load_request request = request_of(&input->subject, btf_path, NULL);
	struct buffer kconfig = { 0 };
	enum exit_status status;
	struct loaded loaded;
	int code;

	code = request_kconfig(input->subject.object, input->root,
			       input->subject.facts->release, &kconfig, err);
	if (code)
		return code == -ENODATA ? STATUS_NO : error_status(code);
	if (kconfig.size > 0)
		request.kconfig = (const char *)kconfig.data;
	status = load(&request, &loaded, err);
	trial->without_optional = loaded.without_optional;
	load_close(&loaded);
	buffer_free(&kconfig);
	return status;
}

static enum exit_status attempt(const struct trial_input *input, struct trial *trial,
				struct error *err)
{
	const enum plan_btf btf = input->subject.plan->btf;
	char path[MEMFD_PATH_SIZE];
	const char *btf_path = NULL;
	enum exit_status status;
	int fd = -1;

	if (btf == BTF_GIVEN || btf == BTF_STORED) {
		fd = memfd_of(input->btf, "btf", path, err);
		if (fd < 0)
			return error_status(fd);
		btf_path = path;
	}
	status = ask_canary(input, btf_path, trial, err);
	if (!status)
		status = load_only(input, btf_path, trial, err);
	if (fd >= 0)
		close(fd);
	return status;
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

/* What is said on the way is for `run`; the report says it all. */
static _Noreturn void run_child(const struct trial_input *input, struct message *message)
{
	limit();
	console_set_quiet(true);
	libbpf_log_start(LIBBPF_LOG_SILENT);
	message->status = attempt(input, &message->trial, &message->err);
	keep_log(&message->trial);
	message->complete = true;
	_exit(0);
}

static void make_sentence(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%.*s.", (int)size - 2, text);
	out[0] = (char)toupper((unsigned char)out[0]);
}

/* Behind the name of the object, which the report has already. */
static const char *skip_object(const char *text)
{
	const char *end = strstr(text, ": ");

	return end ? end + 2 : text;
}

static enum trial_outcome outcome_of(enum exit_status status)
{
	switch (status) {
	case STATUS_DONE:
		return TRIAL_YES;
	case STATUS_NO:
	case STATUS_DAMAGED: /* libbpf cannot read it */
		return TRIAL_NO;
	case STATUS_BLOCKED:
		return TRIAL_BLOCKED;
	default:
		return TRIAL_NOT_KNOWN;
	}
}

static void judge_canary(const struct trial_input *input, const struct error *err,
			 struct trial *trial)
{
	const char *why = NULL;

	if (trial->canary_outcome == CANARY_DISAGREES || trial->canary_outcome == CANARY_FAILED)
		make_sentence(trial->canary_reason, sizeof(trial->canary_reason),
			      skip_object(err->text));
	else if (trial->canary_outcome == CANARY_NOT_RUN)
		why = input->subject.plan->btf == BTF_NONE ? "Not run: no BTF is used." :
		      "Not run: there is no payload that has one, so a BTF of another kernel would not "
		      "be noticed.";
	if (why)
		snprintf(trial->canary_reason, sizeof(trial->canary_reason), "%s", why);
}

static void judge(const struct trial_input *input, const struct message *message,
		  struct trial *trial)
{
	const struct error *err = &message->err;

	*trial = message->trial;
	judge_canary(input, err, trial);
	if (trial->canary_outcome == CANARY_DISAGREES) {
		snprintf(trial->reason, sizeof(trial->reason),
			 "Not tried: the BTF in use is not this kernel's.");
		return;
	}
	trial->outcome = outcome_of(message->status);
	if (trial->outcome == TRIAL_YES) {
		snprintf(trial->reason, sizeof(trial->reason), "The kernel loaded every program%s.",
			 trial->without_optional ? " but the optional ones" : "");
		return;
	}
	trial->error = -err->code;
	make_sentence(trial->reason, sizeof(trial->reason),
		      trial->canary_outcome == CANARY_FAILED ? err->text : skip_object(err->text));
}

static void collect(pid_t child, const struct trial_input *input, const struct message *message,
		    struct trial *out)
{
	int state = 0;

	while (waitpid(child, &state, 0) < 0 && errno == EINTR)
		;
	if (message->complete) {
		judge(input, message, out);
		return;
	}
	if (WIFSIGNALED(state))
		snprintf(out->reason, sizeof(out->reason), "The trial was ended by signal %d (%s).",
			 WTERMSIG(state), strsignal(WTERMSIG(state)));
	else
		snprintf(out->reason, sizeof(out->reason), "The trial gave no answer.");
	snprintf(out->canary_reason, sizeof(out->canary_reason), "%s", out->reason);
}

void trial_skip(struct trial *out, const char *why)
{
	*out = (struct trial){ .outcome = TRIAL_NOT_KNOWN, .canary_outcome = CANARY_NOT_RUN };
	snprintf(out->reason, sizeof(out->reason), "Not tried: %s", why);
	snprintf(out->canary_reason, sizeof(out->canary_reason), "Not run: %s", why);
}

int trial_run(const struct trial_input *input, struct trial *out, struct error *err)
{
	struct message *message;
	int code = 0;
	pid_t child;

	*out = (struct trial){ .outcome = TRIAL_NOT_KNOWN };
	message = mmap(NULL, sizeof(*message), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	if (message == MAP_FAILED)
		return error_errno(err, -errno, "trial");
	child = fork();
	if (child == 0)
		run_child(input, message);
	if (child < 0)
		code = error_errno(err, -errno, "trial");
	else
		collect(child, input, message, out);
	munmap(message, sizeof(*message));
	return code;
}
