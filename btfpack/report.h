/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `btfpack build` tells a person: how many kernels became how many BTFs, and what does not
 * fit.
 */
#ifndef BTFPACK_REPORT_H
#define BTFPACK_REPORT_H

#include "btfpack/application.h"
#include "btfpack/pack.h"

/* Prints to standard output; path and size are of the finished file. */
int report_build(const struct application *application, const struct pack *pack, const char *path,
		 size_t size, struct error *err);

#endif
