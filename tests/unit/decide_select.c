/* SPDX-License-Identifier: BSD-2-Clause */
/* Which stored BTF fits: payloads made in memory, one line for each rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <bpf/btf.h>
#include <cmocka.h>

#include "decide/select.h"
#include "payload/writer.h"

/* A packed kernel; btf names one of the stored BTFs, 1 and up. */
struct packed {
	const char *arch, *release, *build, *distro, *version_id;
	int btf;
};

struct stock {
	struct buffer bytes;
	struct payload *payload;
};

/* Different BTFs: an integer whose name has `which` letters. */
static void add_btf(struct payload_writer *writer, int which, uint32_t *number)
{
	struct btf *btf = btf__new_empty();
	char name[16] = "";
	const void *raw;
	uint32_t size;

	memset(name, 'a', (size_t)which);
	assert_true(btf__add_int(btf, name, 4, 0) > 0);
	raw = btf__raw_data(btf, &size);
	assert_int_equal(payload_writer_btf(writer, slice_of(raw, size), number, NULL), 0);
	btf__free(btf);
}

static struct stock stock(const struct packed *list)
{
	struct payload_writer *writer = payload_writer_new();
	const struct digest fingerprint = { .bytes = { 1 } };
	struct error err = ERROR_NONE;
	struct stock out = { .payload = NULL };

	for (; list->arch; list++) {
		struct payload_kernel kernel = {
			.arch = list->arch, .release = list->release, .build = list->build,
			.distro = list->distro, .version_id = list->version_id,
			.full_btf = { .bytes = { (uint8_t)list->btf } },
		};

		add_btf(writer, list->btf, &kernel.btf);
		assert_int_equal(payload_writer_kernel(writer, &kernel, NULL), 0);
	}
	if (payload_writer_finish(writer, "app", "1", &fingerprint, &out.bytes, &err))
		fail_msg("%s", err.text);
	payload_writer_free(writer);
	if (payload_open_bytes(buffer_slice(&out.bytes), "test", &out.payload, &err))
		fail_msg("%s", err.text);
	return out;
}

static void drop(struct stock *out)
{
	payload_close(out->payload);
	buffer_free(&out->bytes);
}

static const struct packed KERNELS[] = {
	/* One entry; and several that share a BTF. */
	{ "x86_64", "6.1.0-1-amd64", "", "debian", "12", 1 },
	{ "x86_64", "6.1.0-2-amd64", "", "debian", "12", 2 },
	{ "x86_64", "6.1.0-2-amd64", "", "kali", "", 2 },
	{ "arm64", "6.1.0-1-amd64", "", "debian", "12", 3 },
	/* Builds of one release. */
	{ "x86_64", "6.1.0-3-amd64", "#1 one", "debian", "12", 1 },
	{ "x86_64", "6.1.0-3-amd64", "#1 two", "debian", "12", 2 },
	{ "x86_64", "6.1.0-3-amd64", "#1 two again", "debian", "12", 2 },
	{ "x86_64", "6.1.0-4-amd64", "#1 one", "debian", "12", 1 },
	/* A known build beside one that is not known. */
	{ "x86_64", "6.1.0-5-amd64", "#1 one", "debian", "12", 1 },
	{ "x86_64", "6.1.0-5-amd64", "", "debian", "11", 2 },
	/* Distributions. */
	{ "x86_64", "4.18.0-1.el8", "", "rhel", "8", 1 },
	{ "x86_64", "4.18.0-1.el8", "", "fedora", "30", 2 },
	{ "x86_64", "5.4.0-1-generic", "", "ubuntu", "18.04", 1 },
	{ "x86_64", "5.4.0-1-generic", "", "ubuntu", "20.04", 2 },
	{ "x86_64", "4.14.1.amzn", "", "amzn", "1", 1 },
	{ "x86_64", "4.14.1.amzn", "", "amzn", "2", 2 },
	/* The exact distribution goes before its family. */
	{ "x86_64", "4.18.0-2.el8", "", "centos", "8", 1 },
	{ "x86_64", "4.18.0-2.el8", "", "ol", "8", 2 },
	/* One release, rebuilt by everybody; majors only, as archives have them. */
	{ "x86_64", "3.10.0-1160.el7.x86_64", "", "rhel", "7", 1 },
	{ "x86_64", "3.10.0-1160.el7.x86_64", "", "centos", "7", 2 },
	{ "x86_64", "3.10.0-1160.el7.x86_64", "", "ol", "7", 3 },
	/* For the nearest. */
	{ "x86_64", "6.1.0-10-cloud-amd64", "", "debian", "12", 1 },
	{ "x86_64", "6.1.0-10-amd64", "", "debian", "12", 1 },
	{ .arch = NULL },
};

