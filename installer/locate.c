/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "payload/names.h"

#include "installer/locate.h"
#include "installer/mapped.h"

/* A package names the program after its application; under its own name it belongs to none. */
static bool names_app(const char *program)
{
	return name_is_app(program) && strcmp(program, "btferry") != 0;
}

/* Also what it becomes while it is in use is told by its name. */
static int open_named(const struct trust *trust, const char *path, const char *name,
		      struct admitted *out, struct error *err)
{
	mapped_expect(name);
	admitted_close(out);
	return admit_payload(trust, path, name, out, err);
}

/*
 * Not by its name, where that can be helped: what runs is what was started, whatever that name
 * leads to now.  Without /proc the name is all there is.
 */
static const char *own_path(void)
{
	const char *started = (const char *)getauxval(AT_EXECFN);

	return started && access("/proc/self/exe", F_OK) < 0 ? started : "/proc/self/exe";
}

int locate_payload(const struct trust *trust, const char *named, const char *program,
		   struct admitted *out, struct error *err)
{
	char path[PATH_MAX];
	int code;

	*out = (struct admitted){ 0 };
	if (named)
		return open_named(trust, named, named, out, err);
	code = open_named(trust, own_path(), program, out, err);
	if (code == -EBADMSG)
		return error_wrap(err, "%s itself is damaged, copy it here again", program);
	if (code != -ENOENT)
		return code;
	if (names_app(program)) {
		snprintf(path, sizeof(path), "/usr/share/%s/%s.payload", program, program);
		code = open_named(trust, path, path, out, err);
		if (code != -ENOENT)
			return code;
		return error_set(err, -ENOENT,
				 "no payload: this program carries none, and there is no %s: "
				 "name one with --payload FILE",
				 path);
	}
	return error_set(err, -ENOENT,
			 "no payload: this program carries none: name one with --payload FILE");
}

const char *locate_app(const char *named, const struct payload *payload, const char *program,
		       struct error *err)
{
	if (named && !name_is_app(named)) {
		error_set(err, -EINVAL, "--app %s: is no application name ([a-z][a-z0-9-]*)",
			  named);
		return NULL;
	}
	if (named)
		return named;
	if (payload)
		return payload_app(payload);
	if (names_app(program))
		return program;
	error_set(err, -EINVAL, "which application? Name it with --app NAME or --payload FILE");
	return NULL;
}
