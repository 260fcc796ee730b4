/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of a build, as JSON: build.json of a generation, and in a file that is carried. */
#ifndef INSTALLER_BUILT_TEXT_H
#define INSTALLER_BUILT_TEXT_H

#include "installer/built.h"

enum { BUILT_NAME_SIZE = 65 }; /* of a kernel release */

int built_text(const struct built *built, const char *release, struct buffer *out,
	       struct error *err);

/* -EBADMSG, -ENOTSUP: not such a document, or a newer one; path is for messages. */
int built_parse(struct slice text, const char *path, char release[static BUILT_NAME_SIZE],
		struct built *out, struct error *err);

#endif
