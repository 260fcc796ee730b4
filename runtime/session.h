/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside runtime/: what a run holds on its way from looking to printing. */
#ifndef RUNTIME_SESSION_H
#define RUNTIME_SESSION_H

#include "loader/memfd.h"

#include "runtime/events.h"
#include "runtime/inventory.h"
#include "runtime/metrics.h"
#include "runtime/notify.h"
#include "runtime/refusal.h"

/* Everything that a run holds; released in one place. */
struct session {
	const struct run_options *options;
	struct inventory inventory;
	struct plan plan;
	int btf_fd;                  /* the BTF in use, in memory; -1 when there is none */
	char btf_path[MEMFD_PATH_SIZE];
	int canary_btf_fd;           /* where the canary has another one; -1 */
	char canary_btf_path[MEMFD_PATH_SIZE];
	struct buffer kconfig;
	struct loaded loaded;
	struct output *output;
	struct responder *responder; /* NULL: nobody is answered */
	struct notifier notifier;
	struct metrics_subject metrics;
	struct events *events;
	int stop_fd;
	char remedy[1024];           /* what to do about a failure; "" where its sentence says it */
};

/* libbpf gets the very bytes that were checked, whatever happens to the file. */
enum exit_status session_provide_btf(struct session *session, struct error *err);

/* The path for libbpf; NULL: it is given none. */
const char *session_btf_path(const struct session *session);

/*
 * Whether that BTF is this kernel's; on a no, session->remedy says what to do.  A BTF of the builds
 * around this kernel goes on only if the canary found something to compare, and it agreed.
 */
enum exit_status session_ask_canary(struct session *session, struct error *err);

/* The status as it is; of a refusal, err says who is likely behind it. */
enum exit_status session_refused(struct session *session, enum exit_status status,
				 enum refused what, const char *program, struct error *err);

#endif
