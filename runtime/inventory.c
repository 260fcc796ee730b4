/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decide/covers.h"
#include "host/btf_arch.h"
#include "lib/file.h"
#include "loader/admit.h"
#include "loader/externs.h"

#include "runtime/admit_installed.h"
#include "runtime/inventory.h"
#include "runtime/stored.h"

#define MANIFEST_FILE "manifest.ini"
#define PAYLOAD_FILE "payload"

enum { OBJECT_MAX_SIZE = 256 * 1024 * 1024 };

/*
 * Where nothing is installed, a given object still runs, without a manifest and without a canary.
 */
static int open_installed(struct inventory *inventory, struct error *err)
{
	const struct run_options *options = inventory->options;
	struct buffer text = { 0 };
	char name[PATH_MAX];
	int code;

	code = generation_open(options->root, options->app, &inventory->generation, err);
	if (code == -ENOENT && options->object)
		return 0;
	if (code)
		return code;
	code = admit_generation(options->trust, &inventory->generation, err);
	if (!code)
		code = generation_read(&inventory->generation, MANIFEST_FILE, &text, err);
	snprintf(name, sizeof(name), "%s/" MANIFEST_FILE, inventory->generation.path);
	if (!code)
		code = manifest_parse(buffer_slice(&text), name, &inventory->manifest, err);
	buffer_free(&text);
	inventory->installed = !code;
	return code;
}

static int installed_object(const struct inventory *inventory, struct buffer *out,
			    struct error *err)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s.bpf.o", inventory->options->app);
	return generation_read(&inventory->generation, path, out, err);
}

static int read_object(struct inventory *inventory, struct error *err)
{
	const char *given = inventory->options->object;
	char key[MINISIGN_ID_TEXT];
	int code;

	inventory->object_name = request_object_name(given ? given : inventory->options->app);
	if (!inventory->object_name)
		return error_errno(err, -ENOMEM, "object");
	code = given ? file_read(AT_FDCWD, given, OBJECT_MAX_SIZE, &inventory->object_bytes, err) :
		       installed_object(inventory, &inventory->object_bytes, err);
	if (!code && given)
		code = admit_given(inventory->options->trust, given,
				   buffer_slice(&inventory->object_bytes), key, err);
	if (!code)
		code = object_open(buffer_slice(&inventory->object_bytes),
				   given ? given : inventory->object_name, &inventory->object, err);
	if (!code)
		code = needs_of(inventory->object,
				inventory->installed ? &inventory->manifest : NULL,
				&inventory->needs, err);
	return code;
}

/* Whether what is stored was reduced for the given object, too: the payload knows. */
static int find_covered(struct inventory *inventory, struct error *err)
{
	struct buffer bytes = { 0 };
	struct payload *payload = NULL;
	int code;

	code = generation_read(&inventory->generation, PAYLOAD_FILE, &bytes, err);
	if (!code)
		code = payload_open_bytes(buffer_slice(&bytes), PAYLOAD_FILE, &payload, err);
	if (!code)
		code = payload_covers(payload, inventory->facts.arch, inventory->object,
				      &inventory->covers, err);
	payload_close(payload);
	buffer_free(&bytes);
	return code;
}

/* For who allows it, and where nothing better is at hand. */
static int find_nearest(struct inventory *inventory, struct error *err)
{
	int code;

	if (!inventory->options->allow_nearest || inventory->stored != STORED_NONE ||
	    inventory->facts.btf_source.truth == TRUTH_YES || inventory->options->btf)
		return 0;
	code = stored_nearest(&inventory->generation, &inventory->facts, &inventory->nearest_btf,
			      inventory->around, sizeof(inventory->around), err);
	if (!code && inventory->nearest_btf.size) {
		inventory->stored = STORED_ONE;
		inventory->is_nearest = true;
	}
	return code;
}

