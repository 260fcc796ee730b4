/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "decide/release.h"
#include "decide/select.h"

/* Distributions that rebuild the same kernels: one of them stands for all, by major version. */
static bool is_enterprise_linux(const char *id)
{
	static const char *const IDS[] = { "rhel", "centos", "almalinux", "rocky", "ol" };
	size_t i;

	for (i = 0; i < sizeof(IDS) / sizeof(IDS[0]); i++)
		if (strcmp(id, IDS[i]) == 0)
			return true;
	return false;
}

/* Other names that archives and os-release have for one thing. */
static const struct {
	const char *id, *version_id;           /* as an archive may have it; NULL: any version */
	const char *same_id, *same_version_id; /* as os-release has it */
} ALIASES[] = {
	{ "amzn", "1", "amzn", "2018.03" },
	{ "debian", "stretch", "debian", "9" },
	{ "debian", "buster", "debian", "10" },
	{ "debian", "bullseye", "debian", "11" },
	{ "debian", "bookworm", "debian", "12" },
	{ "debian", "trixie", "debian", "13" },
	{ "sles", NULL, "sles_sap", NULL },
	{ "sles", NULL, "sled", NULL },
	{ "sles", NULL, "opensuse-leap", NULL }, /* 15.3 and later ship SLE's kernels */
};

static bool is_alias(const char *id, const char *version_id, const struct os_release *os)
{
	size_t i;

	for (i = 0; i < sizeof(ALIASES) / sizeof(ALIASES[0]); i++) {
		const char *version = ALIASES[i].version_id ? ALIASES[i].version_id : os->version_id;

		if (strcmp(id, ALIASES[i].id) == 0 && strcmp(version_id, version) == 0 &&
		    strcmp(os->id, ALIASES[i].same_id) == 0 &&
		    (!ALIASES[i].same_version_id ||
		     strcmp(os->version_id, ALIASES[i].same_version_id) == 0))
			return true;
	}
	return false;
}

static bool same_major(const char *a, const char *b)
{
	size_t n = strcspn(a, ".");

	return n > 0 && n == strcspn(b, ".") && memcmp(a, b, n) == 0;
}

/* Calls match for each word of ID_LIKE as if it were the ID. */
static bool is_like(const char *id, const char *version_id, const struct os_release *os)
{
	const char *word = os->id_like;
	size_t n;

	for (; *word; word += n + (word[n] != '\0')) {
		char like[sizeof(os->id_like)];

		n = strcspn(word, " ");
		memcpy(like, word, n);
		like[n] = '\0';
		if (strcmp(id, like) == 0 && strcmp(version_id, os->version_id) == 0)
			return true;
		if (is_enterprise_linux(like) && is_enterprise_linux(id) &&
		    same_major(version_id, os->version_id))
			return true;
	}
	return false;
}

static bool is_exactly(const char *id, const char *version_id, const struct os_release *os)
{
	return strcmp(id, os->id) == 0 && strcmp(version_id, os->version_id) == 0;
}

bool select_same_distro(const char *id, const char *version_id, const struct os_release *os)
{
	if (is_exactly(id, version_id, os) || is_alias(id, version_id, os))
		return true;
	/* Rolling and testing distributions have no version. */
	if (strcmp(id, os->id) == 0 && (!version_id[0] || !os->version_id[0]))
		return true;
	if (is_enterprise_linux(id) && is_enterprise_linux(os->id))
		return same_major(version_id, os->version_id);
	return is_like(id, version_id, os);
}

/* What is known of the kernel that a BTF is wanted for. */
struct wanted {
	const struct payload *payload;
	const char *build;
	const struct os_release *os;
};

typedef bool (*filter)(const struct payload_kernel *kernel, const struct wanted *wanted);

static bool not_another_build(const struct payload_kernel *kernel, const struct wanted *wanted)
{
	return !kernel->build[0] || !wanted->build[0] || strcmp(kernel->build, wanted->build) == 0;
}

static bool this_build(const struct payload_kernel *kernel, const struct wanted *wanted)
{
	return wanted->build[0] && strcmp(kernel->build, wanted->build) == 0;
}

static bool this_distro(const struct payload_kernel *kernel, const struct wanted *wanted)
{
	return not_another_build(kernel, wanted) &&
	       is_exactly(kernel->distro, kernel->version_id, wanted->os);
}

/* The same name before others of its family: rhel/7 and ol/7 have kernels of one release. */
static bool same_id(const struct payload_kernel *kernel, const struct wanted *wanted)
{
	return not_another_build(kernel, wanted) && strcmp(kernel->distro, wanted->os->id) == 0 &&
	       select_same_distro(kernel->distro, kernel->version_id, wanted->os);
}

