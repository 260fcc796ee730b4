/* SPDX-License-Identifier: BSD-2-Clause */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/faults/fs.h"
#include "tests/faults/tracer.h"

/*
 * Which arguments name files: number of a descriptor and of a path, -1 where there is none.  A path
 * without a descriptor is relative to the working folder.  flags: of an opening, which changes
 * something or does not.
 */
static const struct form {
	int number;
	const char *name;
	signed char fd, path, fd2, path2, text, flags;
	bool reads;
} FORMS[] = {
#define FORM(call, ...) { SYS_##call, #call, __VA_ARGS__, false }
#define READING(call, fd, path) { SYS_##call, #call, fd, path, -1, -1, -1, -1, true }
	FORM(openat, 0, 1, -1, -1, -1, 2),
	FORM(openat2, 0, 1, -1, -1, -1, -1),
	FORM(mkdirat, 0, 1, -1, -1, -1, -1),
	FORM(mknodat, 0, 1, -1, -1, -1, -1),
	FORM(write, 0, -1, -1, -1, -1, -1),
	FORM(writev, 0, -1, -1, -1, -1, -1),
	FORM(pwrite64, 0, -1, -1, -1, -1, -1),
	FORM(pwritev, 0, -1, -1, -1, -1, -1),
	FORM(pwritev2, 0, -1, -1, -1, -1, -1),
	FORM(sendfile, 0, -1, -1, -1, -1, -1),
	FORM(splice, 2, -1, -1, -1, -1, -1),
	FORM(copy_file_range, 2, -1, -1, -1, -1, -1),
	FORM(ftruncate, 0, -1, -1, -1, -1, -1),
	FORM(fallocate, 0, -1, -1, -1, -1, -1),
	FORM(fchmod, 0, -1, -1, -1, -1, -1),
	FORM(fchmodat, 0, 1, -1, -1, -1, -1),
	FORM(fchown, 0, -1, -1, -1, -1, -1),
	FORM(fchownat, 0, 1, -1, -1, -1, -1),
	FORM(utimensat, 0, 1, -1, -1, -1, -1),
	FORM(fsync, 0, -1, -1, -1, -1, -1),
	FORM(fdatasync, 0, -1, -1, -1, -1, -1),
	FORM(syncfs, 0, -1, -1, -1, -1, -1),
	FORM(close, 0, -1, -1, -1, -1, -1),
	FORM(flock, 0, -1, -1, -1, -1, -1),
	FORM(linkat, 0, 1, 2, 3, -1, -1),
	FORM(symlinkat, 1, 2, -1, -1, 0, -1),
	FORM(renameat2, 0, 1, 2, 3, -1, -1),
	FORM(unlinkat, 0, 1, -1, -1, -1, -1),
	READING(read, 0, -1),
	READING(readv, 0, -1),
	READING(pread64, 0, -1),
	READING(preadv, 0, -1),
	READING(mmap, 4, -1),
	READING(getdents64, 0, -1),
	READING(fstat, 0, -1),
	READING(newfstatat, 0, 1),
	READING(statx, 0, 1),
	READING(fstatfs, 0, -1),
	READING(statfs, -1, 0),
	READING(readlinkat, 0, 1),
	READING(faccessat, 0, 1),
	READING(faccessat2, 0, 1),
#ifdef SYS_renameat
	FORM(renameat, 0, 1, 2, 3, -1, -1),
#endif
#ifdef SYS_mkdir /* architectures older than the calls with a descriptor have both */
	FORM(open, -1, 0, -1, -1, -1, 1),
	FORM(creat, -1, 0, -1, -1, -1, -1),
	FORM(mkdir, -1, 0, -1, -1, -1, -1),
	FORM(rmdir, -1, 0, -1, -1, -1, -1),
	FORM(unlink, -1, 0, -1, -1, -1, -1),
	FORM(rename, -1, 0, -1, 1, -1, -1),
	FORM(link, -1, 0, -1, 1, -1, -1),
	FORM(symlink, -1, 1, -1, -1, 0, -1),
	FORM(truncate, -1, 0, -1, -1, -1, -1),
	FORM(chmod, -1, 0, -1, -1, -1, -1),
	FORM(chown, -1, 0, -1, -1, -1, -1),
	READING(stat, -1, 0),
	READING(lstat, -1, 0),
	READING(readlink, -1, 0),
	READING(access, -1, 0),
#endif
#undef READING
#undef FORM
};
enum { FORM_COUNT = sizeof(FORMS) / sizeof(FORMS[0]) };

