/* SPDX-License-Identifier: BSD-2-Clause */
/* Command `run`: look, decide, let the canary try the BTF, load, attach, print. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "lib/console.h"
#include "loader/libbpf_log.h"
#include "loader/request.h"

#include "runtime/finish.h"
#include "runtime/privileges.h"
#include "runtime/session.h"

#define STEP "run"

enum { INHERITED_LIMIT = 1024 };

static void session_free(struct session *session)
{
	events_close(session->events);
	responder_close(session->responder);
	notifier_close(&session->notifier);
	if (session->metrics.statm >= 0)
		close(session->metrics.statm);
	output_close(session->output);
	load_close(&session->loaded);
	buffer_free(&session->kconfig);
	if (session->btf_fd >= 0)
		close(session->btf_fd);
	if (session->canary_btf_fd >= 0)
		close(session->canary_btf_fd);
	if (session->stop_fd >= 0)
		close(session->stop_fd);
	plan_free(&session->plan);
	inventory_free(&session->inventory);
}

/* From here on signals are something to read; a reader that goes away is an EPIPE. */
static enum exit_status catch_signals(struct session *session, struct error *err)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == 0)
		session->stop_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (session->stop_fd >= 0)
		return STATUS_DONE;
	error_errno(err, -errno, "signals");
	return STATUS_SYSTEM;
}

static int metrics_text(void *context, struct buffer *out)
{
	const struct session *session = context;
	struct metrics_subject subject = session->metrics;

	subject.events = session->events;
	return metrics_write(&subject, out);
}

static const char *btf_source(const struct plan *plan)
{
	switch (plan->btf) {
	case BTF_KERNEL: return "kernel";
	case BTF_STORED: return "stored";
	case BTF_GIVEN: return "given";
	default: return "none";
	}
}

/* What leads out of the run, before anything is loaded: what cannot be opened ends it soon. */
static enum exit_status open_outside(struct session *session, struct error *err)
{
	const struct inventory *inventory = &session->inventory;
	struct timespec now = { 0 };
	int code;

	clock_gettime(CLOCK_REALTIME, &now);
	code = output_open(session->options->output, &session->output, err);
	if (!code && session->options->metrics)
		code = responder_open(session->options->metrics, &session->responder, err);
	if (code)
		return error_status(code);
	session->metrics = (struct metrics_subject){
		.loaded = &session->loaded,
		.app = session->options->app,
		.version = inventory->installed ? inventory->generation.version : "",
		.kernel = inventory->facts.release,
		.btf_source = btf_source(&session->plan),
		.start_time = (double)now.tv_sec + (double)now.tv_nsec / 1e9,
		.statm = session->responder ? open("/proc/self/statm", O_RDONLY | O_CLOEXEC) : -1,
	};
	if (session->responder)
		responder_set_text(session->responder, metrics_text, session);
	notifier_open(&session->notifier);
	return STATUS_DONE;
}

static void tell_plan(const struct plan *plan)
{
	size_t i;

	if (plan->status) {
		console_error(STEP ": %s", plan->reason);
		if (plan->remedy[0])
			console_note("%s", plan->remedy);
		return;
	}
	console_note(STEP ": %s (case %s)", plan->reason, decision_name(plan->decision));
	for (i = 0; i < plan->program_count; i++)
		if (plan->programs[i].replaced_by)
			console_note(STEP ": program %s is replaced by %s: %s",
				     plan->programs[i].name, plan->programs[i].replaced_by,
				     plan->programs[i].why);
		else
			console_note(STEP ": program %s is left out: %s", plan->programs[i].name,
				     plan->programs[i].why);
}

/* Before anything is decided: what cannot be set is no answer about this host. */
static enum exit_status check_settings(const struct inventory *inventory, struct error *err)
{
	const struct subject subject = inventory_subject(inventory, NULL);
	const struct settings settings = request_settings(&subject);
	int code = settings_check(subject.bytes, subject.name, &settings, err);

