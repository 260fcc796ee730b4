/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>

#include "builder/workplace.h"

/* The program is the first C source that is no header. */
static const char *program_of(const struct build_request *request)
{
	size_t i, length;

	for (i = 0; i < request->source_count; i++) {
		length = strlen(request->sources[i].name);
		if (length > 2 && !strcmp(request->sources[i].name + length - 2, ".c"))
			return request->sources[i].name;
	}
	return NULL;
}

/*
 * They travel without their folders.  A link lets "bpf/..." and <bpf/...> be found among them all
 * the same: so are libbpf's headers called, and those that proctrace's sources share.
 */
static int lay_out(const struct workplace *place, struct error *err)
{
	const struct build_request *request = place->request;
	int code = workshop_link(&place->workshop, "bpf", ".", err);
	size_t i;

	for (i = 0; !code && i < request->source_count; i++)
		code = workshop_put(&place->workshop, request->sources[i].name,
				    request->sources[i].bytes, err);
	return code;
}

/* An object that still asks for the kernel's BTF was not written for this. */
static int check_object(struct slice bytes, const char *name, struct error *err)
{
	struct object *object;
	int code = object_open(bytes, name, &object, err);
	size_t i;

	if (code)
		return code;
	for (i = 0; !code && i < object->relo_count; i++)
		if (object->relos[i].kind != BPF_CORE_TYPE_ID_LOCAL)
			code = error_set(err, -EBADMSG, "%s: still has CO-RE relocations when it is compiled "
					 "with -DNO_CORE: its source must leave them out then", name);
	if (!code && !object->program_count)
		code = error_set(err, -EBADMSG, "%s: has no program", name);
	object_close(object);
	return code;
}

static int compile_object(const struct workplace *place, struct buffer *object, struct error *err)
{
	const struct compile_request request = {
		.workshop = &place->workshop,
		.toolchain = &place->toolchain,
		.headers = &place->headers,
		.architecture = place->architecture,
		.source = program_of(place->request),
		.for_bpf = true,
	};
	struct buffer said = { 0 };
	int code;

	if (!request.source)
		return error_set(err, -ENOENT, "the payload carries no source of the object (`source` in "
				 "[object] of the manifest)");
	code = lay_out(place, err);
	if (!code)
		code = compile(&request, object, &said, err);
	if (!code)
		code = check_object(buffer_slice(object), request.source, err);
	buffer_free(&said);
	return code;
}

void way_object(struct workplace *place, struct build_attempt *attempt,
		struct build_product *product)
{
	struct error problem = ERROR_NONE;
	int code;

	if (find_tools(place, attempt))
		return;
	/* llc lays structs out anew, with pointers of 8 bytes, and says nothing. */
	if (place->architecture->is_32_bit) {
		error_set(&problem, -ENOTSUP, "a compiler for BPF cannot lay out the structs of a 32-bit "
			  "kernel, whose pointers have 4 bytes");
		way_ends(attempt, BUILD_REFUSED, &problem);
		return;
	}
	code = compile_object(place, &product->object, &problem);
	/* With the same headers, the canary judges both. */
	if (!code && !product->btf.size)
		code = types_of_headers(place, attempt, &product->btf, &problem);
	if (!code)
		code = ask_canary(place->request, buffer_slice(&product->btf), true, attempt, &problem);
	if (code) {
		buffer_free(&product->object);
		buffer_free(&product->btf);
	}
	way_ends(attempt, code == -ESTALE ? BUILD_FAILED : outcome_of(code), &problem);
}
