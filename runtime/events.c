/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "runtime/events.h"
#include "runtime/loss.h"
#include "runtime/printer.h"
#include "runtime/source.h"
#include "runtime/uptime.h"

/*
 * After a batch the buffer is left alone for a while: so long as no more than this part of it fills
 * at the rate of the batch, and it would not overflow if suddenly that many bytes came each
 * millisecond.  An event that comes while nobody waits for it costs the traced process no wake-up
 * and us no system calls.
 */
enum { REST_MS = 50, REST_PART = 8, BURST = 40 * 1024 };

struct events {
	struct printer printer;
	struct source source;
	struct counters counters;
	struct loss loss;
	int64_t read_at;             /* when the last batch was: uptime_ms() */
	int rest;                    /* milliseconds to leave the buffer alone; 0: it was empty */
	struct output *output;
	struct responder *responder;
	uint64_t unwritten;          /* after writing had failed */
	int failed;                  /* first error of rendering or writing: a negative errno */
	struct error err;            /* its words */
};

/* Once writing has failed, records are counted only. */
static void take_record(void *context, struct slice record)
{
	struct events *events = context;

	if (events->failed)
		printer_count(&events->printer, record);
	else if (printer_append(&events->printer, record, output_buffer(events->output)))
		events->failed = error_errno(&events->err, -ENOMEM, "events");
	if (events->failed)
		events->unwritten++;
}

static int open_buffer(struct events *events, const struct loaded *loaded,
		       const struct events_request *request, struct error *err)
{
	int code;

	code = source_open(&events->source, loaded, request->map, request->size, take_record, events,
			   err);
	return code ? code : counters_open(loaded, request->map, &events->counters, err);
}

int events_open(const struct loaded *loaded, const struct events_request *request,
		struct events **out, struct error *err)
{
	const struct printer_request printer = {
		.btf = request->map ? bpf_object__btf(loaded->object) : NULL,
		.map = request->map, .record_struct = request->record_struct,
		.table = request->table, .terminal = request->terminal,
	};
	struct events *events = calloc(1, sizeof(*events));
	int code;

	if (!events)
		return error_errno(err, -ENOMEM, "events");
	events->counters.lost_map = -1;
	events->output = request->output;
	events->responder = request->responder;
	code = printer_open(&printer, &events->printer, err);
	if (!code && request->map)
		code = open_buffer(events, loaded, request, err);
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
	source_close(&events->source);
	counters_close(&events->counters);
	printer_close(&events->printer);
	free(events);
}

static int write_out(struct events *events)
{
	if (!events->failed)
		events->failed = output_write(events->output, &events->err);
	return events->failed;
}

/* How long the buffer can be left alone, after so many bytes in so many milliseconds. */
static int rest_after(const struct events *events, uint64_t bytes, int64_t took)
{
	uint64_t size = events->source.size;
	uint64_t fills = size / REST_PART * (uint64_t)(took > 0 ? took : 1) / bytes;
	int rest = size / BURST < REST_MS ? (int)(size / BURST) : REST_MS;

	return fills < (uint64_t)rest ? (int)fills : rest;
}

/* Prints one batch; 1 when there may be more. */
static int consume(struct events *events, struct error *err)
{
	uint64_t taken = events->source.taken;
	int64_t now = uptime_ms();
	int code;

	clock_refresh(&events->printer.clock);
	code = source_read(&events->source, err);
	events->rest = 0;
	if (events->source.batch) {
		events->loss.is_due = true;
		events->rest = rest_after(events, events->source.taken - taken, now - events->read_at);
	}
	events->read_at = now;
	if (write_out(events)) {
		if (err)
			*err = events->err;
		return events->failed;
	}
	return code;
}

static void look_for_loss(struct events *events)
{
	int64_t now = uptime_ms();
	struct counts counts;

	if (loss_due(&events->loss, now) != 0)
		return;
	counts = events_totals(events).counts;
	loss_tell(&events->loss, counts.lost, events->source.size, events->source.perf, now);
}

