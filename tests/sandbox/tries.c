/* SPDX-License-Identifier: BSD-2-Clause */
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
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "runtime/log_file.h"

#include "tests/sandbox/tries.h"

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

const struct try TRIES[] = {
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

const size_t TRY_COUNT = sizeof(TRIES) / sizeof(TRIES[0]);
