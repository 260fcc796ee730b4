/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/btf.h"
#include "lib/file.h"

#include "btfpack/dwarf.h"

extern char **environ;

/* What is kept of pahole's messages; the first line is what a person is told. */
enum { MESSAGE_SIZE = 512 };

/* Reads all of a pipe, keeps the start of it, and cuts that behind its first line. */
static void read_message(int fd, char message[static MESSAGE_SIZE])
{
	char rest[4096];
	size_t used = 0;
	ssize_t got;

	while ((got = read(fd, rest, sizeof(rest))) > 0 || (got < 0 && errno == EINTR)) {
		size_t room = MESSAGE_SIZE - 1 - used;
		size_t take = got < 0 ? 0 : (size_t)got < room ? (size_t)got : room;

		memcpy(message + used, rest, take);
		used += take;
	}
	message[used] = '\0';
	message[strcspn(message, "\n")] = '\0';
}

/* Starts pahole with its output in the pipe; *child is it. */
static int spawn(const char *vmlinux, const char *out, const int pipe_fds[2], pid_t *child)
{
	char option[PATH_MAX + 32];
	char *const argv[] = { (char[]){ "pahole" }, (char[]){ "-J" }, option, (char[]){ "--" },
			       (char *)(uintptr_t)vmlinux, NULL };
	posix_spawn_file_actions_t actions;
	int code;

	snprintf(option, sizeof(option), "--btf_encode_detached=%s", out);
	code = posix_spawn_file_actions_init(&actions);
	if (code)
		return -code;
	code = posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], STDOUT_FILENO);
	if (!code)
		code = posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], STDERR_FILENO);
	if (!code)
		code = posix_spawnp(child, "pahole", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -code;
}

static int wait_for(pid_t child, const char *message, struct error *err)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return error_errno(err, -errno, "pahole");
	if (WIFSIGNALED(status))
		return error_set(err, -EBADMSG, "pahole was killed by signal %d (%s)", WTERMSIG(status),
				 strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) != 0)
		return error_set(err, -EBADMSG, "pahole cannot make BTF of its DWARF: %s",
				 *message ? message : "it does not say why");
	return 0;
}

static int run_pahole(const char *vmlinux, const char *out, char message[static MESSAGE_SIZE],
		      struct error *err)
{
	int fds[2], code;
	pid_t child;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return error_errno(err, -errno, "pahole: pipe");
	code = spawn(vmlinux, out, fds, &child);
	close(fds[1]);
	if (code == -ENOENT)
		error_set(err, -ENOTSUP, "has DWARF and no BTF, which pahole makes of it: install it (the "
			  "package is named dwarves) and import again");
	else if (code)
		error_errno(err, code, "cannot run pahole");
	if (!code) {
		read_message(fds[0], message);
		code = wait_for(child, message, err);
	}
	close(fds[0]);
	return code == -ENOENT ? -ENOTSUP : code;
}

static int encode(const char *vmlinux, const char *out, struct buffer *btf, struct error *err)
{
	char message[MESSAGE_SIZE] = "";
	int code = run_pahole(vmlinux, out, message, err);

	if (code)
		return code;
	/* It may report a failure and exit with 0. */
	if (access(out, F_OK) < 0)
		return error_set(err, -EBADMSG, "pahole made no BTF of its DWARF: %s",
				 *message ? message : "it does not say why");
	return file_read(AT_FDCWD, out, BTF_MAX_SIZE, btf, err);
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
