/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside host/: what the verifier's words on a call mean.  The errno does not tell: EINVAL and
 * EACCES stand for "no such function", "not for you" and "wrong arguments" alike.
 */
#ifndef HOST_BPF_VERDICT_H
#define HOST_BPF_VERDICT_H

#include "host/probe.h"

/*
 * The verdict on a call in a program that was loaded (error 0), or was not, with this log.  yes:
 * the call is allowed, and at most its arguments are wrong; no with EINVAL: there is no such
 * function for this program; no with EACCES: but for the licence; unknown with error: the words
 * are none of those that are known.
 */
struct probe bpf_call_verdict(int error, const char *log);

#endif
