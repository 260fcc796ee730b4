/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How one distribution gets the headers of one kernel: names of packages and commands, without a
 * system call.  What is written here was looked up in the distributions' documentation and in the
 * recipes that their kernels are packaged with; where, stands beside it.  builder/ only.
 */
#ifndef BUILDER_RECIPE_H
#define BUILDER_RECIPE_H

#include <stdbool.h>
#include <stddef.h>

/* The kernel, and what is known of its distribution. */
struct recipe_subject {
	const char *release;     /* uname -r; plain characters, RECIPE_NAME_MAX of them at most */
	const char *build;       /* uname -v; "" when not known */
	const char *machine;     /* uname -m */
	const char *id;          /* os-release's ID: a derivative has its own */
	const char *version_id;  /* "" when not known */
};

enum { RECIPE_NAME_MAX = 64, RECIPE_COMMANDS = 5, RECIPE_COMMAND_SIZE = 512 };

struct recipe_command {
	bool as_root;
	char text[RECIPE_COMMAND_SIZE];
};

struct recipe_commands {
	struct recipe_command items[RECIPE_COMMANDS];
	size_t count;
};

struct recipe {
	const char *refresh;     /* reads the package lists anew; NULL where installing does it */
	const char *install;     /* what packages are installed with */
	const char *become_root; /* "sudo" */
	char headers[256];       /* packages with the headers of exactly this kernel; "" none is known */
	const char *compiler;    /* packages; NULL where what the distribution has is too old */
	char folder[160];        /* where the headers are then */
	char carried[256];       /* what of / another host needs of them */
	char note[512];          /* what is peculiar; "" nothing is */
	char image[128];         /* a container image that has these packages; "" none is known */

	/* Where the package is gone from the mirror. */
	char gone[512];
	struct recipe_commands gone_commands;

	/* What gives a vmlinux with debug information, and pahole. */
	char debug[512];
	struct recipe_commands debug_commands;
};

typedef void recipe_maker(const struct recipe_subject *subject, struct recipe *recipe);

recipe_maker recipe_debian, recipe_ubuntu;
recipe_maker recipe_fedora, recipe_rhel, recipe_oracle, recipe_amazon;
recipe_maker recipe_suse, recipe_arch, recipe_manjaro, recipe_alpine;
recipe_maker recipe_wsl, recipe_generic;

/* Appends a command; there is room for RECIPE_COMMANDS. */
void recipe_command(struct recipe_commands *commands, bool as_root, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The number in front of text: "8.10" -> 8; 0 where there is none. */
unsigned int recipe_major(const char *text);

/* What stands in front of the last c of text; the whole text where there is none. */
void recipe_before_last(const char *text, char c, char *out, size_t size);

/* True for text of the characters that names of releases and packages have, and of no other. */
bool recipe_is_plain(const char *text);

/*
 * Copies the word of build that follows mark: "Debian " of "#1 SMP Debian 6.1.192-2 (2026-11-16)"
 * gives 6.1.192-2.  False when there is none, or when it is no plain one.
 */
bool recipe_build_word(const char *build, const char *mark, char *out, size_t size);

#endif
