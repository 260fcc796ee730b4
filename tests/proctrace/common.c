// SPDX-License-Identifier: BSD-2-Clause
/* What the acts share. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/proctrace/act.h"

const char *folder;

static void say_why(const char *format, va_list arguments)
{
	int saved = errno;

	fprintf(stderr, "act: ");
	vfprintf(stderr, format, arguments);
	fprintf(stderr, ": %s\n", strerror(saved));
}

void give_up(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_why(format, arguments);
	va_end(arguments);
	_exit(1);
}

void not_here(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_why(format, arguments);
	va_end(arguments);
	fflush(stdout);
	_exit(STATUS_NOT_HERE);
}

void tell(const char *event, pid_t pid, const char *format, ...)
{
	va_list arguments;

	printf("{\"event\":\"%s\",\"pid\":%d,", event, pid);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("}\n");
}

void tell_alert(pid_t pid, const char *signature, const char *severity, const char *technique,
		const char *detail, pid_t target)
{
	char quoted[4200] = "null", number[16] = "null";

	if (detail)
		snprintf(quoted, sizeof(quoted), "\"%s\"", detail);
	if (target)
		snprintf(number, sizeof(number), "%d", target);
	tell("alert", pid, "\"signature\":\"%s\",\"severity\":\"%s\",\"technique\":\"%s\",\"detail\":%s,"
	     "\"target_pid\":%s", signature, severity, technique, quoted, number);
}

pid_t make_child(void)
{
	pid_t child;

	/* What is still buffered would be printed by both. */
	fflush(stdout);
	child = fork();
	if (child < 0)
		give_up("fork");
	return child;
}

void await(pid_t child, int status)
{
	int ended;

	if (waitpid(child, &ended, 0) != child)
		give_up("waitpid");
	if (WIFEXITED(ended) && WEXITSTATUS(ended) == STATUS_NOT_HERE)
		exit(STATUS_NOT_HERE);
	errno = 0;
	if (!WIFEXITED(ended) || WEXITSTATUS(ended) != status)
		give_up("child %d ended with %#x, not %d", child, ended, status);
}

pid_t in_child(void (*function)(void *), void *argument)
{
	pid_t child = make_child();

	if (child == 0) {
		function(argument);
		fflush(stdout);
		_exit(0);
	}
	await(child, 0);
	return child;
}

const char *in_folder(const char *name)
{
	static char paths[8][4096];
	static int next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

int open_program(const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd < 0)
		give_up("%s", path);
	return fd;
}

void copy_self(int to)
{
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	char bytes[65536];
	ssize_t size;

	if (from < 0)
		give_up("/proc/self/exe");
	while ((size = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, size) != size)
			give_up("write");
	if (size < 0)
		give_up("read");
	close(from);
}

void copy_self_to(const char *path, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);

	if (fd < 0)
		give_up("%s", path);
	copy_self(fd);
	/* Not by open(2), which the umask limits, and after the last write, which takes set-user-ID. */
	if (fchmod(fd, mode) || close(fd))
		give_up("%s", path);
}

void execute_fd(int fd, const char *word, const char *const environment[])
{
	const char *const arguments[] = { "act", word, NULL };

	syscall(SYS_execveat, fd, "", arguments, environment, AT_EMPTY_PATH);
	give_up("execveat");
}

pid_t execute(const char *path)
{
	pid_t child = make_child();

	if (child == 0) {
		execl(path, "act", "nothing", (char *)NULL);
		give_up("%s", path);
	}
	await(child, 0);
	return child;
}

void mount_privately(void)
{
	if (unshare(CLONE_NEWNS))
		give_up("unshare");
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		give_up("mount: / as private");
}

void cover(const char *path)
{
	if (mount("act", path, "tmpfs", 0, "mode=755"))
		give_up("mount: %s", path);
}

void touch(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0644);

	if (fd < 0)
		give_up("%s", path);
	close(fd);
}

void make_folder(const char *path)
{
	if (mkdir(path, 0755) && errno != EEXIST)
		give_up("%s", path);
}

void become(uid_t uid)
{
	if (setgroups(0, NULL) || setresgid(uid, uid, uid) || setresuid(uid, uid, uid)) {
		if (errno == ENOSYS)
			not_here("users");
		give_up("uid %u", uid);
	}
	/* Else its memory and /proc files belong to root. */
	prctl(PR_SET_DUMPABLE, 1);
}