static bool is_opening(const struct form *form)
{
	return form->flags >= 0 || form->number == SYS_openat2;
}

/* Lets the kernel stop the process at these calls only. */
static void filter_calls(bool reads)
{
	struct sock_filter code[2 * FORM_COUNT + 2];
	struct sock_fprog program = { .filter = code };
	unsigned short n = 0;
	size_t i;

	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, nr));
	for (i = 0; i < FORM_COUNT; i++) {
		if (FORMS[i].reads != reads && !is_opening(&FORMS[i]))
			continue;
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
							 (unsigned)FORMS[i].number, 0, 1);
		code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
	}
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program.len = n;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		_exit(126);
}

/* In a process of its own that shares our memory. */
static void __attribute__((noreturn)) be_traced(char *const argv[], int errors_fd,
						const struct tracer *tracer)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(errors_fd, 2) < 0 ||
	    ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		_exit(126);
	if (tracer)
		filter_calls(tracer->stops_at_reads);
	execvp(argv[0], argv);
	_exit(127);
}

/* Divides the size of a page. */
enum { TEXT_STEP = 64 };

bool tracer_read(pid_t pid, uint64_t address, void *out, size_t size)
{
	struct iovec here = { out, size }, there = { (void *)(uintptr_t)address, size };

	return process_vm_readv(pid, &here, 1, &there, 1, 0) == (ssize_t)size;
}

static void read_text(pid_t pid, uint64_t address, char out[static PATH_MAX])
{
	size_t got = 0, step;

	/* In steps that end where a step's multiple does, so that none runs into a missing page. */
	while (got < PATH_MAX - TEXT_STEP) {
		step = TEXT_STEP - (address + got) % TEXT_STEP;
		if (!tracer_read(pid, address + got, out + got, step) ||
		    memchr(out + got, '\0', step))
			break;
		got += step;
	}
	out[got + TEXT_STEP - 1] = '\0';
}

/* What descriptor fd leads to, and below it the path at address; either may be missing. */
static void read_path(const struct call *call, int fd, int path, char out[static PATH_MAX])
{
	char name[PATH_MAX] = "", link[64], base[PATH_MAX];
	int number = fd < 0 ? AT_FDCWD : (int)call->args[fd];
	ssize_t length;

	if (path >= 0)
		read_text(call->pid, call->args[path], name);
	if (number == AT_FDCWD)
		snprintf(link, sizeof(link), "/proc/%d/cwd", (int)call->pid);
	else
		snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)call->pid, number);
	length = readlink(link, base, sizeof(base) - 1);
	base[length < 0 ? 0 : length] = '\0';
	if (name[0] == '/' || !name[0])
		snprintf(out, PATH_MAX, "%s", name[0] ? name : base);
	else if (!strcmp(name, "."))
		snprintf(out, PATH_MAX, "%s", base);
	else if (snprintf(out, PATH_MAX, "%s/%s", strcmp(base, "/") ? base : "", name) >= PATH_MAX)
		give_up("%s: path too long", name);
}

static const struct form *read_call(pid_t pid, const struct __ptrace_syscall_info *info,
				    struct call *call)
{
	const struct form *form = NULL;
	size_t i;

	for (i = 0; i < FORM_COUNT && !form; i++)
		if (FORMS[i].number == (int)info->seccomp.nr)
			form = &FORMS[i];
	if (!form)
		give_up("stopped at call %d, which is none of ours", (int)info->seccomp.nr);
	*call = (struct call){ .name = form->name, .number = form->number, .pid = pid };
	memcpy(call->args, info->seccomp.args, sizeof(call->args));
	read_path(call, form->fd, form->path, call->path);
	if (form->path2 >= 0)
		read_path(call, form->fd2, form->path2, call->path2);
	if (form->text >= 0)
		read_text(pid, call->args[(int)form->text], call->text);
	return form;
}

/* Where writes may be told at last to have failed. */
static bool is_written(const struct call *call)
{
	char path[64], line[64];
	unsigned flags = 0;
	FILE *info;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", (int)call->pid, (int)call->args[0]);
	info = fopen(path, "re");
	while (info && fgets(line, sizeof(line), info))
		if (sscanf(line, "flags: %o", &flags) == 1)
			break;
	if (info)
		fclose(info);
	return (flags & O_ACCMODE) == O_WRONLY;
}

