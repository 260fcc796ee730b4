/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "lib/file.h"

#include "checker/trial.h"

/* libbpf takes 0.1 s and 100 MB for a vmlinux BTF; a verifier may take long over a big program. */
enum { TRIAL_SECONDS = 30, TRIAL_MEMORY = 1 << 30 };

/* What the child hands to its parent. */
struct message {
	int error;
	bool without_optional;
	size_t log_used;
	char log[TRIAL_LOG_SIZE];
};

/* libbpf's print function has no context.  This is the child's alone. */
static struct message message;

/* Keeps the end of what is said: that is where the reason stands. */
static int keep_log(enum libbpf_print_level level, const char *format, va_list args)
{
	const size_t room = sizeof(message.log) - 1;
	char *text = NULL, *part;
	size_t size, drop;

	if (level > LIBBPF_WARN || vasprintf(&text, format, args) < 0)
		return 0;
	size = strlen(text);
	part = text;
	if (size > room) {
		part += size - room;
		size = room;
	}
	if (message.log_used + size > room) {
		drop = message.log_used + size - room;
		memmove(message.log, message.log + drop, message.log_used - drop);
		message.log_used -= drop;
	}
	memcpy(message.log + message.log_used, part, size);
	message.log_used += size;
	free(text);
	return 0;
}

/* libbpf takes a custom BTF by path only; one in memory gets a path that nobody else can reach. */
static int name_stored_btf(struct slice btf, char *path, size_t size)
{
	int fd = memfd_create("btf", MFD_CLOEXEC), code;

	if (fd < 0)
		return -errno;
	code = file_write_all(fd, btf);
	if (code) {
		close(fd);
		return code;
	}
	snprintf(path, size, "/proc/self/fd/%d", fd);
	return 0;
}

static void switch_programs(struct bpf_object *object, const struct plan *plan)
{
	struct bpf_program *program;
	size_t i;

	for (i = 0; i < plan->program_count; i++) {
		program = bpf_object__find_program_by_name(object, plan->programs[i].name);
		if (program)
			bpf_program__set_autoload(program, false);
		if (!plan->programs[i].replaced_by)
			continue;
		program = bpf_object__find_program_by_name(object, plan->programs[i].replaced_by);
		if (program)
			bpf_program__set_autoload(program, true);
	}
}

/* Gives how many there are. */
static size_t leave_out_optional(struct bpf_object *object, const struct needs *needs)
{
	struct bpf_program *program;
	size_t i, count = 0;

	for (i = 0; i < needs->program_count; i++) {
		if (!needs->programs[i].optional)
			continue;
		program = bpf_object__find_program_by_name(object, needs->programs[i].name);
		if (program && bpf_program__autoload(program)) {
			bpf_program__set_autoload(program, false);
			count++;
		}
	}
	return count;
}

static bool is_refusal(int error)
{
	return error && error != EPERM && error != ENOMEM && error != EAGAIN && error != EINTR &&
	       error != ENOSPC;
}

static int open_and_load(const struct trial_input *input,
			 const struct bpf_object_open_opts *opts, bool with_optional)
{
	struct bpf_object *object;
	int code;

	object = bpf_object__open_mem(input->object.data, input->object.size, opts);
	if (!object)
		return -errno;
	switch_programs(object, input->plan);
	if (with_optional || leave_out_optional(object, input->needs))
		code = bpf_object__load(object);
	else
		code = -ENODATA; /* nothing would be different */
	bpf_object__close(object);
	return code;
}

static int load(const struct trial_input *input)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = input->name);
	char path[64];
	int code;

	if (input->plan->btf == BTF_GIVEN) {
		opts.btf_custom_path = input->btf_path;
	} else if (input->plan->btf == BTF_STORED) {
		code = name_stored_btf(input->stored_btf, path, sizeof(path));
		if (code)
			return code;
		opts.btf_custom_path = path;
	}
	code = open_and_load(input, &opts, true);
	/* One program that is refused fails the whole object: so `run` leaves out what it may. */
	if (is_refusal(-code) && open_and_load(input, &opts, false) == 0) {
		message.without_optional = true;
		code = 0;
	}
	return code;
}

static void limit(void)
{
	const struct rlimit seconds = { TRIAL_SECONDS, TRIAL_SECONDS };
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CPU, &seconds);
	setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* its shadow memory alone is larger */
	const struct rlimit memory = { TRIAL_MEMORY, TRIAL_MEMORY };

	setrlimit(RLIMIT_AS, &memory);
#endif
	alarm(TRIAL_SECONDS);
}

