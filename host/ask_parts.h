/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside host/: what the questions of ask.h have in common. */
#ifndef HOST_ASK_PARTS_H
#define HOST_ASK_PARTS_H

#include "host/ask.h"
#include "host/inquiry.h"

/* What was answered before; NULL: nothing. */
const struct answer *ask_recorded(const struct facts *facts, enum question question,
				  const char *name);

/* The running kernel can be asked. */
bool ask_is_live(const struct facts *facts);

/* Remembers an answer and gives it, as the policies let it be understood.  Only where live. */
struct probe ask_note(const struct facts *facts, enum question question, const char *name,
		      struct probe probe);

/* The kernel has maps of this type. */
struct probe ask_map_type(const struct facts *facts, uint32_t type);

/* "kprobe", "tracing:trace_fentry:sleepable", and ":vfs_read" with its target. */
void ask_kind_name(const struct asked_program *program, bool with_target,
		   char name[static QUESTION_NAME_SIZE]);

/*
 * The id of a program's target in the running kernel's BTF, where one that says none gets one that
 * kernels have; 0: there is none.
 */
uint32_t ask_target_id(const struct facts *facts, const struct asked_program *program);

/*
 * What the kernel's BTF says where there is nothing but that file (ask_btf.c); unknown where there
 * is none.
 */
struct probe ask_file_name(const struct facts *facts, uint32_t kind, const char *name);
struct probe ask_file_raw_tracepoint(const struct facts *facts, const char *name);
struct probe ask_file_program(const struct facts *facts, const struct asked_program *program);
struct probe ask_file_helper(const struct facts *facts, uint32_t helper);
struct probe ask_file_map(const struct facts *facts, uint32_t type, bool ordinary);

#endif