static const struct wish {
	const char *title, *arch, *release, *build, *id, *version_id, *id_like;
	enum selection_state state;
	enum selection_rule rule;
	int btf;
} WISHES[] = {
	{ "one entry", "x86_64", "6.1.0-1-amd64", "", "debian", "12", "", SELECTED, BY_RELEASE, 1 },
	{ "one entry, misleading os-release", "x86_64", "6.1.0-1-amd64", "", "alpine", "3", "",
	  SELECTED, BY_RELEASE, 1 },
	{ "one entry, no os-release", "x86_64", "6.1.0-1-amd64", "#9", "", "", "",
	  SELECTED, BY_RELEASE, 1 },
	{ "another architecture", "arm64", "6.1.0-1-amd64", "", "", "", "", SELECTED, BY_RELEASE, 3 },
	{ "an architecture without entries", "riscv64", "6.1.0-1-amd64", "", "", "", "", NOT_PACKED,
	  0, 0 },
	{ "two entries, one BTF", "x86_64", "6.1.0-2-amd64", "", "alpine", "3", "",
	  SELECTED, BY_RELEASE, 2 },

	{ "build one", "x86_64", "6.1.0-3-amd64", "#1 one", "", "", "", SELECTED, BY_BUILD, 1 },
	{ "build two", "x86_64", "6.1.0-3-amd64", "#1 two", "", "", "", SELECTED, BY_BUILD, 2 },
	{ "a third build", "x86_64", "6.1.0-3-amd64", "#1 three", "debian", "12", "", NOT_PACKED, 0, 0 },
	{ "build not known", "x86_64", "6.1.0-3-amd64", "", "debian", "12", "", AMBIGUOUS, 0, 0 },
	{ "the only build", "x86_64", "6.1.0-4-amd64", "#1 one", "", "", "", SELECTED, BY_RELEASE, 1 },
	{ "the only build is another", "x86_64", "6.1.0-4-amd64", "#1 two", "debian", "12", "",
	  NOT_PACKED, 0, 0 },
	{ "the only build, ours not known", "x86_64", "6.1.0-4-amd64", "", "debian", "12", "",
	  SELECTED, BY_RELEASE, 1 },
	{ "known build beside unknown", "x86_64", "6.1.0-5-amd64", "#1 one", "debian", "11", "",
	  SELECTED, BY_BUILD, 1 },
	{ "what remains has no build", "x86_64", "6.1.0-5-amd64", "#1 two", "debian", "12", "",
	  SELECTED, BY_BUILD, 2 },

	{ "rhel minor", "x86_64", "4.18.0-1.el8", "", "rhel", "8.5", "fedora", SELECTED, BY_DISTRO, 1 },
	{ "almalinux", "x86_64", "4.18.0-1.el8", "", "almalinux", "8.10", "rhel centos fedora",
	  SELECTED, BY_DISTRO, 1 },
	{ "rocky", "x86_64", "4.18.0-1.el8", "", "rocky", "8.9", "rhel centos fedora",
	  SELECTED, BY_DISTRO, 1 },
	{ "oracle", "x86_64", "4.18.0-1.el8", "", "ol", "8.9", "fedora", SELECTED, BY_DISTRO, 1 },
	{ "a rebuild nobody knows", "x86_64", "4.18.0-1.el8", "", "eurolinux", "8.5", "rhel fedora",
	  SELECTED, BY_DISTRO, 1 },
	{ "another major", "x86_64", "4.18.0-1.el8", "", "rhel", "9.1", "fedora", AMBIGUOUS, 0, 0 },
	{ "ubuntu", "x86_64", "5.4.0-1-generic", "", "ubuntu", "20.04", "debian", SELECTED, BY_DISTRO, 2 },
	{ "like ubuntu", "x86_64", "5.4.0-1-generic", "", "pop", "18.04", "ubuntu debian",
	  SELECTED, BY_DISTRO, 1 },
	{ "like ubuntu, own numbers", "x86_64", "5.4.0-1-generic", "", "linuxmint", "20.1",
	  "ubuntu debian", AMBIGUOUS, 0, 0 },
	{ "amazon 1", "x86_64", "4.14.1.amzn", "", "amzn", "2018.03", "rhel fedora",
	  SELECTED, BY_DISTRO, 1 },
	{ "amazon 2", "x86_64", "4.14.1.amzn", "", "amzn", "2", "centos rhel fedora",
	  SELECTED, BY_DISTRO, 2 },
	{ "container of another", "x86_64", "4.14.1.amzn", "", "alpine", "3.19", "", AMBIGUOUS, 0, 0 },
	{ "exact before family", "x86_64", "4.18.0-2.el8", "", "ol", "8", "fedora", SELECTED, BY_DISTRO,
	  2 },
	{ "family in disagreement", "x86_64", "4.18.0-2.el8", "", "rocky", "8.5", "rhel", AMBIGUOUS,
	  0, 0 },
	{ "rhel before its rebuilds", "x86_64", "3.10.0-1160.el7.x86_64", "", "rhel", "7.9", "fedora",
	  SELECTED, BY_DISTRO, 1 },
	{ "oracle's rebuild", "x86_64", "3.10.0-1160.el7.x86_64", "", "ol", "7.9", "fedora",
	  SELECTED, BY_DISTRO, 3 },
	{ "a rebuild not packed, of three that differ", "x86_64", "3.10.0-1160.el7.x86_64", "",
	  "scientific", "7.9", "rhel centos fedora", AMBIGUOUS, 0, 0 },
	{ "a release not packed", "x86_64", "6.2.0-1-amd64", "", "debian", "12", "", NOT_PACKED, 0, 0 },
};

