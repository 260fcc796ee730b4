/* SPDX-License-Identifier: BSD-2-Clause */
/* btfpack: the build host's end of btferry. */
#include <stdio.h>
#include <string.h>

#include "lib/console.h"
#include "lib/heap.h"

#include "btfpack/commands.h"
#include "btfpack/import.h"

static const struct command {
	const char *name;
	enum exit_status (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "import", import_command, "bring kernels' BTF into an archive" },
	{ "reduce", reduce_command, "reduce one kernel's BTF to what objects need of it" },
	{ "build", build_command, "pack an application and its BTFs into a .payload or .run" },
	{ "package", package_command, "make a .deb, an .rpm, a .run of an application" },
	{ "merge", merge_command, "join the parts of a build that ran in shards" },
	{ "sign", sign_command, "sign a .payload or .run that is there already" },
	{ "coverage", coverage_command, "tell which kernels objects fit, and where a relocation fails" },
	{ "list", list_command, "list the kernels inside a .payload or .run" },
	{ "info", info_command, "show what a .payload or .run is" },
	{ "verify", verify_command, "check every byte of a .payload or .run" },
	{ "extract", extract_command, "write what is inside a .payload or .run to files" },
};

enum { COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]) };

static void help(FILE *out)
{
	size_t i;

	fputs("Usage: btfpack COMMAND [ARGUMENT...]\n\n", out);
	for (i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].help);
	fputs("\n`btfpack COMMAND --help` tells more about one.  Exit status: 0 done, 1 a clear\n"
	      "no, 2 usage, 3 a build is needed, 4 not permitted or not known, 5 input damaged or\n"
	      "too new, 6 the system refused.\n", out);
}

enum { MEMORY_KEPT = 32 * 1024 * 1024 };

static enum exit_status dispatch(int argc, char **argv)
{
	size_t i;

	if (argc < 2) {
		help(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		help(stdout);
		return STATUS_DONE;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0) {
		puts("btfpack " BTFERRY_VERSION);
		return STATUS_DONE;
	}
	for (i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	console_error("%s: no such command; `btfpack help` lists them", argv[1]);
	return STATUS_USAGE;
}

int main(int argc, char **argv)
{
	enum exit_status status;

	/*
	 * Kernel after kernel needs the same megabytes: what is freed is kept, for getting pages from
	 * the system and clearing them costs as much as a reduction.
	 */
	heap_prefer_huge_pages(MEMORY_KEPT);
	console_init("btfpack", false);
	status = dispatch(argc, argv);
	/* Results that nobody could read are none, whichever command printed them. */
	if ((fflush(stdout) || ferror(stdout)) && status == STATUS_DONE) {
		console_error("standard output: not everything could be written: is the disk full?");
		status = STATUS_SYSTEM;
	}
	return status;
}
