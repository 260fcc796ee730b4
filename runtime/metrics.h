/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state of a run in Prometheus' text format, version 0.0.4 (docs/metrics.md).  The names are
 * the same for every application; `status --live` reads them, too.
 */
#ifndef RUNTIME_METRICS_H
#define RUNTIME_METRICS_H

#include "runtime/events.h"
#include "runtime/sandbox.h"

#define METRIC_EVENTS "btferry_events_total"
#define METRIC_SENT "btferry_events_sent_total"
#define METRIC_LOST "btferry_events_lost_total"
#define METRIC_WRITTEN "btferry_events_written_total"
#define METRIC_UNWRITTEN "btferry_events_unwritten_total"
#define METRIC_BYTES "btferry_bytes_written_total"
#define METRIC_ERRORS "btferry_write_errors_total"
#define METRIC_BUFFER_SIZE "btferry_buffer_size_bytes"
#define METRIC_BUFFER_FILL "btferry_buffer_fill_bytes"
#define METRIC_RUNS "btferry_program_runs_total"
#define METRIC_RUN_SECONDS "btferry_program_run_seconds_total"
#define METRIC_INFO "btferry_info"
#define METRIC_SANDBOX "btferry_sandbox_info"
#define METRIC_START "process_start_time_seconds"
#define METRIC_CPU "process_cpu_seconds_total"
#define METRIC_RSS "process_resident_memory_bytes"

struct metrics_subject {
	const struct events *events;
	const struct loaded *loaded;
	const char *app, *version, *kernel;
	const char *btf_source;      /* "kernel", "stored", "given" or "none" */
	double start_time;           /* seconds since 1970 */
	int statm;                   /* /proc/self/statm, opened before the sandbox; -1 */
	struct sandbox sandbox;
};

/* Appends the whole text; -ENOMEM. */
int metrics_write(const struct metrics_subject *subject, struct buffer *out);

#endif
