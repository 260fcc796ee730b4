/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "host/btf_file.h"
#include "host/debug_info.h"

#include "builder/workplace.h"

#define BTF_NAME "kernel.btf"

/* pahole reports some failures by leaving no file. */
static int encode(struct workplace *place, const char *vmlinux, struct buffer *btf,
		  struct error *err)
{
	char pahole[PATH_MAX];
	const char *const arguments[] = {
		pahole, "-J", "--btf_encode_detached=" BTF_NAME, "--", WORKSHOP_GIVEN_0, NULL
	};
	struct buffer said = { 0 };
	int code = toolchain_find_pahole(pahole, err);

	if (code)
		return code;
	code = workshop_give(&place->workshop, 0, vmlinux);
	if (code)
		return error_errno(err, code, "%s", vmlinux);
	if (!workshop_can_read(&place->workshop, 0, NULL))
		return error_set(err, -ENOENT, "%.300s: cannot be read by the unprivileged user that pahole "
				 "runs as: chmod o+r it", vmlinux);
	code = workshop_run(&place->workshop, arguments, &said, err);
	if (code > 0)
		code = error_set(err, -EBADMSG, "pahole makes no BTF of %.200s: %.*s", vmlinux,
				 (int)strcspn((char *)said.data, "\n"), (char *)said.data);
	if (!code)
		code = workshop_take(&place->workshop, BTF_NAME, BTF_MAX_SIZE, btf, err);
	buffer_free(&said);
	/* It is there, but what it wrote is not. */
	return code == -ENOENT ? error_set(err, -EBADMSG, "pahole made no BTF of %s", vmlinux) : code;
}

void way_debug_info(struct workplace *place, struct build_attempt *attempt,
		    struct build_product *product)
{
	const struct build_request *request = place->request;
	struct buffer reduced = { 0 };
	struct error problem = ERROR_NONE;
	struct debug_info info;
	int code;

	code = debug_info_find(request->headers, request->release, request->build,
			       request->is_running, &info, &problem);
	if (!code)
		snprintf(attempt->found, sizeof(attempt->found), "%.500s", info.path);
	if (!code && info.has_btf)
		code = btf_file_read(AT_FDCWD, info.path, &product->btf, &problem);
	else if (!code)
		code = encode(place, info.path, &product->btf, &problem);
	if (!code)
		code = build_reduce(request->objects, request->object_count,
				    buffer_slice(&product->btf), false, &reduced, &attempt->unresolved,
				    &problem);
	if (!code)
		code = ask_canary(request, buffer_slice(&product->btf), false, attempt, &problem);
	buffer_free(&reduced);
	if (code)
		buffer_free(&product->btf);
	way_ends(attempt, code == -ESTALE && attempt->found[0] ? BUILD_FAILED : outcome_of(code),
		 &problem);
}
