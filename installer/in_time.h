/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Work that must not hold up, nor take down, who asked for it: done in a child that is killed when
 * its time is over.  What it writes must stand a kill at any instruction, as a generation does.
 */
#ifndef INSTALLER_IN_TIME_H
#define INSTALLER_IN_TIME_H

enum in_time_end {
	IN_TIME_DONE,            /* it came to its end */
	IN_TIME_LATE,            /* it was killed, or is past killing, stuck in the kernel */
	IN_TIME_SIGNAL,          /* something else killed it; detail: which signal */
	IN_TIME_NO_CHILD,        /* it did not begin; detail: errno */
};

struct in_time {
	enum in_time_end end;
	int detail;
};

/*
 * Does work(context) for at most that many seconds.  Its standard output is standard error, and
 * what it changes in memory is lost.
 */
struct in_time in_time(unsigned seconds, void (*work)(const void *context), const void *context);

#endif
