/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Command `rollback`.  The payload of an earlier version is planned anew for the kernels that are
 * there today and published as a new generation: kernels came and went since its own generation was
 * made.  A kernel that is served now stays served, or nothing is done (exit 1).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/console.h"

#include "installer/retreat.h"

/* Those of the current generation that are still there, and the one that runs. */
static int want_kernels(struct retreat *retreat, struct error *err)
{
	struct installation *installation = &retreat->installation;
	const struct facts *facts = &installation->facts;
	struct kernels there = { 0 };
	int code;
	size_t i;

	code = kernels_add_installed(&there, facts, retreat->options->root, err);
	for (i = 0; !code && i < retreat->current.kernel_count; i++) {
		const struct generation_kernel *known = &retreat->current.kernels[i];

		/* Where no kernel has modules, none can be told to be gone. */
		if (there.count && !kernels_find(&there, known->release) &&
		    strcmp(known->release, facts->release) != 0) {
			console_note("rollback: %s: left out: it is not below lib/modules any more",
				     known->release);
			continue;
		}
		code = kernels_add_known(&installation->kernels, facts, known, err);
		if (!code)
			kernels_find(&installation->kernels, known->release)->is_named =
				known->covered;
	}
	kernels_free(&there);
	if (!code && installation_is_here(retreat->options->root))
		code = kernels_add(&installation->kernels, facts, facts->release, false, err);
	return code;
}

/* True when a kernel would be lost, or none is served at all. */
static bool is_refused(const struct kernels *kernels)
{
	bool is_any_covered = false;
	size_t i;

	for (i = 0; i < kernels->count; i++) {
		if (retreat_loses(&kernels->items[i]))
			return true;
		is_any_covered |= kernels->items[i].is_covered;
	}
	return !is_any_covered;
}

static enum exit_status carry_out(struct retreat *retreat, struct error *err)
{
	const struct rollback_options *options = retreat->options;
	struct publication publication = { 0 };
	enum retreat_result result = RETREAT_DONE;
	enum exit_status status = STATUS_DONE;
	int code;

	if (is_refused(&retreat->installation.kernels)) {
		result = RETREAT_REFUSED;
		status = STATUS_NO;
	} else if (options->dry_run) {
		result = RETREAT_DRY_RUN;
	} else {
		code = installation_publish(&retreat->installation, &retreat->state, &publication, err);
		if (code) {
			free(publication.path);
			return installation_complain(&retreat->installation, "rollback", "roll back",
						     options->invoked, err);
		}
	}
	code = retreat_report(retreat, result, status, &publication, err);
	free(publication.path);
	return code ? console_fail("rollback", err) : status;
}

enum exit_status rollback(const struct rollback_options *options)
{
	struct error err = ERROR_NONE;
	enum exit_status status;
	struct retreat retreat;
	int code;

	code = retreat_begin(options, &retreat, &err);
	if (!code)
		code = want_kernels(&retreat, &err);
	if (!code)
		code = installation_recall(&retreat.installation, &err);
	if (!code)
		code = installation_decide(&retreat.installation, &err);
	if (!code)
		code = installation_fill(&retreat.installation, &err);
	if (!code) {
		status = carry_out(&retreat, &err);
	} else if (code == -ENOENT) {
		console_error("rollback: %s", err.text);
		status = STATUS_NO;
	} else {
		status = installation_complain(&retreat.installation, "rollback", "roll back",
					       options->invoked, &err);
	}
	retreat_end(&retreat);
	return status;
}
