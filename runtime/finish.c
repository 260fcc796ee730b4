/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/membarrier.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/console.h"

#include "runtime/finish.h"

enum { FALLBACK_US = 20000 };

/*
 * The call waits for what the kernel waits for before it frees a program (synchronize_rcu()).  A
 * kernel with CPUs that nothing may disturb (nohz_full) does not have it; there, programs of some
 * microseconds are over after a while.
 */
void wait_for_programs(void)
{
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) < 0)
		usleep(FALLBACK_US);
}

static void tell_counts(const struct counts *counts, unsigned long long written)
{
	unsigned long long sent = counts->sent, lost = counts->lost;

	if (counts->sent_known)
		console_note("run: %llu events sent, %llu lost, %llu written", sent, lost, written);
	else if (counts->lost_known)
		console_note("run: %llu events written, %llu lost", written, lost);
	else
		console_note("run: %llu events written; the object does not count those it lost", written);
}

void tell_totals(const struct events *events)
{
	const struct events_totals totals = events_totals(events);

	if (totals.counts_code)
		console_warn("run: the object's counters cannot be read: %s", strerror(-totals.counts_code));
	tell_counts(&totals.counts, totals.output.lines);
	if (totals.unwritten)
		console_warn("run: %llu events were received and could not be written",
			     (unsigned long long)totals.unwritten);
}
