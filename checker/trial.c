/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "checker/trial_child.h"

/* What one child does not survive, the next one leaves out, as long as there is time. */
enum { TRIAL_SECONDS_IN_ALL = 90 };

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

static enum trial_outcome outcome_of(enum attempt_outcome whole)
{
	static const enum trial_outcome OUTCOMES[] = {
		[TRIED_YES] = TRIAL_YES, [TRIED_NO] = TRIAL_NO, [TRIED_BLOCKED] = TRIAL_BLOCKED,
		[TRIED_UNKNOWN] = TRIAL_NOT_KNOWN, [NOT_TRIED] = TRIAL_NOT_KNOWN,
	};

	return OUTCOMES[whole];
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

static void judge(const struct trial_input *input, const struct trial_message *message,
		  struct trial *trial)
{
	const struct error *err = &message->err;

	judge_canary(input, err, trial);
	if (trial->canary_outcome == CANARY_DISAGREES) {
		snprintf(trial->reason, sizeof(trial->reason),
			 "Not tried: the BTF in use is not this kernel's.");
		return;
	}
	trial->outcome = outcome_of(message->whole);
	if (trial->outcome == TRIAL_YES) {
		snprintf(trial->reason, sizeof(trial->reason), "The kernel loaded every program%s.",
			 trial->without_optional ? " but the optional ones" : "");
		return;
	}
	trial->error = -err->code;
	make_sentence(trial->reason, sizeof(trial->reason),
		      trial->canary_outcome == CANARY_FAILED ? err->text : skip_object(err->text));
}

/* "ended by signal 9 (Killed)" */
static void say_end(int state, char *text, size_t size)
{
	if (WIFSIGNALED(state))
		snprintf(text, size, "the trial was ended by signal %d (%s)", WTERMSIG(state),
			 strsignal(WTERMSIG(state)));
	else
		snprintf(text, size, "the trial gave no answer");
}

/* A child ended before it was through; the next one starts behind what this one did not survive. */
static void leave_out(struct trial_message *message, const char *why)
{
	if (message->step != STEP_WHOLE) {
		struct attempt *attempt = &message->programs[message->step - 1].load;

		*attempt = (struct attempt){ .outcome = TRIED_UNKNOWN, .class = CLASS_UNKNOWN };
		snprintf(attempt->reason, sizeof(attempt->reason), "%s", why);
	}
	message->step++;
}

static void say_skipped(struct trial *out, const char *why)
{
	snprintf(out->reason, sizeof(out->reason), "Not tried: %s", why);
	snprintf(out->canary_reason, sizeof(out->canary_reason), "Not run: %s", why);
}

static void collect(const struct trial_input *input, const struct trial_message *message,
		    const char *end, struct trial *out)
{
	struct program_trial *programs = out->programs;

	*out = message->trial;
	out->programs = programs;
	memcpy(programs, message->programs,
	       input->subject.needs->program_count * sizeof(*programs));
	if (input->alone) {
		say_skipped(out, "the plan stops before it.");
		return;
	}
	if (message->whole_done) {
		judge(input, message, out);
		return;
	}
	make_sentence(out->reason, sizeof(out->reason), end);
	snprintf(out->canary_reason, sizeof(out->canary_reason), "%s", out->reason);
}

static int run_children(const struct trial_input *input, struct trial_message *message,
			struct trial *out, struct error *err)
{
	const size_t count = input->subject.needs->program_count;
	const time_t start = time(NULL);
	char end[128] = "";

	while (!message->complete && message->step <= count) {
		pid_t child = fork();
		int state = 0;

		if (child == 0)
			trial_child(input, message);
		if (child < 0)
			return error_errno(err, -errno, "trial");
		while (waitpid(child, &state, 0) < 0 && errno == EINTR)
			;
		if (message->complete)
			break;
		say_end(state, end, sizeof(end));
		leave_out(message, end);
		if (time(NULL) - start > TRIAL_SECONDS_IN_ALL)
			break;
	}
	collect(input, message, end, out);
	return 0;
}

void trial_skip(struct trial *out, const char *why)
{
	*out = (struct trial){ .outcome = TRIAL_NOT_KNOWN, .canary_outcome = CANARY_NOT_RUN };
	say_skipped(out, why);
}

int trial_run(const struct trial_input *input, struct trial *out, struct error *err)
{
	const size_t count = input->subject.needs->program_count;
	const size_t size = sizeof(struct trial_message) + count * sizeof(struct program_trial);
	struct trial_message *message;
	int code;

	*out = (struct trial){ .outcome = TRIAL_NOT_KNOWN };
	out->programs = calloc(count + 1, sizeof(*out->programs));
	if (!out->programs)
		return error_errno(err, -ENOMEM, "trial");
	message = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (message == MAP_FAILED)
		return error_errno(err, -errno, "trial");
	message->step = input->alone ? STEP_WHOLE + 1 : STEP_WHOLE;
	code = run_children(input, message, out, err);
	munmap(message, size);
	return code;
}

void trial_free(struct trial *trial)
{
	free(trial->programs);
	trial->programs = NULL;
}
