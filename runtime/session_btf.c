/* SPDX-License-Identifier: BSD-2-Clause */
/* The BTF that a run loads with, and whether the canary finds that it is this kernel's. */
#include <errno.h>

#include "decide/remedy.h"
#include "lib/console.h"
#include "loader/canary.h"

#include "runtime/session.h"

#define STEP "run"

enum exit_status session_provide_btf(struct session *session, struct error *err)
{
	struct buffer stored = { 0 };
	struct slice btf = buffer_slice(&session->inventory.given_btf);
	int code = 0;

	if (session->plan.btf != BTF_GIVEN && session->plan.btf != BTF_STORED)
		return STATUS_DONE;
	if (session->plan.btf == BTF_STORED) {
		code = inventory_stored_btf(&session->inventory, &stored, err);
		btf = buffer_slice(&stored);
	}
	if (!code) {
		session->btf_fd = memfd_of(btf, "btf", session->btf_path, err);
		code = session->btf_fd < 0 ? session->btf_fd : 0;
	}
	buffer_free(&stored);
	return error_status(code);
}

const char *session_btf_path(const struct session *session)
{
	return session->btf_fd >= 0 ? session->btf_path : NULL;
}

static void tell_canary(const struct canary_report *report)
{
	size_t i;

	for (i = 0; i < report->count; i++)
		if (report->checks[i].state == CANARY_UNCHECKED)
			console_note(STEP ": canary: %s was not checked: %s",
				     report->checks[i].field, report->checks[i].expected);
	console_note(STEP ": canary: %zu of %zu fields agree with the kernel", report->matched,
		     report->count);
}

enum exit_status session_refused(struct session *session, enum exit_status status,
				 enum refused what, const char *program, struct error *err)
{
	if (status == STATUS_BLOCKED && (err->code == -EPERM || err->code == -EACCES))
		refusal_explain(&session->inventory, &session->plan, what, program, err,
				session->remedy);
	return status;
}

/* An object that was compiled here takes no BTF, but the canary has one of the same headers. */
static enum exit_status provide_canary_btf(struct session *session, struct error *err)
{
	struct buffer btf = { 0 };
	int code;

	if (session->plan.object != OBJECT_BUILT_HERE)
		return STATUS_DONE;
	code = inventory_canary_btf(&session->inventory, &btf, err);
	if (!code && btf.size) {
		session->canary_btf_fd = memfd_of(buffer_slice(&btf), "btf", session->canary_btf_path,
						  err);
		code = session->canary_btf_fd < 0 ? session->canary_btf_fd : 0;
	}
	buffer_free(&btf);
	return error_status(code);
}

static void advise_on_wrong_btf(struct session *session)
{
	const struct inventory *inventory = &session->inventory;

	if (session->plan.object == OBJECT_BUILT_HERE || inventory_btf_is_built(inventory))
		remedy_wrong_build(session->options->app, session->remedy, sizeof(session->remedy));
	else
		remedy_wrong_btf(session->plan.btf, session->plan.btf == BTF_GIVEN ?
				 session->options->btf : inventory->facts.btf_source_path,
				 inventory->facts.release, session->remedy, sizeof(session->remedy));
}

/* A BTF that is not this kernel's own is not used unless something speaks for it. */
static bool needs_canary(const struct session *session)
{
	return session->plan.btf == BTF_STORED && session->inventory.is_nearest;
}

static enum exit_status told_nothing(struct error *err)
{
	error_set(err, -EPERM, "canary: could compare no field, and without it a BTF of the builds around "
		  "this kernel is not used");
	return STATUS_BLOCKED;
}

enum exit_status session_ask_canary(struct session *session, struct error *err)
{
	const struct inventory *inventory = &session->inventory;
	struct buffer object = { 0 };
	struct canary_report report;
	enum exit_status status = provide_canary_btf(session, err);
	const bool has_own = session->canary_btf_fd >= 0;
	int code = -ENOENT;

	if (status || (session->plan.btf == BTF_NONE && !has_own))
		return status;
	if (needs_canary(session) && session->options->no_canary) {
		error_set(err, -EINVAL, "--no-canary: this BTF is of the builds around this kernel and not "
			  "of its own: nothing but the canary tells whether it is right");
		return STATUS_USAGE;
	}
	if (session->options->no_canary) {
		console_warn(STEP ": canary: left out: a BTF of another kernel would not be noticed");
		return STATUS_DONE;
	}
	if (inventory->installed)
		code = generation_read(&inventory->generation, "canary.bpf.o", &object, err);
	if (code == -ENOENT && needs_canary(session)) {
		error_set(err, -ENOENT, "canary: none is installed, and without one a BTF of the builds "
			  "around this kernel is not used");
		return STATUS_BLOCKED;
	}
	if (code == -ENOENT) {
		console_warn(STEP ": canary: none is installed: a BTF of another kernel would not be "
			     "noticed");
		return STATUS_DONE;
	}
	if (code)
		return error_status(code);
	code = canary_run(buffer_slice(&object),
			  has_own ? session->canary_btf_path : session_btf_path(session), &report, err);
	if (code)
		status = session_refused(session, report.status, REFUSED_CANARY, "", err);
	else if (needs_canary(session) && report.matched == 0)
		status = told_nothing(err);
	else
		tell_canary(&report);
	if (code == -ESTALE)
		advise_on_wrong_btf(session);
	buffer_free(&object);
	return status;
}
