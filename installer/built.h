/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `build` made for a kernel, as a generation keeps it in build/RELEASE/:
 *
 *     build.json        by which way, for which build of the kernel, of which sources
 *     kernel.btf        BTF of the kernel, or of the part that its headers declare
 *     canary.btf        the same, reduced for the canary, where an object was compiled
 *     APP.bpf.o         the object that was compiled for this kernel
 *
 * The BTF is kept as it was made: each install reduces it anew for the objects that it brings, so
 * that an upgrade takes no compiler.  A compiled object is good for the sources that it is made of.
 */
#ifndef INSTALLER_BUILT_H
#define INSTALLER_BUILT_H

#include "builder/builder.h"
#include "loader/admit.h"
#include "runtime/generation.h"

#include "installer/application.h"
#include "installer/contents.h"

struct built {
	enum build_way way;      /* WAY_COUNT: nothing was built */
	char build[65];          /* uname -v of the kernel; "" when not known */
	struct buffer btf;       /* as struct build_product */
	struct buffer object;
	bool is_given;           /* made elsewhere, and given to install */
	char key[MINISIGN_ID_TEXT]; /* then: that it is signed with; "": with none that verified */
	struct digest sources;   /* what the object was compiled of; zero when that is not known */
};

/* Nothing; built_free() may be called for it. */
#define BUILT_NONE ((struct built){ .way = WAY_COUNT })

/* True when BTF of this way describes a part of the kernel only. */
bool built_is_part(enum build_way way);

/* Takes what was made now out of a product. */
void built_take(struct built *out, struct build_product *product, const char *build,
		const struct application *application);

/*
 * Reads what a generation keeps for release; BUILT_NONE where it keeps nothing.  -EBADMSG: damaged.
 */
int built_read(const struct generation *generation, const char *release, struct built *out,
	       struct error *err);

/* True when it was made for this build of the kernel, as far as both are known. */
bool built_is_for(const struct built *built, const char *build);

/* True when there is an object, and the application's sources are still those it was made of. */
bool built_has_object(const struct built *built, const struct application *application);

/*
 * Appends all of it as one file, for another host: the object that was compiled, or base (the CO-RE
 * object), with sections .btferry.build and .btferry.btf.
 */
int built_to_file(const struct built *built, const char *release, struct slice base,
		  struct buffer *out, struct error *err);

/*
 * Reads such a file, or an object that somebody compiled without it (then there is no BTF, and no
 * canary will be asked).  -ESTALE: it is for another kernel than release; -EINVAL: it was compiled
 * of something else than the application's object, of which its programs are not; -EKEYREJECTED:
 * trust does not admit it.
 */
int built_from_file(const struct trust *trust, const char *path, const char *release,
		    const struct object *object, struct built *out, struct error *err);

/* Reads BTF of the whole kernel; -EINVAL: it is reduced, and so good for one object only. */
int built_from_btf(const struct trust *trust, const char *path, struct built *out,
		   struct error *err);

/* Adds the files of it; takes its bytes, also on failure. */
int built_write(struct built *built, const char *release, const struct application *application,
		const char *app, struct contents *contents, struct error *err);

void built_free(struct built *built);

#endif
