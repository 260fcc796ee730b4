/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside host/: answers that are remembered by the sort and the name of the question. */
#ifndef HOST_INQUIRY_H
#define HOST_INQUIRY_H

#include <jansson.h>

#include "host/facts.h"
#include "host/kallsyms.h"
#include "host/kernel_btf.h"

enum question {
	ASKED_PROGRAM,           /* "kprobe", "cgroup_sock_addr:cgroup_inet4_connect" */
	ASKED_HELPER,            /* "kprobe/bpf_map_lookup_elem" */
	ASKED_KFUNC,             /* "xdp/bpf_dynptr_from_xdp" */
	ASKED_MAP,               /* "ringbuf", "hash:4,8,1024,0x1" */
	ASKED_FEATURE,           /* "global_data", "memcg_accounting", "helpers_selftest" */
	ASKED_TRACEPOINT,        /* "sched/sched_switch", "sched/sched_switch:64" bytes long */
	ASKED_RAW_TRACEPOINT,    /* "sched_switch" */
	ASKED_UPROBE,            /* "/bin/bash:readline" */
	ASKED_BTF,               /* "func vfs_read", "var bpf_prog_active" */
	ASKED_SYMBOL,            /* "vfs_read" */
	QUESTIONS,
};

enum { QUESTION_NAME_SIZE = 512 };

struct answer {
	enum question question;
	char *name;
	struct probe probe;
	struct symbol *symbol;   /* of ASKED_SYMBOL; its name is name */
};

struct inquiry {
	bool live;               /* the running kernel can be asked */
	bool mounts;             /* detached_mount() may be tried */
	int root_fd;
	int tracefs_fd, debugfs_fd; /* negative errnos where they cannot be had, or were not tried */
	bool tracefs_tried, debugfs_tried;
	bool has_file;           /* btf is the whole BTF of a kernel that cannot be asked itself */
	struct kernel_btf btf;   /* else the running kernel's, if it exposes it */
	struct answer *answers;
	size_t count, capacity;
};

/* What nobody can be asked any more; NULL when out of memory. */
struct inquiry *inquiry_new(void);

/* What the running kernel is asked from now on; takes over root_fd. */
void inquiry_start(struct inquiry *inquiry, int root_fd, bool mounts);

/* Closes what it is asked through; answers stay. */
void inquiry_stop(struct inquiry *inquiry);
void inquiry_free(struct inquiry *inquiry);

/* What was answered before; NULL: it was not asked. */
const struct answer *inquiry_find(const struct inquiry *inquiry, enum question question,
				  const char *name);

/* Remembers an answer, as far as there is memory for it; gives it back. */
struct probe inquiry_note(struct inquiry *inquiry, enum question question, const char *name,
			  struct probe probe);

/* The same for a symbol, with a copy of what is known of it. */
int inquiry_note_symbol(struct inquiry *inquiry, const struct symbol *symbol);

/*
 * File systems of the running kernel, mounted or not: descriptors that stay with the inquiry, or a
 * negative errno.
 */
int inquiry_tracefs(struct inquiry *inquiry);
int inquiry_debugfs(struct inquiry *inquiry);

/*
 * The kernel's BTF, ready for finding names of a kind; NULL with the reason in *error (a positive
 * errno).
 */
const struct kernel_btf *inquiry_btf(struct inquiry *inquiry, uint32_t kind, int *error);

/* {"program": {"kprobe": {"answer": "yes"}, ...}, ...}; NULL when out of memory. */
json_t *inquiry_to_json(const struct inquiry *inquiry);
int inquiry_from_json(const json_t *document, struct inquiry *inquiry, struct error *err);

#endif
