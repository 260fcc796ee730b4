// SPDX-License-Identifier: BSD-2-Clause
/*
 * A scripted load, and what a tracer must have seen of it: forks, execs, exits of every kind and
 * TCP connects, each as a line of JSON with the members that the event must have.
 *
 *     load FOLDER COUNT      COUNT of each, with links to itself in FOLDER for names
 *
 * Static and without a library, so that it runs in any guest.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *self;

/* Ends at once: a load that did something else than it was asked for is no measure. */
static void __attribute__((noreturn, format(printf, 1, 2))) give_up(const char *format, ...)
{
	int saved = errno;
	va_list arguments;

	fprintf(stderr, "load: ");
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, ": %s\n", strerror(saved));
	exit(1);
}

static pid_t make_child(void)
{
	pid_t child;

	/* What is still buffered would be printed by both. */
	fflush(stdout);
	child = fork();
	if (child < 0)
		give_up("fork");
	return child;
}

static void tell_fork(pid_t child)
{
	printf("{\"event\":\"fork\",\"pid\":%d,\"child_pid\":%d,\"comm\":\"load\"}\n", getpid(), child);
}

static void await(pid_t child, const char *comm)
{
	int status;

	if (waitpid(child, &status, 0) != child)
		give_up("waitpid");
	printf("{\"event\":\"exit\",\"pid\":%d,\"ppid\":%d,\"comm\":\"%s\",", child, getpid(), comm);
	printf("\"exit_code\":%d,\"signal\":%d}\n", WIFEXITED(status) ? WEXITSTATUS(status) : 0,
	       WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

/* A child that never calls execve(2), and ends with a code or by a signal. */
static void fork_only(int i)
{
	pid_t child = make_child();

	if (child == 0) {
		if (i % 3 == 0)
			raise(SIGKILL);
		_exit(i % 256);
	}
	tell_fork(child);
	await(child, "load");
}

static void execute(const char *folder, int i)
{
	char path[256], name[16], how[16], number[16];
	pid_t child;

	snprintf(name, sizeof(name), "act-%d", i);
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	snprintf(how, sizeof(how), "%s", i % 4 == 3 ? "signal" : "exit");
	snprintf(number, sizeof(number), "%d", i % 4 == 3 ? SIGTERM : (i * 7) % 256);
	if (symlink(self, path) && errno != EEXIST)
		give_up("%s", path);
	child = make_child();
	if (child == 0) {
		execl(path, name, how, number, "", "with space", (char *)NULL);
		_exit(127);
	}
	tell_fork(child);
	printf("{\"event\":\"exec\",\"pid\":%d,\"ppid\":%d,\"uid\":%d,\"comm\":\"%s\",\"filename\":\"%s\","
	       "\"args\":[\"%s\",\"%s\",\"%s\",\"\",\"with space\"]}\n",
	       child, getpid(), getuid(), name, path, name, how, number);
	await(child, name);
}

/* What links to this program are asked to do. */
static int act(const char *how, int number)
{
	if (strcmp(how, "signal"))
		return number;
	raise(number);
	return 127;
}

union address {
	struct sockaddr any;
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;
};

/* A listening socket on a loopback address, or -1 where the kernel has no such family. */
static int listen_on(int family, union address *address, socklen_t *size)
{
	int listener = socket(family, SOCK_STREAM, 0);

	if (listener < 0) {
		if (errno != EAFNOSUPPORT)
			give_up("socket");
		return -1;
	}
	memset(address, 0, sizeof(*address));
	address->any.sa_family = family;
	if (family == AF_INET) {
		address->ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		*size = sizeof(address->ipv4);
	} else {
		address->ipv6.sin6_addr = in6addr_loopback;
		*size = sizeof(address->ipv6);
	}
	if (bind(listener, &address->any, *size)) {
		if (family != AF_INET6 || errno != EADDRNOTAVAIL)
			give_up("bind");
		close(listener);
		return -1;
	}
	if (listen(listener, 16) || getsockname(listener, &address->any, size))
		give_up("listen");
	return listener;
}

/* Also to a port where nobody listens any more: the attempt is what is told. */
static void connect_to(const union address *address, socklen_t size, int must)
{
	int family = address->any.sa_family, fd = socket(family, SOCK_STREAM, 0);
	char text[INET6_ADDRSTRLEN];

	if (fd < 0)
		give_up("socket");
	if (connect(fd, &address->any, size) && (must || errno != ECONNREFUSED))
		give_up("connect");
	inet_ntop(family, family == AF_INET ? (const void *)&address->ipv4.sin_addr :
		  (const void *)&address->ipv6.sin6_addr, text, sizeof(text));
	printf("{\"event\":\"connect\",\"pid\":%d,\"comm\":\"load\",\"family\":\"%s\",\"address\":\"%s\","
	       "\"port\":%d}\n", getpid(), family == AF_INET ? "AF_INET" : "AF_INET6", text,
	       ntohs(family == AF_INET ? address->ipv4.sin_port : address->ipv6.sin6_port));
	close(fd);
}

static void connect_times(int family, int count)
{
	union address address;
	socklen_t size;
	int listener = listen_on(family, &address, &size), i;

	if (listener < 0) {
		fprintf(stderr, "load: this kernel has no %s\n", family == AF_INET ? "IPv4" : "IPv6");
		return;
	}
	for (i = 0; i < count; i++) {
		connect_to(&address, size, 1);
		close(accept(listener, NULL, NULL));
	}
	close(listener);
	connect_to(&address, size, 0);
}

int main(int argc, char **argv)
{
	struct rlimit none = { 0, 0 };
	char path[256];
	ssize_t length;
	int count, i;

	if (argc > 3 && !strncmp(argv[0], "act-", 4))
		return act(argv[1], atoi(argv[2]));
	if (argc != 3) {
		fprintf(stderr, "usage: load FOLDER COUNT\n");
		return 2;
	}
	length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (length < 0)
		give_up("/proc/self/exe");
	path[length] = 0;
	self = path;
	count = atoi(argv[2]);
	setrlimit(RLIMIT_CORE, &none);
	for (i = 1; i <= count; i++) {
		fork_only(i);
		execute(argv[1], i);
	}
	connect_times(AF_INET, count);
	connect_times(AF_INET6, count);
	return fflush(stdout) || ferror(stdout);
}
