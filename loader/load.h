/* SPDX-License-Identifier: BSD-2-Clause */
/* Loading and attaching the application's object, as a plan says. */
#ifndef LOADER_LOAD_H
#define LOADER_LOAD_H

#include <bpf/libbpf.h>

#include "decide/decide.h"
#include "loader/settings.h"

struct load_request {
	struct slice object;
	const char *name;            /* of the object, for messages */
	const char *btf_path;        /* NULL: where libbpf finds the kernel's */
	const char *kconfig;         /* loader/request.h; NULL when the object asks for nothing */
	const struct needs *needs;
	const struct plan *plan;
	const char *events_map;      /* NULL: the object has no events */
	const char *events_struct;   /* the manifest's word on what each record is; NULL */
	const char *events_path;     /* "auto", "ringbuf" or "perf" */
	uint32_t events_size;        /* bytes of the ring buffer; 0: as the object says */
	bool kernel_has_ringbuf;
	struct settings settings;    /* set before it is loaded */
};

enum { LOADED_NAME_SIZE = 128 };

struct loaded {
	struct bpf_object *object;
	struct bpf_link **links;
	size_t link_count;
	bool use_perf;               /* events come through the perf buffer */
	bool without_optional;       /* programs that the manifest calls optional were left out */
	char failed[LOADED_NAME_SIZE]; /* the program that did not load or attach; "": not known */
};

/*
 * Opens and loads.  Programs that the manifest calls optional are left out, and named in a note,
 * when the object does not load with them; a program that has an alternative is left to the caller,
 * who replaces it (plan_replace()) and loads again.  Returns the exit code that a failure stands
 * for, err filled and out->failed set.
 */
enum exit_status load(const struct load_request *request, struct loaded *out, struct error *err);

/*
 * Opens, and loads one program of the object and no other, whatever the plan says of it.  Failures
 * as load(); nothing is printed.
 */
enum exit_status load_alone(const struct load_request *request, const char *program,
			    struct loaded *out, struct error *err);

/* Attaches one loaded program and detaches it again; failures as load_attach(). */
enum exit_status load_touch(const struct load_request *request, struct bpf_program *program,
			    struct error *err);

/* Attaches every loaded program; an optional one that cannot be is named in a note.  As load(). */
enum exit_status load_attach(const struct load_request *request, struct loaded *loaded,
			     struct error *err);

/* Detaches; the maps stay. */
void load_detach(struct loaded *loaded);

/* Detaches and unloads; what failed stays known. */
void load_close(struct loaded *loaded);

#endif
