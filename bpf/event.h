/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What an object needs so that `run` can print its events: docs/objects.md tells the convention.
 * The runtime knows nothing of any application; it reads all of this out of the object's BTF.
 */
#ifndef BPF_EVENT_H
#define BPF_EVENT_H

/* How user space prints a member that its type alone does not tell. */
#define FORMAT(how) __attribute__((btf_decl_tag("format:" how)))

/* Left out of the output when it is zero or an empty string. */
#define OMIT_EMPTY __attribute__((btf_decl_tag("omit:empty")))

/* What `run --settings` says of a constant that `--set` sets. */
#define DOC(text) __attribute__((btf_decl_tag("doc:" text)))

/* Where in the record a string is, as in the kernel's own trace records: size << 16 | offset. */
typedef __u32 data_loc;

/* The start of every record. */
struct event_header {
	enum event_type event FORMAT("event");
	__u32 size FORMAT("hidden");         /* of the whole record */
	__u64 time FORMAT("monotonic");      /* bpf_ktime_get_ns() */
};

/*
 * What became of the events; one for each CPU, so that none waits for another's cache line.  The
 * map that holds them is mapped by user space, which may not be allowed to look maps up.
 */
struct event_counts {
	__u64 sent, lost;
} __attribute__((aligned(64)));

#endif
