/* SPDX-License-Identifier: BSD-2-Clause */
/* What `run` and `check` both ask of load(): the one place where it is put together. */
#ifndef LOADER_REQUEST_H
#define LOADER_REQUEST_H

#include "lib/array.h"
#include "loader/load.h"

struct subject {
	const struct object *object;
	struct slice bytes;              /* of the object */
	const char *name;                /* request_object_name() */
	bool given;                      /* by name, so the manifest may be about another one */
	const struct manifest *manifest; /* NULL when there is none */
	const struct needs *needs;
	const struct plan *plan;
	const struct facts *facts;
	const char *const *sets;         /* --set, as it was given */
	size_t set_count;
};

/*
 * The request but for kconfig; btf_path and events_path are as in it, events_path NULL for
 * "auto".  Points into the subject.
 */
struct load_request request_of(const struct subject *subject, const char *btf_path,
			       const char *events_path);

/* The settings of it: also the manifest's, which are its own object's only. */
struct settings request_settings(const struct subject *subject);

/* True when it has a ring buffer or a perf buffer, whether or not that is taken for its events. */
bool request_has_buffers(const struct object *object);

/* What libbpf calls the object at path: no directory, no ".bpf.o".  NULL: out of memory. */
char *request_object_name(const char *path);

/*
 * Appends the text that load_request.kconfig takes, NUL-terminated, from the configuration of the
 * running kernel that is found below root (NULL for "/"); leaves *out empty when the object asks
 * for no option.  -ENODATA as externs_write().
 */
int request_kconfig(const struct object *object, const char *root, const char *release,
		    struct buffer *out, struct error *err);

#endif
