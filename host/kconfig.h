/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration a kernel was built with: where it is, and what it says of any option.  Where a
 * configuration was read, an option that it does not name is not set, because Kconfig leaves out
 * what depends on something that is off.
 */
#ifndef HOST_KCONFIG_H
#define HOST_KCONFIG_H

#include "host/probe.h"
#include "lib/array.h"
#include "lib/bytes.h"

/* All lines of a configuration, sorted by name. */
struct kconfig;

/* What a configuration says of an option. */
enum kconfig_state {
	KCONFIG_UNKNOWN,         /* there is no configuration, or not all of it was recorded */
	KCONFIG_ABSENT,          /* the option is not named */
	KCONFIG_NOT_SET,         /* "# CONFIG_X is not set", or CONFIG_X=n */
	KCONFIG_BUILT_IN,        /* =y */
	KCONFIG_MODULE,          /* =m */
	KCONFIG_NUMBER,          /* =123, =0x7b */
	KCONFIG_TEXT,            /* ="text" */
};

struct kconfig_option {
	enum kconfig_state state;
	struct probe set;        /* no: absent or not set; unknown: with the errno that kept us away */
	/*
	 * "y", "m", "n", the number as it is written, or the text without quotes and escapes; ""
	 * when unknown.  Lives as long as the configuration.
	 */
	const char *value;
};

/*
 * Makes a configuration of its text, or of a gzip file's content.  -EBADMSG: a damaged gzip file,
 * or text without any CONFIG_ line.  kconfig_free() frees, and takes NULL.
 */
int kconfig_parse(struct slice text, struct kconfig **out);
void kconfig_free(struct kconfig *kconfig);

/* What it says of "CONFIG_X"; kconfig NULL is unknown, without an errno. */
struct kconfig_option kconfig_find(const struct kconfig *kconfig, const char *name);

/*
 * The kernel's version as its heading has it, "" where it has none: "6.1.192" where uname -r is
 * 6.1.0-56-cloud-amd64, since distributions have names of their own for releases.
 */
const char *kconfig_version(const struct kconfig *kconfig);

/* True when all of it is known; false for NULL. */
bool kconfig_is_complete(const struct kconfig *kconfig);

/* Calls visit for each option that is named, by name, until it returns other than 0. */
int kconfig_each(const struct kconfig *kconfig,
		 int (*visit)(const char *name, const struct kconfig_option *option, void *context),
		 void *context);

/*
 * Reads the configuration of a release below a root: /proc/config.gz, which is the running
 * kernel's own, when running is set, then the places where distributions put it.  Fills path with
 * the file that was read, or that could not be, while no other could: -EACCES and the like for an
 * unreadable one, -EBADMSG for a damaged one; -ENOENT and "" when there is none anywhere.
 */
int kconfig_read(int root_fd, const char *release, bool running, char *path, size_t path_size,
		 struct kconfig **out);

/* The same from a file that was named, relative to dir_fd, plain or packed with gzip. */
int kconfig_read_file(int dir_fd, const char *path, struct kconfig **out);

/*
 * A configuration of options that were recorded one by one; complete: what is not added is not
 * set, else it is unknown.  value is as Kconfig writes it, with quotes around text ("y", "250",
 * "\"text\""); NULL: the option was not named.  -EBADMSG: no such name or value.
 */
struct kconfig *kconfig_new(bool complete);
int kconfig_add(struct kconfig *kconfig, const char *name, const char *value);

/* Appends what a gzip file holds, at most max_size bytes of it; -EBADMSG when it is damaged. */
int kconfig_gunzip(struct slice packed, size_t max_size, struct buffer *out);

#endif
