/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a command without a capability, as a container or a service has it: root, and the capability
 * not even in the bounding set.  (busybox's setpriv cannot do that.)
 *
 *     without CAPABILITY COMMAND...      CAPABILITY: its number, capabilities(7)
 */
#include <err.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 3)
		errx(2, "usage: without CAPABILITY COMMAND...");
	if (prctl(PR_CAPBSET_DROP, (unsigned long)atoi(argv[1]), 0, 0, 0))
		err(1, "capability %s", argv[1]);
	execvp(argv[2], argv + 2);
	err(127, "%s", argv[2]);
}
