/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whom the check is about: this host, or a kernel or host that is not here.  Of what is not here,
 * files or a document are read and nothing is asked or tried; what they do not say is unknown.
 */
#ifndef CHECKER_CHECKED_HOST_H
#define CHECKER_CHECKED_HOST_H

#include <jansson.h>

#include "host/facts.h"
#include "lib/array.h"

#include "checker/check.h"

struct checked_host {
	/*
	 * The BTF that was named (--btf); else, of a kernel that does not run here, the file with its
	 * BTF.  Empty: none was named, or is at hand.
	 */
	struct buffer btf;
	char btf_path[512];      /* where that is from; "" when it is empty */
	json_t *document;        /* of --from; else NULL */
	bool contradiction;      /* after an error: it is the command line's, not a file's */
};

/* False, and said, when the options contradict each other. */
bool checked_host_is_clear(const struct check_options *options);

/*
 * Reads it all; *facts are the caller's to free, also when it fails (then they may be empty), and
 * checked_host_free() the rest.
 */
int checked_host_read(const struct check_options *options, struct facts *facts,
		      struct checked_host *out, struct error *err);
void checked_host_free(struct checked_host *host);

#endif