static int find_stored(struct inventory *inventory, struct error *err)
{
	int code;

	if (!inventory->installed)
		return 0;
	inventory->stored = stored_state(&inventory->generation, &inventory->facts);
	inventory->is_nearest = inventory->stored == STORED_ONE &&
				stored_is_nearest(&inventory->generation, &inventory->facts);
	code = find_nearest(inventory, err);
	if (code)
		return code;
	if (!inventory->options->object || inventory->stored != STORED_ONE)
		return 0;
	return find_covered(inventory, err);
}

/* One that was compiled for another build of this release is none for this one. */
static int find_built(struct inventory *inventory, struct error *err)
{
	const struct generation_kernel *kernel;
	int code;

	if (!inventory->installed)
		return 0;
	kernel = generation_find(&inventory->generation, inventory->facts.release);
	if (kernel && kernel->build[0] && strcmp(kernel->build, inventory->facts.build) != 0)
		return 0;
	if (asprintf(&inventory->built_path, "build/%s/%s.bpf.o", inventory->facts.release,
		     inventory->options->app) < 0) {
		inventory->built_path = NULL;
		return error_errno(err, -ENOMEM, "build");
	}
	code = generation_read(&inventory->generation, inventory->built_path, &inventory->built,
			       err);
	return code == -ENOENT ? 0 : code;
}

/* Of another architecture it is wrong for certain, also where no canary would notice. */
static int read_given_btf(struct inventory *inventory, struct error *err)
{
	const char *path = inventory->options->btf, *arch;
	char key[MINISIGN_ID_TEXT];
	struct btf_view view;
	int code;

	code = admit_given_btf(inventory->options->trust, path, &inventory->given_btf, key, err);
	if (!code)
		code = btf_view_open(&view, buffer_slice(&inventory->given_btf), err);
	if (code)
		return code;
	arch = btf_arch(&view);
	btf_view_close(&view);
	if (!arch || !strcmp(arch, inventory->facts.arch))
		return 0;
	inventory->contradiction = true;
	return error_set(err, -EINVAL, "%s: is the BTF of a kernel for %s, and this kernel is for %s: "
			 "name its own, or none", path, arch, inventory->facts.arch);
}

int inventory_gather(const struct run_options *options, struct inventory *out, struct error *err)
{
	int code;

	*out = (struct inventory){ .options = options, .generation = { .fd = -1 } };
	/* The program runs on this kernel, wherever its state lies. */
	code = facts_gather(NULL, &out->facts, err);
	if (!code)
		code = open_installed(out, err);
	if (!code)
		code = read_object(out, err);
	if (!code && options->btf)
		code = read_given_btf(out, err);
	if (!code)
		code = find_stored(out, err);
	if (!code)
		code = find_built(out, err);
	return code;
}

enum exit_status inventory_status(const struct inventory *inventory, int code, struct error *err)
{
	const struct run_options *options = inventory->options;

	if (code == -ENOENT && !inventory->installed && !options->object) {
		error_wrap(err, "nothing is installed: run `%s install` first", options->app);
		return STATUS_NO;
	}
	return inventory->contradiction ? STATUS_USAGE : error_status(code);
}

void inventory_let_go(struct inventory *inventory)
{
	facts_stop_asking(&inventory->facts);
	if (inventory->generation.fd >= 0)
		close(inventory->generation.fd);
	inventory->generation.fd = -1;
}

void inventory_free(struct inventory *inventory)
{
	needs_free(&inventory->needs);
	facts_free(&inventory->facts);
	if (inventory->object)
		object_close(inventory->object);
	needs_free(&inventory->replaced_needs);
	if (inventory->replaced)
		object_close(inventory->replaced);
	buffer_free(&inventory->replaced_bytes);
	buffer_free(&inventory->object_bytes);
	buffer_free(&inventory->given_btf);
	buffer_free(&inventory->built);
	buffer_free(&inventory->nearest_btf);
	if (inventory->installed)
		manifest_free(&inventory->manifest);
	generation_close(&inventory->generation);
	free(inventory->object_name);
	free(inventory->built_path);
}

struct subject inventory_subject(const struct inventory *inventory, const struct plan *plan)
{
	const struct run_options *options = inventory->options;

