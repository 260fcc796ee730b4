// SPDX-License-Identifier: BSD-2-Clause
/* Executions that look like an attack. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/proctrace/act.h"

static const char *const no_environment[] = { NULL };

static pid_t execute_open(int fd, const char *const environment[])
{
	pid_t child = make_child();

	if (child == 0)
		execute_fd(fd, "nothing", environment);
	await(child, 0);
	return child;
}

static int copy_in_memory(void)
{
	int fd = memfd_create("act", MFD_CLOEXEC);

	if (fd < 0)
		not_here("memfd_create");
	copy_self(fd);
	return fd;
}

void act_fileless(void)
{
	pid_t child = execute_open(copy_in_memory(), no_environment);

	tell_alert(child, "fileless_execution", "high", "T1620", "memfd:act", 0);
}

/* A copy that lost its name; it was also written just now. */
void act_fileless_unlinked(void)
{
	const char *path = in_folder("unlinked");
	pid_t child;
	int fd;

	copy_self_to(path, 0755);
	fd = open_program(path);
	if (unlink(path))
		give_up("%s", path);
	child = execute_open(fd, no_environment);
	tell_alert(child, "fileless_execution", "high", "T1620", path, 0);
	tell_alert(child, "dropped_executable", "medium", "T1105", path, 0);
}

/* Written to memory, and not executed; executed by its descriptor, and has a name. */
void act_fileless_near(void)
{
	close(copy_in_memory());
	execute_open(open_program(in_folder("act")), no_environment);
}

/* Two ends of a connection. */
static void connect_pair(int family, int pair[2])
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	int listener;

	if (family == AF_UNIX) {
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
			not_here("socketpair");
		return;
	}
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pair[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0 || pair[0] < 0 || bind(listener, (void *)&address, size) || listen(listener, 1) ||
	    getsockname(listener, (void *)&address, &size) || connect(pair[0], (void *)&address, size))
		give_up("a connection over the loopback");
	pair[1] = accept(listener, NULL, NULL);
	if (pair[1] < 0 || fcntl(pair[1], F_SETFD, FD_CLOEXEC))
		give_up("accept");
	close(listener);
}

/* program with fd as the descriptors from first to last. */
static pid_t run_on(int fd, int first, int last, const char *program)
{
	pid_t child = make_child();

	if (child == 0) {
		for (; first <= last; first++)
			dup2(fd, first);
		if (strcmp(program, "/bin/sh"))
			execl(program, program, (char *)NULL);
		else
			execl(program, "sh", "-c", "exit 0", (char *)NULL);
		give_up("%s", program);
	}
	await(child, 0);
	return child;
}

/* Where the program is in the end. */
static const char *resolve(const char *path)
{
	static char resolved[4096];
	char link[64];
	ssize_t size;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", open_program(path));
	size = readlink(link, resolved, sizeof(resolved) - 1);
	if (size < 0)
		give_up("%s", link);
	resolved[size] = 0;
	return resolved;
}

void act_shell(void)
{
	pid_t child;
	int pair[2];

	connect_pair(AF_INET, pair);
	child = run_on(pair[0], 0, 2, "/bin/sh");
	tell_alert(child, "shell_on_socket", "critical", "T1059.004", resolve("/bin/sh"), 0);
	child = run_on(pair[1], 1, 1, "/bin/sh");
	tell_alert(child, "shell_on_socket", "critical", "T1059.004", resolve("/bin/sh"), 0);
}

/* Another kind of socket, a pipe, another program, another descriptor. */
void act_shell_near(void)
{
	int pair[2], pipes[2];

	if (pipe(pipes))
		give_up("pipe");
	run_on(pipes[0], 0, 0, "/bin/sh");
	connect_pair(AF_INET, pair);
	run_on(pair[0], 0, 1, "/bin/true");
	run_on(pair[0], 2, 9, "/bin/sh");
	connect_pair(AF_UNIX, pair);
	run_on(pair[0], 0, 2, "/bin/sh");
}

