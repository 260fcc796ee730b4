/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A list of what is allowed, not of what is forbidden: kernels get new calls every year.
 *
 * What is on no list fails with EPERM.  The process lives on, since the next C library or libbpf (a
 * package takes the distribution's) may try a call that nobody has thought of, and do without it
 * when it is refused; the kernel's log says which call it was.  What no library does behind a
 * program's back, and every intruder wants (another program, another process, another socket, other
 * rights), kills at once: then the process is not ours any more, and its service shows as failed.
 * bpf(2) is refused and does not kill, because libbpf tries out by it what a kernel can do.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/membarrier.h>
#include <linux/perf_event.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "runtime/log_file.h"
#include "runtime/syscalls.h"

/* isatty(3) of C libraries from 2.42 on; its size is that of the kernel's struct termios2. */
#define TCGETS_2 _IOC(_IOC_READ, 'T', 0x2a, 44)

/* glibc sets it on 32-bit hosts, where the header has a value for it. */
#define LARGE_FILE_FLAG ((uint32_t)O_LARGEFILE)

/* With any arguments.  Names that an architecture does not have are left out there. */
static const int ALLOWED[] = {
	/* events and diagnostics; statm; signals, which come by a descriptor */
	SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(close),
	/* waiting, also when it was interrupted by SIGSTOP and goes on */
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(ppoll_time64), SCMP_SYS(restart_syscall),
	SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep), SCMP_SYS(clock_nanosleep_time64),
	/* clocks where the vDSO cannot read them */
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64), SCMP_SYS(gettimeofday), SCMP_SYS(time),
	/* malloc(3); mmap(2) and mprotect(2) are below */
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
	/* whether the output was rotated, and whose the socket is; stdio asks of its descriptors */
	SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(newfstatat), SCMP_SYS(fstatat64), SCMP_SYS(statx),
	/* locks of the C library, which aborts when it does not get them */
	SCMP_SYS(futex), SCMP_SYS(futex_time64),
	/* abort(3), and returning from a signal */
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigreturn), SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	/* for a diagnostic, and for metrics */
	SCMP_SYS(geteuid), SCMP_SYS(geteuid32), SCMP_SYS(getrusage),
	SCMP_SYS(exit), SCMP_SYS(exit_group),
};

static const int DEADLY[] = {
	/* another program, another process */
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(clone),
	SCMP_SYS(clone3), SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(rt_sigqueueinfo),
	SCMP_SYS(pidfd_open), SCMP_SYS(pidfd_getfd), SCMP_SYS(pidfd_send_signal),
	SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(kcmp),
	/* another socket */
	SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind),
	/* another view of the files */
	SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(move_mount), SCMP_SYS(open_tree),
	SCMP_SYS(fsopen), SCMP_SYS(pivot_root), SCMP_SYS(chroot), SCMP_SYS(unshare), SCMP_SYS(setns),
	SCMP_SYS(open_by_handle_at),
	/* other rights */
	SCMP_SYS(setuid), SCMP_SYS(setuid32), SCMP_SYS(setgid), SCMP_SYS(setgid32),
	SCMP_SYS(setreuid), SCMP_SYS(setreuid32), SCMP_SYS(setregid), SCMP_SYS(setregid32),
	SCMP_SYS(setresuid), SCMP_SYS(setresuid32), SCMP_SYS(setresgid), SCMP_SYS(setresgid32),
	SCMP_SYS(setfsuid), SCMP_SYS(setfsuid32), SCMP_SYS(setfsgid), SCMP_SYS(setfsgid32),
	SCMP_SYS(setgroups), SCMP_SYS(setgroups32), SCMP_SYS(capset), SCMP_SYS(personality),
	/* the kernel itself, and what has been a way into it */
	SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module),
	SCMP_SYS(kexec_load), SCMP_SYS(kexec_file_load), SCMP_SYS(reboot),
	SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(io_uring_setup),
	SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(keyctl), SCMP_SYS(modify_ldt),
	SCMP_SYS(iopl), SCMP_SYS(ioperm),
};

/* A terminal's width, whether it is one, and a perf event's end. */
static const unsigned IOCTLS[] = { TIOCGWINSZ, TCGETS, TCGETS_2, PERF_EVENT_IOC_DISABLE };

/* A filter that is being made, and the first failure. */
struct filter {
	scmp_filter_ctx context;
	int code;
};

/* -EDOM: this architecture has no such call. */
static void add(struct filter *filter, uint32_t action, int call, unsigned count,
		const struct scmp_arg_cmp *arguments)
{
	int code = seccomp_rule_add_array(filter->context, action, call, count, arguments);

	if (code && code != -EDOM && !filter->code)
		filter->code = code;
}

static void allow(struct filter *filter, int call)
{
	add(filter, SCMP_ACT_ALLOW, call, 0, NULL);
}

/* Only with this value of one argument. */
static void allow_if(struct filter *filter, int call, unsigned argument, uint64_t value)
{
	const struct scmp_arg_cmp compare = { .arg = argument, .op = SCMP_CMP_EQ, .datum_a = value };

	add(filter, SCMP_ACT_ALLOW, call, 1, &compare);
}

