/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "btfpack/fleet_saying.h"

const char *fleet_group_name(enum fleet_group group)
{
	static const char *const NAMES[] = {
		[FLEET_KERNEL_BTF] = "kernel_btf", [FLEET_SHIPPED_BTF] = "shipped_btf",
		[FLEET_NO_BTF_NEEDED] = "no_btf_needed", [FLEET_NEEDS_BUILD] = "needs_build",
		[FLEET_BLOCKED] = "blocked", [FLEET_UNKNOWN] = "unknown",
	};

	return NAMES[group];
}

const char *fleet_group_title(enum fleet_group group)
{
	static const char *const TITLES[] = {
		[FLEET_KERNEL_BTF] = "ready by kernel BTF", [FLEET_SHIPPED_BTF] = "ready by shipped BTF",
		[FLEET_NO_BTF_NEEDED] = "ready without BTF", [FLEET_NEEDS_BUILD] = "needs a build",
		[FLEET_BLOCKED] = "blocked", [FLEET_UNKNOWN] = "unknown",
	};

	return TITLES[group];
}

/* What others wrote, without what would steer a terminal: control characters become "?". */
static char *printable_copy(const char *text)
{
	char *copy = strdup(text), *at;

	for (at = copy; at && *at; at++) {
		unsigned char c = (unsigned char)*at, next = (unsigned char)at[1];

		/* U+0080 to U+009F are C2 80 to C2 9F. */
		if (c == 0xc2 && next >= 0x80 && next <= 0x9f)
			at[0] = at[1] = '?';
		else if (c < ' ' || c == 0x7f)
			*at = '?';
	}
	return copy;
}

static bool same_answer(const struct fleet_answer *answer, const struct fleet_saying *saying)
{
	size_t i;

	if (answer->group != saying->group || strcmp(answer->reason, saying->reason) != 0 ||
	    answer->command_count != saying->command_count)
		return false;
	for (i = 0; i < saying->command_count; i++)
		if (strcmp(answer->commands[i].command, saying->command[i]) != 0)
			return false;
	return true;
}

static int add_answer(struct fleet *fleet, const struct fleet_saying *saying)
{
	struct fleet_answer *answer;
	size_t i;

	if (array_grow(&fleet->answers, fleet->answer_count, &fleet->answer_capacity))
		return -ENOMEM;
	answer = &fleet->answers[fleet->answer_count++];
	*answer = (struct fleet_answer){
		.group = saying->group,
		.reason = printable_copy(saying->reason),
	};
	for (i = 0; i < saying->command_count; i++)
		answer->commands[i] = (struct fleet_command){ printable_copy(saying->what[i]),
							      printable_copy(saying->command[i]) };
	answer->command_count = saying->command_count;
	for (i = 0; i < saying->command_count; i++)
		if (!answer->commands[i].what || !answer->commands[i].command)
			return -ENOMEM;
	return answer->reason ? 0 : -ENOMEM;
}

/* The host joins those of which the same is to be said. */
static int file_host(struct fleet *fleet, const struct inventory_host *host, size_t kernel,
		     const struct fleet_saying *saying)
{
	const struct facts *facts = host->facts;
	struct fleet_answer *answer;
	struct fleet_host *out;
	size_t place = 0;

	while (place < fleet->answer_count && !same_answer(&fleet->answers[place], saying))
		place++;
	if (place == fleet->answer_count && add_answer(fleet, saying))
		return -ENOMEM;
	answer = &fleet->answers[place];
	if (array_grow(&fleet->hosts, fleet->host_count, &fleet->host_capacity) ||
	    array_grow(&answer->hosts, answer->host_count, &answer->host_capacity))
		return -ENOMEM;
	answer->hosts[answer->host_count++] = fleet->host_count;
	out = &fleet->hosts[fleet->host_count++];
	*out = (struct fleet_host){
		.name = printable_copy(host->name),
		.distro = printable_copy(facts->os.id),
		.version_id = printable_copy(facts->os.version_id),
		.arch = printable_copy(facts->arch),
		.release = printable_copy(facts->release),
		.answer = place,
		.kernel = kernel,
	};
	fleet->totals[saying->group]++;
	return out->name && out->distro && out->version_id && out->arch && out->release ? 0 : -ENOMEM;
}

