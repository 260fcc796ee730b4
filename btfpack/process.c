/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "btfpack/process.h"

extern char **environ;

enum { SAID_MAX_SIZE = 64 * 1024 };

/* Reads all of a pipe, so that its writer never waits, and keeps the start of it. */
static int read_said(int fd, struct buffer *said)
{
	char part[4096];
	ssize_t got;
	int code = 0;

	while ((got = read(fd, part, sizeof(part))) > 0 || (got < 0 && errno == EINTR)) {
		size_t room = said->size < SAID_MAX_SIZE ? SAID_MAX_SIZE - said->size : 0;

		if (got > 0 && !code)
			code = buffer_append(said, part, (size_t)got < room ? (size_t)got : room);
	}
	if (got < 0 && !code)
		code = -errno;
	if (!code)
		code = buffer_append(said, "", 1);
	if (!code)
		said->size--;
	return code;
}

static int spawn(const char *const argv[], const char *directory, int out, pid_t *child)
{
	posix_spawn_file_actions_t actions;
	int code = posix_spawn_file_actions_init(&actions);

	if (code)
		return -code;
	code = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (!code)
		code = posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
	if (!code && directory)
		code = posix_spawn_file_actions_addchdir_np(&actions, directory);
	if (!code)
		code = posix_spawnp(child, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv,
				    environ);
	posix_spawn_file_actions_destroy(&actions);
	return -code;
}

static int wait_for(const char *program, pid_t child, struct error *err)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return error_errno(err, -errno, "%s", program);
	if (WIFSIGNALED(status))
		return error_set(err, -EBADMSG, "%s was killed by signal %d (%s)", program,
				 WTERMSIG(status), strsignal(WTERMSIG(status)));
	return WEXITSTATUS(status);
}

int process_run(const char *const argv[], const char *directory, struct buffer *said,
		struct error *err)
{
	int fds[2], code, waited;
	pid_t child = -1;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return error_errno(err, -errno, "%s: pipe", argv[0]);
	code = spawn(argv, directory, fds[1], &child);
	close(fds[1]);
	if (code) {
		close(fds[0]);
		return error_errno(err, code, "cannot run %s", argv[0]);
	}
	code = read_said(fds[0], said);
	if (code)
		error_errno(err, code, "%s", argv[0]);
	close(fds[0]);
	waited = wait_for(argv[0], child, code ? NULL : err);
	return code ? code : waited;
}

const char *process_line(struct buffer *said, const char *word)
{
	char *text = (char *)said->data, *line;

	if (!text || !*text)
		return "it does not say why";
	line = word ? strstr(text, word) : NULL;
	if (!line)
		line = text;
	while (line > text && line[-1] != '\n')
		line--;
	line[strcspn(line, "\n")] = '\0';
	return line;
}