/* Only with this value of those bits of it. */
static void allow_if_masked(struct filter *filter, int call, unsigned argument, uint64_t mask,
			    uint64_t value)
{
	const struct scmp_arg_cmp compare = {
		.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value,
	};

	add(filter, SCMP_ACT_ALLOW, call, 1, &compare);
}

/* Memory is data: nothing that was written is ever executed. */
static void allow_memory(struct filter *filter)
{
	/* i386's has its arguments in memory, where no filter sees them, and nobody needs it. */
#ifndef __i386__
	allow_if_masked(filter, SCMP_SYS(mmap), 2, PROT_EXEC, 0);
#endif
	allow_if_masked(filter, SCMP_SYS(mmap2), 2, PROT_EXEC, 0);
	allow_if_masked(filter, SCMP_SYS(mprotect), 2, PROT_EXEC, 0);
}

/*
 * The name is for landlock to judge.  The flags are log_file_open()'s, all of them: nothing is
 * opened that the user may not write, and nothing is cut off.
 */
static void allow_output(struct filter *filter)
{
	const struct scmp_arg_cmp arguments[] = {
		{ .arg = 2, .op = SCMP_CMP_MASKED_EQ, .datum_a = (uint32_t)~LARGE_FILE_FLAG,
		  .datum_b = LOG_FILE_FLAGS & ~LARGE_FILE_FLAG },
		{ .arg = 3, .op = SCMP_CMP_EQ, .datum_a = LOG_FILE_MODE },
	};

	add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 2, arguments);
	allow(filter, SCMP_SYS(ftruncate));
	allow(filter, SCMP_SYS(ftruncate64));
}

/*
 * i386 calls these through socketcall(2), where a filter cannot see arguments; libseccomp leaves
 * them out there.
 */
static void allow_clients(struct filter *filter, int listener)
{
	allow_if(filter, SCMP_SYS(accept4), 0, (unsigned)listener);
	allow_if(filter, SCMP_SYS(recvfrom), 4, 0);
	allow(filter, SCMP_SYS(recv));
	allow(filter, SCMP_SYS(unlink));
	allow_if(filter, SCMP_SYS(unlinkat), 2, 0);
	/* how often programs ran */
	allow_if(filter, SCMP_SYS(bpf), 0, BPF_OBJ_GET_INFO_BY_FD);
}

static void add_rules(struct filter *filter, const struct sandbox_request *request)
{
	/* In a process of one thread they are the same; the former came with 4.14. */
	const uint32_t kill = seccomp_api_get() >= 3 ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_KILL_THREAD;
	size_t i;

	for (i = 0; i < sizeof(ALLOWED) / sizeof(ALLOWED[0]); i++)
		allow(filter, ALLOWED[i]);
	for (i = 0; i < sizeof(DEADLY) / sizeof(DEADLY[0]); i++)
		add(filter, kill, DEADLY[i], 0, NULL);
	for (i = 0; i < sizeof(IOCTLS) / sizeof(IOCTLS[0]); i++)
		allow_if(filter, SCMP_SYS(ioctl), 1, IOCTLS[i]);
	allow_memory(filter);
	/* Standard output may be a socket, and the service manager's is connected: no address. */
	allow_if(filter, SCMP_SYS(sendto), 4, 0);
	allow(filter, SCMP_SYS(send));
	allow_if(filter, SCMP_SYS(membarrier), 0, MEMBARRIER_CMD_GLOBAL);
	allow_if(filter, SCMP_SYS(tgkill), 0, (unsigned)getpid());
	if (request->output)
		allow_output(filter);
	if (request->listener >= 0)
		allow_clients(filter, request->listener);
	if (request->looks_up)
		allow_if(filter, SCMP_SYS(bpf), 0, BPF_MAP_LOOKUP_ELEM);
	if (request->perf)
		/* libbpf takes the buffers out of their map before it closes them. */
		allow_if(filter, SCMP_SYS(bpf), 0, BPF_MAP_DELETE_ELEM);
}

/*
 * Failures come as the kernel gave them, and refusals are logged, as far as the kernel does that.
 * No code of others runs here, so that kernels before 5.16 need not slow the process down against
 * speculation.  What library or kernel do not know is left out.
 */
static void set_attributes(scmp_filter_ctx context)
{
	seccomp_attr_set(context, SCMP_FLTATR_API_SYSRAWRC, 1);
	seccomp_attr_set(context, SCMP_FLTATR_CTL_LOG, 1);
	seccomp_attr_set(context, SCMP_FLTATR_CTL_SSB, 1);
}

int syscalls_restrict(const struct sandbox_request *request, struct error *err)
{
	struct filter filter = { .context = seccomp_init(SCMP_ACT_ERRNO(EPERM)) };
	int code;

	if (!filter.context)
		return error_errno(err, -ENOMEM, "seccomp");
	set_attributes(filter.context);
	add_rules(&filter, request);
	code = filter.code ? filter.code : seccomp_load(filter.context);
	seccomp_release(filter.context);
	return code ? error_errno(err, code, "seccomp") : 0;
}
