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
#include <linux/capability.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "lib/console.h"
#include "runtime/landlock.h"
#include "runtime/log_file.h"
#include "runtime/privileges.h"
#include "runtime/syscalls.h"

#define OUTPUT "output/events.jsonl"
#define SOCKET "run/metrics.sock"
#define ELSEWHERE "elsewhere/file"

/* What the process had open, or knew of, before it was shut in. */
static struct {
	int output, statm;
	int listener, other_listener, stream, datagram, inet, pty;
	int map;                     /* a BPF map; -1: none can be had */
	pid_t victim;                /* another process of ours */
} own;

static int result(long returned)
{
	return returned < 0 ? -errno : 0;
}

static int open_elsewhere(const char *path, int flags, int mode)
{
	return result(open(path, flags, mode));
}

/* What a run does. */

static int append(void)
{
	return result(write(own.output, "{}\n", 3));
}

static int reopen_output(void)
{
	struct error err = ERROR_NONE;
	struct log_file file;
	int code = log_file_open(OUTPUT, &file, &err);

	return code ? code : result(ftruncate(file.fd, 1));
}

static int make_output(void)
{
	return result(unlink(OUTPUT)) ? -errno : reopen_output();
}

/* As after a rotation; the one who rotates stands outside. */
static int make_rotated(void)
{
	struct error err = ERROR_NONE;
	struct log_file file;

	return log_file_open("output/rotated.jsonl", &file, &err);
}

static int answer(void)
{
	int fd = accept4(own.listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	return fd < 0 ? -errno : result(send(fd, "HTTP/1.0 200 OK\r\n\r\n", 19, MSG_NOSIGNAL));
}

static int remove_socket(void)
{
	return result(unlink(SOCKET));
}

static int read_statm(void)
{
	char text[64];

	return result(pread(own.statm, text, sizeof(text), 0));
}

static int allocate(void)
{
	char *memory = malloc(100), *larger;
	size_t size;

	for (size = 100; memory && size < 64u << 20; size *= 4) {
		larger = realloc(memory, size);
		if (!larger)
			break;
		memory = larger;
		memset(memory, 1, size);
	}
	free(memory);
	return size < 64u << 20 ? -ENOMEM : 0;
}

static int look_at_clock(void)
{
	struct timespec now, pause = { .tv_nsec = 1000000 };

	return result(syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &now)) ? -errno :
	       result(nanosleep(&pause, NULL));
}

/* A failed assertion of a library ends as ever. */
static int abort_as_ever(void)
{
	abort();
}

/* What it never does: files. */

static int read_file(void)
{
	return open_elsewhere("/proc/version", O_RDONLY, 0);
}

static int read_elsewhere(void)
{
	return open_elsewhere(ELSEWHERE, O_RDONLY | O_CLOEXEC, 0);
}

static int append_elsewhere(void)
{
	return open_elsewhere(ELSEWHERE, LOG_FILE_FLAGS, LOG_FILE_MODE);
}

static int make_elsewhere(void)
{
	return open_elsewhere("elsewhere/new", LOG_FILE_FLAGS, LOG_FILE_MODE);
}

static int make_setuid(void)
{
	return open_elsewhere("output/new", LOG_FILE_FLAGS, 04755);
}

static int cut_output(void)
{
	return open_elsewhere(OUTPUT, LOG_FILE_FLAGS | O_TRUNC, LOG_FILE_MODE);
}

static int list_folder(void)
{
	return open_elsewhere("elsewhere", O_RDONLY | O_DIRECTORY, 0);
}

static int write_memory(void)
{
	return open_elsewhere("/proc/self/mem", O_RDWR, 0);
}

static int unlink_elsewhere(void)
{
	return result(unlink(ELSEWHERE));
}

static int rename_elsewhere(void)
{
	return result(rename(ELSEWHERE, "elsewhere/other"));
}

static int link_in(void)
{
	return result(symlink("/etc/shadow", "output/link"));
}

static int change_mode(void)
{
	return result(fchmod(own.output, 04777));
}

/* Sockets. */

static int make_socket(int family)
{
	return result(socket(family, SOCK_STREAM, 0));
}

static int socket_unix(void)
{
	return make_socket(AF_UNIX);
}

static int socket_inet(void)
{
	return make_socket(AF_INET);
}

static int socket_netlink(void)
{
	return result(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int connect_tcp(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(1),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	return result(connect(own.inet, (struct sockaddr *)&address, sizeof(address)));
}

static int connect_abstract(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "btferry-probe-%d", getppid());
	return result(connect(own.stream, (struct sockaddr *)&address,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
					  strlen(address.sun_path + 1))));
}

static int send_to_address(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "run/datagrams" };

	return result(sendto(own.datagram, "x", 1, 0, (struct sockaddr *)&address, sizeof(address)));
}

static int accept_other(void)
{
	return result(accept4(own.other_listener, NULL, NULL, SOCK_CLOEXEC));
}

/* BPF. */

static int bpf_create(void)
{
	return result(bpf_map_create(BPF_MAP_TYPE_ARRAY, NULL, 4, 4, 1, NULL));
}

static int bpf_load(void)
{
	const struct bpf_insn program[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K }, { .code = BPF_JMP | BPF_EXIT },
	};

	return result(bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, NULL, "GPL", program, 2, NULL));
}

static int bpf_update(void)
{
	int zero = 0;

	return result(bpf_map_update_elem(own.map, &zero, &zero, BPF_ANY));
}