static bool same_family(const struct payload_kernel *kernel, const struct wanted *wanted)
{
	return not_another_build(kernel, wanted) &&
	       select_same_distro(kernel->distro, kernel->version_id, wanted->os);
}

/*
 * Counts the different stored BTFs, up to two, of the entries that pass; *chosen is the first
 * entry.  *passed counts the entries.
 */
static unsigned distinct(const struct selection *selection, const struct wanted *wanted,
			 filter pass, size_t *chosen, size_t *passed)
{
	unsigned different = 0;
	uint32_t btf = 0;
	size_t i;

	*passed = 0;
	for (i = selection->first; i < selection->first + selection->count; i++) {
		struct payload_kernel kernel = payload_kernel(wanted->payload, i);

		if (!pass(&kernel, wanted))
			continue;
		++*passed;
		if (different == 0) {
			*chosen = i;
			btf = kernel.btf;
			different = 1;
		} else if (kernel.btf != btf) {
			different = 2;
		}
	}
	return different;
}

struct distance {
	uint64_t parts[RELEASE_NUMBERS];
	bool other_flavour;
};

static struct distance distance(const char *a, const char *b)
{
	const struct release left = release_of(a), right = release_of(b);
	struct distance out = { .other_flavour = strcmp(left.flavour, right.flavour) != 0 };
	size_t i;

	for (i = 0; i < RELEASE_NUMBERS; i++)
		out.parts[i] = left.numbers[i] > right.numbers[i] ? left.numbers[i] - right.numbers[i]
								  : right.numbers[i] - left.numbers[i];
	return out;
}

static bool nearer(const struct distance *a, const struct distance *b)
{
	size_t i;

	for (i = 0; i < RELEASE_NUMBERS; i++)
		if (a->parts[i] != b->parts[i])
			return a->parts[i] < b->parts[i];
	return !a->other_flavour && b->other_flavour;
}

/* Keeps the nearest releases, each one once, best first. */
static void find_nearest(const struct payload *payload, const char *arch, const char *release,
			 struct selection *selection)
{
	struct distance best[SELECT_NEAREST];
	const char *previous = "";
	size_t i, place;

	for (i = 0; i < payload_kernel_count(payload); i++) {
		struct payload_kernel kernel = payload_kernel(payload, i);
		struct distance d;

		/* Sorted: entries of one release are neighbours. */
		if (strcmp(kernel.arch, arch) != 0 || strcmp(kernel.release, previous) == 0)
			continue;
		previous = kernel.release;
		d = distance(kernel.release, release);
		place = selection->nearest_count;
		while (place > 0 && nearer(&d, &best[place - 1]))
			place--;
		if (place == SELECT_NEAREST)
			continue;
		if (selection->nearest_count < SELECT_NEAREST)
			selection->nearest_count++;
		memmove(&best[place + 1], &best[place],
			(selection->nearest_count - place - 1) * sizeof(best[0]));
		memmove(&selection->nearest[place + 1], &selection->nearest[place],
			(selection->nearest_count - place - 1) * sizeof(selection->nearest[0]));
		best[place] = d;
		selection->nearest[place] = i;
	}
}

struct selection select_btf(const struct payload *payload, const char *arch, const char *release,
			    const char *build, const struct os_release *os)
{
	/* From the weakest to the strongest assumption; the first that leaves one stored BTF decides. */
	static const struct {
		filter pass;
		enum selection_rule rule;
	} STEPS[] = {
		{ not_another_build, BY_RELEASE },
		{ this_build, BY_BUILD },
		{ this_distro, BY_DISTRO },
		{ same_id, BY_DISTRO },
		{ same_family, BY_DISTRO },
	};
	const struct wanted wanted = { payload, build, os };
	struct selection selection = { .state = AMBIGUOUS };
	size_t i, passed;

	selection.count = payload_find(payload, arch, release, &selection.first);
	for (i = 0; i < sizeof(STEPS) / sizeof(STEPS[0]); i++) {
		unsigned different = distinct(&selection, &wanted, STEPS[i].pass, &selection.kernel,
					      &passed);

		if (i == 0 && different == 0) {
			selection.state = NOT_PACKED;
			find_nearest(payload, arch, release, &selection);
			selection.neighbours = neighbours_find(payload, arch, release, os);
			return selection;
		}
		if (different != 1)
			continue;
		selection.state = SELECTED;
		/* Where another build's entry was passed over, it was the build that told. */
		selection.rule = i == 0 && passed < selection.count ? BY_BUILD : STEPS[i].rule;
		return selection;
	}
	return selection;
}

void select_neighbours(struct selection *selection)
{
	if (selection->state != NOT_PACKED || !selection->neighbours.agree)
		return;
	selection->state = SELECTED;
	selection->rule = BY_NEIGHBOURS;
	selection->kernel = selection->neighbours.first;
}
