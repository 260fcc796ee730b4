/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/console.h"

#include "btfpack/coverage_report.h"

/* Groups of kernels, programs and hosts that are named before "and N more". */
enum { NAMED_GROUPS = 6, NAMED_PROGRAMS = 8, NAMED_HOSTS = 8 };

char *coverage_title(const struct coverage_report *report, char *text, size_t size)
{
	const struct coverage_subject *subject = report->coverage->subject;

	if (subject->manifest)
		snprintf(text, size, "%s %s", subject->manifest->name, subject->manifest->version);
	else if (subject->count == 1)
		snprintf(text, size, "%s", subject->objects[0].object->name);
	else
		snprintf(text, size, "%zu objects", subject->count);
	return text;
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static bool same_place(const struct btf_archive_key *a, const struct btf_archive_key *b)
{
	return strcmp(a->id, b->id) == 0 && strcmp(a->version_id, b->version_id) == 0 &&
	       strcmp(a->arch, b->arch) == 0;
}

/* Some kernels of a pack, in its order. */
struct kernels {
	const struct pack *pack;
	const size_t *places;
	size_t count;
};

static const struct btf_archive_key *key_at(const struct kernels *kernels, size_t i)
{
	return &kernels->pack->kernels[kernels->places[i]].entry->key;
}

/* A line for each distribution, version and architecture. */
static void print_kernels(const struct kernels *kernels, bool verbose)
{
	size_t i, end, groups = 0;

	for (i = 0; i < kernels->count; i = end) {
		const struct btf_archive_key *key = key_at(kernels, i);

		end = i + 1;
		while (end < kernels->count && same_place(key, key_at(kernels, end)))
			end++;
		if (!verbose && groups++ == NAMED_GROUPS) {
			printf("    and %zu more kernel%s: --verbose names them\n", kernels->count - i,
			       plural(kernels->count - i));
			return;
		}
		printf("    %s %s %s: %s", key->id, key->version_id, key->arch, key->release);
		if (verbose)
			for (i++; i < end; i++)
				printf(" %s", key_at(kernels, i)->release);
		else if (end - i > 1)
			printf(" to %s, %zu kernels", key_at(kernels, end - 1)->release, end - i);
		putchar('\n');
	}
}

static void print_outcome_kernels(const struct coverage *coverage, size_t outcome, bool verbose)
{
	size_t *places = calloc(coverage->pack->kernel_count + 1, sizeof(*places)), i;
	struct kernels kernels = { coverage->pack, places, 0 };

	for (i = 0; places && i < coverage->pack->kernel_count; i++)
		if (coverage->kernels[i] == outcome)
			places[kernels.count++] = i;
	print_kernels(&kernels, verbose);
	free(places);
}

/* What a result means, in a few words. */
static const char *result_text(enum coverage_result result)
{
	static const char *const TEXTS[] = {
		[RESULT_ABSENT] = "not there, and the program is told so",
		[RESULT_GUARDED] = "not there, and a test keeps the program away",
		[RESULT_POISONED] = "not there, and the program comes to it",
		[RESULT_REFUSED] = "ambiguous or impossible: libbpf refuses the object",
	};

	return TEXTS[result];
}

static const char *role_text(const struct coverage_program *program)
{
	static const char *const TEXTS[] = {
		[ROLE_REQUIRED] = "", [ROLE_OPTIONAL] = ", optional: left out",
		[ROLE_OFF] = ", off unless its loader wants it",
		[ROLE_REPLACED] = ", its alternative takes its place",
		[ROLE_ALTERNATIVE] = ", an alternative that is not needed",
	};

	return program->state == COVERAGE_FAILS ? TEXTS[program->role] : "";
}

static void print_program(const struct coverage_subject *subject,
			  const struct coverage_program *program, bool verbose)
{
	size_t i;
	char text[512];

	printf("    %s of %s%s\n", coverage_program_name(subject, program),
	       subject->objects[program->object].object->name, role_text(program));
	for (i = 0; i < program->count; i++) {
		const struct coverage_finding *finding = &program->findings[i];

		if (verbose || coverage_is_failure(finding))
			printf("      %s: %s\n",
			       reloset_describe(subject->set, finding->question, text, sizeof(text)),
			       result_text(finding->result));
	}
}

/* Those that fail first; without verbose no others. */
static void print_programs(const struct coverage_subject *subject,
			   const struct coverage_outcome *outcome, bool verbose)
{
	size_t i, pass, named = 0, left = 0;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < outcome->count; i++) {
			const struct coverage_program *program = &outcome->programs[i];

			if ((program->state == COVERAGE_FAILS) != (pass == 0) || (pass && !verbose))
				continue;
			if (!verbose && named == NAMED_PROGRAMS) {
				left++;
				continue;
			}
			named++;
			print_program(subject, program, verbose);
		}
	if (left)
		printf("    and %zu more program%s: --verbose names them\n", left, plural(left));
}

static const char *state_title(enum coverage_state state)
{
	static const char *const TITLES[] = {
		[COVERAGE_RESOLVES] = "all relocations resolve", [COVERAGE_FALLBACKS] = "with fallbacks",
		[COVERAGE_FAILS] = "fails",
	};

	return TITLES[state];
}

static const char *state_colour(enum coverage_state state)
{
	return state == COVERAGE_FAILS ? console_red() :
	       state == COVERAGE_FALLBACKS ? console_yellow() : console_green();
}

static void print_totals(const struct coverage *coverage, const char *title)
{
	enum coverage_state state;

	printf("%s%s%s: %zu kernel%s, %zu different outcome%s\n", console_bold(), title,
	       console_plain(), coverage->pack->kernel_count, plural(coverage->pack->kernel_count),
	       coverage->outcome_count, plural(coverage->outcome_count));
	for (state = 0; state < COVERAGE_STATES; state++)
		printf("  %-24s %s%6zu%s\n", state_title(state),
		       coverage->totals[state] ? state_colour(state) : "", coverage->totals[state],
		       console_plain());
}

