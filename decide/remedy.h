/* SPDX-License-Identifier: BSD-2-Clause */
/* What to do where no BTF can be had, and where one is at hand that describes another kernel. */
#ifndef DECIDE_REMEDY_H
#define DECIDE_REMEDY_H

#include "decide/decide.h"

/*
 * Writes how to build for this kernel as app, how to pack it, and how to name files that are there
 * already.  The commands of its distribution are what `app build --print` writes (builder/).
 */
void remedy_no_btf(const struct facts *facts, const char *app, char *text, size_t size);

/*
 * Writes what to do about a BTF that is not the kernel's: where it came from says whose mistake it
 * is.  path is its file's name; a stored one needs none.
 */
void remedy_wrong_btf(enum plan_btf btf, const char *path, const char *release, char *text,
		      size_t size);

/* The same where it is what `build` made for app. */
void remedy_wrong_build(const char *app, char *text, size_t size);

#endif
