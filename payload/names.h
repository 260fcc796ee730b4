/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which names are legal (payload/FORMAT.md, 2.).  Writer and reader ask the same functions, so that
 * nothing is written that would be refused, and no name that was read can leave a directory.
 */
#ifndef PAYLOAD_NAMES_H
#define PAYLOAD_NAMES_H

#include <stdbool.h>

bool name_is_app(const char *text);
bool name_is_version(const char *text);

/* An arch, release, distribution or version id; not empty. */
bool name_is_kernel_word(const char *text);

/* The name of a file that travels along; not empty. */
bool name_is_file(const char *text);

/* uname -v; may be empty. */
bool name_is_build(const char *text);

#endif
