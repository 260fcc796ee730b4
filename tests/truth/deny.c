/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a command under a seccomp filter, as containers do.
 *
 *     deny RULE... -- COMMAND...
 *
 * bpf=EPERM and perf_event_open=ENOSYS refuse the whole call.  map27=EINVAL refuses to create maps
 * of type 27, and program26=EPERM to load programs of type 26, as a kernel without them would, or a
 * security module against them: a filter cannot see the type, so a supervisor looks it up in the
 * memory of the caller.
 */
#include <err.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_RULES = 16 };

struct rule {
	unsigned int call, command, type; /* command and type: of bpf(2), when looked at */
	bool looks;
	int error;
};

static struct rule rules[MAX_RULES];
static size_t rule_count;

static int errno_of(const char *name)
{
	int i;

	for (i = 1; i < 134; i++)
		if (strerrorname_np(i) && strcmp(strerrorname_np(i), name) == 0)
			return i;
	errx(2, "%s: no such error", name);
}

static struct rule parse(const char *text)
{
	struct rule rule = { .call = SYS_bpf };
	const char *error = strchr(text, '=');

	if (!error || rule_count == MAX_RULES)
		errx(2, "%s: not a rule", text);
	rule.error = errno_of(error + 1);
	if (sscanf(text, "map%u=", &rule.type) == 1) {
		rule.looks = true;
		rule.command = BPF_MAP_CREATE;
	} else if (sscanf(text, "program%u=", &rule.type) == 1) {
		rule.looks = true;
		rule.command = BPF_PROG_LOAD;
	} else if (strncmp(text, "perf_event_open=", 16) == 0) {
		rule.call = SYS_perf_event_open;
	} else if (strncmp(text, "bpf=", 4) != 0) {
		errx(2, "%s: not a rule", text);
	}
	return rule;
}

/* The listener, or -1 where no rule needs one. */
static int install(void)
{
	struct sock_filter code[2 * MAX_RULES + 2];
	struct sock_fprog program = { .filter = code };
	unsigned short n = 0;
	bool looks = false;
	size_t i;
	long fd;

	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, nr));
	for (i = 0; i < rule_count; i++) {
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, rules[i].call, 0, 1);
		code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, rules[i].looks ?
			SECCOMP_RET_USER_NOTIF : SECCOMP_RET_ERRNO | (unsigned int)rules[i].error);
		looks |= rules[i].looks;
	}
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program.len = n;
	fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		     looks ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0, &program);
	if (fd < 0)
		err(2, "seccomp");
	return looks ? (int)fd : -1;
}

/* What the filter could not see: the type stands first in what bpf(2) is given. */
static int judge(const struct seccomp_notif *call)
{
	unsigned int type = 0;
	const struct iovec here = { &type, sizeof(type) };
	const struct iovec there = { (void *)(uintptr_t)call->data.args[1], sizeof(type) };
	size_t i;

	if (process_vm_readv((pid_t)call->pid, &here, 1, &there, 1, 0) != sizeof(type))
		return 0;
	for (i = 0; i < rule_count; i++)
		if (rules[i].looks && rules[i].command == call->data.args[0] &&
		    rules[i].type == type)
			return rules[i].error;
	return 0;
}

/* Answers until nobody is left that could ask. */
static void supervise(int listener)
{
	struct pollfd wait = { .fd = listener, .events = POLLIN };

	while (poll(&wait, 1, -1) > 0 && (wait.revents & POLLIN)) {
		struct seccomp_notif call = { 0 };
		struct seccomp_notif_resp answer = { 0 };

		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call))
			continue;
		answer.id = call.id;
		answer.error = -judge(&call);
		answer.flags = answer.error ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
}

/* Waits until the listener was taken over, for it is closed on exec. */
static _Noreturn void run_child(int parent, char **command)
{
	int listener = install();

	if (write(parent, &listener, sizeof(listener)) != sizeof(listener) ||
	    read(parent, &listener, sizeof(listener)) != sizeof(listener))
		err(2, "deny");
	execvp(command[0], command);
	err(127, "%s", command[0]);
}

/* The child's listener under a number of this process; -1 where it has none. */
static int take_listener(int channel, pid_t child)
{
	int pidfd, theirs, ours = -1;

	if (read(channel, &theirs, sizeof(theirs)) != sizeof(theirs))
		return -1;
	if (theirs >= 0) {
		pidfd = (int)syscall(SYS_pidfd_open, child, 0);
		ours = (int)syscall(SYS_pidfd_getfd, pidfd, theirs, 0);
		if (ours < 0)
			err(2, "listener");
		close(pidfd);
	}
	if (write(channel, &theirs, sizeof(theirs)) != sizeof(theirs))
		err(2, "deny");
	return ours;
}

int main(int argc, char **argv)
{
	int i, channel[2], listener, state;
	pid_t child;

	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		rules[rule_count++] = parse(argv[i]);
	if (rule_count == 0 || i + 1 >= argc)
		errx(2, "usage: deny RULE... -- COMMAND...");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel))
		err(2, "deny");
	child = fork();
	if (child < 0)
		err(2, "fork");
	if (child == 0)
		run_child(channel[1], argv + i + 1);
	close(channel[1]);
	listener = take_listener(channel[0], child);
	if (listener >= 0)
		supervise(listener);
	if (waitpid(child, &state, 0) < 0)
		err(2, "wait");
	return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}
