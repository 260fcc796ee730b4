/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who answers for what a generation keeps in build/RELEASE/ (docs/build.md): it was made here, of
 * which the record in a folder that only root can change is enough; or it was given to `install`
 * (--object, --btf), and then its own signature counts.
 */
#ifndef RUNTIME_BUILD_RECORD_H
#define RUNTIME_BUILD_RECORD_H

#include "payload/minisign.h"
#include "runtime/generation.h"

struct build_record {
	bool is_given;
	char key[MINISIGN_ID_TEXT]; /* that it is signed with; "": with none that verified */
};

/* Of the record's text; -EBADMSG: it is none.  path is for messages. */
int build_record_parse(struct slice text, const char *path, struct build_record *out,
		       struct error *err);

/* -ENOENT: nothing was built for this release. */
int build_record_read(const struct generation *generation, const char *release,
		      struct build_record *out, struct error *err);

#endif
