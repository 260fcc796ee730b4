/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The installed state, for reading: /var/lib/APP/current and what is in the generation that it
 * points to (DESIGN "State on disk").  `current` is opened once; what is read afterwards comes
 * from that one generation, whatever an installer does meanwhile.
 */
#ifndef RUNTIME_GENERATION_H
#define RUNTIME_GENERATION_H

#include <stdbool.h>

#include "lib/array.h"
#include "lib/digest.h"
#include "lib/error.h"

#define GENERATION_STATE_DIR "var/lib"

/* The rule of a stored BTF that is not of this very kernel: all builds around it have it. */
#define GENERATION_RULE_NEIGHBOURS "neighbours"

/* What the plan says about one kernel release of the generation. */
struct generation_kernel {
	char *release;
	char *arch;
	char *build;             /* uname -v of that kernel; "" when not known */
	/* "kernel": exposes BTF; "stored": btf/RELEASE.btf, packed; "built": the same, made; "none" */
	char *source;
	char *row;               /* of the decision table */
	char *rule;              /* what a stored BTF was chosen by, a built one made by; else NULL */
	char *reason;            /* one sentence */
	bool covered;            /* as far as BTF is concerned, the object can run there */
	struct digest btf;       /* of the stored or built BTF; zero otherwise */
};

/* A file of the generation, as the plan names it. */
struct generation_file {
	char *path;              /* relative to the generation */
	struct digest digest;
	uint64_t size;
};

struct generation {
	int fd;                  /* directory of the generation, -1 when not open */
	unsigned number;
	char *path;              /* absolute, for messages: /var/lib/APP/gen/N */
	char *app, *version;
	char *signer;            /* identity of the key that signed the payload; NULL: none verified */
	uint64_t epoch;          /* that the signature says; 0 without one */
	struct digest fingerprint;
	struct generation_kernel *kernels;
	struct generation_file *files;
	size_t kernel_count, file_count;
};

/*
 * Opens the current generation of app below root ("/" when NULL) and reads its plan.json
 * (docs/schema/plan.json).  -ENOENT: nothing is installed; -EBADMSG: the plan is damaged;
 * -EPERM: others can change what is installed.  generation_close() frees.
 */
int generation_open(const char *root, const char *app, struct generation *out, struct error *err);
void generation_close(struct generation *generation);

/*
 * The same for generation number, current or not, of the open state directory that state_path
 * names in messages.
 */
int generation_open_number(int state_fd, const char *state_path, unsigned number, const char *app,
			   struct generation *out, struct error *err);

/* The entry for a release, or NULL. */
const struct generation_kernel *generation_find(const struct generation *generation,
						const char *release);

/* True when the plan names the file. */
bool generation_has(const struct generation *generation, const char *path);

/*
 * Appends the file to *out after checking it against the plan's digest; -EBADMSG when it differs.
 */
int generation_read(const struct generation *generation, const char *path, struct buffer *out,
		    struct error *err);

#endif
