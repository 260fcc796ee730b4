/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a run may still do once its programs are attached (docs/sandbox.md): the files it has open,
 * and the few calls that printing events, answering a socket and ending take.  Whoever takes the
 * process over by a record that it reads wrongly gets no more than that.
 */
#ifndef RUNTIME_SANDBOX_H
#define RUNTIME_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

/* What is needed beyond reading the buffer and writing to what is open. */
struct sandbox_request {
	const char *output;          /* a file that is opened anew when it is rotated; NULL */
	const char *socket;          /* is removed at the end; NULL */
	int listener;                /* the socket's descriptor, where clients are accepted; -1 */
	const char *kept_for;        /* why capabilities were kept; "": none were to be */
	bool looks_up;               /* counters are read with bpf(2) */
	bool perf;                   /* a perf buffer is closed at the end */
};

/* What is in force; asked of the kernel, not taken from what was tried. */
struct sandbox {
	uint64_t capabilities;       /* permitted: a bit for each CAP_ number */
	const char *kept_for;        /* why some are left; "" */
	bool no_new_privs;
	bool seccomp;                /* our filter */
	int landlock;                /* the ABI whose rights are taken away; 0: nothing is */
};

/*
 * Enters seccomp's and landlock's part, for good; privileges_drop() comes before it.  What this
 * kernel does not have or does not let us have is told and left out: a tracer without a sandbox is
 * better than none.  Built with sanitizers, which need much more at exit, nothing is entered.
 */
void sandbox_enter(const struct sandbox_request *request, struct sandbox *out);

#endif
