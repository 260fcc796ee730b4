/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "runtime/metrics.h"
#include "runtime/privileges.h"

/* The text, and the first failure of adding to it. */
struct text {
	struct buffer *out;
	int code;
};

static void add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text *text, const char *format, ...)
{
	char *line = NULL;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&line, format, args);
	va_end(args);
	if (length < 0) {
		text->code = -ENOMEM;
		return;
	}
	if (!text->code)
		text->code = buffer_append(text->out, line, (size_t)length);
	free(line);
}

static void add_head(struct text *text, const char *name, const char *type, const char *help)
{
	add(text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void add_number(struct text *text, const char *name, const char *type, const char *help,
		       uint64_t value)
{
	add_head(text, name, type, help);
	add(text, "%s %" PRIu64 "\n", name, value);
}

static void add_real(struct text *text, const char *name, const char *type, const char *help,
		     double value)
{
	add_head(text, name, type, help);
	add(text, "%s %.3f\n", name, value);
}

/* LABEL="VALUE", with the escapes that the format has. */
static void add_label(struct text *text, const char *before, const char *label, const char *value)
{
	add(text, "%s%s=\"", before, label);
	for (; *value; value++)
		if (*value == '\n')
			add(text, "\\n");
		else
			add(text, "%s%c", *value == '"' || *value == '\\' ? "\\" : "", *value);
	add(text, "\"");
}

static void add_info(struct text *text, const struct metrics_subject *subject)
{
	add_head(text, METRIC_INFO, "gauge", "What runs, on which kernel, and whose BTF it uses.");
	add_label(text, METRIC_INFO "{", "app", subject->app);
	add_label(text, ",", "version", subject->version);
	add_label(text, ",", "kernel", subject->kernel);
	add_label(text, ",", "btf_source", subject->btf_source);
	add(text, "} 1\n");
}

static void add_sandbox(struct text *text, const struct sandbox *sandbox)
{
	char names[PRIVILEGES_NAMES_SIZE], landlock[16];

	snprintf(landlock, sizeof(landlock), "%d", sandbox->landlock);
	add_head(text, METRIC_SANDBOX, "gauge", "What is taken from the user-space program as it runs.");
	add_label(text, METRIC_SANDBOX "{", "capabilities",
		  privileges_names(sandbox->capabilities, names));
	add_label(text, ",", "kept_for", sandbox->kept_for);
	add_label(text, ",", "no_new_privs", sandbox->no_new_privs ? "1" : "0");
	add_label(text, ",", "seccomp", sandbox->seccomp ? "1" : "0");
	add_label(text, ",", "landlock", landlock);
	add(text, "} 1\n");
}

static void add_events(struct text *text, const struct events *events)
{
	uint64_t received;
	const char *type;
	size_t i;

	add_head(text, METRIC_EVENTS, "counter", "Events that were received, by type.");
	for (i = 0; (type = events_type(events, i, &received)); i++) {
		add_label(text, METRIC_EVENTS "{", "event", type);
		add(text, "} %" PRIu64 "\n", received);
	}
}

static void add_totals(struct text *text, const struct events_totals *totals)
{
	if (totals->counts.sent_known)
		add_number(text, METRIC_SENT, "counter", "Events that the programs sent.",
			   totals->counts.sent);
	if (totals->counts.lost_known)
		add_number(text, METRIC_LOST, "counter", "Events that found no room in the buffer.",
			   totals->counts.lost);
	add_number(text, METRIC_WRITTEN, "counter", "Events that were written.", totals->output.lines);
	add_number(text, METRIC_UNWRITTEN, "counter", "Events that could not be written.",
		   totals->unwritten);
	add_number(text, METRIC_BYTES, "counter", "Bytes that were written.", totals->output.bytes);
	add_number(text, METRIC_ERRORS, "counter", "Attempts to write that failed.",
		   totals->output.errors);
}

static void add_buffer(struct text *text, const struct events *events)
{
	uint64_t size = events_buffer_size(events), fill;

	if (size)
		add_number(text, METRIC_BUFFER_SIZE, "gauge",
			   "Size of the kernel's buffer; a perf buffer's for each CPU.", size);
	if (events_buffer_fill(events, &fill))
		add_number(text, METRIC_BUFFER_FILL, "gauge", "Bytes that wait in the ring buffer.",
			   fill);
}

/* Without privilege, kernels before 5.19 do not tell; and none counts unless it is told to. */
static bool find_run_stats(const struct bpf_program *program, struct bpf_prog_info *info)
{
	__u32 size = sizeof(*info);
	int fd = bpf_program__fd(program);

	*info = (struct bpf_prog_info){ 0 };
	return fd >= 0 && bpf_obj_get_info_by_fd(fd, info, &size) == 0 && info->run_cnt > 0;
}

static void add_programs(struct text *text, const struct bpf_object *object, const char *name,
			 const char *help)
{
	bool is_runs = strcmp(name, METRIC_RUNS) == 0, has_head = false;
	struct bpf_program *program;
	struct bpf_prog_info info;
	char label[64];

	bpf_object__for_each_program(program, object) {
		if (!find_run_stats(program, &info))
			continue;
		if (!has_head)
			add_head(text, name, "counter", help);
		has_head = true;
		snprintf(label, sizeof(label), "%s{", name);
		add_label(text, label, "program", bpf_program__name(program));
		if (is_runs)
			add(text, "} %" PRIu64 "\n", (uint64_t)info.run_cnt);
		else
			add(text, "} %.9f\n", (double)info.run_time_ns / 1e9);
	}
}

static double seconds_of(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static bool find_resident(int statm, uint64_t *bytes)
{
	unsigned long long pages;
	char words[256];
	ssize_t size = pread(statm, words, sizeof(words) - 1, 0);

	if (size < 0)
		return false;
	words[size] = '\0';
	if (sscanf(words, "%*u %llu", &pages) != 1)
		return false;
	*bytes = pages * (uint64_t)sysconf(_SC_PAGESIZE);
	return true;
}

static void add_process(struct text *text, const struct metrics_subject *subject)
{
	struct rusage usage = { 0 };
	uint64_t resident;

	add_real(text, METRIC_START, "gauge", "When the run started, in seconds since 1970.",
		 subject->start_time);
	if (getrusage(RUSAGE_SELF, &usage) == 0)
		add_real(text, METRIC_CPU, "counter", "CPU time of the user-space program.",
			 seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
	if (find_resident(subject->statm, &resident))
		add_number(text, METRIC_RSS, "gauge", "Memory of the user-space program.", resident);
}

int metrics_write(const struct metrics_subject *subject, struct buffer *out)
{
	struct events_totals totals = events_totals(subject->events);
	struct text text = { .out = out };

	add_info(&text, subject);
	add_sandbox(&text, &subject->sandbox);
	add_events(&text, subject->events);
	add_totals(&text, &totals);
	add_buffer(&text, subject->events);
	add_programs(&text, subject->loaded->object, METRIC_RUNS,
		     "Times that a BPF program ran, while kernel.bpf_stats_enabled was set.");
	add_programs(&text, subject->loaded->object, METRIC_RUN_SECONDS,
		     "Time that a BPF program took, while kernel.bpf_stats_enabled was set.");
	add_process(&text, subject);
	return text.code;
}
