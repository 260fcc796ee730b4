/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What reaches into other processes and into the kernel: ptrace, memory, modules, BPF. */
#ifndef BPF_PROCTRACE_INTRUSION_H
#define BPF_PROCTRACE_INTRUSION_H

#include "proctrace_files.h"

static __always_inline bool changes_target(u32 request)
{
	switch (request) {
	case PTRACE_POKETEXT:
	case PTRACE_POKEDATA:
	case PTRACE_POKEUSR:
	case PTRACE_SETREGS:
	case PTRACE_SETFPREGS:
	case PTRACE_SETREGSET:
		return true;
	default:
		return false;
	}
}

CALL_BEGINS(ptrace, 2)

SEC("tp/syscalls/sys_exit_ptrace")
int on_ptrace(struct trace_event_raw_sys_exit *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct record *record;
	struct call call;
	u32 request;

	if (!take_call(&call))
		return 0;
	request = call.args[0];
	if (!changes_target(request) && request != PTRACE_TRACEME && request != PTRACE_ATTACH &&
	    request != PTRACE_SEIZE)
		return 0;
	record = begin(ctx, EVENT_PTRACE, sizeof(record->ptrace));
	if (!record)
		return 0;
	record->ptrace.request = request;
	record->ptrace.target_pid = request == PTRACE_TRACEME ? 0 : call.args[1];
	record->ptrace.result = result_of(ctx);
	finish(ctx, record, EVENT_PTRACE, 0);
	if (result_of(ctx) < 0)
		return 0;
	/*
	 * A debugger's child asks to be traced before it executes anything.  A thread has never
	 * executed, its process may have.
	 */
	if (request == PTRACE_TRACEME && !(BPF_CORE_READ(task, group_leader, flags) & PF_FORKNOEXEC))
		raise(ctx, EVENT_PTRACE, SIGNATURE_ANTI_DEBUGGING, 0, 0);
	if (changes_target(request))
		raise(ctx, EVENT_PTRACE, SIGNATURE_CODE_INJECTION, 0, call.args[1]);
	return 0;
}

/* The number of a thread in its own pid namespace. */
static __always_inline u32 own_number(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	struct upid *number = __builtin_preserve_access_index(&pid->numbers[0]);

	number = (void *)number + BPF_CORE_READ(pid, level) * bpf_core_type_size(struct upid);
	return BPF_CORE_READ(number, nr);
}

CALL_BEGINS(process_vm_writev, 2)

SEC("tp/syscalls/sys_exit_process_vm_writev")
int on_process_vm_writev(struct trace_event_raw_sys_exit *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct record *record;
	struct call call;

	if (!take_call(&call) || (u32)call.args[0] == own_number(task) ||
	    (u32)call.args[0] == own_number(BPF_CORE_READ(task, group_leader)))
		return 0;
	record = begin(ctx, EVENT_MEMORY_WRITE, sizeof(record->memory_write));
	if (!record)
		return 0;
	record->memory_write.target_pid = call.args[0];
	record->memory_write.result = result_of(ctx);
	finish(ctx, record, EVENT_MEMORY_WRITE, 0);
	if (result_of(ctx) > 0)
		raise(ctx, EVENT_MEMORY_WRITE, SIGNATURE_CODE_INJECTION | THIRD_WAY, 0, call.args[0]);
	return 0;
}

SEC("raw_tp/module_load")
int BPF_PROG(on_module, struct module *module)
{
	struct record *record = begin(ctx, EVENT_MODULE, sizeof(record->module));

	if (!record)
		return 0;
	record->module.name = ADD_STRING(record, NAME_SIZE, module->name);
	finish(ctx, record, EVENT_MODULE, 0);
	raise(ctx, EVENT_MODULE, SIGNATURE_MODULE_LOAD, record->module.name, 0);
	return 0;
}

/* The parts of union bpf_attr (include/uapi/linux/bpf.h) that have names, at their places. */
struct bpf_attr_program {
	u32 type;
	u8 between[44];
	char name[16];
};

struct bpf_attr_map {
	u32 type;
	u8 between[24];
	char name[16];
};

static __always_inline void read_bpf_attr(struct event_bpf *bpf, u64 attr)
{
	if (bpf->command == BPF_PROG_LOAD) {
		struct bpf_attr_program *program = (void *)attr;

		bpf_probe_read_user(&bpf->program_type, sizeof(bpf->program_type), &program->type);
		bpf_probe_read_user(bpf->name, sizeof(bpf->name), program->name);
	} else {
		struct bpf_attr_map *map = (void *)attr;

		bpf_probe_read_user(bpf->name, sizeof(bpf->name), map->name);
	}
	bpf->name[sizeof(bpf->name) - 1] = 0;
}

CALL_BEGINS(bpf, 2)

SEC("tp/syscalls/sys_exit_bpf")
int on_bpf(struct trace_event_raw_sys_exit *ctx)
{
	struct event_bpf *bpf;
	struct record *record;
	struct call call;
	u32 command;

	if (!take_call(&call))
		return 0;
	command = call.args[0];
	if (command != BPF_PROG_LOAD && command != BPF_MAP_CREATE && command != BPF_PROG_ATTACH &&
	    command != BPF_LINK_CREATE && command != BPF_RAW_TRACEPOINT_OPEN)
		return 0;
	record = begin(ctx, EVENT_BPF, sizeof(record->bpf));
	if (!record)
		return 0;
	bpf = &record->bpf;
	bpf->command = command;
	bpf->result = result_of(ctx);
	bpf->program_type = 0;
	bpf->name[0] = 0;
	if (command == BPF_PROG_LOAD || command == BPF_MAP_CREATE)
		read_bpf_attr(bpf, call.args[1]);
	finish(ctx, record, EVENT_BPF, 0);
	if (command == BPF_PROG_LOAD && result_of(ctx) >= 0)
		raise(ctx, EVENT_BPF, SIGNATURE_BPF_LOAD, ADD_STRING(record, sizeof(bpf->name), bpf->name), 0);
	return 0;
}

#endif