static _Noreturn void run_child(const struct trial_input *input, int out)
{
	limit();
	libbpf_set_print(keep_log);
	message.error = -load(input);
	_exit(file_write_all(out, slice_of(&message, sizeof(message))) ? 1 : 0);
}

/* What libbpf says around the reason, and says of every failure. */
static bool is_frame(const char *line)
{
	static const char *const FRAMES[] = {
		"processed ", "-- END PROG LOAD LOG", "libbpf: failed to load object",
		"failed to load: -", "libbpf: -- END", "libbpf: -- BEGIN", "-- BEGIN PROG LOAD LOG",
		"BPF program load failed", "failed to prepare load attributes",
	};
	size_t i;

	for (i = 0; i < sizeof(FRAMES) / sizeof(FRAMES[0]); i++)
		if (strstr(line, FRAMES[i]))
			return true;
	return line[0] == '\0';
}

/* Without the names of who speaks and of the program, which is named already. */
static const char *skip_speaker(const char *text)
{
	const char *end;

	if (strncmp(text, "libbpf: ", 8) == 0)
		text += 8;
	end = strncmp(text, "prog '", 6) == 0 ? strstr(text, "': ") : NULL;
	return end ? end + 3 : text;
}

/* The last line that says something. */
static void find_reason(const char *log, char *reason, size_t size)
{
	const char *line, *end;
	char text[256];

	reason[0] = '\0';
	for (line = log; *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		snprintf(text, sizeof(text), "%.*s", (int)(end - line), line);
		if (!is_frame(text))
			snprintf(reason, size, "%s", skip_speaker(text));
	}
}

/* "Program x: " for the one that libbpf could not load; "" when the log names none. */
static void find_program(const char *log, char *text, size_t size)
{
	const char *name = strstr(log, "prog '"), *end = name ? strchr(name + 6, '\'') : NULL;

	text[0] = '\0';
	if (end)
		snprintf(text, size, "Program %.*s: ", (int)(end - name - 6), name + 6);
}

static void judge(struct trial *trial)
{
	char line[256], program[128];

	if (trial->error == 0) {
		trial->outcome = TRIAL_YES;
		snprintf(trial->reason, sizeof(trial->reason), "The kernel loaded every program%s.",
			 trial->without_optional ? " but the optional ones" : "");
		return;
	}
	trial->outcome = trial->error == EPERM ? TRIAL_BLOCKED :
			 is_refusal(trial->error) ? TRIAL_NO : TRIAL_NOT_KNOWN;
	find_program(trial->log, program, sizeof(program));
	find_reason(trial->log, line, sizeof(line));
	if (trial->outcome == TRIAL_BLOCKED)
		snprintf(trial->reason, sizeof(trial->reason),
			 "%sforbidden by a policy (security module, seccomp, container): %s.", program,
			 strerror(trial->error));
	else
		snprintf(trial->reason, sizeof(trial->reason), "%s%s%s%s.", program, line,
			 line[0] ? ": " : "", strerror(trial->error));
	trial->reason[0] = (char)toupper((unsigned char)trial->reason[0]);
}

static int collect(int from, pid_t child, struct trial *out)
{
	struct buffer got = { 0 };
	struct message answer;
	int state = 0, code;

	code = file_read_fd(from, "trial", sizeof(answer), &got, NULL);
	while (waitpid(child, &state, 0) < 0 && errno == EINTR)
		;
	if (!code && got.size == sizeof(answer)) {
		memcpy(&answer, got.data, sizeof(answer)); /* from our own child, of our own making */
		out->error = answer.error;
		out->without_optional = answer.without_optional;
		memcpy(out->log, answer.log, sizeof(out->log));
		judge(out);
	} else if (WIFSIGNALED(state)) {
		snprintf(out->reason, sizeof(out->reason), "The trial was ended by signal %d (%s).",
			 WTERMSIG(state), strsignal(WTERMSIG(state)));
	} else {
		snprintf(out->reason, sizeof(out->reason), "The trial gave no answer.");
	}
	buffer_free(&got);
	return code;
}

int trial_run(const struct trial_input *input, struct trial *out, struct error *err)
{
	int ends[2], code;
	pid_t child;

	*out = (struct trial){ .outcome = TRIAL_NOT_KNOWN };
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, -errno, "trial: pipe");
	child = fork();
	if (child == 0) {
		close(ends[0]);
		run_child(input, ends[1]);
	}
	code = child < 0 ? -errno : 0;
	close(ends[1]);
	if (child > 0)
		code = collect(ends[0], child, out);
	close(ends[0]);
	return code ? error_errno(err, code, "trial") : 0;
}