	return code == -EINVAL ? STATUS_USAGE : error_status(code);
}

static bool uses_built(const struct session *session)
{
	return session->plan.object == OBJECT_BUILT_HERE ||
	       (session->plan.btf == BTF_STORED && inventory_btf_is_built(&session->inventory));
}

static enum exit_status look_and_decide(struct session *session, struct error *err)
{
	enum exit_status status;
	int code;

	code = inventory_gather(session->options, &session->inventory, err);
	if (code)
		return inventory_status(&session->inventory, code, err);
	status = check_settings(&session->inventory, err);
	if (status)
		return status;
	code = inventory_decide(&session->inventory, &session->plan, err);
	if (code)
		return error_status(code);
	if (session->inventory.facts.secure_exec.truth == TRUTH_YES)
		console_note(STEP ": privileged execution: the environment is ignored");
	tell_plan(&session->plan);
	if (session->plan.status)
		return session->plan.status;
	if (uses_built(session))
		code = inventory_admit_built(&session->inventory, err);
	if (!code && session->plan.object == OBJECT_BUILT_HERE)
		code = inventory_use_built(&session->inventory, err);
	return error_status(code);
}

static void tell_running(const struct session *session, const char *events_map)
{
	const char *way = !events_map ? "none" : session->loaded.use_perf ?
			  "through the perf buffer" : "through the ring buffer";

	console_note(STEP ": %s is running: programs %zu, events %s",
		     session->inventory.object_name, session->loaded.link_count, way);
	notify(&session->notifier, "READY=1\nSTATUS=programs %zu, events %s",
	       session->loaded.link_count, way);
}

static enum exit_status load_open_attach(struct session *session,
					const struct load_request *request, struct error *err)
{
	const struct run_options *options = session->options;
	const struct events_request events = {
		.map = request->events_map, .size = request->events_size,
		.output = session->output, .responder = session->responder,
		.record_struct = options->event_struct ? options->event_struct :
				 request->events_struct,
		.table = options->table,
		.terminal = !options->output && isatty(STDOUT_FILENO),
	};
	struct loaded *loaded = &session->loaded;
	enum exit_status status = load(request, loaded, err);
	int code;

	if (status || options->dry_run)
		return session_refused(session, status, REFUSED_LOAD, loaded->failed, err);
	/* Opened before it is attached, so that the first event has a place to go to. */
	code = events_open(loaded, &events, &session->events, err);
	if (code == -ENOENT)
		return options->event_struct ? STATUS_USAGE : STATUS_DAMAGED;
	if (code)
		return error_status(code);
	status = load_attach(request, loaded, err);
	return session_refused(session, status, REFUSED_ATTACH, loaded->failed, err);
}

/* Behind the names of the object and the program. */
static const char *reason_of(const struct error *err, const char *program)
{
	const char *at = strstr(err->text, program);

	return at && strncmp(at + strlen(program), ": ", 2) == 0 ? at + strlen(program) + 2 : err->text;
}

/* The program that failed has an alternative: the plan is changed, and all is to be done again. */
static bool replace_failed(struct session *session, struct error *err)
{
	const char *failed = session->loaded.failed, *why = reason_of(err, failed);

	if (!plan_replace(&session->plan, &session->inventory.needs, failed, why))
		return false;
	console_note(STEP ": program %s is replaced by %s: %s", failed,
		     needs_program(&session->inventory.needs, failed)->alternative, why);
	events_close(session->events);
	session->events = NULL;
	load_close(&session->loaded);
	*err = ERROR_NONE;
	return true;
}

static enum exit_status load_and_attach(struct session *session, struct error *err)
{
	struct inventory *inventory = &session->inventory;
	const struct subject subject = inventory_subject(inventory, &session->plan);
	struct load_request request = request_of(&subject, session_btf_path(session),
						 session->options->events);
	enum exit_status status;
	int code;

