/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/console.h"
#include "runtime/metrics.h"

#include "installer/live.h"
#include "installer/live_sandbox.h"
#include "installer/live_socket.h"
#include "installer/plan_text.h"
#include "installer/samples.h"

enum { LIVE_SCHEMA = 1, NAME_SIZE = 128 };

/* Two answers of a run, and the time between them. */
struct observation {
	struct buffer before, after;
	double seconds;
	double now;                  /* seconds since 1970, at the second one */
};

static double time_of(clockid_t clock)
{
	struct timespec now = { 0 };

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int observe(const char *path, struct observation *out, struct error *err)
{
	const struct timespec second = { .tv_sec = 1 };
	double start = time_of(CLOCK_MONOTONIC);
	int code = live_ask(path, &out->before, err);

	if (code)
		return code;
	nanosleep(&second, NULL);
	code = live_ask(path, &out->after, err);
	out->seconds = time_of(CLOCK_MONOTONIC) - start;
	out->now = time_of(CLOCK_REALTIME);
	return code;
}

static const char *text(const struct buffer *buffer)
{
	return (const char *)buffer->data;
}

static uint64_t integer(const struct buffer *buffer, const char *name)
{
	uint64_t value = 0;

	sample_integer(text(buffer), name, &value);
	return value;
}

static double real(const struct buffer *buffer, const char *name)
{
	double value = 0;

	sample_real(text(buffer), name, &value);
	return value;
}

/* How many events of a type there were in an answer. */
static uint64_t events_of(const struct buffer *buffer, const char *type)
{
	const char *at = text(buffer);
	struct sample sample;
	char name[NAME_SIZE];

	while (sample_next(&at, &sample))
		if (sample_is(&sample, METRIC_EVENTS) &&
		    strcmp(sample_label(&sample, "event", name, sizeof(name)), type) == 0)
			return strtoull(sample.value, NULL, 10);
	return 0;
}

/* A counter that fell is another run's. */
static double rate(const struct observation *seen, uint64_t before, uint64_t after)
{
	return after > before ? (double)(after - before) / seen->seconds : 0;
}

static double rate_of(const struct observation *seen, const char *name)
{
	return rate(seen, integer(&seen->before, name), integer(&seen->after, name));
}

static double cpu_share(const struct observation *seen)
{
	return (real(&seen->after, METRIC_CPU) - real(&seen->before, METRIC_CPU)) / seen->seconds;
}

static char *info(const struct observation *seen, const char *label, char out[static NAME_SIZE])
{
	struct sample sample;

	out[0] = '\0';
	return sample_find(text(&seen->after), METRIC_INFO, &sample) ?
	       sample_label(&sample, label, out, NAME_SIZE) : out;
}

static json_t *events_json(const struct observation *seen)
{
	const char *at = text(&seen->after);
	json_t *events = json_object();
	struct sample sample;
	char name[NAME_SIZE];

	while (events && sample_next(&at, &sample)) {
		uint64_t total;

		if (!sample_is(&sample, METRIC_EVENTS))
			continue;
		sample_label(&sample, "event", name, sizeof(name));
		total = strtoull(sample.value, NULL, 10);
		json_object_set_new(events, name, json_pack("{s:I, s:f}", "total", (json_int_t)total,
			"per_second", rate(seen, events_of(&seen->before, name), total)));
	}
	return events;
}

/* Adds what the run knows of; what it does not is left out. */
static void add_known(json_t *document, const struct observation *seen, const char *key,
		      const char *metric)
{
	uint64_t value;

	if (sample_integer(text(&seen->after), metric, &value))
		json_object_set_new(document, key, json_integer((json_int_t)value));
}

static int print_json(const char *app, const struct observation *seen, struct error *err)
{
	char version[NAME_SIZE], kernel[NAME_SIZE], btf_source[NAME_SIZE];
	json_t *document = json_pack("{s:i, s:s, s:b, s:s, s:s, s:s, s:f, s:f, s:o, s:f, s:f, s:f}",
		"schema", LIVE_SCHEMA, "app", app, "running", 1,
		"version", info(seen, "version", version), "kernel", info(seen, "kernel", kernel),
		"btf_source", info(seen, "btf_source", btf_source),
		"uptime_seconds", seen->now - real(&seen->after, METRIC_START),
		"interval_seconds", seen->seconds, "events", events_json(seen),
		"lost_per_second", rate_of(seen, METRIC_LOST),
		"cpu_seconds", real(&seen->after, METRIC_CPU), "cpu_share", cpu_share(seen));

	add_known(document, seen, "sent", METRIC_SENT);
	add_known(document, seen, "lost", METRIC_LOST);
	add_known(document, seen, "written", METRIC_WRITTEN);
	add_known(document, seen, "unwritten", METRIC_UNWRITTEN);
	add_known(document, seen, "bytes_written", METRIC_BYTES);
	add_known(document, seen, "write_errors", METRIC_ERRORS);
	add_known(document, seen, "buffer_size_bytes", METRIC_BUFFER_SIZE);
	add_known(document, seen, "buffer_fill_bytes", METRIC_BUFFER_FILL);
	add_known(document, seen, "resident_memory_bytes", METRIC_RSS);
	live_sandbox_add(text(&seen->after), document);
	return document_print(document, err);
}

static void print_row(const char *name, uint64_t total, double per_second)
{
	printf("  %-12s %14" PRIu64 " %12.1f\n", name, total, per_second);
}

static void print_events(const struct observation *seen)
{
	const char *at = text(&seen->after);
	struct sample sample;
	char name[NAME_SIZE];

	while (sample_next(&at, &sample)) {
		uint64_t total;

		if (!sample_is(&sample, METRIC_EVENTS))
			continue;
		total = strtoull(sample.value, NULL, 10);
		sample_label(&sample, "event", name, sizeof(name));
		/* Events that are none are worth a line only when there are such. */
		if (total || (strcmp(name, "unknown") != 0 && strcmp(name, "damaged") != 0 &&
		    strcmp(name, "record") != 0))
			print_row(name, total, rate(seen, events_of(&seen->before, name), total));
	}
}

static void print_total(const struct observation *seen, const char *name, const char *metric)
{
	uint64_t total;

	if (sample_integer(text(&seen->after), metric, &total))
		print_row(name, total, rate_of(seen, metric));
	else
		printf("  %-12s %14s\n", name, "not known");
}

static void print_text(const char *app, const struct observation *seen)
{
	char version[NAME_SIZE], kernel[NAME_SIZE], btf_source[NAME_SIZE];
	double uptime = seen->now - real(&seen->after, METRIC_START);
	unsigned long minutes = (unsigned long)(uptime / 60);

	printf("%s %s runs for %lu h %02lu min on %s, BTF: %s\n", app,
	       info(seen, "version", version), minutes / 60, minutes % 60,
	       info(seen, "kernel", kernel), info(seen, "btf_source", btf_source));
	printf("  %-12s %14s %12s\n", "events", "in all", "per second");
	print_events(seen);
	print_total(seen, "lost", METRIC_LOST);
	print_total(seen, "written", METRIC_WRITTEN);
	print_total(seen, "unwritten", METRIC_UNWRITTEN);
	printf("  CPU %.2f s, %.1f %% now; memory %.1f MiB; buffer %" PRIu64 " KiB\n",
	       real(&seen->after, METRIC_CPU), 100 * cpu_share(seen),
	       (double)integer(&seen->after, METRIC_RSS) / 1048576,
	       integer(&seen->after, METRIC_BUFFER_SIZE) / 1024);
	live_sandbox_print(text(&seen->after));
}

/* Where the unit has it. */
static char *default_path(const char *root, const char *app)
{
	char *path;

	return asprintf(&path, "%s/run/%s/metrics.sock", root ? root : "", app) < 0 ? NULL : path;
}

static enum exit_status nothing_runs(const char *app, const char *path, bool json)
{
	struct error err = ERROR_NONE;

	if (json && document_print(json_pack("{s:i, s:s, s:b}", "schema", LIVE_SCHEMA, "app", app,
					     "running", 0), &err))
		return console_fail("status", &err);
	console_error("status: nothing runs that answers at %s: start it with `run --metrics %s`, or name "
		      "another socket with --metrics", path, path);
	return STATUS_NO;
}

enum exit_status live(const char *root, const char *app, const char *path, bool json)
{
	char *own = path ? NULL : default_path(root, app);
	const char *socket = path ? path : own;
	struct observation seen = { .seconds = 0 };
	struct error err = ERROR_NONE;
	enum exit_status status = STATUS_DONE;
	int code = socket ? observe(socket, &seen, &err) : error_errno(&err, -ENOMEM, "%s", app);

	if (!code && json)
		code = print_json(app, &seen, &err);
	else if (!code)
		print_text(app, &seen);
	if (code == -ENOENT || code == -ECONNREFUSED)
		status = nothing_runs(app, socket, json);
	else if (code)
		status = console_fail("status", &err);
	buffer_free(&seen.before);
	buffer_free(&seen.after);
	free(own);
	return status;
}
