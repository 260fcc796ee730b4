/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What all packages of an application hold, whatever their format: the target program under the
 * application's name, the payload, the unit, the kernel's hooks, man page and completions.
 */
#ifndef BTFPACK_BUNDLE_H
#define BTFPACK_BUNDLE_H

#include "btfpack/application.h"
#include "btfpack/stage.h"
#include "btfpack/template.h"

/* One architecture, as everybody names it. */
struct bundle_arch {
	const char *arch;        /* in archives and manifests */
	const char *deb;
	const char *rpm;         /* and, before "-linux-gnu", GNU's tools */
	uint16_t machine;        /* of the ELF header, */
	uint8_t class;           /* of its start */
};

/* Texts that templates are filled with; in there, VALUE_APP is @APP@. */
enum bundle_value {
	VALUE_APP, VALUE_PROGRAM, VALUE_VERSION, VALUE_VERSION_UPSTREAM, VALUE_REVISION,
	VALUE_SUMMARY, VALUE_MAINTAINER, VALUE_HOMEPAGE, VALUE_DESCRIPTION, VALUE_DESCRIPTION_INDENTED,
	VALUE_DATE, VALUE_DATE_MAIL, VALUE_DATE_RPM, VALUE_ARCH_DEB, VALUE_INSTALLED_SIZE,
	VALUE_DEPENDS, VALUE_LICENSE, VALUE_LICENSE_TEXT, VALUE_OWN_LICENSE,
	VALUE_OWN_LICENSE_TEXT, VALUE_COPYRIGHT, VALUE_CAPABILITIES, VALUE_PROTECT_TUNABLES,
	VALUE_PROTECT_CGROUPS, VALUE_PRIVATE_NETWORK, VALUE_PROTECT_HOME, VALUE_FUNCTIONS,
	VALUE_HELP_READER,
	BUNDLE_VALUES
};

enum { BUNDLE_DATE_SIZE = 64 };

struct bundle {
	const struct manifest *manifest;
	const struct bundle_arch *arch;
	bool is_signed;          /* beside payload is its signature, which packages carry */
	bool is_foreign;         /* arch is not this machine's */
	const char *sysroot;     /* where a foreign program's libraries lie; NULL: where ours do */
	const char *directory;   /* for what is written on the way: absolute, on output's file system */
	const char *output;      /* the folder that packages go to */
	const char *payload, *program; /* files in directory */
	const char *sources;     /* the folder that the manifest's paths start from */
	time_t time;
	char *version, *revision; /* the manifest's, cut at its last dash; revision is "" without one */
	char *paragraph;         /* the description, in lines */
	char *indented;          /* the same, each line behind a space */
	char *license_text, *own_license; /* as paragraphs of a control file */
	char *functions;         /* of the scripts of both formats */
	char *help_reader;       /* what completions read the program's help with */
	char date_mail[BUNDLE_DATE_SIZE], date_rpm[BUNDLE_DATE_SIZE], date[BUNDLE_DATE_SIZE];
	struct template_value values[BUNDLE_VALUES + 1];
};

/* Sets the architecture that an ELF program is for, and whether it is a foreign one. */
int bundle_set_arch(struct bundle *bundle, const char *program, struct error *err);

/*
 * Gathers the values that do not depend on the format; manifest, sysroot, sources, directory,
 * payload, program and time are set by the caller, and live longer.  object is the one for this
 * architecture: what the unit allows follows from it.  bundle_free() frees, after failure too.
 */
int bundle_prepare(struct bundle *bundle, const struct object *object, struct error *err);
void bundle_free(struct bundle *bundle);

/* Sets a value, which must live as long as it is there; NULL: there is none (any more). */
void bundle_set(struct bundle *bundle, enum bundle_value which, const char *value);

/* Fills the template and adds it to stage under this name. */
int bundle_add(const struct bundle *bundle, struct stage *stage, const char *template,
	       enum template_form form, mode_t mode, const char *name, struct error *err);
int bundle_add_gzip(const struct bundle *bundle, struct stage *stage, const char *template,
		    enum template_form form, const char *name, struct error *err);

/* Adds everything that all formats have, and what Debian or RPM alone have, or have elsewhere. */
int bundle_fill(const struct bundle *bundle, struct stage *stage, bool is_debian,
		struct error *err);

/* Each writes one file into bundle->output, and says which one on standard output. */
int bundle_deb(struct bundle *bundle, struct error *err);
int bundle_rpm(struct bundle *bundle, struct error *err);

#endif