static struct os_release os_of(const char *id, const char *version_id, const char *id_like)
{
	struct os_release os = { .id = "" };

	strcpy(os.id, id);
	strcpy(os.version_id, version_id);
	strcpy(os.id_like, id_like);
	return os;
}

static void rules(void **state)
{
	struct stock all = stock(KERNELS);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(WISHES) / sizeof(WISHES[0]); i++) {
		const struct wish *wish = &WISHES[i];
		struct os_release os = os_of(wish->id, wish->version_id, wish->id_like);
		struct selection got = select_btf(all.payload, wish->arch, wish->release, wish->build, &os);
		struct payload_kernel kernel;

		if (got.state != wish->state)
			fail_msg("%s: state %d", wish->title, got.state);
		if (got.state != SELECTED)
			continue;
		kernel = payload_kernel(all.payload, got.kernel);
		if (got.rule != wish->rule || kernel.full_btf.bytes[0] != wish->btf)
			fail_msg("%s: rule %d, BTF %d", wish->title, got.rule, kernel.full_btf.bytes[0]);
		assert_string_equal(kernel.release, wish->release);
		assert_string_equal(kernel.arch, wish->arch);
	}
	drop(&all);
}

static void nearest(void **state)
{
	static const struct {
		const char *release, *best[SELECT_NEAREST];
	} CASES[] = {
		/* The same flavour first; numbers are numbers, so 9 is nearer to 10 than to 5. */
		{ "6.1.0-9-cloud-amd64", { "6.1.0-10-cloud-amd64", "6.1.0-10-amd64", "6.1.0-5-amd64",
					   "6.1.0-4-amd64", "6.1.0-3-amd64" } },
		{ "6.1.0-9-amd64", { "6.1.0-10-amd64", "6.1.0-10-cloud-amd64", "6.1.0-5-amd64",
				     "6.1.0-4-amd64", "6.1.0-3-amd64" } },
		{ "5.3.0-1-generic", { "5.4.0-1-generic" } },
		{ "not a number", { "3.10.0-1160.el7.x86_64" } },
		{ "99999999999999999999999.1", { "6.1.0-1-amd64" } },
	};
	struct stock all = stock(KERNELS);
	struct os_release os = os_of("", "", "");
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct selection got = select_btf(all.payload, "x86_64", CASES[i].release, "", &os);

		assert_int_equal(got.state, NOT_PACKED);
		assert_int_equal(got.nearest_count, SELECT_NEAREST);
		for (k = 0; k < SELECT_NEAREST && CASES[i].best[k]; k++)
			assert_string_equal(payload_kernel(all.payload, got.nearest[k]).release,
					    CASES[i].best[k]);
	}
	drop(&all);
}

