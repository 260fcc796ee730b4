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
#include "runtime/render.h"
#include "runtime/table.h"

/*
 * A perf buffer has one buffer for each CPU: pages of it.  A batch ends where a busy host would
 * keep us from looking at signals and the clock.
 */
enum { PERF_PAGES = 64, BATCH_RECORDS = 8192 };

/*
 * libbpf takes it that positions in a buffer only grow.  A 32-bit program's wrap after 4 GiB, and
 * nothing would come any more; so it must end before.  Somewhat less, for records that were
 * discarded count, too.
 */
static const uint64_t LAST_POSITION = 0xe0000000;
enum { RECORD_OVERHEAD = 16 };

struct events {
	struct event_layouts layouts;
	struct clock clock;
	bool is_table;
	struct table table;
	struct buffer line;
	struct ring_buffer *ring;
	struct perf_buffer *perf;
	int lost_map;                /* -1: the object counts none */
	struct events_totals totals;
	unsigned batch;              /* records since the last flush */
	uint64_t bytes;              /* of records, at most */
	int failed;                  /* first error of rendering or writing: a negative errno */
};

static int append(const char *text, size_t size, void *buffer)
{
	return buffer_append(buffer, text, size);
}

static int line_append(struct events *events, const json_t *event, struct buffer *line)
{
	if (events->is_table)
		return table_append(&events->table, event, line);
	if (json_dump_callback(event, append, line, JSON_COMPACT | JSON_REAL_PRECISION(15)) < 0)
		return -ENOMEM;
	return buffer_append(line, "\n", 1);
}

/* One line; stdio collects them, and flushing is the caller's, once for each batch. */
static int print_record(struct events *events, struct slice record)
{
	json_t *event;
	int code;

	events->bytes += record.size + RECORD_OVERHEAD;
	if (events->failed)
		return events->failed;
	event = render(&events->layouts, &events->clock, record);
	if (!event)
		return events->failed = -ENOMEM;
	events->line.size = 0;
	code = line_append(events, event, &events->line);
	errno = 0;
	if (code)
		events->failed = code;
	else if (fwrite(events->line.data, 1, events->line.size, stdout) != events->line.size)
		events->failed = errno ? -errno : -EIO;
	else
		events->totals.printed++;
	json_decref(event);
	return events->failed;
}

static int on_ring_record(void *context, void *data, size_t size)
{
	struct events *events = context;
	int code = print_record(events, slice_of(data, size));

	/* Tells libbpf to stop here; the record itself is done with. */
	return code ? code : ++events->batch < BATCH_RECORDS ? 0 : -EAGAIN;
}

static void on_perf_record(void *context, int cpu, void *data, __u32 size)
{
	(void)cpu;
	print_record(context, slice_of(data, size));
}

/* The kernel tells where it dropped; an object that counts for itself knows of more. */
static void on_perf_lost(void *context, int cpu, __u64 count)
{
	struct events *events = context;

	(void)cpu;
	events->totals.lost += count;
}

static int open_buffer(struct events *events, const struct loaded *loaded, const char *map,
		       struct error *err)
{
	char name[EVENT_NAME_SIZE];
	int fd = -1;

	if (loaded->use_perf)
		fd = bpf_object__find_map_fd_by_name(loaded->object,
						     event_name(map, EVENT_PERF_SUFFIX, name));
	if (fd < 0)
		fd = bpf_object__find_map_fd_by_name(loaded->object, map);
	if (loaded->use_perf)
		events->perf = perf_buffer__new(fd, PERF_PAGES, on_perf_record, on_perf_lost, events,
						NULL);
	else
		events->ring = ring_buffer__new(fd, on_ring_record, events, NULL);
	if (!events->perf && !events->ring)
		return error_errno(err, -errno, "map %s: cannot open its buffer", map);
	events->lost_map = bpf_object__find_map_fd_by_name(loaded->object,
							   event_name(map, EVENT_LOST_SUFFIX, name));
	return 0;
}

/* Events that nothing describes are printed as bytes: for somebody who knows what they are. */
static int read_layouts(struct events *events, const struct btf *btf,
			const struct events_request *request, struct error *err)
{
	int code;

	if (request->record_struct)
		return event_layouts_read_struct(btf, request->map, request->record_struct,
						 &events->layouts, err);
	code = event_layouts_read(btf, &events->layouts, err);
	if (code != -ENOENT)
		return code;
	/* Somebody else's object, made for a program of its own. */
	code = event_layouts_read_struct(btf, request->map, NULL, &events->layouts, err);
	if (code != -ENOENT && code != -ENOTSUP)
		return code;
	console_note("run: %s: its events are printed as bytes", err->text);
	return 0;
}

int events_open(const struct loaded *loaded, const struct events_request *request,
		struct events **out, struct error *err)
{
	struct events *events = calloc(1, sizeof(*events));
	const struct btf *btf = bpf_object__btf(loaded->object);
	int code = 0;

	if (!events)
		return error_errno(err, -ENOMEM, "events");
	events->lost_map = -1;
	clock_init(&events->clock);
	events->is_table = request->table;
	events->table.terminal = isatty(STDOUT_FILENO);
	if (request->map && btf)
		code = read_layouts(events, btf, request, err);
	if (!code && request->map)
		code = open_buffer(events, loaded, request->map, err);
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
	ring_buffer__free(events->ring);
	perf_buffer__free(events->perf);
	event_layouts_free(&events->layouts);
	buffer_free(&events->line);
	free(events);
}

/* Prints one batch; 1 when there may be more. */
static int consume(struct events *events, struct error *err)
{
	int code = 0;

	events->batch = 0;
	clock_refresh(&events->clock);
	if (events->ring)
		code = ring_buffer__consume(events->ring);
	else if (events->perf)
		code = perf_buffer__consume(events->perf);
	if (!events->failed && fflush(stdout) == EOF)
		events->failed = -errno;
	if (events->failed == -ENOMEM)
		return error_errno(err, -ENOMEM, "events");
	if (events->failed)
		return error_errno(err, events->failed, "standard output: cannot write events");
	if (sizeof(unsigned long) < sizeof(uint64_t) && events->bytes > LAST_POSITION)
		return error_set(err, -EOVERFLOW, "events: nearly 4 GiB of records have come, and a 32-bit "
				 "program cannot count on: run it again");
	if (code == -EAGAIN)
		return 1;
	return code < 0 ? error_errno(err, code, "events: cannot read the kernel's buffer") : 0;
}

static int64_t milliseconds(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int buffer_fd(const struct events *events)
{
	if (events->ring)
		return ring_buffer__epoll_fd(events->ring);
	return events->perf ? perf_buffer__epoll_fd(events->perf) : -1;
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
			[BUFFER] = { .fd = buffer_fd(events), .events = POLLIN },
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

	totals.lost_known = events->lost_map >= 0 || events->perf;
	if (events->lost_map >= 0)
		totals.lost = count_lost(events->lost_map);
	return totals;
}