	if (session->options->buffer_size)
		request.events_size = session->options->buffer_size;
	code = inventory_kconfig(inventory, &session->kconfig, err);
	if (code)
		return code == -ENODATA ? STATUS_NO : error_status(code);
	if (session->kconfig.size > 0)
		request.kconfig = (const char *)session->kconfig.data;
	do
		status = load_open_attach(session, &request, err);
	while (status == STATUS_NO && replace_failed(session, err));
	if (!status && !request.events_map && request_has_buffers(inventory->object))
		console_warn(STEP ": %s: has several buffers, and none is called events: none is read; "
			     "a manifest names one", inventory->object_name);
	if (!status && !session->options->dry_run)
		tell_running(session, request.events_map);
	return status;
}

/*
 * Reading takes no privilege, but for counters that this program cannot map, on kernels that ask
 * for one (before 5.19, unless kernel.unprivileged_bpf_disabled is 0).  It is tried out.
 */
static bool needs_bpf_capability(const struct session *session)
{
	struct error err = ERROR_NONE;

	return events_look_up(session->events) &&
	       (privileges_suspend(&err) || events_totals(session->events).counts_code);
}

/* What is left is what printing and ending take (docs/sandbox.md). */
static void give_up_privileges(struct session *session)
{
	const bool keeps_bpf = needs_bpf_capability(session);
	const struct sandbox_request request = {
		.output = output_file(session->output),
		.socket = session->responder ? session->options->metrics : NULL,
		.listener = session->responder ? responder_fd(session->responder) : -1,
		.kept_for = keeps_bpf ? "the object's counters are looked up with bpf(2)" : "",
		.looks_up = events_look_up(session->events),
		.perf = session->loaded.use_perf,
	};
	struct error err = ERROR_NONE;

	if (privileges_drop(keeps_bpf, &err))
		console_warn(STEP ": %s: cannot be given up, so they are kept", err.text);
	output_check_folder(session->output);
	inventory_let_go(&session->inventory);
	sandbox_enter(&request, &session->metrics.sandbox);
}

static enum exit_status print_events(struct session *session, struct error *err)
{
	int code, left;

	give_up_privileges(session);
	code = events_print(session->events, session->stop_fd, session->options->duration, err);
	notify(&session->notifier, "STOPPING=1");
	load_detach(&session->loaded);
	wait_for_programs();
	left = events_drain(session->events, code ? NULL : err);
	tell_totals(session->events);
	return code || left ? STATUS_SYSTEM : STATUS_DONE;
}

/*
 * What somebody left open is not for what events may make of this process.  Kernels before 5.9 are
 * asked for each; above, hardly anybody leaves something.
 */
static void close_inherited(void)
{
	int fd;

	if (close_range(STDERR_FILENO + 1, ~0u, 0) == 0)
		return;
	for (fd = STDERR_FILENO + 1; fd < INHERITED_LIMIT; fd++)
		close(fd);
}

enum exit_status run(const struct run_options *options)
{
	struct session session = {
		.options = options, .btf_fd = -1, .canary_btf_fd = -1, .stop_fd = -1,
		.notifier.fd = -1, .metrics.statm = -1,
	};
	struct error err = ERROR_NONE;
	enum exit_status status;

	close_inherited();
	libbpf_log_start(options->verbose ? LIBBPF_LOG_VERBOSE : LIBBPF_LOG_ON_FAILURE);
	status = look_and_decide(&session, &err);
	if (!status)
		status = catch_signals(&session, &err);
	if (!status && !options->dry_run)
		status = open_outside(&session, &err);
	if (!status)
		status = session_provide_btf(&session, &err);
	if (!status)
		status = session_ask_canary(&session, &err);
	if (!status)
		status = load_and_attach(&session, &err);
	if (!status && !options->dry_run)
		status = print_events(&session, &err);
	/* Where the plan said no, it was told already. */
	if (status && !session.plan.status)
		console_fail(STEP, &err);
	if (status && session.remedy[0])
		console_note("%s", session.remedy);
	session_free(&session);
	return status;
}
