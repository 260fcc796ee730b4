/* SPDX-License-Identifier: BSD-2-Clause */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/console.h"

#include "installer/mapped.h"

/* Put together before it is needed: a handler must not. */
static char text[PATH_MAX + 256];

static void tell(int signal)
{
	/* Nothing could be done about a failure to write it. */
	ssize_t ignored = write(STDERR_FILENO, text, strlen(text));

	(void)signal;
	(void)ignored;
	_exit(STATUS_SYSTEM);
}

void mapped_expect(const char *name)
{
	const struct sigaction action = { .sa_handler = tell };

	snprintf(text, sizeof(text), "%s: %s: cannot be read any more: it was cut short while in "
		 "use, or its disk fails\n", console_program(), name);
	sigaction(SIGBUS, &action, NULL); /* fails for a bad signal or address only */
}