void act_dropped(void)
{
	const char *path = in_folder("dropped"), *other = in_folder("dropped-other");
	pid_t child;

	copy_self_to(path, 0755);
	child = execute(path);
	tell_alert(child, "dropped_executable", "medium", "T1105", path, 0);
	/* The same file under another name. */
	if (link(path, other) || unlink(path))
		give_up("%s", other);
	child = execute(other);
	tell_alert(child, "dropped_executable", "medium", "T1105", other, 0);
}

/* Opened for reading; another file under the name of one that was written. */
void act_dropped_near(void)
{
	const char *path = in_folder("replaced"), *link_path = in_folder("replacement");

	touch(in_folder("act"), O_RDONLY);
	execute(in_folder("act"));
	touch(path, O_WRONLY | O_CREAT);
	if (link(in_folder("act"), link_path) || rename(link_path, path))
		give_up("%s", path);
	execute(path);
}

static pid_t execute_with(const char *variable)
{
	const char *const environment[] = { "HOME=/", variable, "TERM=dumb", NULL };

	return execute_open(open_program(in_folder("act")), environment);
}

void act_preload(void)
{
	pid_t child = execute_with("LD_PRELOAD=/tmp/x.so");

	tell_alert(child, "preload_from_writable", "high", "T1574.006", "/tmp/x.so", 0);
	child = execute_with("LD_AUDIT=/dev/shm/x");
	tell_alert(child, "preload_from_writable", "high", "T1574.006", "/dev/shm/x", 0);
	child = execute_with("LD_PRELOAD=/usr/lib/x.so:/var/tmp/y.so");
	tell_alert(child, "preload_from_writable", "high", "T1574.006", "/usr/lib/x.so:/var/tmp/y.so", 0);
	child = execute_with("LD_PRELOAD= /tmp/y.so");
	tell_alert(child, "preload_from_writable", "high", "T1574.006", " /tmp/y.so", 0);
}

void act_preload_near(void)
{
	pid_t child;

	execute_with("LD_PRELOAD=/usr/lib/x.so");
	execute_with("LD_PRELOAD=/usr/lib/tmp/x.so:/opt/tmp/y.so");
	execute_with("MY_LD_PRELOAD=/tmp/x.so");
	execute_with("LD_PRELOADED=/tmp/x.so");
	execute_with("LD_PRELOAD=");
	child = make_child();
	if (child == 0) {
		execle(in_folder("act"), "act", "nothing", "LD_PRELOAD=/tmp/x.so", (char *)NULL,
		       no_environment);
		give_up("act");
	}
	await(child, 0);
}

/* This program as /tmp/act, without having been written there. */
static void appear_in_tmp(void)
{
	char place[64];

	mount_privately();
	snprintf(place, sizeof(place), "/proc/self/fd/%d", open_program(in_folder("act")));
	cover("/tmp");
	touch("/tmp/act", O_WRONLY | O_CREAT);
	if (mount(place, "/tmp/act", NULL, MS_BIND, NULL))
		give_up("mount: /tmp/act");
}

static pid_t execute_as(uid_t uid, const char *path)
{
	pid_t child = make_child();

	if (child == 0) {
		become(uid);
		/* The last part is what busybox goes by. */
		execl(path, strrchr(path, '/') + 1, "nothing", (char *)NULL);
		give_up("%s", path);
	}
	await(child, 0);
	return child;
}

void act_service(void)
{
	uid_t services[] = { 33, 65534, 61184 /* systemd's DynamicUser= */ };
	size_t i;

	appear_in_tmp();
	for (i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		tell_alert(execute_as(services[i], "/tmp/act"), "service_runs_temporary", "high",
			   "T1036.005", "/tmp/act", 0);
}

/* Other users there; a service elsewhere. */
void act_service_near(void)
{
	appear_in_tmp();
	execute_as(0, "/tmp/act");
	execute_as(1000, "/tmp/act");
	execute_as(33, "/bin/true");
}
