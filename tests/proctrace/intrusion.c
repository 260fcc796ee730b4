// SPDX-License-Identifier: BSD-2-Clause
/* What reaches into other processes and into the kernel. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/proctrace/act.h"

static const char *const INJECTION[] = { "code_injection", "high", "T1055.008" };

/* It has the same in every child, at the same address. */
static long target_word = 7;

static pid_t execute_traceme(const char *thread)
{
	pid_t child = make_child(), ended;
	int status;

	if (child == 0) {
		execl(in_folder("act"), "act", "traceme", thread, (char *)NULL);
		give_up("act");
	}
	/* A thread's end is told to its tracer, too, before that of the process. */
	do
		ended = waitpid(-1, &status, __WALL);
	while (ended > 0 && ended != child);
	if (ended < 0 || status)
		give_up("traceme ended with %#x", status);
	return child;
}

void act_debugging(void)
{
	pid_t child = execute_traceme(NULL);

	tell("ptrace", child, "\"request\":\"PTRACE_TRACEME\",\"target_pid\":0,\"result\":0");
	tell_alert(child, "anti_debugging", "medium", "T1622", NULL, 0);
	tell_alert(execute_traceme("thread"), "anti_debugging", "medium", "T1622", NULL, 0);
}

/* What a debugger does with the program that it is to start. */
void act_debugging_near(void)
{
	pid_t child = make_child();
	int status;

	if (child == 0) {
		if (ptrace(PTRACE_TRACEME, 0, 0, 0))
			give_up("PTRACE_TRACEME");
		execl(in_folder("act"), "act", "nothing", (char *)NULL);
		give_up("act");
	}
	if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_DETACH, child, 0, 0))
		give_up("PTRACE_DETACH");
	await(child, 0);
	tell("ptrace", child, "\"request\":\"PTRACE_TRACEME\",\"result\":0");
}

/* A child that waits to be killed. */
static pid_t make_target(void)
{
	pid_t child = make_child();

	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	return child;
}

static void end_target(pid_t child)
{
	if (kill(child, SIGKILL) || waitpid(child, NULL, 0) != child)
		give_up("kill %d", child);
}

static void attach(pid_t target)
{
	if (ptrace(PTRACE_ATTACH, target, 0, 0) || waitpid(target, NULL, 0) != target)
		give_up("PTRACE_ATTACH");
	tell("ptrace", getpid(), "\"request\":\"PTRACE_ATTACH\",\"target_pid\":%d,\"result\":0", target);
}

static void poke(void *argument)
{
	pid_t target = make_target();

	(void)argument;
	attach(target);
	if (ptrace(PTRACE_POKEDATA, target, &target_word, target_word))
		give_up("PTRACE_POKEDATA");
	tell("ptrace", getpid(), "\"request\":\"PTRACE_POKEDATA\",\"target_pid\":%d,\"result\":0", target);
	tell_alert(getpid(), INJECTION[0], INJECTION[1], INJECTION[2], NULL, target);
	end_target(target);
}

static ssize_t write_word(pid_t target)
{
	struct iovec word = { &target_word, sizeof(target_word) };

	return process_vm_writev(target, &word, 1, &word, 1, 0);
}

static void write_memory(void *argument)
{
	pid_t target = make_target();

	(void)argument;
	if (write_word(target) != sizeof(target_word)) {
		if (errno == ENOSYS)
			not_here("process_vm_writev");
		give_up("process_vm_writev");
	}
	tell("memory_write", getpid(), "\"target_pid\":%d,\"result\":%zu", target, sizeof(target_word));
	tell_alert(getpid(), INJECTION[0], INJECTION[1], "T1055", NULL, target);
	end_target(target);
}

/* Memory of a process; whose is "self" or a number. */
static const char *memory_of(const char *whose)
{
	static char path[64];

	snprintf(path, sizeof(path), "/proc/%s/mem", whose);
	return path;
}

static void open_memory(void *argument)
{
	pid_t target = make_target();
	char number[16], path[64];

	(void)argument;
	snprintf(number, sizeof(number), "%d", target);
	touch(memory_of(number), O_RDWR);
	tell_alert(getpid(), INJECTION[0], INJECTION[1], "T1055.009", memory_of(number), target);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/mem", target, target);
	touch(path, O_WRONLY);
	tell_alert(getpid(), INJECTION[0], INJECTION[1], "T1055.009", path, target);
	end_target(target);
}