/* Fewer kernels than places. */
static void nearest_of_few(void **state)
{
	static const struct packed FEW[] = {
		{ "x86_64", "5.10.0-1-amd64", "", "debian", "11", 1 },
		{ "x86_64", "6.1.0-1-amd64", "#1 one", "debian", "12", 2 },
		{ .arch = NULL },
	};
	struct stock few = stock(FEW);
	struct os_release os = os_of("", "", "");
	struct selection got = select_btf(few.payload, "x86_64", "6.1.0-1-amd64", "#1 two", &os);

	(void)state;
	/* The release is there, its build is not: nearest of all, and still not it. */
	assert_int_equal(got.state, NOT_PACKED);
	assert_int_equal(got.nearest_count, 2);
	assert_string_equal(payload_kernel(few.payload, got.nearest[0]).release, "6.1.0-1-amd64");
	assert_string_equal(payload_kernel(few.payload, got.nearest[1]).release, "5.10.0-1-amd64");
	drop(&few);
}

/* The builds around a kernel that is not packed. */
static void neighbours(void **state)
{
	static const struct packed AROUND[] = {
		{ "x86_64", "6.1.0-10-cloud-amd64", "", "debian", "12", 1 },
		{ "x86_64", "6.1.0-12-cloud-amd64", "", "debian", "12", 1 },
		{ "x86_64", "6.1.0-9-cloud-amd64", "", "debian", "12", 1 },
		/* Of others: no flavour, series, distribution or architecture stands in for another. */
		{ "x86_64", "6.1.0-10-amd64", "", "debian", "12", 2 },
		{ "x86_64", "6.1.0-12-amd64", "", "debian", "12", 3 },
		{ "x86_64", "6.1.0-10-rt-amd64", "", "debian", "12", 2 },
		{ "x86_64", "6.2.0-10-cloud-amd64", "", "debian", "12", 2 },
		{ "x86_64", "6.1.0-10-cloud-amd64", "", "debian", "11", 2 },
		{ "arm64", "6.1.0-10-cloud-amd64", "", "debian", "12", 2 },
		{ "x86_64", "5.14.0-70.13.1.el9_0.x86_64", "", "rhel", "9", 4 },
		{ "x86_64", "5.14.0-70.22.1.el9_0.x86_64", "", "rhel", "9", 4 },
		{ .arch = NULL },
	};
	static const struct {
		const char *release, *id, *version_id;
		size_t older, newer;
		bool agree;
		const char *first, *last;
	} CASES[] = {
		{ "6.1.0-11-cloud-amd64", "debian", "12", 2, 1, true, "6.1.0-9-cloud-amd64",
		  "6.1.0-12-cloud-amd64" },
		/* On one side only. */
		{ "6.1.0-13-cloud-amd64", "debian", "12", 3, 0, false, "6.1.0-9-cloud-amd64",
		  "6.1.0-12-cloud-amd64" },
		{ "6.1.0-8-cloud-amd64", "debian", "12", 0, 3, false, "6.1.0-9-cloud-amd64",
		  "6.1.0-12-cloud-amd64" },
		/* Two that differ. */
		{ "6.1.0-11-amd64", "debian", "12", 1, 1, false, "6.1.0-10-amd64", "6.1.0-12-amd64" },
		{ "6.1.0-11-rt-amd64", "debian", "12", 1, 0, false, "6.1.0-10-rt-amd64",
		  "6.1.0-10-rt-amd64" },
		{ "6.1.0-11-cloud-amd64", "ubuntu", "12", 0, 0, false, NULL, NULL },
		/* Aliases of a family, and numbers behind dots. */
		{ "5.14.0-70.17.1.el9_0.x86_64", "rocky", "9.0", 1, 1, true,
		  "5.14.0-70.13.1.el9_0.x86_64", "5.14.0-70.22.1.el9_0.x86_64" },
		{ "5.14.0-70.17.1.el9_1.x86_64", "rocky", "9.1", 0, 0, false, NULL, NULL },
	};
	/* Two builds of a release: the one that is packed is a witness for the one that is not. */
	static const struct packed BUILDS[] = {
		{ "x86_64", "6.1.0-10-amd64", "", "debian", "12", 1 },
		{ "x86_64", "6.1.0-11-amd64", "#1 one", "debian", "12", 2 },
		{ "x86_64", "6.1.0-12-amd64", "", "debian", "12", 1 },
		{ .arch = NULL },
	};
	const struct os_release debian = os_of("debian", "12", "");
	struct stock all = stock(BUILDS);
	struct selection other = select_btf(all.payload, "x86_64", "6.1.0-11-amd64", "#2 two", &debian);
	size_t i;

	assert_int_equal(other.state, NOT_PACKED);
	assert_int_equal(other.neighbours.older, 1);
	assert_int_equal(other.neighbours.newer, 1);
	assert_false(other.neighbours.agree);
	drop(&all);
	all = stock(AROUND);

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct os_release os = os_of(CASES[i].id, CASES[i].version_id, "");
		struct selection got = select_btf(all.payload, "x86_64", CASES[i].release, "", &os);

		assert_int_equal(got.state, NOT_PACKED);
		assert_int_equal(got.neighbours.older, CASES[i].older);
		assert_int_equal(got.neighbours.newer, CASES[i].newer);
		assert_int_equal(got.neighbours.agree, CASES[i].agree);
		if (!CASES[i].first)
			continue;
		assert_string_equal(payload_kernel(all.payload, got.neighbours.first).release,
				    CASES[i].first);
		assert_string_equal(payload_kernel(all.payload, got.neighbours.last).release,
				    CASES[i].last);
		select_neighbours(&got);
		assert_int_equal(got.state, CASES[i].agree ? SELECTED : NOT_PACKED);
		if (CASES[i].agree)
			assert_int_equal(payload_kernel(all.payload, got.kernel).btf, got.neighbours.btf);
	}
	drop(&all);
}

