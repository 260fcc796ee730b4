/* SPDX-License-Identifier: BSD-2-Clause */
/* Privileges and limits of this process, as proc(5) lists them in status and limits. */
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/array.h"

#include "host/policy_parts.h"
#include "host/root.h"

/* include/linux/proc_ns.h: PROC_USER_INIT_INO, the same since 3.8. */
#define INITIAL_USER_NAMESPACE "user:[4026531837]"

enum { PROC_MAX_SIZE = 64 * 1024 };

static struct setting value_of(int64_t value)
{
	return (struct setting){ .known = probe_yes(), .value = value };
}

static struct setting not_known(int error)
{
	return (struct setting){ .known = probe_unknown(error) };
}

/* What stands behind name at the start of a line; NULL when no line starts so. */
static const char *find_line(const char *text, const char *name)
{
	const char *line;

	for (line = text; line; line = strchr(line, '\n'), line += line != NULL)
		if (strncmp(line, name, strlen(name)) == 0)
			return line + strlen(name);
	return NULL;
}

/* A line that is not there: a kernel that was built without it. */
static struct setting number_behind(const char *text, const char *name, int base)
{
	const char *value = find_line(text, name);
	char *end;
	uint64_t number;

	if (!value)
		return (struct setting){ .known = probe_no(ENOENT) };
	number = strtoull(value, &end, base);
	return end == value ? not_known(EBADMSG) : value_of((int64_t)number);
}

/* "Uid:	real	effective	saved	fs" */
static struct setting effective_uid(const char *status)
{
	const char *value = find_line(status, "Uid:");
	char *end;

	if (!value)
		return not_known(EBADMSG);
	strtoull(value, &end, 10);
	return number_behind(end, "", 10);
}

/* "Max locked memory         8388608              8388608              bytes" */
static struct setting soft_memlock(const char *limits)
{
	static const char name[] = "Max locked memory";
	const char *value = find_line(limits, name);

	if (value && strncmp(value + strspn(value, " "), "unlimited", 9) == 0)
		return value_of(POLICY_UNLIMITED);
	return number_behind(limits, name, 10);
}

/* Without /proc, the kernel can be asked for the effective ones. */
static struct setting effective_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	if (syscall(SYS_capget, &header, data) < 0)
		return not_known(errno);
	return value_of((int64_t)((uint64_t)data[1].effective << 32 | data[0].effective));
}

static int read_text(int root_fd, const char *path, struct buffer *text)
{
	int code = root_read(root_fd, path, PROC_MAX_SIZE, text);

	return code ? code : buffer_append(text, "", 1);
}

static void read_status(int root_fd, bool live, struct policy *out)
{
	struct buffer text = { 0 };
	int code = read_text(root_fd, "proc/self/status", &text);
	const char *status = (char *)text.data;

	if (code) {
		out->uid = out->bounding = out->seccomp = out->no_new_privileges = not_known(-code);
		out->capabilities = not_known(-code);
		if (live) {
			out->uid = value_of(geteuid());
			out->capabilities = effective_capabilities();
		}
	} else {
		out->uid = effective_uid(status);
		out->capabilities = number_behind(status, "CapEff:", 16);
		out->bounding = number_behind(status, "CapBnd:", 16);
		out->seccomp = number_behind(status, "Seccomp:", 10);
		out->no_new_privileges = number_behind(status, "NoNewPrivs:", 10);
	}
	buffer_free(&text);
}

void process_read(int root_fd, bool live, struct policy *out)
{
	struct buffer text = { 0 };
	char link[64];
	int code;

	read_status(root_fd, live, out);
	code = read_text(root_fd, "proc/self/limits", &text);
	out->memlock = code ? not_known(-code) : soft_memlock((char *)text.data);
	buffer_free(&text);
	code = root_readlink(root_fd, "proc/self/ns/user", link, sizeof(link));
	if (code)
		out->initial_user_namespace = probe_unknown(-code);
	else
		out->initial_user_namespace = strcmp(link, INITIAL_USER_NAMESPACE) == 0 ?
					      probe_yes() : probe_no(0);
}
