/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the subjects share.  A subject is an object about which `check` is asked, and which the
 * loader then really loads.  Each one needs a single thing, so that a wrong answer names its cause.
 */
#ifndef TESTS_TRUTH_OBJECTS_SUBJECT_H
#define TESTS_TRUTH_OBJECTS_SUBJECT_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#ifndef SUBJECT_LICENCE
#define SUBJECT_LICENCE "GPL"
#endif

char LICENSE[] SEC("license") = SUBJECT_LICENCE;

/* A program that does nothing: what counts is its section. */
#define NOTHING(section, name) SEC(section) int name(void *ctx) { return 0; }

/* One that answers "go on" where 0 would drop or refuse something. */
#define PASS(section, name, verdict) SEC(section) int name(void *ctx) { return verdict; }

/* Something that the compiler must keep; an object that does not use it has no such variable. */
static volatile u64 seen __attribute__((unused));

#endif