static int bpf_look_up(void)
{
	int zero = 0, value;

	return result(bpf_map_lookup_elem(own.map, &zero, &value));
}

static int bpf_get_by_id(void)
{
	__u32 id = 0;

	return result(bpf_prog_get_next_id(0, &id));
}

/* Programs, processes and rights. */

static int execute(void)
{
	return result(execl("/proc/self/exe", "probe", (char *)NULL));
}

static int make_process(void)
{
	long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return result(pid);
}

static int trace(void)
{
	return result(ptrace(PTRACE_ATTACH, own.victim, NULL, NULL));
}

static int read_process(void)
{
	char here[8];
	struct iovec local = { here, sizeof(here) }, remote = { &own, sizeof(here) };

	return result(process_vm_readv(own.victim, &local, 1, &remote, 1, 0));
}

static int signal_other(void)
{
	return result(kill(own.victim, SIGCONT));
}

static int signal_thread(void)
{
	return result(syscall(SYS_tgkill, own.victim, own.victim, SIGCONT));
}

static int mount_something(void)
{
	return result(mount("none", "nowhere", "tmpfs", 0, NULL));
}

static int unshare_names(void)
{
	return result(unshare(CLONE_NEWUTS));
}

static int become_other(void)
{
	return result(syscall(SYS_setuid, 65534));
}

static int set_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	return result(syscall(SYS_capset, &header, data));
}

/* The kernel. */

static int open_perf_event(void)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attributes),
		.config = PERF_COUNT_SW_CPU_CLOCK, .exclude_kernel = 1,
	};

	return result(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}

static int make_uring(void)
{
	char parameters[120] = "";

	return result(syscall(SYS_io_uring_setup, 1, parameters));
}

static int fault_in_user(void)
{
	return result(syscall(SYS_userfaultfd, O_CLOEXEC));
}

static int load_module(void)
{
	return result(syscall(SYS_init_module, "", 0, ""));
}

static int map_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ?
	       -errno : 0;
}

#ifdef __i386__
/* The call that the C library does not use any more: its arguments are in memory. */
static int map_code_by_old_call(void)
{
	const unsigned long arguments[] = { 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
					    (unsigned long)-1, 0 };
	long address = syscall(SYS_mmap, arguments, 0, 0);

	return address == -1 ? -errno : 0;
}
#endif

static int make_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? -errno : result(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static int type_for_user(void)
{
	return result(ioctl(own.pty, TIOCSTI, "x"));
}

/* A call that is not known to anybody yet. */
static int call_unknown(void)
{
	return result(syscall(1000));
}

#ifdef __x86_64__
/* getpid(2) through the door of 32-bit programs, where it has another number. */
static int call_32_bit(void)
{
	long pid;

	__asm__ volatile("int $0x80" : "=a"(pid) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
	return (int)(pid < 0 ? pid : 0);
}
#endif

static const struct try {
	const char *name;
	int (*function)(void);
} TRIES[] = {
	{ "append", append }, { "reopen-output", reopen_output }, { "make-rotated", make_rotated },
	{ "answer", answer }, { "remove-socket", remove_socket }, { "read-statm", read_statm },
	{ "allocate", allocate }, { "look-at-clock", look_at_clock }, { "abort", abort_as_ever },
	{ "read-file", read_file }, { "read-elsewhere", read_elsewhere },
	{ "append-elsewhere", append_elsewhere }, { "make-elsewhere", make_elsewhere },
	{ "make-setuid", make_setuid }, { "cut-output", cut_output }, { "list-folder", list_folder },
	{ "write-memory", write_memory }, { "unlink-elsewhere", unlink_elsewhere },
	{ "unlink-output", make_output }, { "rename-elsewhere", rename_elsewhere },
	{ "link-in", link_in }, { "change-mode", change_mode },
	{ "socket-unix", socket_unix }, { "socket-inet", socket_inet },
	{ "socket-netlink", socket_netlink }, { "connect-tcp", connect_tcp },
	{ "connect-abstract", connect_abstract }, { "send-to-address", send_to_address },
	{ "accept-other", accept_other },
	{ "bpf-create", bpf_create }, { "bpf-load", bpf_load }, { "bpf-update", bpf_update },
	{ "bpf-look-up", bpf_look_up }, { "bpf-get-by-id", bpf_get_by_id },
	{ "execute", execute }, { "make-process", make_process }, { "trace", trace },
	{ "read-process", read_process }, { "signal-other", signal_other },
	{ "signal-thread", signal_thread }, { "mount", mount_something },
	{ "unshare", unshare_names }, { "become-other", become_other },
	{ "set-capabilities", set_capabilities }, { "perf-event", open_perf_event },
	{ "io-uring", make_uring }, { "userfault", fault_in_user }, { "load-module", load_module },
	{ "map-code", map_code }, { "make-code", make_code }, { "type-for-user", type_for_user },
	{ "call-unknown", call_unknown },
#ifdef __x86_64__
	{ "call-32-bit", call_32_bit },
#endif
#ifdef __i386__
	{ "map-code-old", map_code_by_old_call },
#endif
};

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
	for (i = 0; i < sizeof(TRIES) / sizeof(TRIES[0]); i++)
		for (k = 0; k < sizeof(WAYS) / sizeof(WAYS[0]); k++)
			if (is_wanted(WAYS[k].name, argv + 2))
				attempt(&TRIES[i], &WAYS[k]);
	kill(own.victim, SIGKILL);
	return 0;
}