	return (struct subject){
		.object = inventory->object,
		.bytes = buffer_slice(&inventory->object_bytes),
		.name = inventory->object_name,
		.given = options->object != NULL,
		.manifest = inventory->installed ? &inventory->manifest : NULL,
		.needs = &inventory->needs,
		.plan = plan,
		.facts = &inventory->facts,
		.sets = options->sets,
		.set_count = options->set_count,
	};
}

int inventory_decide(const struct inventory *inventory, struct plan *plan, struct error *err)
{
	struct situation situation = {
		.app = inventory->options->app,
		.facts = &inventory->facts,
		.needs = &inventory->needs,
		.given_object = inventory->options->object,
		.given_btf = inventory->options->btf,
		.stored = inventory->stored,
		.stored_covers = inventory->covers,
		.neighbours = inventory->nearest_btf.size ? inventory->around : NULL,
		.stored_is_built = inventory_btf_is_built(inventory),
		.built_here = inventory->built.size > 0 ? inventory->built_path : NULL,
	};

	return decide(&situation, plan, err);
}

int inventory_use_built(struct inventory *inventory, struct error *err)
{
	int code;

	inventory->replaced_needs = inventory->needs;
	inventory->replaced = inventory->object;
	inventory->replaced_bytes = inventory->object_bytes;
	inventory->needs = (struct needs){ .object = NULL };
	inventory->object = NULL;
	inventory->object_bytes = inventory->built;
	inventory->built = (struct buffer){ 0 };
	code = object_open(buffer_slice(&inventory->object_bytes), inventory->built_path,
			   &inventory->object, err);
	return code ? code : needs_of(inventory->object, &inventory->manifest, &inventory->needs,
				      err);
}

int inventory_stored_btf(const struct inventory *inventory, struct buffer *out, struct error *err)
{
	const struct buffer *nearest = &inventory->nearest_btf;
	char path[PATH_MAX];

	if (nearest->size)
		return buffer_append(out, nearest->data, nearest->size) ?
		       error_errno(err, -ENOMEM, "BTF") : 0;
	snprintf(path, sizeof(path), "btf/%s.btf", inventory->facts.release);
	return generation_read(&inventory->generation, path, out, err);
}

int inventory_admit_built(const struct inventory *inventory, struct error *err)
{
	return admit_build(inventory->options->trust, &inventory->generation, inventory->facts.release,
			   err);
}

bool inventory_btf_is_built(const struct inventory *inventory)
{
	const struct generation_kernel *kernel;

	if (!inventory->installed)
		return false;
	kernel = generation_find(&inventory->generation, inventory->facts.release);
	return kernel && strcmp(kernel->source, "built") == 0;
}

int inventory_canary_btf(const struct inventory *inventory, struct buffer *out, struct error *err)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "build/%s/canary.btf", inventory->facts.release);
	if (!generation_has(&inventory->generation, path))
		return 0;
	return generation_read(&inventory->generation, path, out, err);
}

static int read_captured(const struct object *object, const struct buffer *captured,
			 const char *path, struct buffer *out, struct error *err)
{
	struct kconfig *kconfig;
	int code = kconfig_parse(buffer_slice(captured), &kconfig);

	if (code)
		return error_errno(err, code, "%s", path);
	code = externs_write(object, kconfig, out, err);
	kconfig_free(kconfig);
	return code;
}

/* What install captured, else what the host has now. */
int inventory_kconfig(const struct inventory *inventory, struct buffer *out, struct error *err)
{
	const char *release = inventory->facts.release;
	struct buffer captured = { 0 };
	char path[PATH_MAX];
	int code = -ENOENT;

	if (!externs_ask(inventory->object))
		return 0;
	snprintf(path, sizeof(path), "kconfig/%s", release);
	if (inventory->installed)
		code = generation_read(&inventory->generation, path, &captured, err);
	if (!code)
		code = read_captured(inventory->object, &captured, path, out, err);
	else if (code == -ENOENT)
		code = request_kconfig(inventory->object, NULL, release, out, err);
	buffer_free(&captured);
	return code;
}
