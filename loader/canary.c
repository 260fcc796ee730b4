/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/types.h>

#include "bpf/canary.h"
#include "loader/canary.h"
#include "loader/explain.h"
#include "loader/libbpf_log.h"
#include "loader/own.h"
#include "loader/variable.h"

#define CANARY_NAME "canary"
#define NO_NAMESPACE "/proc/self/ns/pid does not tell which pid namespace this is"

static struct canary_check *add(struct canary_report *report, const char *field)
{
	struct canary_check *check = &report->checks[report->count++];

	check->field = field;
	return check;
}

/* Records the outcome; the texts of both sides were written before. */
static void judge(struct canary_report *report, struct canary_check *check, bool match)
{
	check->state = match ? CANARY_MATCH : CANARY_MISMATCH;
	report->matched += match;
}

static void unchecked(struct canary_report *report, const char *field, const char *why)
{
	struct canary_check *check = add(report, field);

	check->state = CANARY_UNCHECKED;
	snprintf(check->expected, sizeof(check->expected), "%s", why);
	report->unchecked++;
}

static void compare(struct canary_report *report, const char *field, uint64_t read,
		    uint64_t expected)
{
	struct canary_check *check = add(report, field);

	snprintf(check->read, sizeof(check->read), "%" PRIu64, read);
	snprintf(check->expected, sizeof(check->expected), "%" PRIu64, expected);
	judge(report, check, read == expected);
}

/* Bytes read from a wrong place can be anything. */
static void print_quoted(char *out, size_t size, const char *text, size_t max)
{
	size_t i, used = 1, length = strnlen(text, max);

	out[0] = '"';
	for (i = 0; i < length && used + 6 < size; i++) {
		unsigned char c = (unsigned char)text[i];

		used += (size_t)snprintf(out + used, size - used,
					 c < ' ' || c > '~' ? "\\x%02x" : "%c", c);
	}
	snprintf(out + used, size - used, "\"");
}

static void compare_text(struct canary_report *report, const char *field, const char *read,
			 const char *expected, size_t size)
{
	struct canary_check *check = add(report, field);

	print_quoted(check->read, sizeof(check->read), read, size);
	print_quoted(check->expected, sizeof(check->expected), expected, size);
	judge(report, check, strncmp(read, expected, size) == 0);
}

static void compare_task(struct canary_report *report, const struct canary_values *values)
{
	uint32_t tgid = (uint32_t)(values->helper.pid_tgid >> 32);

	compare(report, "task_struct.pid", values->read.pid, (uint32_t)values->helper.pid_tgid);
	compare(report, "task_struct.tgid", values->read.tgid, tgid);
	compare(report, "task_struct.group_leader", values->read.leader_tgid, tgid);
	compare_text(report, "task_struct.comm", values->read.comm, values->helper.comm,
		     CANARY_COMM_SIZE);
	compare(report, "cred.uid", values->read.uid, (uint32_t)values->helper.uid_gid);
	compare(report, "cred.gid", values->read.gid, values->helper.uid_gid >> 32);
	compare(report, "upid.nr", values->read.pid_nr, (uint32_t)values->helper.pid_tgid);
}

/* A process can lose its parent at any time, so what held before or after will do. */
static void compare_parent(struct canary_report *report, const struct canary_values *values,
			   const struct own *before, const struct own *after)
{
	const char *field = "task_struct.real_parent";

	if (before->initial_pid_namespace != TRUTH_YES) {
		unchecked(report, field, before->initial_pid_namespace == TRUTH_NO ?
			  "getppid() speaks of another pid namespace" : NO_NAMESPACE);
		return;
	}
	compare(report, field, values->read.parent_tgid,
		values->read.parent_tgid == after->parent ? after->parent : before->parent);
}

static void compare_level(struct canary_report *report, const struct canary_values *values,
			  const struct own *own)
{
	const char *field = "pid.level";
	bool initial = own->initial_pid_namespace == TRUTH_YES;
	struct canary_check *check;

	if (own->initial_pid_namespace == TRUTH_UNKNOWN) {
		unchecked(report, field, NO_NAMESPACE);
		return;
	}
	check = add(report, field);
	snprintf(check->read, sizeof(check->read), "%" PRIu32, values->read.pid_level);
	snprintf(check->expected, sizeof(check->expected), initial ? "0" : "1 to 32");
	judge(report, check, initial ? values->read.pid_level == 0 :
		values->read.pid_level >= 1 && values->read.pid_level <= 32);
}

static void compare_start(struct canary_report *report, const struct canary_values *values,
			  const struct own *own)
{
	struct canary_check *check = add(report, "task_struct.start_boottime");

	snprintf(check->read, sizeof(check->read), "%" PRIu64, (uint64_t)values->read.start_boottime);
	snprintf(check->expected, sizeof(check->expected), "%" PRIu64 " to %" PRIu64,
		 own->start_from, own->start_to);
	judge(report, check, values->read.start_boottime >= own->start_from &&
			     values->read.start_boottime < own->start_to);
}

static void compare_proc(struct canary_report *report, const struct canary_values *values,
			 const struct own *own)
{
	if (own->stat_error) {
		char why[CANARY_TEXT_SIZE];

		snprintf(why, sizeof(why), "/proc/thread-self/stat: %s", strerror(own->stat_error));
		unchecked(report, "task_struct.start_boottime", why);
		unchecked(report, "mm_struct.arg_start", why);
		unchecked(report, "mm_struct.arg_end", why);
		return;
	}
	compare_start(report, values, own);
	compare(report, "mm_struct.arg_start", values->read.arg_start, own->arg_start);
	compare(report, "mm_struct.arg_end", values->read.arg_end, own->arg_end);
}

