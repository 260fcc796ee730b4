/* SPDX-License-Identifier: BSD-2-Clause */
#include "lib/console.h"

#include "runtime/loss.h"

enum { LOOK_MS = 1000, TELL_MS = 10000 };

static int64_t later_of(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int loss_due(const struct loss *loss, int64_t now)
{
	int64_t due = loss->looked_at + LOOK_MS;

	if (!loss->is_due)
		return -1;
	if (loss->told_at)
		due = later_of(due, loss->told_at + TELL_MS);
	return due <= now ? 0 : (int)(due - now);
}

void loss_tell(struct loss *loss, uint64_t lost, uint64_t size, bool per_cpu, int64_t now)
{
	loss->looked_at = now;
	loss->is_due = false;
	if (lost <= loss->told)
		return;
	loss->told_at = now;
	console_warn("run: %llu events were lost (%llu in all): the buffer of %llu KiB%s was full: "
		     "give it more, --buffer-size %lluK, or `size = %lluK` in the manifest's [events]",
		     (unsigned long long)(lost - loss->told), (unsigned long long)lost,
		     (unsigned long long)size / 1024, per_cpu ? " for each CPU" : "",
		     (unsigned long long)size / 512, (unsigned long long)size / 512);
	loss->told = lost;
}
