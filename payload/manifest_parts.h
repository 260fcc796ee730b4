/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside payload/: what the sections of a manifest share while they are read. */
#ifndef PAYLOAD_MANIFEST_PARTS_H
#define PAYLOAD_MANIFEST_PARTS_H

#include <stdbool.h>

#include "payload/inifile.h"
#include "payload/manifest.h"

#define MANIFEST_IDENTIFIER "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

/* Says so; -ENOMEM. */
int manifest_out_of_memory(const struct inifile *file);

/* Sets a text that may be set once: a copy, which manifest_free() frees. */
int manifest_set_once(struct inifile *file, char **field, const char *key, const char *value);

/* Relative, and staying below the manifest's directory. */
bool manifest_path_is_safe(const char *path);

/* A key of [package]: what a .deb or .rpm says of the application. */
int manifest_package_key(struct inifile *file, struct manifest *manifest, const char *key,
			 const char *value);

#endif