static void aliases(void **state)
{
	static const struct {
		const char *id, *version_id, *os_id, *os_version_id;
		bool same;
	} CASES[] = {
		{ "debian", "bullseye", "debian", "11", true },
		{ "debian", "bullseye", "debian", "12", false },
		{ "debian", "11", "debian", "11", true },
		{ "debian", "sid", "debian", "", true },
		{ "sles", "15.4", "sles_sap", "15.4", true },
		{ "sles", "15.4", "opensuse-leap", "15.4", true },
		{ "sles", "15.4", "opensuse-leap", "15.5", false },
		{ "ol", "7", "ol", "7.9", true },
		{ "rhel", "8", "rhel", "80.1", false },
		{ "rhel", "", "rhel", "8", true },
		{ "rhel", "", "rocky", "8", false },
		{ "amzn", "1", "amzn", "2", false },
		{ "fedora", "38", "fedora", "39", false },
		{ "", "", "debian", "12", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct os_release os = os_of(CASES[i].os_id, CASES[i].os_version_id, "");

		if (select_same_distro(CASES[i].id, CASES[i].version_id, &os) != CASES[i].same)
			fail_msg("%s %s and %s %s", CASES[i].id, CASES[i].version_id, os.id, os.version_id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules),
		cmocka_unit_test(nearest),
		cmocka_unit_test(nearest_of_few),
		cmocka_unit_test(neighbours),
		cmocka_unit_test(aliases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
