/* SPDX-License-Identifier: BSD-2-Clause */
/* Command `run`: from the installed files to events on standard output or in a file. */
#ifndef RUNTIME_RUN_H
#define RUNTIME_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/trust.h"

struct run_options {
	const char *root;        /* of the installed state; NULL for "/" */
	const struct trust *trust;
	const char *app;
	const char *object;      /* --object, else BTFERRY_BPF_FILE */
	const char *btf;         /* --btf, else BTFERRY_BTF_FILE */
	const char *events;      /* --events: "auto" (or NULL), "ringbuf" or "perf" */
	uint32_t buffer_size;    /* --buffer-size: bytes; 0: as the manifest or the object says */
	const char *output;      /* --output: a file; NULL for standard output */
	const char *metrics;     /* --metrics: a socket to answer at; NULL for none */
	unsigned duration;       /* --duration: seconds, 0 for until a signal comes */
	bool no_canary;
	bool allow_nearest;      /* where nothing is stored: what all builds around this kernel have */
	bool dry_run;            /* decide, run the canary, load, and stop before attaching */
	bool verbose;            /* show what libbpf says */
	const char *const *sets; /* --set NAME=VALUE */
	size_t set_count;
	bool table;              /* events as lines for people */
	const char *event_struct; /* --event-struct; NULL */
};

/* Decides, runs the canary, loads, attaches, prints events until SIGINT or SIGTERM. */
enum exit_status run(const struct run_options *options);

#endif
