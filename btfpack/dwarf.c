/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "core/btf.h"
#include "lib/file.h"

#include "btfpack/dwarf.h"
#include "btfpack/process.h"

static int encode(const char *vmlinux, const char *out, struct buffer *btf, struct error *err)
{
	char option[PATH_MAX + 32];
	const char *const argv[] = { "pahole", "-J", option, "--", vmlinux, NULL };
	struct buffer said = { 0 };
	int code;

	snprintf(option, sizeof(option), "--btf_encode_detached=%s", out);
	code = process_run(argv, NULL, &said, err);
	if (code == -ENOENT)
		code = error_set(err, -ENOTSUP, "has DWARF and no BTF, which pahole makes of it: install "
				 "it (the package is named dwarves) and import again");
	else if (code > 0)
		code = error_set(err, -EBADMSG, "pahole cannot make BTF of its DWARF: %s",
				 process_line(&said, NULL));
	/* It may report a failure and exit with 0. */
	else if (!code && access(out, F_OK) < 0)
		code = error_set(err, -EBADMSG, "pahole made no BTF of its DWARF: %s",
				 process_line(&said, NULL));
	else if (!code)
		code = file_read(AT_FDCWD, out, BTF_MAX_SIZE, btf, err);
	buffer_free(&said);
	return code;
}

static int temporary(char path[static PATH_MAX], const char *directory, const char *what)
{
	/* The dot keeps it out of the archive's listing. */
	return snprintf(path, PATH_MAX, "%s/.%s.%ld.tmp", directory, what, (long)getpid()) >= PATH_MAX
		       ? -ENAMETOOLONG
		       : 0;
}

int dwarf_to_btf(struct slice vmlinux, const char *path, const char *directory, struct buffer *btf,
		 struct error *err)
{
	char copy[PATH_MAX], out[PATH_MAX];
	int code;

	if (temporary(copy, directory, "vmlinux") || temporary(out, directory, "btf"))
		return error_errno(err, -ENAMETOOLONG, "%s", directory);
	code = dir_make(AT_FDCWD, directory, 0755, err);
	if (!code && !path)
		code = file_publish(AT_FDCWD, copy, vmlinux, 0600, err);
	if (!code)
		code = encode(path ? path : copy, out, btf, err);
	unlink(out);
	if (!path)
		unlink(copy);
	return code;
}
