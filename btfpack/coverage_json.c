/* SPDX-License-Identifier: BSD-2-Clause */
/* Coverage as a document.  NULL stands for want of memory; json_pack() hands it on. */
#include "host/probe_json.h"

#include "btfpack/coverage_report.h"

enum { SCHEMA = 1 };

static json_t *text_or_null(const char *text)
{
	return text && *text ? bytes_to_json(text) : json_null();
}

static json_t *place_or_null(size_t place)
{
	return place == COVERAGE_NONE ? json_null() : json_integer((json_int_t)place);
}

/* Takes item over.  True when there is none, or no memory for it. */
static bool append_fails(json_t *array, json_t *item)
{
	return !item || json_array_append_new(array, item) < 0;
}

/* The array that count calls of make fill. */
static json_t *array_of(json_t *(*make)(const void *context, size_t i), const void *context,
			size_t count)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; array && i < count; i++) {
		if (!append_fails(array, make(context, i)))
			continue;
		json_decref(array);
		return NULL;
	}
	return array;
}

/* An object of a subject, for its programs. */
struct object_of {
	const struct coverage_subject *subject;
	size_t object;
};

static json_t *program_json(const void *context, size_t i)
{
	const struct object_of *from = context;
	const struct program_needs *p = &from->subject->objects[from->object].needs.programs[i];

	return json_pack("{s:o, s:o, s:b, s:b, s:o, s:o}", "name", bytes_to_json(p->name), "section",
			 bytes_to_json(p->section), "optional", p->optional, "off", p->off,
			 "alternative", text_or_null(p->alternative), "kernel_btf",
			 text_or_null(coverage_kernel_btf(from->subject, from->object, i)));
}

static json_t *object_json(const void *context, size_t i)
{
	const struct coverage_subject *subject = context;
	const struct coverage_object *object = &subject->objects[i];
	const struct object_of programs = { subject, i };

	return json_pack("{s:o, s:o, s:b, s:I, s:o, s:o}", "name", bytes_to_json(object->object->name),
			 "arch", text_or_null(object->arch), "further", object->further, "relocations",
			 (json_int_t)object->object->relo_count, "kernel_btf",
			 text_or_null(object->needs.kernel_btf), "programs",
			 array_of(program_json, &programs, object->needs.program_count));
}

/* A program on one kernel, for its findings. */
struct program_of {
	const struct coverage_subject *subject;
	const struct coverage_program *program;
};

static json_t *finding_json(const void *context, size_t i)
{
	const struct program_of *from = context;
	const struct coverage_finding *finding = &from->program->findings[i];
	const struct reloset *set = from->subject->set;
	char field[512];

	return json_pack("{s:o, s:s, s:s}", "field",
			 bytes_to_json(reloset_field(set, finding->question, field, sizeof(field))),
			 "asks", reloset_kind_name(set, finding->question), "result",
			 coverage_result_name(finding->result));
}

static json_t *findings_json(const struct coverage_subject *subject,
			     const struct coverage_program *program)
{
	const struct program_of findings = { subject, program };

	return array_of(finding_json, &findings, program->count);
}

/* An outcome of a side, for its programs. */
struct outcome_of {
	const struct coverage *coverage;
	const struct coverage_outcome *outcome;
};

static json_t *outcome_program_json(const void *context, size_t i)
{
	const struct outcome_of *from = context;
	const struct coverage_subject *subject = from->coverage->subject;
	const struct coverage_program *program = &from->outcome->programs[i];

	return json_pack("{s:I, s:o, s:s, s:s, s:o}", "object", (json_int_t)program->object, "program",
			 bytes_to_json(coverage_program_name(subject, program)), "state",
			 coverage_state_name(program->state), "role",
			 coverage_role_name(program->role), "findings",
			 findings_json(subject, program));
}

static json_t *outcome_json(const void *context, size_t i)
{
	const struct coverage *coverage = context;
	const struct coverage_outcome *outcome = &coverage->outcomes[i];
	const struct outcome_of programs = { coverage, outcome };

	return json_pack("{s:s, s:I, s:o}", "state", coverage_state_name(outcome->state), "kernels",
			 (json_int_t)outcome->kernels, "programs",
			 array_of(outcome_program_json, &programs, outcome->count));
}

static json_t *kernel_json(const void *context, size_t i)
{
	const struct coverage *coverage = context;
	const struct btf_archive_entry *entry = coverage->pack->kernels[i].entry;

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "distro", bytes_to_json(entry->key.id),
			 "version_id", bytes_to_json(entry->key.version_id), "arch",
			 bytes_to_json(entry->key.arch), "release", bytes_to_json(entry->key.release),
			 "build", text_or_null(entry->build), "outcome",
			 place_or_null(coverage->kernels[i]));
}

static json_t *summary_json(const struct coverage *coverage)
{
	const size_t *totals = coverage->totals;
	size_t kernels = totals[COVERAGE_RESOLVES] + totals[COVERAGE_FALLBACKS] +
			 totals[COVERAGE_FAILS];

	return json_pack("{s:I, s:I, s:I, s:I, s:I}", "kernels", (json_int_t)kernels,
			 "resolves", (json_int_t)totals[COVERAGE_RESOLVES], "fallbacks",
			 (json_int_t)totals[COVERAGE_FALLBACKS], "fails",
			 (json_int_t)totals[COVERAGE_FAILS], "not_used",
			 (json_int_t)coverage->pack->skipped);
}

