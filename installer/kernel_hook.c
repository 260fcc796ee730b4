/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What it promises:
 *
 * - The kernels that the current generation has stay as they are, byte for byte.  One is added,
 *   decided as `install --kernel` would, or taken away.
 * - The release is the one that was told.  That of the running kernel is no substitute for it:
 *   hooks run in chroots and in containers, and before the reboot.
 * - A package may put another build of the same release in a kernel's place, also in that of the
 *   one that runs.  What serves the running one is never given up for one that will.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/kernel_image.h"
#include "lib/console.h"
#include "payload/names.h"

#include "installer/in_time.h"
#include "installer/installation.h"
#include "installer/kept.h"
#include "installer/kernel_hook.h"
#include "installer/verify.h"

/* Until the generation is published. */
struct hook {
	const struct kernel_hook_options *options;
	bool is_add;
	char build[65];          /* uname -v of the image; "" when not known */
	struct state state;      /* held */
	struct generation current;
	struct kept kept;        /* the payload of it */
	struct installation installation;
};

/* What was asked for is so already. */
static bool is_settled(const struct hook *hook, const struct generation *current)
{
	const struct generation_kernel *known = generation_find(current, hook->options->release);
	struct problems problems = { 0 };
	bool is_intact;

	if (!hook->is_add)
		return !known;
	if (!known || !known->covered || (hook->build[0] && strcmp(hook->build, known->build) != 0))
		return false;
	is_intact = verify(current, &problems, NULL) == 0 && problems.count == 0;
	problems_free(&problems);
	return is_intact;
}

/*
 * Looks without the lock, which is a file that a read-only disk does not give: true when nothing
 * is to be done.  -ENOENT: nothing is installed.
 */
static int look(const struct hook *hook, bool *is_done, struct error *err)
{
	struct generation current;
	int code;

	code = generation_open(hook->options->root, hook->options->app, &current, err);
	if (code)
		return code;
	*is_done = is_settled(hook, &current);
	generation_close(&current);
	return 0;
}

/* Everything that was installed, under the lock. */
static int enter(struct hook *hook, struct error *err)
{
	const struct kernel_hook_options *options = hook->options;
	int code;

	code = state_enter_existing(options->root, options->app, &hook->state, err);
	if (!code && !hook->state.current)
		code = error_set(err, -ENOENT, "%s: nothing is installed", options->app);
	if (!code)
		code = generation_open_number(hook->state.fd, hook->state.path, hook->state.current,
					      options->app, &hook->current, err);
	if (!code)
		code = kept_open(options->trust, &hook->current, &hook->kept, err);
	if (!code)
		code = installation_begin(options->root, &hook->kept.admitted, &hook->installation, err);
	hook->installation.kept = &hook->current;
	/* It is what is installed already. */
	hook->installation.allow_older = true;
	return code;
}

static int want_kernels(struct hook *hook, struct error *err)
{
	struct installation *installation = &hook->installation;
	const char *release = hook->options->release;
	struct kernel *kernel;
	int code = 0;
	size_t i;

	for (i = 0; !code && i < hook->current.kernel_count; i++)
		if (strcmp(hook->current.kernels[i].release, release) != 0)
			code = kernels_keep(&installation->kernels, &installation->facts,
					    &hook->current.kernels[i], err);
	if (code || !hook->is_add)
		return code;
	code = kernels_add(&installation->kernels, &installation->facts, release, true, err);
	if (code)
		return code;
	kernel = kernels_find(&installation->kernels, release);
	if (hook->build[0] && strcmp(hook->build, kernel->build) != 0) {
		/* Of its name one may run, but this one does not. */
		kernel->is_running = false;
		snprintf(kernel->build, sizeof(kernel->build), "%s", hook->build);
	}
	return 0;
}

static bool is_same_btf(const struct kernel *kernel, const struct generation_kernel *known)
{
	return !strcmp(kernel->source, known->source) &&
	       digest_compare(&kernel->digest, &known->btf) == 0;
}

static void warn_of(const struct hook *hook, const struct kernel *kernel)
{
	console_warn("kernel %s: %s will not run on it once it has booted: %s %s", kernel->release,
		     hook->options->app, kernel->plan.reason, kernel->plan.remedy);
}

/*
 * Whether to publish what was decided for the new kernel.  Says why not; where the running kernel
 * has the same name, its BTF stays.
 */