static void compare_uts(struct canary_report *report, const struct canary_values *values,
			const struct own *before, const struct own *after)
{
	bool renamed = strcmp(before->uts.nodename, after->uts.nodename) != 0;

	if (renamed)
		unchecked(report, "new_utsname.nodename", "it was changed meanwhile");
	else
		compare_text(report, "new_utsname.nodename", values->read.nodename,
			     after->uts.nodename, CANARY_NAME_SIZE);
	if (before->real_release == TRUTH_NO)
		unchecked(report, "new_utsname.release", "personality UNAME26 changes uname -r");
	else if (before->real_release != TRUTH_YES)
		unchecked(report, "new_utsname.release", "the personality, which may change it, is hidden");
	else
		compare_text(report, "new_utsname.release", values->read.release,
			     after->uts.release, CANARY_NAME_SIZE);
}

static void compare_all(struct canary_report *report, const struct canary_values *values,
			const struct own *before, const struct own *after)
{
	compare_task(report, values);
	compare_parent(report, values, before, after);
	compare_level(report, values, before);
	compare_proc(report, values, before);
	compare_uts(report, values, before, after);
	if (values->has_cgroups)
		compare(report, "kernfs_node.id", values->read.cgroup_id, values->helper.cgroup_id);
	else
		unchecked(report, "kernfs_node.id", "this kernel has no cgroups");
}

/*
 * Before 5.10 the program cannot be run on request: attached, it sees this thread's next system
 * call.
 */
static int run_attached(struct bpf_program *program, struct error *err)
{
	struct bpf_link *link = bpf_program__attach(program);

	if (!link)
		return error_errno(err, -errno, CANARY_NAME ": cannot attach");
	syscall(SYS_getppid);
	bpf_link__destroy(link);
	return 0;
}

static int run_program(struct bpf_object *object, const struct own *own,
		       struct canary_values *values, struct error *err)
{
	struct bpf_program *program = bpf_object__find_program_by_name(object, "canary");
	int map = bpf_object__find_map_fd_by_name(object, "canary_values");
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	__u32 zero = 0;
	int code;

	if (!program || map < 0)
		return error_set(err, -EBADMSG, CANARY_NAME ": is no canary object");
	code = bpf_prog_test_run_opts(bpf_program__fd(program), &opts);
	if (code == -EPERM || code == -EACCES)
		return error_errno(err, code, CANARY_NAME ": cannot run");
	/* Without a pid that the kernel knows, other threads could not be told from this one. */
	if (code && own->initial_pid_namespace != TRUTH_YES)
		return error_errno(err, code, CANARY_NAME ": cannot run in a pid namespace here");
	if (code)
		code = run_attached(program, err);
	if (!code && bpf_map_lookup_elem(map, &zero, values) < 0)
		code = error_errno(err, -errno, CANARY_NAME ": cannot read its map");
	if (!code && !values->ran)
		code = error_set(err, -EIO, CANARY_NAME ": did not run");
	return code;
}

static int open_object(struct slice bytes, const char *btf_path, const struct own *own,
		       struct bpf_object **out, struct error *err)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = CANARY_NAME,
		    .btf_custom_path = btf_path);
	uint64_t self = (uint64_t)getpid() << 32 | (uint32_t)gettid();

	*out = bpf_object__open_mem(bytes.data, bytes.size, &opts);
	if (!*out)
		return error_errno(err, -errno, CANARY_NAME ": libbpf cannot read it");
	return own->initial_pid_namespace == TRUTH_YES ?
	       variable_set(*out, "only_pid_tgid", self, err) : 0;
}

static int judge_report(struct canary_report *report, struct error *err)
{
	size_t i;

	for (i = 0; i < report->count; i++) {
		const struct canary_check *check = &report->checks[i];

		if (check->state != CANARY_MISMATCH)
			continue;
		report->status = STATUS_NO;
		return error_set(err, -ESTALE, CANARY_NAME ": the BTF in use is not this kernel's: "
				 "%s reads %s, and is %s", check->field, check->read,
				 check->expected);
	}
	return 0;
}

/* What it reads is in every kernel: a BTF without it is none of a kernel, or not a whole one. */
static int explain_refusal(int code, struct canary_report *report, struct error *err)
{
	char fact[256];
	const char *name;

	report->status = explain_load(code, CANARY_NAME, false, err);
	if (!libbpf_log_find("failed to resolve CO-RE relocation ", " (", fact, sizeof(fact)))
		return code;
	/* "<byte_off> [25] struct task_struct.pid" */
	name = strstr(fact, "] ");
	return error_set(err, -ESTALE, CANARY_NAME ": the BTF in use is not this kernel's, or was "
			 "reduced for other objects: it has no %s", name ? name + 2 : fact);
}

int canary_run(struct slice object, const char *btf_path, struct canary_report *report,
	       struct error *err)
{
	struct canary_values values = { 0 };
	struct bpf_object *canary = NULL;
	struct own before, after;
	int code;

	*report = (struct canary_report){ 0 };
	own_read(&before);
	libbpf_log_start(libbpf_log_mode());
	code = open_object(object, btf_path, &before, &canary, err);
	if (!code) {
		code = bpf_object__load(canary);
		if (code)
			code = explain_refusal(code, report, err);
	}
	if (!code) {
		code = run_program(canary, &before, &values, err);
		own_read(&after);
		if (!code)
			compare_all(report, &values, &before, &after);
		if (!code)
			code = judge_report(report, err);
	}
	if (code && !report->status)
		report->status = error_status(code);
	bpf_object__close(canary);
	return code;
}
