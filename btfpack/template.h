/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Texts of packages with gaps for an application's facts.  They are files of packaging/templates
 * and packaging/hooks, and travel inside btfpack.  A gap reads @NAME@; a line whose gaps are all
 * empty is left out.
 */
#ifndef BTFPACK_TEMPLATE_H
#define BTFPACK_TEMPLATE_H

#include "lib/array.h"
#include "lib/error.h"

/* What a value has to be written as, to stand for itself. */
enum template_form {
	TEMPLATE_PLAIN,
	TEMPLATE_SPEC,           /* rpmbuild expands % */
	TEMPLATE_ROFF,           /* man expands backslashes */
};

struct template_value {
	const char *name, *value;
};

/*
 * Appends the template of this name, such as "templates/control", filled in, to *out.  values end
 * with a name that is NULL; -ENOENT: a gap has no value.
 */
int template_fill(const char *name, enum template_form form, const struct template_value *values,
		  struct buffer *out, struct error *err);

#endif
