/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tries, out of the sandbox of a run, what somebody who took the process over would: linked with
 * the same code, and no part of any program that is shipped.
 *
 *     probe FOLDER [WAY...]    every try in these ways of being shut in, by default in all; a line
 *                              each, "TRY WAY OUTCOME"
 *
 * Each is a process of its own.  OUTCOME is `done`, the errno's name, or the signal's that ended
 * it; tests/sandbox/outcomes has what it must be.  First come lines "# NAME VALUE" about the host.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "lib/console.h"
#include "runtime/landlock.h"
#include "runtime/log_file.h"
#include "runtime/privileges.h"
#include "runtime/syscalls.h"

#include "tests/sandbox/tries.h"

struct own own;

/* The request of a run that writes to a file and answers. */
static struct sandbox_request request(void)
{
	return (struct sandbox_request){
		.output = OUTPUT, .socket = SOCKET, .listener = own.listener, .kept_for = "",
	};
}

static void give_up_capabilities(void)
{
	struct error err = ERROR_NONE;

	if (privileges_drop(false, &err))
		exit(console_fail("probe", &err));
}

static void enter_nothing(void)
{
}

static void enter_landlock(void)
{
	struct error err = ERROR_NONE;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	landlock_enter(OUTPUT, SOCKET, &err);
}

static void enter_seccomp(void)
{
	const struct sandbox_request wants = request();
	struct error err = ERROR_NONE;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (syscalls_restrict(&wants, &err))
		exit(console_fail("probe", &err));
}

static void enter_all(void)
{
	const struct sandbox_request wants = request();
	struct sandbox sandbox;

	give_up_capabilities();
	sandbox_enter(&wants, &sandbox);
}

static const struct way {
	const char *name;
	void (*enter)(void);
} WAYS[] = {
	{ "nothing", enter_nothing }, { "landlock", enter_landlock }, { "seccomp", enter_seccomp },
	{ "all", enter_all },
};

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "probe: %s: %s\n", what, strerror(errno));
	exit(STATUS_SYSTEM);
}

static void write_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	must(fd >= 0 && write(fd, "{}\n", 3) == 3, path);
	close(fd);
}

static int listen_at(const struct sockaddr_un *address, socklen_t size, int type)
{
	int fd = socket(AF_UNIX, type | SOCK_NONBLOCK, 0);

	must(fd >= 0 && bind(fd, (const struct sockaddr *)address, size) == 0, "bind");
	must(type == SOCK_DGRAM || listen(fd, 256) == 0, "listen");
	return fd;
}

static int listen_at_path(const char *path, int type)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	unlink(path);
	return listen_at(&address, sizeof(address), type);
}

static int connect_to_path(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	must(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0, path);
	return fd;
}

static int pseudo_terminal(void)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY);

	return fd >= 0 && grantpt(fd) == 0 && unlockpt(fd) == 0 ? fd : -1;
}

/* The same start for every try; all of it ends with the child. */
static void prepare(void)
{
	write_file(OUTPUT);
	write_file(ELSEWHERE);
	unlink("elsewhere/new");
	unlink("output/rotated.jsonl");
	unlink("output/link");
	own.output = open(OUTPUT, LOG_FILE_FLAGS, LOG_FILE_MODE);
	own.statm = open("/proc/self/statm", O_RDONLY);
	must(own.output >= 0 && own.statm >= 0, "files");
	own.listener = listen_at_path(SOCKET, SOCK_STREAM);
	own.other_listener = listen_at_path("run/other.sock", SOCK_STREAM);
	connect_to_path(SOCKET);
	connect_to_path("run/other.sock");
	listen_at_path("run/datagrams", SOCK_DGRAM);
	own.datagram = socket(AF_UNIX, SOCK_DGRAM, 0);
	own.stream = socket(AF_UNIX, SOCK_STREAM, 0);
	own.inet = socket(AF_INET, SOCK_STREAM, 0);
	own.pty = pseudo_terminal();
	own.map = bpf_map_create(BPF_MAP_TYPE_ARRAY, NULL, 4, 4, 1, NULL);
}

/* The errno, as an exit status. */
static int in_child(const struct try *try, const struct way *way)
{
	alarm(20);
	prepare();
	way->enter();
	return -try->function();
}

static void tell(const struct try *try, const struct way *way, int status)
{
	const char *outcome = WIFSIGNALED(status) ? sigabbrev_np(WTERMSIG(status)) :
			      WEXITSTATUS(status) ? strerrorname_np(WEXITSTATUS(status)) : "done";

	printf("%s %s %s%s\n", try->name, way->name, WIFSIGNALED(status) ? "SIG" : "",
	       outcome ? outcome : "?");
	fflush(stdout);
}

static void attempt(const struct try *try, const struct way *way)
{
	pid_t pid = fork();
	int status;

	must(pid >= 0, "fork");
	if (pid == 0)
		_exit(in_child(try, way));
	must(waitpid(pid, &status, 0) == pid, "waitpid");
	tell(try, way, status);
}

static pid_t start_victim(void)
{
	pid_t pid = fork();

	must(pid >= 0, "fork");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	return pid;
}

/* Asked of a process that is shut in, since it would not come out again. */
static void tell_host(void)
{
	char names[PRIVILEGES_NAMES_SIZE];
	struct sandbox_request wants;
	struct sandbox sandbox;
	pid_t pid = fork();
	int status;

	must(pid >= 0, "fork");
	if (pid == 0) {
		prepare();
		wants = request();
		give_up_capabilities();
		sandbox_enter(&wants, &sandbox);
		printf("# bpf %d\n# capabilities %s\n# no_new_privs %d\n# seccomp %d\n# landlock %d\n",
		       own.map >= 0, privileges_names(sandbox.capabilities, names),
		       sandbox.no_new_privs, sandbox.seccomp, sandbox.landlock);
		fflush(stdout);
		_exit(0);
	}
	must(waitpid(pid, &status, 0) == pid && status == 0, "the sandbox");
}

/* Beside the tries, so that one of them has somebody to connect to. */
static void listen_abstract(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "btferry-probe-%d", getpid());
	listen_at(&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
					strlen(address.sun_path + 1)), SOCK_STREAM);
}

static bool is_wanted(const char *way, char **names)
{
	char **name;

	for (name = names; *name; name++)
		if (strcmp(*name, way) == 0)
			return true;
	return name == names;
}

int main(int argc, char **argv)
{
	const struct rlimit no_core = { 0, 0 };
	size_t i, k;

	if (argc < 1 || !argv[1])
		return 0; /* what `execute` executes */
	console_init("probe", true);
	must(chdir(argv[1]) == 0, argv[1]);
	mkdir("output", 0755);
	mkdir("elsewhere", 0755);
	mkdir("run", 0755);
	setrlimit(RLIMIT_CORE, &no_core);
	signal(SIGPIPE, SIG_IGN);
	tell_host();
	listen_abstract();
	own.victim = start_victim();
	for (i = 0; i < TRY_COUNT; i++)
		for (k = 0; k < sizeof(WAYS) / sizeof(WAYS[0]); k++)
			if (is_wanted(WAYS[k].name, argv + 2))
				attempt(&TRIES[i], &WAYS[k]);
	kill(own.victim, SIGKILL);
	return 0;
}
