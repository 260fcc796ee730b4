/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "host/btf_image.h"
#include "host/btf_sources.h"
#include "host/inquiry.h"
#include "host/root.h"

#define KERNEL_BTF "sys/kernel/btf/vmlinux"

/* libbpf's list (btf__load_vmlinux_btf), in its order; %s is the release. */
static const char *const PLACES[] = {
	"boot/vmlinux-%s",
	"lib/modules/%s/vmlinux-%s",
	"lib/modules/%s/build/vmlinux",
	"usr/lib/modules/%s/kernel/vmlinux",
	"usr/lib/debug/boot/vmlinux-%s",
	"usr/lib/debug/boot/vmlinux-%s.debug",
	"usr/lib/debug/lib/modules/%s/vmlinux",
};

static int try_file(int root_fd, const char *path, const struct btf_build *build, struct error *err)
{
	struct buffer btf = { 0 };
	int fd = root_open_file(root_fd, path), code;

	if (fd < 0)
		return error_errno(err, fd, "/%s", path);
	code = btf_image_read(fd, path, build, &btf, err);
	close(fd);
	buffer_free(&btf);
	return code;
}

/* The running kernel's stays with facts that can be asked: more will be asked of it. */
static void probe_kernel(int root_fd, struct facts *facts)
{
	struct kernel_btf only_here = { .error = -ENOENT };
	struct kernel_btf *btf = facts->inquiry ? &facts->inquiry->btf : &only_here;
	struct error err = ERROR_NONE;
	int code = kernel_btf_open(btf, root_fd, &err);

	if (facts->scope != FACTS_RUNNING || !facts->inquiry)
		kernel_btf_close(btf);
	facts->kernel_has_btf = probe_yes();
	if (!code)
		return;
	facts->kernel_has_btf = probe_no(-code);
	if (code == -ENOENT && root_find(root_fd, "sys/kernel") == 0)
		return;
	snprintf(facts->kernel_btf_problem, sizeof(facts->kernel_btf_problem), "%.255s",
		 code == -ENOENT ? "/sys: is not mounted" : err.text);
	/*
	 * Damaged or of a kind that we do not know is a no; anything else only kept us from
	 * looking.
	 */
	if (code != -EBADMSG && code != -ENOTSUP)
		facts->kernel_has_btf.truth = TRUTH_UNKNOWN;
}

/*
 * The first readable file with BTF is the one that libbpf takes, whatever its build; so one of
 * another build is a no, and not a reason to look further.
 */
static void probe_places(int root_fd, struct facts *facts)
{
	const struct btf_build named = { facts->release, facts->build };
	const struct btf_build *build = facts->build[0] ? &named : NULL;
	char path[sizeof(facts->btf_source_path)];
	size_t i;
	int code;

	facts->btf_source = probe_no(ENOENT);
	for (i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
		path[0] = '/';
		snprintf(path + 1, sizeof(path) - 1, PLACES[i], facts->release, facts->release);
		code = try_file(root_fd, path + 1, build, NULL);
		if (code && code != -ESTALE)
			continue;
		snprintf(facts->btf_source_path, sizeof(facts->btf_source_path), "%s", path);
		facts->btf_source = code ? probe_no(-code) : probe_yes();
		return;
	}
}

int btf_sources_find(int root_fd, const char *release, char *path, size_t size)
{
	size_t i;

	for (i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
		snprintf(path, size, PLACES[i], release, release);
		if (try_file(root_fd, path, NULL, NULL) == 0)
			return 0;
	}
	return -ENOENT;
}

void btf_sources_probe(int root_fd, struct facts *facts)
{
	probe_kernel(root_fd, facts);
	if (facts->kernel_has_btf.truth == TRUTH_YES) {
		facts->btf_source = facts->kernel_has_btf;
		strcpy(facts->btf_source_path, "/" KERNEL_BTF);
	} else if (facts->kernel_btf_problem[0] && facts->kernel_has_btf.error != ENOENT) {
		/* Where the kernel's file is there, newer libbpf looks at no other. */
		facts->btf_source = facts->kernel_has_btf;
	} else {
		probe_places(root_fd, facts);
	}
}

void btf_sources_expect(int root_fd, struct facts *facts)
{
	facts->kernel_has_btf = facts_option(facts, "CONFIG_DEBUG_INFO_BTF").set;
	facts->btf_source = facts->kernel_has_btf;
	if (facts->kernel_has_btf.truth == TRUTH_YES)
		strcpy(facts->btf_source_path, "/" KERNEL_BTF);
	else if (root_fd >= 0)
		probe_places(root_fd, facts);
	/* No file, but perhaps the kernel itself. */
	if (facts->btf_source.truth == TRUTH_NO && facts->kernel_has_btf.truth == TRUTH_UNKNOWN)
		facts->btf_source = facts->kernel_has_btf;
}