static bool is_worth_it(struct hook *hook)
{
	const char *release = hook->options->release;
	struct kernel *kernel = kernels_find(&hook->installation.kernels, release);
	const struct generation_kernel *known = generation_find(&hook->current, release);

	if (!kernel->is_covered) {
		warn_of(hook, kernel);
		return false;
	}
	if (!known || !known->covered || kernel->is_running ||
	    strcmp(release, hook->installation.facts.release) != 0)
		return true;
	if (is_same_btf(kernel, known)) {
		/* One BTF for the build that runs and the one that will: the plan names neither. */
		kernel->build[0] = '\0';
		return true;
	}
	console_warn("kernel %s: the build of it that runs now has another BTF, which stays: run `%s "
		     "install` once this one has booted", release, hook->options->invoked);
	return false;
}

static int publish_hooked(struct hook *hook, struct error *err)
{
	struct kernel *kernel = kernels_find(&hook->installation.kernels, hook->options->release);
	struct publication publication;
	int code;

	code = installation_publish(&hook->installation, &hook->state, &publication, err);
	if (!code && !publication.was_there && kernel)
		console_note("kernel %s: ready for its first boot, generation %u: %s",
			     hook->options->release, publication.number, kernel->plan.reason);
	else if (!code && !publication.was_there)
		console_note("kernel %s: removed, generation %u", hook->options->release,
			     publication.number);
	free(publication.path);
	return code;
}

static int change(struct hook *hook, struct error *err)
{
	int code;

	code = enter(hook, err);
	/* Somebody else may have done it while we waited for the lock. */
	if (code || is_settled(hook, &hook->current))
		return code;
	code = want_kernels(hook, err);
	if (!code)
		code = installation_decide(&hook->installation, err);
	if (!code && hook->is_add && !is_worth_it(hook))
		return 0;
	if (!code)
		code = installation_fill(&hook->installation, err);
	return code ? code : publish_hooked(hook, err);
}

static void leave(struct hook *hook)
{
	installation_free(&hook->installation);
	kept_close(&hook->kept);
	generation_close(&hook->current);
	state_leave(&hook->state);
}

/* What the command line must say, for whatever could not be done in time or at all. */
static void advise(const struct kernel_hook_options *options)
{
	console_error("kernel-hook: %s: not done: run `%s kernel-hook %s %s` again%s",
		      options->release, options->invoked, options->action, options->release,
		      strcmp(options->action, "add") ? "" : " before it boots");
}

static void work(const void *context)
{
	struct hook hook = {
		.options = context,
		.state = { .fd = -1, .gen_fd = -1, .lock_fd = -1 },
		.current = { .fd = -1 },
	};
	struct error err = ERROR_NONE;
	bool is_done = false;
	int code;

	hook.is_add = !strcmp(hook.options->action, "add");
	if (hook.options->image && hook.is_add)
		kernel_image_build(hook.options->root, hook.options->image, hook.options->release,
				   hook.build);
	code = look(&hook, &is_done, &err);
	if (!code && !is_done)
		code = change(&hook, &err);
	if (code && code != -ENOENT) {
		console_error("kernel-hook: %s: %s", hook.options->release, err.text);
		advise(hook.options);
	}
	leave(&hook);
}

void kernel_hook(const struct kernel_hook_options *options)
{
	struct in_time end;

	if (strcmp(options->action, "add") != 0 && strcmp(options->action, "remove") != 0) {
		console_error("kernel-hook: `%.64s`: is not add or remove", options->action);
		return;
	}
	if (!name_is_kernel_word(options->release) || strlen(options->release) > 64) {
		console_error("kernel-hook: `%.64s`: is no kernel release (as uname -r prints it)",
			      options->release);
		return;
	}
	end = in_time(options->seconds, work, options);
	if (end.end == IN_TIME_DONE)
		return;
	if (end.end == IN_TIME_LATE)
		console_error("kernel-hook: %s: not done within %u seconds: given up",
			      options->release, options->seconds);
	else if (end.end == IN_TIME_SIGNAL)
		console_error("kernel-hook: %s: ended by signal %d (%s)", options->release,
			      end.detail, strsignal(end.detail));
	else
		console_error("kernel-hook: %s: no process for it: %s", options->release,
			      strerror(end.detail));
	advise(options);
}
