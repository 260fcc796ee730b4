/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A generation in the making, step by step, for every command that ends in a new one: what the
 * host and the payload are, which kernels it is for, what each of them gets, and publishing it.
 */
#ifndef INSTALLER_INSTALLATION_H
#define INSTALLER_INSTALLATION_H

#include <jansson.h>

#include "loader/admit.h"
#include "runtime/generation.h"

#include "installer/application.h"
#include "installer/contents.h"
#include "installer/kernels.h"
#include "installer/publish.h"

struct installation {
	const char *root;        /* NULL for "/" */
	const struct admitted *admitted;
	const struct payload *payload; /* the admitted one */
	bool allow_older;        /* set by the caller: also one of an older epoch (installer/epoch.h) */
	/* Where kernels that are kept have their files; may be NULL when none is. */
	const struct generation *kept;
	struct facts facts;      /* facts_name(), and facts_find_btf() where that is decided */
	struct application application;
	struct kernels kernels;  /* the caller adds them between begin and decide */
	struct contents contents;
	json_t *plan;            /* the content of plan.json */
};

/*
 * Reads the host's facts and the payload's application.  root and admitted must outlive it;
 * -ENOENT: the payload has nothing for this architecture.  installation_free() frees, also after a
 * failure.
 */
int installation_begin(const char *root, const struct admitted *admitted, struct installation *out,
		       struct error *err);

/*
 * Takes over what `build` made for kernels, from the generation that is current, where nothing was
 * made for them now.  What is damaged there is warned of, and left out.
 */
int installation_recall(struct installation *installation, struct error *err);

/* Decides for each kernel that is not kept. */
int installation_decide(struct installation *installation, struct error *err);

/* Puts contents and plan together, of what was decided. */
int installation_fill(struct installation *installation, struct error *err);

/*
 * Whether it may be published: -EKEYREJECTED where something newer was before.  What publishing
 * asks once more, for those that only look.
 */
int installation_check_epoch(const struct installation *installation, struct error *err);

/*
 * Publishes it.  state: of the application, entered by the caller; NULL: entered here.
 * publication->path is the caller's, also after a failure.
 */
int installation_publish(const struct installation *installation, struct state *state,
			 struct publication *publication, struct error *err);

/*
 * Says that publishing failed, and what to do; phrase is the command's name as a verb, invoked how
 * the program was started.  Returns the exit code.
 */
enum exit_status installation_complain(const struct installation *installation,
				       const char *command, const char *phrase,
				       const char *invoked, const struct error *err);

/* True when root is the host that the program runs on. */
bool installation_is_here(const char *root);

void installation_free(struct installation *installation);

#endif