/* An opening that makes or empties nothing changes nothing; nor does a closing after reading. */
static bool can_change(const struct form *form, const struct call *call)
{
	uint64_t how, flags;

	if (form->reads)
		return false;
	if (call->number == SYS_close)
		return is_written(call);
	if (call->number == SYS_openat2) {
		if (!tracer_read(call->pid, call->args[2], &how, sizeof(how)))
			return false;
		flags = how;
	} else if (form->flags >= 0) {
		flags = call->args[(int)form->flags];
	} else {
		return true;
	}
	return flags & (O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY));
}

/* size: how many bytes to ask for instead, 0: as many as were asked for. */
static void set_registers(pid_t pid, bool skip, int64_t result, uint64_t size)
{
	struct user_regs_struct regs;
	struct iovec io = { &regs, sizeof(regs) };

	if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &io) < 0)
		give_up("registers: %s", strerror(errno));
#if defined(__x86_64__)
	if (skip) {
		regs.orig_rax = (unsigned long long)-1;
		regs.rax = (unsigned long long)result;
	}
	if (size)
		regs.rdx = size;
#else /* arm64 */
	if (skip) {
		int none = -1;
		struct iovec number = { &none, sizeof(none) };

		regs.regs[0] = (unsigned long long)result;
		ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &number);
	}
	if (size)
		regs.regs[2] = size;
#endif
	if (ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &io) < 0)
		give_up("registers: %s", strerror(errno));
}

/* At the stop before a call; true when its end is to be waited for. */
static bool decide(pid_t pid, const struct tracer *tracer, struct call *call, bool *is_enough)
{
	struct __ptrace_syscall_info info;
	const struct form *form;
	struct answer answer;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) < 0 ||
	    info.op != PTRACE_SYSCALL_INFO_SECCOMP)
		give_up("system call: %s", strerror(errno));
	form = read_call(pid, &info, call);
	if (can_change(form, call) == tracer->stops_at_reads)
		return false;
	answer = tracer->before(call, tracer->context);
	*is_enough = answer.is_last;
	if (answer.deed == DEED_KILL)
		kill(pid, SIGKILL);
	if (answer.deed == DEED_FAIL || answer.deed == DEED_SKIP)
		set_registers(pid, true, answer.deed == DEED_FAIL ? -answer.error : 0, 0);
	if (answer.deed == DEED_SHORT)
		set_registers(pid, false, 0, form->reads ? 1 : call->args[2] / 2 + 1);
	return tracer->after && (answer.deed == DEED_PASS || answer.deed == DEED_SHORT);
}

static void tell_result(pid_t pid, const struct tracer *tracer, const struct call *call)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) < 0 ||
	    info.op != PTRACE_SYSCALL_INFO_EXIT)
		give_up("end of a system call: %s", strerror(errno));
	tracer->after(call, info.exit.rval, tracer->context);
}

/* Starts the process; it has stopped before the first instruction of the command. */
static pid_t start(char *const argv[], int errors_fd, const struct tracer *tracer)
{
	const long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD;
	pid_t pid = vfork(); /* fork() would copy our page tables thousands of times */
	int status;

	if (pid == 0)
		be_traced(argv, errors_fd, tracer);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, pid, NULL, options) < 0)
		give_up("%s: cannot be traced: %s", argv[0], strerror(errno));
	return pid;
}

int tracer_run(char *const argv[], int errors_fd, const struct tracer *tracer)
{
	static struct call call;
	pid_t pid = start(argv, errors_fd, tracer);
	bool wait_end, is_enough = false;
	int status, deliver;

	ptrace(PTRACE_CONT, pid, NULL, 0);
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		wait_end = false;
		deliver = 0;
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8)) {
			if (!is_enough)
				wait_end = decide(pid, tracer, &call, &is_enough);
		} else if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			tell_result(pid, tracer, &call);
		} else if (status >> 16 == 0 && WSTOPSIG(status) != SIGTRAP) {
			deliver = WSTOPSIG(status);
		}
		/* Fails when the process was killed, which waitpid() then tells. */
		ptrace(wait_end ? PTRACE_SYSCALL : PTRACE_CONT, pid, NULL, deliver);
	}
	return status;
}