static size_t count_findings(const struct coverage_outcome *outcome)
{
	size_t count = 0, i;

	for (i = 0; i < outcome->count; i++)
		count += outcome->programs[i].count;
	return count;
}

static void print_outcomes(const struct coverage *coverage, bool verbose)
{
	size_t i;

	for (i = 0; i < coverage->outcome_count; i++) {
		const struct coverage_outcome *outcome = &coverage->outcomes[i];

		printf("\n%s%s%s: %zu kernel%s", state_colour(outcome->state), state_title(outcome->state),
		       console_plain(), outcome->kernels, plural(outcome->kernels));
		if (outcome->count)
			printf("; %zu of the relocations of %zu program%s find nothing",
			       count_findings(outcome), outcome->count, plural(outcome->count));
		putchar('\n');
		print_outcome_kernels(coverage, i, verbose);
		print_programs(coverage->subject, outcome, verbose);
	}
}

/* What no shipped BTF can serve, on whichever kernel. */
static void print_kernel_btf(const struct coverage_subject *subject)
{
	size_t i, k;
	bool any = false;

	for (i = 0; i < subject->count; i++)
		for (k = 0; k < subject->objects[i].needs.program_count; k++) {
			const struct program_needs *p = &subject->objects[i].needs.programs[k];
			const char *why = coverage_kernel_btf(subject, i, k);

			if (!why)
				continue;
			if (!any)
				printf("\nOnly where the kernel exposes its own BTF, whatever resolves:\n");
			any = true;
			printf("    %s of %s (%s)%s%s%s\n", p->name, subject->objects[i].object->name, why,
			       p->alternative ? ": elsewhere " : p->optional ? ": elsewhere left out" : "",
			       p->alternative ? p->alternative : "", p->alternative ? " stands in" : "");
		}
}

static void print_change(const struct since *since, const struct since_item *item, bool verbose)
{
	const struct kernels kernels = { since->after->pack, item->kernels, item->kernel_count };
	size_t i;

	printf("\n%s%s%s: %zu kernel%s\n", item->change == SINCE_LOST ? console_red() :
	       item->change == SINCE_WON ? console_green() : "", since_change_name(item->change),
	       console_plain(), item->kernel_count, plural(item->kernel_count));
	print_kernels(&kernels, verbose);
	if (item->after == COVERAGE_NONE || item->before == COVERAGE_NONE)
		printf("    the %s version has no object for this architecture\n",
		       item->after == COVERAGE_NONE ? "new" : "old");
	for (i = 0; i < item->program_count; i++) {
		const struct since_program *program = &item->programs[i];

		printf("  %s:\n", program->lost ? "fails now" : "failed before");
		print_program((program->lost ? since->after : since->before)->subject, program->program,
			      verbose);
	}
}

static void print_since(const struct coverage_report *report, bool verbose)
{
	const struct since *since = report->since;
	size_t i;

	printf("\n%sSince %s %s%s: %zu kernel%s lost, %zu won, %zu changed, %zu unchanged\n",
	       console_bold(), report->since_app, report->since_version, console_plain(),
	       since->totals[SINCE_LOST], plural(since->totals[SINCE_LOST]), since->totals[SINCE_WON],
	       since->totals[SINCE_CHANGED], since->totals[SINCE_UNCHANGED]);
	for (i = 0; i < since->count; i++)
		if (since->items[i].change > SINCE_CHANGED ||
		    (verbose && since->items[i].change == SINCE_CHANGED))
			print_change(since, &since->items[i], verbose);
}

static void print_answer(const struct fleet *fleet, const struct fleet_answer *answer, bool verbose)
{
	size_t named = verbose ? answer->host_count : NAMED_HOSTS, i;

	printf("\n%s%s%s: %zu host%s\n", answer->group < FLEET_NEEDS_BUILD ? console_green() :
	       answer->group == FLEET_BLOCKED ? console_red() : console_yellow(),
	       fleet_group_title(answer->group), console_plain(), answer->host_count,
	       plural(answer->host_count));
	printf("    %s\n   ", answer->reason);
	for (i = 0; i < answer->host_count && i < named; i++)
		printf(" %s", fleet->hosts[answer->hosts[i]].name);
	if (i < answer->host_count)
		printf(" and %zu more", answer->host_count - i);
	putchar('\n');
	for (i = 0; i < answer->command_count; i++)
		printf("    %s:\n        %s\n", answer->commands[i].what, answer->commands[i].command);
}

static void print_fleet(const struct fleet *fleet, bool verbose)
{
	enum fleet_group group;
	size_t i;

	printf("\n%s%zu host%s%s\n", console_bold(), fleet->host_count, plural(fleet->host_count),
	       console_plain());
	for (group = 0; group < FLEET_GROUPS; group++)
		if (fleet->totals[group] || group != FLEET_NO_BTF_NEEDED)
			printf("  %-24s %6zu\n", fleet_group_title(group), fleet->totals[group]);
	for (i = 0; i < fleet->answer_count; i++)
		print_answer(fleet, &fleet->answers[i], verbose);
}

void coverage_print(const struct coverage_report *report, bool verbose)
{
	char title[256];

	print_totals(report->coverage, coverage_title(report, title, sizeof(title)));
	if (report->fleet) {
		print_fleet(report->fleet, verbose);
		return;
	}
	if (report->since)
		print_since(report, verbose);
	else
		print_outcomes(report->coverage, verbose);
	print_kernel_btf(report->coverage->subject);
}
