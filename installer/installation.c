/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/os_release.h"
#include "host/root.h"
#include "lib/console.h"
#include "runtime/admit_installed.h"

#include "installer/epoch.h"
#include "installer/installation.h"
#include "installer/plan_text.h"

bool installation_is_here(const char *root)
{
	return !root || !strcmp(root, "/");
}

/* The distribution is the root's own, where it says which it is. */
static int read_os_release(const char *root, struct os_release *out, struct error *err)
{
	struct error problem = ERROR_NONE;
	int root_fd = root_open(root, err), code;

	if (root_fd < 0)
		return root_fd;
	code = os_release_read(root_fd, out, &problem);
	close(root_fd);
	if (code)
		return error_set(err, code, "%s%s", installation_is_here(root) ? "" : root,
				 problem.text);
	return out->id[0] || installation_is_here(root) ? 0 : read_os_release(NULL, out, err);
}

/*
 * The kernel's facts are those of the machine we run on, whatever the root: that is what the root
 * is installed for.  They are no more than what a plan needs: `run` and `check` ask the rest.
 */
int installation_begin(const char *root, const struct admitted *admitted, struct installation *out,
		       struct error *err)
{
	const struct payload *payload = admitted->payload;
	int code;

	*out = (struct installation){ .root = root, .admitted = admitted, .payload = payload };
	facts_name(&out->facts);
	/* All of it is kept, for kernels to come: what is damaged is found now, and not by them. */
	code = payload_check_stored(payload, err);
	if (!code)
		code = read_os_release(root, &out->facts.os, err);
	return code ? code : application_load(payload, out->facts.arch, &out->application, err);
}

/* A file as the generation has it that the kernel is kept from. */
static int copy_kept(struct installation *installation, const char *path, struct error *err)
{
	struct buffer bytes = { 0 };
	int code;

	code = generation_read(installation->kept, path, &bytes, err);
	if (!code)
		code = contents_take(&installation->contents, &bytes, NULL, err, "%s", path);
	buffer_free(&bytes);
	return code;
}

static int keep_kernel(struct installation *installation, const struct kernel *kernel,
		       struct error *err)
{
	char path[128];
	int code = 0;
	size_t i;

	if (!strcmp(kernel->source, "kernel")) {
		code = contents_link(&installation->contents, err, "btf/%s.btf", kernel->release);
	} else if (strcmp(kernel->source, "none") != 0) {
		snprintf(path, sizeof(path), "btf/%s.btf", kernel->release);
		code = copy_kept(installation, path, err);
	}
	snprintf(path, sizeof(path), "kconfig/%s", kernel->release);
	if (!code && generation_has(installation->kept, path))
		code = copy_kept(installation, path, err);
	snprintf(path, sizeof(path), "build/%s/", kernel->release);
	for (i = 0; !code && i < installation->kept->file_count; i++)
		if (!strncmp(installation->kept->files[i].path, path, strlen(path)))
			code = copy_kept(installation, installation->kept->files[i].path, err);
	return code;
}

static int add_kernel(struct installation *installation, struct kernel *kernel,
		      struct error *err)
{
	struct contents *contents = &installation->contents;
	int code = 0;

	if (kernel->is_kept)
		return keep_kernel(installation, kernel, err);
	if (!strcmp(kernel->source, "kernel"))
		code = contents_link(contents, err, "btf/%s.btf", kernel->release);
	else if (strcmp(kernel->source, "none") != 0)
		code = contents_take(contents, &kernel->btf, &kernel->digest, err, "btf/%s.btf",
				     kernel->release);
	if (!code && kernel->options.size > 0)
		code = contents_take(contents, &kernel->options, NULL, err, "kconfig/%s",
				     kernel->release);
	if (!code && kernel->built.way != WAY_COUNT)
		code = built_write(&kernel->built, kernel->release, &installation->application,
				   payload_app(installation->payload), contents, err);
	return code;
}

static int add_packed(struct contents *contents, const struct packed_file *file, const char *path,
		      struct error *err)
{
	return contents_borrow(contents, buffer_slice(&file->bytes), &file->digest, err, "%s", path);
}

/* Everything of the generation but its plan.  The payload and the application keep the bytes. */
static int fill_contents(struct installation *installation, struct error *err)
{
	const struct application *application = &installation->application;
	struct contents *contents = &installation->contents;
	char object[NAME_MAX + 1];
	int code;
	size_t i;

	snprintf(object, sizeof(object), "%s.bpf.o", payload_app(installation->payload));
	code = contents_borrow_mapped(contents, payload_bytes(installation->payload), err,
				      "payload");
	if (!code && installation->admitted->signature.size)
		code = contents_borrow(contents, installation->admitted->signature, NULL, err,
				       "payload" MINISIGN_SUFFIX);
	if (!code)
		code = add_packed(contents, &application->manifest_file, "manifest.ini", err);
	if (!code)
		code = add_packed(contents, &application->object_file, object, err);
	if (!code && application->has_canary)
		code = add_packed(contents, &application->canary_file, "canary.bpf.o", err);
	for (i = 0; !code && i < installation->kernels.count; i++)
		code = add_kernel(installation, &installation->kernels.items[i], err);
	contents_sort(contents);
	return code;
}

/* What was given to an install is taken over as long as whoever signed it is trusted. */
static int recall_one(struct installation *installation, const struct generation *before,
		      struct kernel *kernel, struct error *err)
{
	struct error problem = ERROR_NONE;
	int code = admit_build(installation->admitted->trust, before, kernel->release, &problem);

