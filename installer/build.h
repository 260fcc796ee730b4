/* SPDX-License-Identifier: BSD-2-Clause */
/* Command `build`: what a kernel needs for which no BTF can be had, made there or elsewhere. */
#ifndef INSTALLER_BUILD_H
#define INSTALLER_BUILD_H

#include <stdbool.h>

#include "lib/error.h"
#include "loader/admit.h"

struct build_options {
	const char *root;        /* NULL for "/": where it is installed */
	const char *invoked;     /* how the program was started, for the commands that it names */
	const char *app;         /* the application's name */
	const struct trust *trust;
	const struct admitted *admitted; /* the payload; with print, NULL will do */
	bool allow_older;        /* as install_options */
	const char *payload_path; /* as it was named with --payload; NULL: it was not */
	const char *kernel;      /* release; NULL: the running one */
	const char *arch;        /* its architecture; NULL: this machine's */
	const char *headers;     /* folder; NULL: where distributions have them */
	const char *clang;       /* NULL: the one in PATH */
	const char *way;         /* "debug-info", "headers", "object"; NULL: each in turn */
	const char *out;         /* file to write to, instead of installing; NULL */
	bool print, container;   /* only say how */
	bool json;
};

enum exit_status build(const struct build_options *options);

#endif
