// SPDX-License-Identifier: BSD-2-Clause
/*
 * Does one act, as act.h tells.
 *
 *     act NAME FOLDER        FOLDER/act must be this program
 *     act names              prints what there is
 *     act nothing            what acts execute: ends at once
 *     act traceme [thread]   likewise, asks to be traced; by a second thread
 *     act am-root            likewise, succeeds as root
 *
 * Exit status 77: this kernel cannot do it, and standard error says why.  Static and without a
 * library, so that it runs in any guest.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include "tests/proctrace/act.h"

static const struct {
	const char *name;
	void (*act)(void);
} acts[] = {
	{ "fileless", act_fileless },
	{ "fileless-unlinked", act_fileless_unlinked },
	{ "fileless-near", act_fileless_near },
	{ "shell", act_shell },
	{ "shell-near", act_shell_near },
	{ "dropped", act_dropped },
	{ "dropped-near", act_dropped_near },
	{ "preload", act_preload },
	{ "preload-near", act_preload_near },
	{ "service", act_service },
	{ "service-near", act_service_near },
	{ "debugging", act_debugging },
	{ "debugging-near", act_debugging_near },
	{ "injection", act_injection },
	{ "injection-near", act_injection_near },
	{ "bpf", act_bpf },
	{ "bpf-near", act_bpf_near },
	{ "module-near", act_module_near },
	{ "privilege", act_privilege },
	{ "privilege-near", act_privilege_near },
	{ "escape", act_escape },
	{ "escape-near", act_escape_near },
	{ "linker", act_linker },
	{ "linker-near", act_linker_near },
	{ "persistence", act_persistence },
	{ "persistence-near", act_persistence_near },
	{ "process", act_process },
	{ "credentials", act_credentials },
	{ "files", act_files },
	{ "sockets", act_sockets },
	{ "sockets6", act_sockets6 },
};

enum { ACTS = sizeof(acts) / sizeof(acts[0]) };

static void *traceme(void *nothing)
{
	(void)nothing;
	if (ptrace(PTRACE_TRACEME, 0, 0, 0))
		give_up("PTRACE_TRACEME");
	/* A traced thread's end would be the tracer's to wait for. */
	_exit(0);
}

static int traceme_in_thread(void)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, traceme, NULL);
	if (errno)
		give_up("pthread_create");
	pthread_join(thread, NULL);
	return 1;
}

static int be_executed(int count, char **words)
{
	if (!strcmp(words[1], "am-root"))
		return geteuid() != 0;
	if (!strcmp(words[1], "traceme"))
		return count > 2 ? traceme_in_thread() : (traceme(NULL), 1);
	return 0;
}

int main(int argc, char **argv)
{
	const char *executed[] = { "nothing", "am-root", "traceme" };
	size_t i;

	for (i = 0; argc > 1 && i < sizeof(executed) / sizeof(executed[0]); i++)
		if (!strcmp(argv[1], executed[i]))
			return be_executed(argc, argv);
	for (i = 0; argc == 2 && !strcmp(argv[1], "names") && i < ACTS; i++)
		puts(acts[i].name);
	for (i = 0; argc == 3 && i < ACTS; i++) {
		if (strcmp(argv[1], acts[i].name))
			continue;
		folder = argv[2];
		/* An act that waits for ever must not keep all others from being judged. */
		alarm(30);
		acts[i].act();
		return fflush(stdout) || ferror(stdout);
	}
	if (argc == 2 && !strcmp(argv[1], "names"))
		return 0;
	fprintf(stderr, "usage: act NAME FOLDER\n       act names\n");
	return 2;
}
