/* SPDX-License-Identifier: BSD-2-Clause */
/* The answer to one question about a host: yes, no, or not known, because of an errno. */
#ifndef HOST_PROBE_H
#define HOST_PROBE_H

enum truth { TRUTH_UNKNOWN, TRUTH_YES, TRUTH_NO };

/* The kernel's own errno for what it does not support; user space has no name for it. */
enum { KERNEL_ENOTSUPP = 524 };

struct probe {
	enum truth truth;
	int error;               /* why not known, or why no: a positive errno; 0 when there is none */
};

static inline struct probe probe_yes(void)
{
	return (struct probe){ .truth = TRUTH_YES };
}

static inline struct probe probe_no(int error)
{
	return (struct probe){ .truth = TRUTH_NO, .error = error };
}

static inline struct probe probe_unknown(int error)
{
	return (struct probe){ .truth = TRUTH_UNKNOWN, .error = error };
}

#endif
