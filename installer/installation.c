/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/kconfig.h"
#include "host/os_release.h"
#include "host/root.h"
#include "lib/console.h"
#include "loader/externs.h"

#include "installer/installation.h"
#include "installer/plan_text.h"

bool installation_is_here(const char *root)
{
	return !root || !strcmp(root, "/");
}

/*
 * The kernel's facts are those of the machine we run on, whatever the root: that is what the root
 * is installed for.  The distribution is the root's own, where it says which it is.
 */
static int gather(const char *root, struct facts *facts, struct error *err)
{
	struct os_release os;
	int root_fd, code;

	code = facts_gather(NULL, facts, err);
	if (code || installation_is_here(root))
		return code;
	root_fd = root_open(root, err);
	code = root_fd;
	if (root_fd >= 0) {
		code = os_release_read(root_fd, &os);
		close(root_fd);
		if (code)
			error_errno(err, code, "%s: os-release cannot be read", root);
	}
	if (code)
		facts_free(facts);
	else if (os.id[0])
		facts->os = os;
	return code;
}

int installation_begin(const char *root, const struct payload *payload, struct installation *out,
		       struct error *err)
{
	int code;

	*out = (struct installation){ .root = root, .payload = payload };
	code = gather(root, &out->facts, err);
	if (code)
		return code;
	out->has_facts = true;
	return application_load(payload, out->facts.arch, &out->application, err);
}

/*
 * The configuration of a kernel, as far as the object asks for it; that of the running one is this
 * host's, as its other facts are.  Where it cannot be had, `run` looks again.
 */
static int add_kconfig(struct installation *installation, const struct kernel *kernel,
		       struct error *err)
{
	struct kconfig *config = NULL;
	struct buffer lines = { 0 };
	char path[256];
	int root_fd, code;

	root_fd = root_open(kernel->is_running ? NULL : installation->root, err);
	if (root_fd < 0)
		return root_fd;
	code = kconfig_read(root_fd, kernel->release, kernel->is_running, path, sizeof(path),
			    &config);
	close(root_fd);
	if (code)
		error_errno(err, code, "no kernel configuration to be read");
	else
		code = externs_write(installation->application.object, config, &lines, err);
	kconfig_free(config);
	if (code && code != -ENOMEM) {
		console_warn("kconfig/%s: left out: %s", kernel->release, err->text);
		buffer_free(&lines);
		return 0;
	}
	if (!code) {
		lines.size--; /* the NUL that is for libbpf */
		code = contents_take(&installation->contents, &lines, err, "kconfig/%s",
				     kernel->release);
	}
	buffer_free(&lines);
	return code;
}

/* A file as the generation has it that the kernel is kept from. */
static int copy_kept(struct installation *installation, const char *path, struct error *err)
{
	struct buffer bytes = { 0 };
	int code;

	code = generation_read(installation->kept, path, &bytes, err);
	if (!code)
		code = contents_take(&installation->contents, &bytes, err, "%s", path);
	buffer_free(&bytes);
	return code;
}

static int keep_kernel(struct installation *installation, const struct kernel *kernel,
		       struct error *err)
{
	char path[128];
	int code = 0;

	if (!strcmp(kernel->source, "kernel")) {
		code = contents_link(&installation->contents, err, "btf/%s.btf", kernel->release);
	} else if (!strcmp(kernel->source, "stored")) {
		snprintf(path, sizeof(path), "btf/%s.btf", kernel->release);
		code = copy_kept(installation, path, err);
	}
	snprintf(path, sizeof(path), "kconfig/%s", kernel->release);
	if (!code && generation_has(installation->kept, path))
		code = copy_kept(installation, path, err);
	return code;
}

static int add_kernel(struct installation *installation, const struct kernel *kernel,
		      struct error *err)
{
	struct contents *contents = &installation->contents;
	struct buffer btf = { 0 };
	int code = 0;

	if (kernel->is_kept)
		return keep_kernel(installation, kernel, err);
	if (!strcmp(kernel->source, "kernel")) {
		code = contents_link(contents, err, "btf/%s.btf", kernel->release);
	} else if (!strcmp(kernel->source, "stored")) {
		code = payload_btf(installation->payload, kernel->btf, &btf, err);
		if (!code)
			code = contents_take(contents, &btf, err, "btf/%s.btf", kernel->release);
		buffer_free(&btf);
	}
	if (!code && externs_ask(installation->application.object))
		code = add_kconfig(installation, kernel, err);
	return code;
}

/* Everything of the generation but its plan.  The payload and the application keep the bytes. */
static int fill_contents(struct installation *installation, struct error *err)
{
	const struct application *application = &installation->application;
	struct contents *contents = &installation->contents;
	int code;
	size_t i;

	code = contents_borrow(contents, payload_bytes(installation->payload), err, "payload");
	if (!code)
		code = contents_borrow(contents, buffer_slice(&application->manifest_text), err,
				       "manifest.ini");
	if (!code)
		code = contents_borrow(contents, buffer_slice(&application->object_bytes), err,
				       "%s.bpf.o", payload_app(installation->payload));
	if (!code && application->has_canary)
		code = contents_borrow(contents, buffer_slice(&application->canary_bytes), err,
				       "canary.bpf.o");
	for (i = 0; !code && i < installation->kernels.count; i++)
		code = add_kernel(installation, &installation->kernels.items[i], err);
	contents_sort(contents);
	return code;
}

int installation_decide(struct installation *installation, struct error *err)
{
	return kernels_decide(&installation->kernels, &installation->facts,
			      &installation->application.needs, installation->payload,
			      installation->root, err);
}

int installation_fill(struct installation *installation, struct error *err)
{
	int code = fill_contents(installation, err);

	if (!code)
		installation->plan = plan_document(installation->payload, installation->facts.arch,
						   &installation->kernels, &installation->contents);
	return code;
}

int installation_publish(const struct installation *installation, struct state *state,
			 struct publication *publication, struct error *err)
{
	const char *app = payload_app(installation->payload);
	struct buffer text = { 0 };
	int code;

	*publication = (struct publication){ 0 };
	code = plan_text(installation->plan, &text, err);
	if (!code && state)
		code = publish_in(state, installation->root, app, &installation->contents,
				  buffer_slice(&text), publication, err);
	else if (!code)
		code = publish(installation->root, app, &installation->contents,
			       buffer_slice(&text), publication, err);
	buffer_free(&text);
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
	if (installation->has_facts)
		facts_free(&installation->facts);
	*installation = (struct installation){ 0 };
}
