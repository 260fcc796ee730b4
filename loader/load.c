/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/console.h"

#include "loader/event_path.h"
#include "loader/event_size.h"
#include "loader/explain.h"
#include "loader/libbpf_log.h"
#include "loader/load.h"

static bool is_optional(const struct needs *needs, const char *name)
{
	size_t i;

	for (i = 0; i < needs->program_count; i++)
		if (strcmp(needs->programs[i].name, name) == 0)
			return needs->programs[i].optional;
	return false;
}

static int switch_program(struct bpf_object *object, const char *name, bool on, struct error *err)
{
	struct bpf_program *program = bpf_object__find_program_by_name(object, name);
	int code;

	if (!program)
		return error_set(err, -EBADMSG, "%s: has no program %s",
				 bpf_object__name(object), name);
	code = bpf_program__set_autoload(program, on);
	return code ? error_errno(err, code, "%s: program %s", bpf_object__name(object), name) : 0;
}

static int apply_plan(struct bpf_object *object, const struct plan *plan, struct error *err)
{
	size_t i;
	int code = 0;

	for (i = 0; i < plan->program_count && !code; i++)
		code = switch_program(object, plan->programs[i].name, false, err);
	for (i = 0; i < plan->program_count && !code; i++)
		if (plan->programs[i].replaced_by)
			code = switch_program(object, plan->programs[i].replaced_by, true, err);
	return code;
}

static void leave_out_optional(struct bpf_object *object, const struct needs *needs)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
		if (is_optional(needs, bpf_program__name(program)))
			bpf_program__set_autoload(program, false);
}

static bool has_optional(const struct bpf_object *object, const struct needs *needs)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
		if (bpf_program__autoload(program) &&
		    is_optional(needs, bpf_program__name(program)))
			return true;
	return false;
}

static enum exit_status open_object(const struct load_request *request, struct loaded *out,
				    struct error *err)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = request->name,
		    .btf_custom_path = request->btf_path, .kconfig = request->kconfig);
	int code;

	libbpf_log_start(libbpf_log_mode());
	out->object = bpf_object__open_mem(request->object.data, request->object.size, &opts);
	if (!out->object) {
		code = -errno;
		libbpf_log_print();
		error_errno(err, code, "%s: libbpf cannot read it", request->name);
		return STATUS_DAMAGED;
	}
	code = apply_plan(out->object, request->plan, err);
	if (!code)
		code = settings_apply(out->object, &request->settings, err);
	if (code)
		return code == -EINVAL ? STATUS_USAGE : error_status(code);
	if (!request->events_map)
		return STATUS_DONE;
	code = event_path_choose(out->object, request->events_map, request->events_path,
				 request->kernel_has_ringbuf, &out->use_perf, err);
	if (!code)
		code = event_sizes_set(out->object, request->events_map, out->use_perf,
				       request->events_size, err);
	/* The map's kind is a fact about this kernel and this object: a clear no. */
	return code == -ENOENT ? STATUS_NO : error_status(code);
}

static enum exit_status load_without_optional(const struct load_request *request,
					      struct loaded *out, struct error *err)
{
	enum exit_status status;
	int code;

	load_close(out);
	out->failed[0] = '\0';
	status = open_object(request, out, err);
	if (status)
		return status;
	leave_out_optional(out->object, request->needs);
	out->without_optional = true;
	code = bpf_object__load(out->object);
	return code ? explain_load(code, request->name, false, err) : STATUS_DONE;
}

enum exit_status load(const struct load_request *request, struct loaded *out, struct error *err)
{
	enum exit_status status;
	bool retry, replaceable;
	struct error first;
	int code = 0;

	*out = (struct loaded){ 0 };
	status = open_object(request, out, err);
	if (!status)
		code = bpf_object__load(out->object);
	if (code) {
		explain_program(out->failed, sizeof(out->failed));
		replaceable = plan_can_replace(request->plan, request->needs, out->failed);
		retry = !replaceable && has_optional(out->object, request->needs);
		status = explain_load(code, request->name, retry || replaceable, err);
		/* One program that cannot be loaded fails the whole object. */
		if (status == STATUS_NO && retry) {
			first = *err;
			status = load_without_optional(request, out, err);
			if (!status)
				console_note("run: optional programs are left out: %s", first.text);
		}
	}
	if (status)
		load_close(out);
	return status;
}

enum exit_status load_alone(const struct load_request *request, const char *name,
			    struct loaded *out, struct error *err)
{
	enum exit_status status;
	struct bpf_program *program;
	int code;

	*out = (struct loaded){ 0 };
	status = open_object(request, out, err);
	if (!status) {
		bpf_object__for_each_program(program, out->object)
			bpf_program__set_autoload(program,
						  strcmp(bpf_program__name(program), name) == 0);
		code = bpf_object__load(out->object);
		if (code)
			status = explain_load(code, request->name, true, err);
	}
	if (status)
		load_close(out);
	return status;
}

enum exit_status load_touch(const struct load_request *request, struct bpf_program *program,
			    struct error *err)
{
	struct bpf_link *link = bpf_program__attach(program);

	if (!link)
		return explain_attach(-errno, request->name, bpf_program__name(program),
				      bpf_program__section_name(program), err);
	bpf_link__destroy(link);
	return STATUS_DONE;
}

static enum exit_status attach_one(const struct load_request *request, struct loaded *loaded,
				   struct bpf_program *program, struct error *err)
{
	struct bpf_link *link = bpf_program__attach(program);
	const char *name = bpf_program__name(program);
	enum exit_status status;

	if (link) {
		loaded->links[loaded->link_count++] = link;
		return STATUS_DONE;
	}
	status = explain_attach(-errno, request->name, name, bpf_program__section_name(program),
				err);
	snprintf(loaded->failed, sizeof(loaded->failed), "%s", name);
	if (status == STATUS_NO && plan_can_replace(request->plan, request->needs, name))
		return status;
	if (status != STATUS_NO || !is_optional(request->needs, name))
		return status;
	console_note("run: %s (it is optional, and left out)", err->text);
	return STATUS_DONE;
}

enum exit_status load_attach(const struct load_request *request, struct loaded *loaded,
			     struct error *err)
{
	enum exit_status status = STATUS_DONE;
	struct bpf_program *program;
	size_t count = 0;

	bpf_object__for_each_program(program, loaded->object)
		count++;
	loaded->links = calloc(count + 1, sizeof(*loaded->links));
	if (!loaded->links) {
		error_errno(err, -ENOMEM, "%s", request->name);
		return STATUS_SYSTEM;
	}
	bpf_object__for_each_program(program, loaded->object) {
		if (bpf_program__autoload(program))
			status = attach_one(request, loaded, program, err);
		if (status)
			return status;
	}
	if (loaded->link_count == 0) {
		error_set(err, -ENOENT, "%s: no program is attached", request->name);
		return STATUS_NO;
	}
	return STATUS_DONE;
}

void load_detach(struct loaded *loaded)
{
	size_t i;

	for (i = 0; i < loaded->link_count; i++)
		bpf_link__destroy(loaded->links[i]);
	loaded->link_count = 0;
}

void load_close(struct loaded *loaded)
{
	load_detach(loaded);
	free(loaded->links);
	bpf_object__close(loaded->object);
	loaded->object = NULL;
	loaded->links = NULL;
}
