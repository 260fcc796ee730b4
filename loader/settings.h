/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a user can set in an object before it is loaded: its global `const volatile` variables and
 * those of .data, by name and by the type that its BTF says (docs/objects.md, "Settings").
 */
#ifndef LOADER_SETTINGS_H
#define LOADER_SETTINGS_H

#include <bpf/libbpf.h>

#include "lib/bytes.h"
#include "lib/error.h"

/* Texts "NAME=VALUE"; what is given wins over a default, and a later one over an earlier one. */
struct settings {
	char *const *defaults;       /* the manifest's */
	const char *const *given;    /* the command line's */
	size_t default_count, given_count;
};

/*
 * Sets them in an opened object; beside a list NAME, a variable NAME_count of 4 bytes becomes the
 * number of its elements.  -EINVAL: one that is given cannot be set, -EBADMSG: a default cannot.
 */
int settings_apply(struct bpf_object *object, const struct settings *settings, struct error *err);

/*
 * Whether they can be set in the object in these bytes; failures as settings_apply().  An object
 * that libbpf cannot read is none: loading it tells.
 */
int settings_check(struct slice object, const char *name, const struct settings *settings,
		   struct error *err);

/* One that there is. */
struct settable {
	const char *name;            /* lives as long as the object */
	const char *doc;             /* its tag "doc:...", else ""; likewise */
	char *type;                  /* for people: "u32", "list of up to 16 u32" */
	char *value;                 /* as it would be given */
};

/* The settings of an opened object, with what was set.  settings_free() frees. */
int settings_list(const struct bpf_object *object, struct settable **out, size_t *count,
		  struct error *err);
void settings_free(struct settable *settings, size_t count);

#endif
