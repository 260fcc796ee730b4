/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "lib/console.h"
#include "loader/event_path.h"

#include "runtime/events.h"
#include "runtime/records.h"
#include "runtime/render.h"

/* A batch ends where a busy host would keep us from looking at signals and the clock. */
enum { BATCH_RECORDS = 8192 };

struct events {
	struct event_layouts layouts;
	struct clock clock;
	struct records *records;     /* NULL: there are no events */
	bool kernel_counts_lost;
	int lost_map;                /* -1: the object counts none */
	struct events_totals totals;
	unsigned batch;              /* records since the last flush */
	int failed;                  /* first error of rendering or writing: a negative errno */
};

/* One line; stdio collects them, and flushing is the caller's, once for each batch. */
static int print_record(struct events *events, struct slice record)
{
	json_t *event;

	if (events->failed)
		return events->failed;
	event = render(&events->layouts, &events->clock, record);
	if (!event)
		return events->failed = -ENOMEM;
	errno = 0;
	if (json_dumpf(event, stdout, JSON_COMPACT | JSON_REAL_PRECISION(15)) < 0 ||
	    putchar('\n') == EOF)
		events->failed = errno ? -errno : -EIO;
	else
		events->totals.printed++;
	json_decref(event);
	return events->failed;
}

static int on_record(void *context, struct slice record)
{
	struct events *events = context;
	int code = print_record(events, record);

	/* Stops the reading here; the record itself is done with. */
	return code ? code : ++events->batch < BATCH_RECORDS ? 0 : -EAGAIN;
}

/* The kernel tells where it dropped; an object that counts for itself knows of more. */
static void on_lost(void *context, uint64_t count)
{
	struct events *events = context;

	events->totals.lost += count;
}

static int open_buffer(struct events *events, const struct loaded *loaded, const char *map,
		       struct error *err)
{
	char name[EVENT_NAME_SIZE];
	int fd = -1, code;

	if (loaded->use_perf)
		fd = bpf_object__find_map_fd_by_name(loaded->object,
						     event_name(map, EVENT_PERF_SUFFIX, name));
	if (fd < 0)
		fd = bpf_object__find_map_fd_by_name(loaded->object, map);
	code = records_open(fd, loaded->use_perf, loaded->ring_ends, &events->records);
	if (code)
		return error_errno(err, code, "map %s: cannot open its buffer", map);
	events->kernel_counts_lost = loaded->use_perf;
	events->lost_map = bpf_object__find_map_fd_by_name(loaded->object,
							   event_name(map, EVENT_LOST_SUFFIX, name));
	return 0;
}

/* Events that nothing describes are printed as bytes: for somebody who knows what they are. */
static int read_layouts(struct events *events, const struct btf *btf, struct error *err)
{
	int code = event_layouts_read(btf, &events->layouts, err);

	if (code != -ENOENT)
		return code;
	console_note("run: %s: its events are printed as bytes", err->text);
	return 0;
}

int events_open(const struct loaded *loaded, const char *map, struct events **out,
		struct error *err)
{
	struct events *events = calloc(1, sizeof(*events));
	const struct btf *btf = bpf_object__btf(loaded->object);
	int code = 0;

	if (!events)
		return error_errno(err, -ENOMEM, "events");
	events->lost_map = -1;
	clock_init(&events->clock);
	if (map && btf)
		code = read_layouts(events, btf, err);
	if (!code && map)
		code = open_buffer(events, loaded, map, err);
	if (code) {
		events_close(events);
		return code;
	}
	*out = events;
	return 0;
}

void events_close(struct events *events)
{
	if (!events)
		return;
	records_close(events->records);
	event_layouts_free(&events->layouts);
	free(events);
}

/* Prints one batch; 1 when there may be more. */
static int consume(struct events *events, struct error *err)
{
	const struct record_reader reader = { on_record, on_lost, events };
	int code = 0;

	events->batch = 0;
	clock_refresh(&events->clock);
	if (events->records)
		code = records_read(events->records, &reader);
	if (!events->failed && fflush(stdout) == EOF)
		events->failed = -errno;
	if (events->failed == -ENOMEM)
		return error_errno(err, -ENOMEM, "events");
	if (events->failed)
		return error_errno(err, events->failed, "standard output: cannot write events");
	if (code == -EAGAIN)
		return 1;
	if (code == -EOVERFLOW)
		return error_set(err, code, "events: a 32-bit kernel's ring buffer takes no more after 4 GiB of "
				 "records, and these are through: run again, or give the object a perf buffer "
				 "beside it (docs/objects.md)");
	return code < 0 ? error_errno(err, code, "events: cannot read the kernel's buffer") : 0;
}

static int64_t milliseconds(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* How long poll(2) may sleep: -1 for ever; 0 when the time is over. */
static int time_left(int64_t end)
{
	int64_t left;

	if (end == 0)
		return -1;
	left = end - milliseconds();
	return left <= 0 ? 0 : (int)(left > INT32_MAX ? INT32_MAX : left);
}

int events_print(struct events *events, int stop_fd, unsigned seconds, struct error *err)
{
	int64_t end = seconds ? milliseconds() + (int64_t)seconds * 1000 : 0;
	enum { STOP, BUFFER, OUTPUT, COUNT };
	int code = 0, timeout;

	while (code >= 0 && (timeout = time_left(end)) != 0) {
		/* Standard output is watched for nothing but its reader's end. */
		struct pollfd fds[COUNT] = {
			[STOP] = { .fd = stop_fd, .events = POLLIN },
			[BUFFER] = { .fd = events->records ? records_fd(events->records) : -1,
				     .events = POLLIN },
			[OUTPUT] = { .fd = STDOUT_FILENO },
		};

		/* 1: a batch ended with records left, of which poll(2) need not tell again. */
		if (poll(fds, COUNT, code == 1 ? 0 : timeout) < 0 && errno != EINTR)
			return error_errno(err, -errno, "poll");
		if (fds[STOP].revents)
			break;
		if (fds[OUTPUT].revents & POLLERR)
			return error_errno(err, -EPIPE, "standard output: cannot write events");
		code = consume(events, err);
	}
	return code < 0 ? code : 0;
}

int events_drain(struct events *events, struct error *err)
{
	int code;

	do
		code = consume(events, err);
	while (code == 1);
	return code;
}

static uint64_t count_lost(int map)
{
	int cpus = libbpf_num_possible_cpus(), cpu;
	uint64_t *counts, sum = 0;
	uint32_t zero = 0;

	counts = cpus > 0 ? calloc((size_t)cpus, sizeof(*counts)) : NULL;
	if (counts && bpf_map_lookup_elem(map, &zero, counts) == 0)
		for (cpu = 0; cpu < cpus; cpu++)
			sum += counts[cpu];
	free(counts);
	return sum;
}

struct events_totals events_totals(const struct events *events)
{
	struct events_totals totals = events->totals;

	totals.lost_known = events->lost_map >= 0 || events->kernel_counts_lost;
	if (events->lost_map >= 0)
		totals.lost = count_lost(events->lost_map);
	return totals;
}