/* The sooner of two times to wait, in milliseconds; -1 is never. */
static int sooner(int a, int b)
{
	return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

/* How long poll(2) may sleep: -1 for ever; 0 when the time is over. */
static int time_left(int64_t end)
{
	int64_t left;

	if (end == 0)
		return -1;
	left = end - uptime_ms();
	return left <= 0 ? 0 : (int)(left > INT32_MAX ? INT32_MAX : left);
}

/* True when the signal means the end. */
static bool take_signal(struct events *events, int stop_fd)
{
	struct signalfd_siginfo signal;

	if (read(stop_fd, &signal, sizeof(signal)) != sizeof(signal))
		return false;
	if (signal.ssi_signo != SIGHUP || output_fd(events->output) >= 0)
		return true;
	output_reopen(events->output);
	return false;
}

static bool is_full(const struct events *events)
{
	return output_pending(events->output) >= OUTPUT_ENOUGH;
}

/* Nothing is rendered that nobody takes; as soon as somebody does, it goes on without waiting. */
static int work(struct events *events, struct error *err)
{
	if (is_full(events) && write_out(events)) {
		*err = events->err;
		return events->failed;
	}
	return is_full(events) ? 0 : consume(events, err);
}

enum { STOP, BUFFER, OUTPUT, OWN_FDS };

/*
 * Waits for something to do.  Events are left alone for a while after a batch, and as long as
 * nobody takes those that were printed.
 */
static int wait_for_work(struct events *events, int stop_fd, int timeout,
			 struct pollfd fds[static OWN_FDS + RESPONDER_FDS])
{
	int output = output_fd(events->output);
	size_t count = OWN_FDS;

	fds[STOP] = (struct pollfd){ .fd = stop_fd, .events = POLLIN };
	fds[BUFFER] = (struct pollfd){
		.fd = events->rest || is_full(events) ? -1 : source_fd(&events->source), .events = POLLIN,
	};
	/* Standard output is also watched for its reader's end. */
	fds[OUTPUT] = (struct pollfd){
		.fd = output, .events = output_pending(events->output) ? POLLOUT : 0,
	};
	if (events->rest && !is_full(events))
		timeout = sooner(timeout, events->rest);
	timeout = sooner(timeout, loss_due(&events->loss, uptime_ms()));
	if (events->responder) {
		timeout = sooner(timeout, responder_timeout(events->responder));
		count += responder_watch(events->responder, fds + OWN_FDS);
	}
	return poll(fds, count, timeout) < 0 && errno != EINTR ? -errno : 0;
}

int events_print(struct events *events, int stop_fd, unsigned seconds, struct error *err)
{
	int64_t end = seconds ? uptime_ms() + (int64_t)seconds * 1000 : 0;
	struct pollfd fds[OWN_FDS + RESPONDER_FDS];
	int code = 0, timeout;

	while (code >= 0 && (timeout = time_left(end)) != 0) {
		/* 1: a batch ended with records left, of which poll(2) need not tell again. */
		if (code == 1 && !is_full(events))
			timeout = 0;
		code = wait_for_work(events, stop_fd, timeout, fds);
		if (code)
			return error_errno(err, code, "poll");
		if (fds[STOP].revents && take_signal(events, stop_fd))
			break;
		if (fds[OUTPUT].revents & POLLERR)
			return error_errno(err, -EPIPE, "standard output: cannot write events");
		if (events->responder)
			responder_serve(events->responder, fds + OWN_FDS);
		code = work(events, err);
		look_for_loss(events);
	}
	return code < 0 ? code : 0;
}

int events_drain(struct events *events, struct error *err)
{
	int code;

	do {
		code = consume(events, err);
		if (is_full(events) && !events->failed)
			events->failed = output_finish(events->output, &events->err);
	} while (code == 1 || (events->failed && events->source.batch));
	if (!events->failed)
		events->failed = output_finish(events->output, &events->err);
	if (events->failed && err)
		*err = events->err;
	return events->failed ? events->failed : code;
}

bool events_look_up(const struct events *events)
{
	return events->counters.lost_map >= 0;
}

struct events_totals events_totals(const struct events *events)
{
	struct events_totals totals = {
		.received = events->printer.received,
		.output = output_counts(events->output),
	};
	size_t header = printer_header_lines(&events->printer);

	if (totals.output.lines >= header)
		totals.output.lines -= header;
	totals.counts_code = counters_read(&events->counters, &totals.counts);
	if (!totals.counts.lost_known && !totals.counts_code && events->source.perf) {
		totals.counts.lost = events->source.lost;
		totals.counts.lost_known = true;
	}
	totals.unwritten = events->unwritten + totals.output.unwritten;
	return totals;
}

const char *events_type(const struct events *events, size_t i, uint64_t *received)
{
	return printer_type(&events->printer, i, received);
}

uint64_t events_buffer_size(const struct events *events)
{
	return events->source.size;
}

bool events_buffer_fill(const struct events *events, uint64_t *bytes)
{
	return source_fill(&events->source, bytes);
}
