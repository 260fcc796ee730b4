/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "payload/names.h"

#include "runtime/generation.h"
#include "runtime/state_dir.h"

int state_dir_path(const char *root, const char *app, char **path, struct error *err)
{
	char *real;
	int length;

	if (!name_is_app(app))
		return error_set(err, -EINVAL,
				 "%s: is no application name ([a-z][a-z0-9-]*)", app);
	real = realpath(root ? root : "/", NULL);
	if (!real)
		return error_errno(err, -errno, "%s: cannot be the root directory", root);
	length = asprintf(path, "%s/" GENERATION_STATE_DIR "/%s", strcmp(real, "/") ? real : "",
			  app);
	free(real);
	return length < 0 ? error_errno(err, -ENOMEM, "%s", app) : 0;
}

int state_dir_open(const char *root, const char *app, struct error *err)
{
	char *path = NULL;
	int fd, code;

	code = state_dir_path(root, app, &path, err);
	if (code)
		return code;
	/* Who chose the root chose what its var/lib is; only the last step must be no link. */
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
		fd = error_set(err, -EBADMSG, "%s: is not a directory, so it is not %s's state",
			       path, app);
	else if (fd < 0)
		fd = error_errno(err, -errno, "%s", path);
	free(path);
	return fd;
}

bool state_parse_number(const char *text, unsigned *number)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 9 || text[digits] != '\0' || text[0] == '0')
		return false;
	*number = (unsigned)strtoul(text, NULL, 10);
	return true;
}

int state_dir_current(int fd, const char *path, unsigned *number, struct error *err)
{
	static const char prefix[] = STATE_GENERATIONS "/";
	char target[64];
	ssize_t length;

	length = readlinkat(fd, STATE_CURRENT, target, sizeof(target) - 1);
	if (length < 0 && errno == EINVAL)
		return error_set(err, -EBADMSG, "%s/" STATE_CURRENT ": is not a symbolic link",
				 path);
	if (length < 0)
		return error_errno(err, -errno, "%s/" STATE_CURRENT, path);
	target[length] = '\0';
	if (strncmp(target, prefix, sizeof(prefix) - 1) != 0 ||
	    !state_parse_number(target + sizeof(prefix) - 1, number))
		return error_set(err, -EBADMSG,
				 "%s/" STATE_CURRENT ": points to `%s`, not to gen/NUMBER", path,
				 target);
	return 0;
}
