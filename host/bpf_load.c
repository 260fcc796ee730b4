/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "lib/file.h"

#include "host/bpf_load.h"

/* Newer than the headers of Debian 12. */
enum { PROG_TYPE_NETFILTER = 32, ATTACH_NETFILTER = 45 };

/* Types that must say for what they are meant, with one of the attach types that they have. */
static const struct {
	uint32_t type, attach_type;
} DEFAULTS[] = {
	{ BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT },
	{ BPF_PROG_TYPE_CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT },
	{ BPF_PROG_TYPE_CGROUP_SYSCTL, BPF_CGROUP_SYSCTL },
	{ BPF_PROG_TYPE_SK_LOOKUP, BPF_SK_LOOKUP },
	{ BPF_PROG_TYPE_LIRC_MODE2, BPF_LIRC_MODE2 },
	{ BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY },
	{ BPF_PROG_TYPE_LSM, BPF_LSM_MAC },
	{ PROG_TYPE_NETFILTER, ATTACH_NETFILTER },
};

static uint32_t attach_type_of(const struct program_kind *kind)
{
	size_t i;

	for (i = 0; !kind->attach_type && i < sizeof(DEFAULTS) / sizeof(DEFAULTS[0]); i++)
		if (DEFAULTS[i].type == kind->type)
			return DEFAULTS[i].attach_type;
	return kind->attach_type;
}

/* LINUX_VERSION_CODE of "5.10.46..."; 0 when text does not start with a version. */
static uint32_t version_code(const char *text)
{
	unsigned major, minor, patch;

	if (sscanf(text, "%u.%u.%u", &major, &minor, &patch) != 3)
		return 0;
	/* As the kernel has it since 4.4.256: the last part stops at 255. */
	return major << 16 | minor << 8 | (patch > 255 ? 255 : patch);
}

/*
 * Before 5.0, kprobe programs must name the kernel's version.  Distributions keep another one in
 * uname -r than the kernel was built as: Debian says it in uname -v ("Debian 4.19.316-1"), Ubuntu
 * in a file of its own ("Ubuntu 4.15.0-213.224-generic 4.15.18").
 */
static uint32_t kernel_version(void)
{
	static const char debian[] = "Debian ";
	struct buffer signature = { 0 };
	struct utsname uts;
	const char *at = NULL;
	uint32_t version;

	uname(&uts); /* fails for a bad address only */
	if (!file_read(AT_FDCWD, "/proc/version_signature", 256, &signature, NULL) &&
	    !buffer_append(&signature, "", 1))
		at = strrchr((char *)signature.data, ' ');
	if (!at) {
		at = strstr(uts.version, debian);
		at = at ? at + strlen(debian) : uts.release;
	}
	version = version_code(at);
	buffer_free(&signature);
	return version;
}

void bpf_load(const struct program_kind *kind, const struct bpf_insn *insns, size_t count, bool gpl,
	      struct load_result *result)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options,
		    .expected_attach_type = attach_type_of(kind),
		    .attach_btf_id = kind->attach_btf_id,
		    .log_level = 1, .log_buf = result->log, .log_size = sizeof(result->log));

	result->log[0] = '\0';
	if (kind->type == BPF_PROG_TYPE_KPROBE)
		options.kern_version = kernel_version();
	/* System call programs are of no other sort. */
	if (kind->sleepable || kind->type == BPF_PROG_TYPE_SYSCALL)
		options.prog_flags = BPF_F_SLEEPABLE;
	result->fd = bpf_prog_load((enum bpf_prog_type)kind->type, NULL, gpl ? "GPL" : "Proprietary",
				   insns, count, &options);
}
