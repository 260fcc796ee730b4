/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line and the environment, as one struct that is passed down. */
#ifndef INSTALLER_OPTIONS_H
#define INSTALLER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/error.h"

struct options {
	const char *invoked;     /* what the program was started as, as it was typed */
	const char *program;     /* the same without folders */
	const char *command;     /* first operand; NULL when there is none */
	char **operands;         /* what follows it */
	size_t operand_count;
	char given[64];          /* letters of the options that were given, each once */

	bool help, version, quiet, json, verbose;
	const char *payload, *app, *root;

	const char **kernels;    /* install, check; owned */
	size_t kernel_count, kernel_capacity;
	bool all_kernels;
	bool dry_run;            /* install, rollback, run */
	bool allow_older;        /* install, build */
	bool allow_nearest;      /* check, install, run, path */
	bool purge;              /* uninstall */

	const char *object, *btf; /* check, run, install; else from the environment, else NULL */
	const char *release, *arch, *config, *os_release, *host_root, *from; /* check */
	bool facts, attach, attach_all, prometheus, nfd; /* check */
	const char *events;
	const char **sets;       /* check, run; owned */
	size_t set_count, set_capacity;
	bool settings;           /* run: list them */
	const char *format;      /* run: "json" or "table" */
	const char *event_struct; /* run */
	uint32_t buffer_size;    /* run: bytes; 0: not given */
	const char *output, *metrics; /* run; metrics: status, too */
	bool live;               /* status */
	const char *headers, *clang, *way, *out; /* build */
	bool print, container;   /* build */
	unsigned duration;
	unsigned timeout;        /* kernel-hook: seconds; 0: not given */
	bool no_canary;
};

/* Options that every command takes, as letters for options_check() and options_print(). */
#define OPTIONS_GLOBAL "parqvhV"

/*
 * Reads the command line; getopt prints what it does not know.  -EINVAL: the usage is wrong and
 * that was said; -ENOMEM.  The command is known then, too.  options_free() frees.
 */
int options_parse(int argc, char **argv, struct options *out);
void options_free(struct options *options);

/*
 * Fills what the command line left open from BTFERRY_BPF_FILE and BTFERRY_BTF_FILE.  An empty
 * value is as if there were none; in a privileged execution (AT_SECURE) there is no environment.
 */
void options_from_environment(struct options *options);

/* False, and said, when an option was given that is neither global nor one of takes. */
bool options_check(const struct options *options, const char *takes);

/* Prints a help line for each option of letters. */
void options_print(const char *letters);

#endif
