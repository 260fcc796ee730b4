/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The running kernel is asked for what is known of all of them, and beside libbpf's own probes
 * where these can be right.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>
#include <cmocka.h>
#include <linux/bpf.h>

#include "host/bpf_probes.h"

static const struct program_kind kprobe = { .type = BPF_PROG_TYPE_KPROBE };
static const struct program_kind xdp = { .type = BPF_PROG_TYPE_XDP };
static const struct program_kind filter = { .type = BPF_PROG_TYPE_SOCKET_FILTER };

static void needs_bpf(void)
{
	struct probe here = probe_program_kind(&filter);

	if (here.truth == TRUTH_YES)
		return;
	print_message("bpf(2) is not for us here: %s\n", strerror(here.error));
	skip();
}

static int open_files(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static bool names_its_target(uint32_t type)
{
	return type == BPF_PROG_TYPE_TRACING || type == BPF_PROG_TYPE_LSM ||
	       type == BPF_PROG_TYPE_EXT;
}

static void program_types(void **state)
{
	uint32_t type;

	(void)state;
	needs_bpf();
	for (type = BPF_PROG_TYPE_SOCKET_FILTER; type <= BPF_PROG_TYPE_SYSCALL; type++) {
		const struct program_kind kind = { .type = type };
		struct probe ours = probe_program_kind(&kind);
		int theirs = libbpf_probe_bpf_prog_type((enum bpf_prog_type)type, NULL);

		/* libbpf takes "forbidden" for "not there", and only so can be wrong. */
		if (theirs == 1)
			assert_int_equal(ours.truth, TRUTH_YES);
		else if (ours.truth == TRUTH_YES && !names_its_target(type))
			fail_msg("type %u: yes, and libbpf says %d", type, theirs);
		if (ours.truth == TRUTH_UNKNOWN)
			assert_int_not_equal(ours.error, 0);
		if (ours.error == EPERM || ours.error == EACCES)
			assert_int_equal(ours.truth, TRUTH_UNKNOWN);
	}
	/* Beyond all types. */
	assert_int_equal(probe_program_kind(&(struct program_kind){ .type = 1000 }).truth, TRUTH_NO);
}

static void map_types(void **state)
{
	uint32_t type;
	int theirs;

	(void)state;
	needs_bpf();
	for (type = BPF_MAP_TYPE_HASH; type <= BPF_MAP_TYPE_USER_RINGBUF; type++) {
		struct probe ours = probe_map_type(type);

		/* Their key has 16 bytes for a 64-bit kernel, 12 in the libbpf of a 32-bit program. */
		if ((type == BPF_MAP_TYPE_CGROUP_STORAGE ||
		     type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE) && sizeof(long) == 4)
			continue;
		theirs = libbpf_probe_bpf_map_type((enum bpf_map_type)type, NULL);

		if (ours.truth != TRUTH_UNKNOWN && (ours.truth == TRUTH_YES) != (theirs == 1))
			fail_msg("map type %u: %d, and libbpf says %d", type, ours.truth, theirs);
	}
	assert_int_equal(probe_map_type(1000).truth, TRUTH_NO);
}

static void map_shapes(void **state)
{
	(void)state;
	needs_bpf();
	/* A million entries cost nothing, because they are not made. */
	assert_int_equal(probe_map(BPF_MAP_TYPE_HASH, 4, 1024, 1u << 30, 0).truth, TRUTH_YES);
	assert_int_equal(probe_map(BPF_MAP_TYPE_HASH, 0, 8, 16, 0).truth, TRUTH_NO);
	assert_int_equal(probe_map(BPF_MAP_TYPE_ARRAY, 8, 8, 16, 0).truth, TRUTH_NO);
	assert_int_equal(probe_map(BPF_MAP_TYPE_HASH, 4, 8, 16, 1u << 30).truth, TRUTH_NO);
	assert_int_equal(probe_map(BPF_MAP_TYPE_LPM_TRIE, 8, 8, 16, 0).truth, TRUTH_NO);
	assert_int_equal(probe_map(BPF_MAP_TYPE_LPM_TRIE, 8, 8, 16, BPF_F_NO_PREALLOC).truth,
			 TRUTH_YES);
	/* As libbpf would create it: one entry for each processor. */
	assert_int_equal(probe_map(BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 0, 0).truth, TRUTH_YES);
	/* libbpf rounds the size of a ring buffer up. */
	if (probe_map_type(BPF_MAP_TYPE_RINGBUF).truth == TRUTH_YES) {
		assert_int_equal(probe_map(BPF_MAP_TYPE_RINGBUF, 0, 0, 100, 0).truth, TRUTH_YES);
		assert_int_equal(probe_map(BPF_MAP_TYPE_RINGBUF, 0, 0, 1u << 26, 0).truth,
				 TRUTH_YES);
		assert_int_equal(probe_map(BPF_MAP_TYPE_RINGBUF, 4, 4, 4096, 0).truth, TRUTH_NO);
	}
}

/* What is said of a map without asking is what asking gives. */
static void ordinary_maps(void **state)
{
	static const uint32_t KEYS[] = { 0, 4, 16, 512 }, VALUES[] = { 0, 4, 8, 4096 };
	uint32_t type;
	size_t k, v;

	(void)state;
	needs_bpf();
	for (type = BPF_MAP_TYPE_HASH; type <= BPF_MAP_TYPE_USER_RINGBUF; type++)
		for (k = 0; k < 4; k++)
			for (v = 0; v < 4; v++) {
				struct probe asked;

				if (!probe_map_is_ordinary(type, KEYS[k], VALUES[v], 1, 0))
					continue;
				asked = probe_map(type, KEYS[k], VALUES[v], 1, 0);
				if (asked.truth != probe_map_type(type).truth)
					fail_msg("map type %u, key %u, value %u", type, KEYS[k], VALUES[v]);
			}
	assert_true(probe_map_is_ordinary(BPF_MAP_TYPE_HASH, 8, 64, 10240, 0));
	assert_false(probe_map_is_ordinary(BPF_MAP_TYPE_HASH, 8, 64, 10240, BPF_F_MMAPABLE));
	assert_false(probe_map_is_ordinary(BPF_MAP_TYPE_HASH, 8, 64, 0, 0));
	assert_false(probe_map_is_ordinary(BPF_MAP_TYPE_PERCPU_ARRAY, 4, 65536, 1, 0));
}

static void helpers(void **state)
{
	struct probe answer;

	(void)state;
	needs_bpf();
	assert_int_equal(probe_helpers_selftest().truth, TRUTH_YES);
	assert_int_equal(probe_helper(&kprobe, BPF_FUNC_get_current_pid_tgid, true).truth, TRUTH_YES);
	assert_int_equal(probe_helper(&kprobe, BPF_FUNC_map_update_elem, true).truth, TRUTH_YES);
	assert_int_equal(probe_helper(&kprobe, BPF_FUNC_xdp_adjust_head, true).truth, TRUTH_NO);
	assert_int_equal(probe_helper(&xdp, BPF_FUNC_xdp_adjust_head, true).truth, TRUTH_YES);
	assert_int_equal(probe_helper(&xdp, BPF_FUNC_get_stackid, true).truth, TRUTH_NO);
	assert_int_equal(probe_helper(&kprobe, 100000, true).truth, TRUTH_NO);
	/* There, but not for everybody. */
	answer = probe_helper(&kprobe, BPF_FUNC_perf_event_output, false);
	assert_int_equal(answer.truth, TRUTH_NO);
	assert_int_equal(answer.error, EACCES);
	assert_int_equal(probe_helper(&kprobe, BPF_FUNC_perf_event_output, true).truth, TRUTH_YES);
	assert_int_equal(probe_helper(&kprobe, BPF_FUNC_get_current_pid_tgid, false).truth, TRUTH_YES);
	/* A type that is not there says nothing of its helpers. */
	assert_int_equal(probe_helper(&(struct program_kind){ .type = 1000 },
				      BPF_FUNC_map_lookup_elem, true).truth, TRUTH_UNKNOWN);
	/* What depends on a target that is not known. */
	assert_int_equal(probe_helper(&(struct program_kind){ .type = BPF_PROG_TYPE_LSM },
				      BPF_FUNC_map_lookup_elem, true).truth, TRUTH_UNKNOWN);
}

/* Lines that the kernel wrote about this program since kmsg was wound forward. */
static int lines_about_us(int kmsg)
{
	char line[8192];
	ssize_t length;
	int count = 0;

	while ((length = read(kmsg, line, sizeof(line) - 1)) > 0) {
		line[length] = '\0';
		count += strstr(line, "host_bpf_probes") != NULL;
	}
	return count;
}

static void quiet(void **state)
{
	int kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC), files = open_files();
	uint32_t helper;

	(void)state;
	needs_bpf();
	if (kmsg < 0)
		print_message("/dev/kmsg: %s, so what it says is not known\n", strerror(errno));
	else
		assert_true(lseek(kmsg, 0, SEEK_END) >= 0);
	for (helper = 1; helper < 220; helper++) {
		struct probe answer = probe_helper(&kprobe, helper, true);

		if (helper == BPF_FUNC_trace_printk || helper == BPF_FUNC_probe_write_user ||
		    helper == BPF_FUNC_trace_vprintk) {
			assert_int_equal(answer.truth, TRUTH_UNKNOWN);
			assert_int_equal(answer.error, ENOTSUP);
		}
	}
	assert_int_equal(open_files(), files);
	if (kmsg >= 0) {
		assert_int_equal(lines_about_us(kmsg), 0);
		close(kmsg);
	}
}

static void features(void **state)
{
	int files = open_files();

	(void)state;
	needs_bpf();
	assert_int_not_equal(probe_global_data().truth, TRUTH_UNKNOWN);
	assert_int_not_equal(probe_memcg_accounting().truth, TRUTH_UNKNOWN);
	/* Every kernel that has raw tracepoints has this one. */
	if (probe_program_kind(&(struct program_kind){ .type = BPF_PROG_TYPE_RAW_TRACEPOINT })
		.truth == TRUTH_YES) {
		assert_int_equal(probe_raw_tracepoint("sched_switch").truth, TRUTH_YES);
		assert_int_equal(probe_raw_tracepoint("btferry_no_such").truth, TRUTH_NO);
		assert_int_equal(probe_raw_tracepoint("btferry_no_such").error, ENOENT);
	}
	assert_int_equal(open_files(), files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(program_types),
		cmocka_unit_test(map_types),
		cmocka_unit_test(map_shapes),
		cmocka_unit_test(ordinary_maps),
		cmocka_unit_test(helpers),
		cmocka_unit_test(quiet),
		cmocka_unit_test(features),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
