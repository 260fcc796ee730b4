/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What comes from elsewhere is verified before it is parsed, and the very bytes that were verified
 * are used afterwards: they are in memory that nobody else can write to.
 */
#ifndef LOADER_ADMIT_H
#define LOADER_ADMIT_H

#include "decide/admission.h"
#include "lib/file.h"
#include "payload/reader.h"

/* A payload that may be used; all zero: none. */
struct admitted {
	const struct trust *trust;       /* by whose leave */
	struct payload *payload;
	struct slice signature;          /* text of its minisign file; empty where there is none */
	struct signature_facts facts;
	char notice[640];                /* what an install tells: admission.reason */

	/* What the above lives in. */
	struct file_map map;
	struct buffer bytes, text;
};

/*
 * Opens the payload of a file as payload_open() does, its signature checked first: section
 * .btferry.minisig of a program, else the file path + ".minisig".  Of the file only the table of
 * sections is read before.  name is for messages.  -ENOENT as there; -EKEYREJECTED: it is not
 * admitted, or its signature is damaged, and the error says why.  admitted_close() frees, after a
 * failure, too.
 */
int admit_payload(const struct trust *trust, const char *path, const char *name,
		  struct admitted *out, struct error *err);

/* The same for one that a generation keeps; signature is empty where it keeps none. */
int admit_kept(const struct trust *trust, struct slice payload, struct slice signature,
	       const char *name, struct admitted *out, struct error *err);
void admitted_close(struct admitted *admitted);

/*
 * A file that an option or the environment named, and whose bytes were read: it has its own
 * signature, path + ".minisig", whose comment may say anything, and needs it under the policy
 * `require`.  key gets the identity of the key that it verified with, "" where there is none.
 * -EKEYREJECTED as above.
 */
int admit_given(const struct trust *trust, const char *path, struct slice bytes,
		char key[static MINISIGN_ID_TEXT], struct error *err);

/* The same for a file with BTF, which is appended to *out as btf_file_read() does. */
int admit_given_btf(const struct trust *trust, const char *path, struct buffer *out,
		    char key[static MINISIGN_ID_TEXT], struct error *err);

#endif