/* A fleet in the making. */
struct collecting {
	struct fleet_judging judging;
	struct fleet *out;
};

/* Objects that were named by themselves are all to run: the worst counts. */
static int judge_host(const struct inventory_host *host, void *context, struct error *err)
{
	const struct collecting *collecting = context;
	const struct fleet_judging *judging = &collecting->judging;
	const struct coverage_subject *subject = judging->coverage->subject;
	struct fleet_saying worst = { .group = FLEET_KERNEL_BTF };
	size_t kernel = COVERAGE_NONE, judged = 0, i;
	int code;

	for (i = 0; i < subject->count; i++) {
		const struct coverage_object *object = &subject->objects[i];
		struct fleet_saying saying = { .group = FLEET_UNKNOWN };

		if (object->further || !coverage_judges(subject, object, host->facts->arch))
			continue;
		code = fleet_judge_object(judging, object, host, &kernel, &saying, err);
		if (code)
			return code;
		if (!judged++ || saying.group > worst.group)
			worst = saying;
	}
	if (!judged) {
		fleet_say(&worst, FLEET_BLOCKED, "the application has no object for %s", host->facts->arch);
		fleet_advise(&worst, "compile one, name it in [object] of the manifest, and pack again",
		       "path.%s = OBJECT.bpf.o", host->facts->arch);
	}
	code = file_host(collecting->out, host, kernel, &worst);
	return code ? error_errno(err, code, "inventory") : 0;
}

struct placed {
	struct fleet_answer answer;
	size_t place;
};

static int by_weight(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->answer.group != y->answer.group)
		return x->answer.group < y->answer.group ? -1 : 1;
	if (x->answer.host_count != y->answer.host_count)
		return x->answer.host_count < y->answer.host_count ? 1 : -1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static int sort_answers(struct fleet *fleet)
{
	struct placed *placed = calloc(fleet->answer_count + 1, sizeof(*placed));
	size_t i, k;

	if (!placed)
		return -ENOMEM;
	for (i = 0; i < fleet->answer_count; i++)
		placed[i] = (struct placed){ fleet->answers[i], i };
	qsort(placed, fleet->answer_count, sizeof(*placed), by_weight);
	for (i = 0; i < fleet->answer_count; i++) {
		fleet->answers[i] = placed[i].answer;
		for (k = 0; k < fleet->answers[i].host_count; k++)
			fleet->hosts[fleet->answers[i].hosts[k]].answer = i;
	}
	free(placed);
	return 0;
}

int fleet_judge(const struct coverage *coverage, const struct payload *shipped,
		const size_t *kernels, const char *const *files, size_t file_count,
		struct fleet *out, struct error *err)
{
	const struct manifest *manifest = coverage->subject->manifest;
	struct collecting collecting = {
		.judging = { coverage, shipped, kernels, manifest ? manifest->name : "btferry" },
		.out = out,
	};
	size_t i;
	int code = 0;

	for (i = 0; i < file_count && !code; i++)
		code = inventory_read(files[i], judge_host, &collecting, err);
	if (!code && sort_answers(out))
		code = error_errno(err, -ENOMEM, "inventory");
	return code;
}

static void free_answer(struct fleet_answer *answer)
{
	size_t i;

	for (i = 0; i < answer->command_count; i++) {
		free(answer->commands[i].what);
		free(answer->commands[i].command);
	}
	free(answer->reason);
	free(answer->hosts);
}

void fleet_free(struct fleet *fleet)
{
	size_t i;

	for (i = 0; i < fleet->answer_count; i++)
		free_answer(&fleet->answers[i]);
	for (i = 0; i < fleet->host_count; i++) {
		free(fleet->hosts[i].name);
		free(fleet->hosts[i].distro);
		free(fleet->hosts[i].version_id);
		free(fleet->hosts[i].arch);
		free(fleet->hosts[i].release);
	}
	free(fleet->answers);
	free(fleet->hosts);
	*fleet = (struct fleet){ 0 };
}