void act_injection(void)
{
	in_child(poke, NULL);
	in_child(open_memory, NULL);
	in_child(write_memory, NULL);
}

/* Reads what is another's, and writes what is its own. */
static void peek(void *argument)
{
	pid_t target = make_target();
	char number[16];

	(void)argument;
	attach(target);
	errno = 0;
	if (ptrace(PTRACE_PEEKDATA, target, &target_word, 0) != target_word)
		give_up("PTRACE_PEEKDATA");
	if (ptrace(PTRACE_DETACH, target, 0, 0))
		give_up("PTRACE_DETACH");
	snprintf(number, sizeof(number), "%d", target);
	touch(memory_of(number), O_RDONLY);
	touch(memory_of("self"), O_RDWR);
	touch(memory_of("thread-self"), O_RDWR);
	end_target(target);
}

static void read_memory(void *argument)
{
	pid_t target = make_target();
	struct iovec word = { &target_word, sizeof(target_word) };

	(void)argument;
	if (process_vm_readv(target, &word, 1, &word, 1, 0) != sizeof(target_word)) {
		if (errno == ENOSYS)
			not_here("process_vm_readv");
		give_up("process_vm_readv");
	}
	if (write_word(getpid()) != sizeof(target_word))
		give_up("process_vm_writev");
	end_target(target);
	/* Nothing is written. */
	if (write_word(target) >= 0)
		give_up("process_vm_writev to nobody");
	tell("memory_write", getpid(), "\"target_pid\":%d,\"result\":%d", target, -ESRCH);
}

void act_injection_near(void)
{
	in_child(peek, NULL);
	in_child(read_memory, NULL);
}

/*
 * Kernels before 5.11 count what BPF takes as locked memory.  Where the limit stays, a load may
 * fail there.
 */
static void lift_limit(void)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

	if (setrlimit(RLIMIT_MEMLOCK, &all))
		fprintf(stderr, "act: RLIMIT_MEMLOCK stays: %s\n", strerror(errno));
}

static int call_bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* A socket filter of this many instructions, of which the last returns. */
static int load_filter(uint32_t count)
{
	const struct bpf_insn instructions[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	attr.insn_cnt = count;
	attr.insns = (uintptr_t)instructions;
	attr.license = (uintptr_t)"BSD";
	strcpy(attr.prog_name, "act_filter");
	return call_bpf(BPF_PROG_LOAD, &attr);
}

void act_bpf(void)
{
	int fd;

	lift_limit();
	fd = load_filter(2);
	if (fd < 0)
		give_up("BPF_PROG_LOAD");
	tell("bpf", getpid(), "\"command\":\"prog_load\",\"result\":%d,\"name\":\"act_filter\","
	     "\"program_type\":\"socket_filter\"", fd);
	tell_alert(getpid(), "bpf_load", "low", "T1014", "act_filter", 0);
}

/* A map; a program that runs out of its end. */
void act_bpf_near(void)
{
	union bpf_attr attr;
	int fd;

	lift_limit();
	memset(&attr, 0, sizeof(attr));
	attr.map_type = BPF_MAP_TYPE_ARRAY;
	attr.key_size = attr.value_size = 4;
	attr.max_entries = 1;
	strcpy(attr.map_name, "act_map");
	fd = call_bpf(BPF_MAP_CREATE, &attr);
	if (fd < 0)
		give_up("BPF_MAP_CREATE");
	tell("bpf", getpid(), "\"command\":\"map_create\",\"result\":%d,\"name\":\"act_map\","
	     "\"program_type\":null", fd);
	errno = 0;
	if (load_filter(1) >= 0)
		give_up("a broken program was loaded");
	tell("bpf", getpid(), "\"command\":\"prog_load\",\"result\":%d,\"name\":\"act_filter\"", -errno);
}

void act_module_near(void)
{
	if (!syscall(SYS_init_module, "no module", 9ul, ""))
		give_up("init_module");
}