	if (code == -EKEYREJECTED) {
		console_warn("kernel %s: left out: %s", kernel->release, problem.text);
		return 0;
	}
	if (code && code != -ENOENT)
		return error_set(err, code, "%s", problem.text);
	return built_read(before, kernel->release, &kernel->built, err);
}

/* What `build` made for kernels, in the generation before, is still good for most. */
static int recall_built(struct installation *installation, const struct generation *before,
			struct error *err)
{
	struct kernels *kernels = &installation->kernels;
	int code = 0;
	size_t i;

	for (i = 0; !code && i < kernels->count; i++)
		if (!kernels->items[i].is_kept && kernels->items[i].built.way == WAY_COUNT)
			code = recall_one(installation, before, &kernels->items[i], err);
	return code;
}

static bool has_built(const struct kernels *kernels)
{
	size_t i;

	for (i = 0; i < kernels->count; i++)
		if (kernels->items[i].built.way != WAY_COUNT)
			return true;
	return false;
}

int installation_recall(struct installation *installation, struct error *err)
{
	struct error problem = ERROR_NONE;
	struct generation before;
	int code;

	code = generation_open(installation->root, payload_app(installation->payload), &before,
			       &problem);
	/* Nothing, or what the install that follows repairs, or refuses; a disk that fails is told. */
	if (code && code != -ENOENT && code != -EBADMSG && code != -ENOTSUP && code != -EPERM &&
	    code != -EACCES && code != -ENOTDIR && code != -ELOOP)
		console_warn("%s: so what `build` made before, if it did, is not taken over",
			     problem.text);
	if (code)
		return 0;
	code = recall_built(installation, &before, &problem);
	generation_close(&before);
	if (code == -EBADMSG)
		console_warn("%s: build again for the kernel that it was built for", problem.text);
	else if (code)
		return error_set(err, code, "%s", problem.text);
	return 0;
}

static bool runs_among(const struct kernels *kernels)
{
	size_t i;

	for (i = 0; i < kernels->count; i++)
		if (kernels->items[i].is_running && !kernels->items[i].is_kept)
			return true;
	return false;
}

int installation_decide(struct installation *installation, struct error *err)
{
	int code = 0;

	if (runs_among(&installation->kernels))
		code = facts_find_btf(&installation->facts, err);
	if (!code && has_built(&installation->kernels))
		code = application_load_build(installation->payload, installation->facts.arch,
					      &installation->application, err);
	return code ? code :
	       kernels_decide(&installation->kernels, &installation->facts,
			      &installation->application, installation->payload,
			      installation->root, err);
}

int installation_fill(struct installation *installation, struct error *err)
{
	int code = fill_contents(installation, err);

	if (!code)
		installation->plan = plan_document(installation->payload, &installation->admitted->facts,
						   installation->facts.arch, &installation->kernels,
						   &installation->contents);
	return code;
}

int installation_check_epoch(const struct installation *installation, struct error *err)
{
	struct state state;
	int code;

	code = state_look(installation->root, payload_app(installation->payload), &state, err);
	if (code)
		return code == -ENOENT ? 0 : code;
	code = epoch_check(&state, &installation->admitted->facts, installation->allow_older, NULL,
			   err);
	state_leave(&state);
	return code;
}

/* In a state directory that was entered. */
static int publish_there(const struct installation *installation, struct state *state,
			 struct publication *publication, struct error *err)
{
	const char *app = payload_app(installation->payload);
	struct buffer plan = { 0 }, epoch = { 0 };
	int code;

	code = epoch_check(state, &installation->admitted->facts, installation->allow_older, &epoch,
			   err);
	if (!code)
		code = plan_text(installation->plan, &plan, err);
	if (!code)
		code = publish_in(state, installation->root, app, &installation->contents,
				  buffer_slice(&plan), buffer_slice(&epoch), publication, err);
	buffer_free(&plan);
	buffer_free(&epoch);
	return code;
}

int installation_publish(const struct installation *installation, struct state *state,
			 struct publication *publication, struct error *err)
{
	struct state own;
	int code;

	*publication = (struct publication){ 0 };
	if (state)
		return publish_there(installation, state, publication, err);
	/* Before anything is made for what is going to be refused. */
	code = installation_check_epoch(installation, err);
	if (!code)
		code = state_enter(installation->root, payload_app(installation->payload), &own, err);
	if (code)
		return code;
	code = publish_there(installation, &own, publication, err);
	state_leave(&own);
	return code;
}

enum exit_status installation_complain(const struct installation *installation,
				       const char *command, const char *phrase,
				       const char *invoked, const struct error *err)
{
	struct buffer text = { 0 };
	uint64_t disk_size;

	if ((err->code == -EACCES || err->code == -EPERM) && geteuid() != 0) {
		console_error("%s: %s: only root can %s there: sudo %s %s", command, err->text,
			      phrase, invoked, command);
	} else if (err->code == -ENOSPC || err->code == -EDQUOT) {
		plan_text(installation->plan, &text, NULL);
		disk_size = contents_disk_size(&installation->contents, text.size);
		buffer_free(&text);
		console_error("%s: %s: it takes %llu KiB: free as much and %s again; what "
			      "was installed before is untouched", command, err->text,
			      (unsigned long long)disk_size / 1024, phrase);
	} else {
		return console_fail(command, err);
	}
	return error_status(err->code);
}

void installation_free(struct installation *installation)
{
	json_decref(installation->plan);
	contents_free(&installation->contents);
	kernels_free(&installation->kernels);
	application_free(&installation->application);
	*installation = (struct installation){ 0 };
}
