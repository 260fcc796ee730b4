/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration a kernel was built with. */
#ifndef HOST_KCONFIG_H
#define HOST_KCONFIG_H

#include "host/facts.h"
#include "lib/array.h"
#include "lib/bytes.h"

/*
 * Fills options[].set and .value from a configuration's text.  An option that the text does not
 * name is not set: Kconfig leaves out what depends on something that is off.
 */
void kconfig_parse(struct slice text, struct kconfig_option *options, size_t count);

/*
 * Appends the text of the configuration of a release to *text and its name to path:
 * /proc/config.gz, which is the running kernel's own, when running is set, then the places where
 * distributions put it.  -ENOENT when there is none, else the errno of the one that could not be
 * read.
 */
int kconfig_read(int root_fd, const char *release, bool running, char *path, size_t path_size,
		 struct buffer *text);

/* Appends what a gzip file holds, at most max_size bytes of it; -EBADMSG when it is damaged. */
int kconfig_gunzip(struct slice packed, size_t max_size, struct buffer *out);

#endif