static json_t *index_json(const void *context, size_t i)
{
	const size_t *places = context;

	return json_integer((json_int_t)places[i]);
}

struct item_of {
	const struct since *since;
	const struct since_item *item;
};

static json_t *changed_program_json(const void *context, size_t i)
{
	const struct item_of *from = context;
	const struct since_program *program = &from->item->programs[i];
	const struct coverage *side = program->lost ? from->since->after : from->since->before;

	return json_pack("{s:s, s:o, s:o}", "change", program->lost ? "lost" : "won", "program",
			 bytes_to_json(coverage_program_name(side->subject, program->program)),
			 "findings", findings_json(side->subject, program->program));
}

static json_t *state_json(const struct coverage *side, size_t outcome)
{
	return outcome == COVERAGE_NONE ? json_null() :
	       json_string(coverage_state_name(side->outcomes[outcome].state));
}

static json_t *change_json(const void *context, size_t i)
{
	const struct since *since = context;
	const struct since_item *item = &since->items[i];
	const struct item_of programs = { since, item };

	return json_pack("{s:s, s:o, s:o, s:o, s:o}", "change", since_change_name(item->change),
			 "before", state_json(since->before, item->before), "after",
			 state_json(since->after, item->after), "programs",
			 array_of(changed_program_json, &programs, item->program_count), "kernels",
			 array_of(index_json, item->kernels, item->kernel_count));
}

static json_t *since_json(const struct coverage_report *report)
{
	const struct since *since = report->since;
	size_t changes = 0;

	if (!since)
		return json_null();
	/* Sorted: what is unchanged stands last. */
	while (changes < since->count && since->items[changes].change != SINCE_UNCHANGED)
		changes++;
	return json_pack("{s:s, s:s, s:{s:I, s:I, s:I, s:I}, s:o}", "application", report->since_app,
			 "version", report->since_version, "summary", "won",
			 (json_int_t)since->totals[SINCE_WON], "lost",
			 (json_int_t)since->totals[SINCE_LOST], "changed",
			 (json_int_t)since->totals[SINCE_CHANGED], "unchanged",
			 (json_int_t)since->totals[SINCE_UNCHANGED], "changes",
			 array_of(change_json, since, changes));
}

static json_t *command_json(const void *context, size_t i)
{
	const struct fleet_answer *answer = context;

	return json_pack("{s:o, s:o}", "what", bytes_to_json(answer->commands[i].what), "command",
			 bytes_to_json(answer->commands[i].command));
}

static json_t *answer_json(const void *context, size_t i)
{
	const struct fleet *fleet = context;
	const struct fleet_answer *answer = &fleet->answers[i];

	return json_pack("{s:s, s:o, s:o, s:o}", "group", fleet_group_name(answer->group), "reason",
			 bytes_to_json(answer->reason), "commands",
			 array_of(command_json, answer, answer->command_count), "hosts",
			 array_of(index_json, answer->hosts, answer->host_count));
}

static json_t *host_json(const void *context, size_t i)
{
	const struct fleet *fleet = context;
	const struct fleet_host *host = &fleet->hosts[i];

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:o}", "name", bytes_to_json(host->name),
			 "distro", bytes_to_json(host->distro), "version_id",
			 bytes_to_json(host->version_id), "arch", bytes_to_json(host->arch), "release",
			 bytes_to_json(host->release), "group", (json_int_t)host->answer, "kernel",
			 place_or_null(host->kernel));
}

static json_t *fleet_json(const struct fleet *fleet)
{
	json_t *summary, *document;
	enum fleet_group group;

	if (!fleet)
		return json_null();
	summary = json_pack("{s:I}", "hosts", (json_int_t)fleet->host_count);
	for (group = 0; summary && group < FLEET_GROUPS; group++) {
		if (json_object_set_new(summary, fleet_group_name(group),
					json_integer((json_int_t)fleet->totals[group])) == 0)
			continue;
		json_decref(summary);
		summary = NULL;
	}
	document = json_pack("{s:o, s:o, s:o}", "summary", summary, "groups",
			     array_of(answer_json, fleet, fleet->answer_count), "hosts",
			     array_of(host_json, fleet, fleet->host_count));
	return document;
}

static json_t *application_json(const struct manifest *manifest)
{
	return !manifest ? json_null() :
	       json_pack("{s:s, s:s}", "name", manifest->name, "version", manifest->version);
}

json_t *coverage_to_json(const struct coverage_report *report)
{
	const struct coverage *coverage = report->coverage;
	const struct coverage_subject *subject = coverage->subject;

	return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "schema", SCHEMA, "application",
			 application_json(subject->manifest), "objects",
			 array_of(object_json, subject, subject->count), "summary",
			 summary_json(coverage), "outcomes",
			 array_of(outcome_json, coverage, coverage->outcome_count), "kernels",
			 array_of(kernel_json, coverage, coverage->pack->kernel_count), "since",
			 since_json(report), "inventory", fleet_json(report->fleet));
}
