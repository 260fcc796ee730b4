/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <string.h>

#include "lib/console.h"

#include "checker/report.h"

enum { LOG_LINES = 20 };

size_t report_count(const struct report *report, enum answer_state state)
{
	size_t i, count = 0;

	for (i = 0; i < report->answers.count; i++)
		count += report->answers.states[i] == state;
	return count;
}

static void line(FILE *out, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "  label         text"; an empty label continues the line above. */
static void line(FILE *out, const char *label, const char *format, ...)
{
	va_list args;

	fprintf(out, "  %-13s ", label);
	va_start(args, format);
	vfprintf(out, format, args);
	va_end(args);
	fputc('\n', out);
}

static void print_verdict(const struct report *report, FILE *out)
{
	const char *app = report->name, *release = report->facts.release;
	bool here = facts_are_live(&report->facts);
	const char *on = here ? "here" : release[0] ? "on " : "on this kernel";
	const char *where = here ? "" : release;
	const char *bold = console_bold(), *plain = console_plain();

	switch (report->verdict) {
	case WILL_RUN:
		fprintf(out, "%s%s will run %s%s.%s\n", console_green(), app, on, where, plain);
		break;
	case WILL_NOT_RUN:
		fprintf(out, "%s%s will not run %s%s.%s\n", console_red(), app, on, where,
			plain);
		break;
	case NEEDS_BUILD:
		fprintf(out, "%s%s needs a build for %s.%s\n", console_yellow(), app, release, plain);
		break;
	case NOT_KNOWN:
		fprintf(out, "%sIt is not known whether %s will run %s%s.%s\n", console_yellow(), app,
			on, where, plain);
		break;
	case UNTRIED:
		fprintf(out, "%sNothing that is known keeps %s from running %s%s; it was not tried.%s\n",
			console_yellow(), app, on, where, plain);
		break;
	}
	fprintf(out, "%s\n", report->reason);
	if (report->remedy[0])
		fprintf(out, "%sNext:%s %s\n", bold, plain, report->remedy);
}

static void print_system(const struct report *report, FILE *out)
{
	const struct facts *facts = &report->facts;

	line(out, "kernel", "%s %s%s%s", facts->release[0] ? facts->release : "(not named)", facts->arch,
	     facts->build[0] ? ", " : "", facts->build);
	line(out, "system", "%s", facts->os.pretty_name[0] ? facts->os.pretty_name :
				  facts->os.id[0] ? facts->os.id : "no os-release");
	if (report->app_version[0])
		line(out, "application", "%s %s", report->app, report->app_version);
	line(out, "object", "%s%s", report->object->name, report->object_given ? " (given)" : "");
}

/* The option behind BTF tells "not built in" from "built in, and hidden from us". */
static bool config_has_btf(const struct facts *facts)
{
	return facts_option(facts, "CONFIG_DEBUG_INFO_BTF").set.truth == TRUTH_YES;
}

static void print_btf(const struct report *report, FILE *out)
{
	const struct facts *facts = &report->facts;

	if (facts->kernel_has_btf.truth == TRUTH_YES)
		line(out, "kernel BTF", "%s", facts->btf_source_path);
	else if (facts->kernel_btf_problem[0])
		line(out, "kernel BTF", "cannot be used: %s", facts->kernel_btf_problem);
	else if (facts->kernel_has_btf.truth == TRUTH_UNKNOWN)
		line(out, "kernel BTF", "not known%s%s", facts->kernel_has_btf.error ? ": " : "",
		     facts->kernel_has_btf.error ? strerror(facts->kernel_has_btf.error) : "");
	else if (config_has_btf(facts))
		line(out, "kernel BTF", "none in /sys/kernel/btf, although the kernel was built with it: "
		     "something hides it");
	else
		line(out, "kernel BTF", "none");
	if (facts->kernel_has_btf.truth != TRUTH_YES && facts->btf_source.truth == TRUTH_YES)
		line(out, "", "%s serves relocations", facts->btf_source_path);
	if (report->plan.btf == BTF_KERNEL && report->btf_path[0] &&
	    strcmp(report->btf_path, facts->btf_source_path) != 0)
		line(out, "", "read from %s", report->btf_path);
	if (report->plan.btf == BTF_GIVEN)
		line(out, "given BTF", "%s%s", report->btf_path,
		     report->trial.canary_outcome == CANARY_NOT_RUN ?
		     "; that it is this kernel's is taken at your word" : "");
}

static void print_kernel(const struct report *report, size_t index, const char *label, FILE *out)
{
	struct payload_kernel kernel = payload_kernel(report->payload, index);
	struct digest digest = payload_btf_digest(report->payload, kernel.btf);
	char hex[DIGEST_HEX_SIZE];

	line(out, label, "%.12s of %s, %s %s%s%s (%llu bytes)", digest_hex(&digest, hex),
	     kernel.release, kernel.distro[0] ? kernel.distro : "unknown", kernel.version_id,
	     kernel.build[0] ? ", " : "", kernel.build,
	     (unsigned long long)payload_btf_size(report->payload, kernel.btf));
}

static void print_stored(const struct report *report, FILE *out)
{
	static const char *const rules[] = {
		[BY_RELEASE] = "this release", [BY_BUILD] = "this build (uname -v)",
		[BY_DISTRO] = "this release and distribution",
		[BY_NEIGHBOURS] = "the builds around it, which all have this one",
	};
	const struct selection *selection = &report->selection;
	char around[320];
	size_t i;

	if (!report->payload)
		return;
	if (report->is_built) {
		line(out, "built here", "%s", report->plan.btf == BTF_STORED ?
		     "BTF of this kernel, by `build`" : "the object, for this kernel, by `build`");
		return;
	}
	switch (selection->state) {
	case SELECTED:
		print_kernel(report, selection->kernel, "stored BTF", out);
		line(out, "", "chosen by %s%s", rules[selection->rule],
		     report->plan.btf == BTF_STORED ? "" : "; not used here");
		break;
	case AMBIGUOUS:
		line(out, "stored BTF", "several, and nothing tells them apart:");
		for (i = selection->first; i < selection->first + selection->count; i++)
			print_kernel(report, i, "", out);
		break;
	case NOT_PACKED:
		line(out, "stored BTF", "none for this kernel%s",
		     selection->nearest_count ? "; the nearest that are packed:" : "");
		for (i = 0; i < selection->nearest_count; i++)
			line(out, "", "%s",
			     payload_kernel(report->payload, selection->nearest[i]).release);
		if (selection->neighbours.agree) {
			neighbours_say(&selection->neighbours, report->payload, around, sizeof(around));
			line(out, "", "but %s: --allow-nearest takes it, here as in install and run", around);
		}
		break;
	}
}

static void print_config(const struct report *report, FILE *out)
{
	const struct facts *facts = &report->facts;
	const char *const *name;

	if (!facts->kconfig) {
		line(out, "kernel config", "not known: %s", strerror(facts->kconfig_error));
		return;
	}
	line(out, "kernel config", "%s", facts->kconfig_path);
	for (name = facts_options; *name; name++) {
		struct kconfig_option option = facts_option(facts, *name);

		line(out, "", "%s=%s", *name, option.value);
	}
}

/* "on_exec, on_fork": those that come to it, else those that merely have it. */
static void list_askers(const struct report *report, size_t question, bool *guarded, char *text,
			size_t size)
{
	size_t i, used = 0;

	*guarded = true;
	text[0] = '\0';
	for (i = 0; i < report->needs.program_count; i++)
		*guarded &= evidence_use(&report->evidence, i, question) != USE_REACHED;
	for (i = 0; i < report->needs.program_count && used < size; i++) {
		enum use use = evidence_use(&report->evidence, i, question);

		if (use == USE_REACHED || (use == USE_GUARDED && *guarded))
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "",
						 report->needs.programs[i].name);
	}
}

static void print_missing(const struct report *report, size_t question, FILE *out)
{
	bool refused = report->answers.states[question] == ANSWERED_ERROR, guarded;
	char text[384], programs[256];

	reloset_describe(report->questions, question, text, sizeof(text));
	list_askers(report, question, &guarded, programs, sizeof(programs));
	line(out, "", "%s, used in %s: %s", text, programs,
	     refused ? "refused by libbpf" :
	     guarded ? "guarded: a test keeps the program away from it" :
	     report->trial.outcome == TRIAL_YES ? "guarded, the kernel took it" :
	     report->trial.outcome == TRIAL_NO ? "not guarded" :
	     "fatal unless an existence test guards it");
}

/* The unguarded ones, which can be fatal, in any case; of the others how many there are. */
static void print_relocations(const struct report *report, enum report_detail detail, FILE *out)
{
	size_t poison = report_count(report, ANSWERED_POISON);
	size_t refused = report_count(report, ANSWERED_ERROR), i;
	char programs[8];
	bool guarded;

	if (!report->needs.relocations)
		return;
	line(out, "relocations", "%zu (%zu different); %s", reloset_record_count(report->questions),
	     reloset_question_count(report->questions),
	     !report->answers.states ? "not resolved" :
	     poison + refused == 0 ? "this kernel has them all" : "not on this kernel:");
	for (i = 0; report->answers.states && i < report->answers.count; i++) {
		if (report->answers.states[i] != ANSWERED_POISON &&
		    report->answers.states[i] != ANSWERED_ERROR)
			continue;
		list_askers(report, i, &guarded, programs, sizeof(programs));
		if (detail == REPORT_LONG || !guarded || report->answers.states[i] == ANSWERED_ERROR)
			print_missing(report, i, out);
		else
			poison--;
	}
	i = report_count(report, ANSWERED_POISON) - poison;
	if (i > 0)
		line(out, "", "%zu that a test guards in the program (--verbose names them)", i);
}

/* The level that a program comes to no further than, with what is to be said of it. */
static const struct finding *worst_level(const struct finding *levels, enum level *level)
{
	size_t i, worst = LEVEL_PARSES;

	for (i = 0; i < LEVELS; i++)
		if (levels[i].answer > levels[worst].answer)
			worst = i;
	*level = (enum level)worst;
	return &levels[worst];
}

static const char *answer_word(enum answer answer)
{
	static const char *const WORDS[] = {
		[ANSWER_SKIP] = "-", [ANSWER_YES] = "yes", [ANSWER_UNKNOWN] = "not known",
		[ANSWER_BLOCKED] = "blocked", [ANSWER_NO] = "no",
	};

	return WORDS[answer];
}

static void print_levels(const struct report *report, size_t program, const char *name, FILE *out)
{
	char text[128];
	size_t i, used = 0;

	for (i = 0; i < LEVELS; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s %s", i ? ", " : "",
					 level_name((enum level)i),
					 answer_word(report->levels[program][i].answer));
	line(out, name, "%s (%s): %s", report->needs.programs[program].name,
	     report->needs.programs[program].section, text);
	for (i = 0; i < LEVELS; i++)
		if (report->levels[program][i].reason[0])
			line(out, "", "  %s: %s", level_name((enum level)i),
			     report->levels[program][i].reason);
}

static void print_programs(const struct report *report, enum report_detail detail, FILE *out)
{
	size_t i, fine = 0, attached = 0;
	const char *label = "programs";
	enum level level;

	for (i = 0; i < report->needs.program_count; i++) {
		const struct program_needs *program = &report->needs.programs[i];
		const struct finding *finding = worst_level(report->levels[i], &level);

		if (plan_state(&report->plan, program) == PROGRAM_OFF)
			continue;
		if (detail != REPORT_LONG && finding->answer <= ANSWER_YES) {
			fine++;
			attached += report->levels[i][LEVEL_ATTACHES].answer == ANSWER_YES;
			continue;
		}
		if (detail == REPORT_LONG)
			print_levels(report, i, label, out);
		else
			line(out, label, "%s (%s) %s: %s%s%s", program->name, program->section,
			     level_name(level), answer_word(finding->answer),
			     finding->reason[0] ? ": " : "", finding->reason);
		label = "";
	}
	if (fine)
		line(out, label, "%zu %s%s", fine, fine == 1 ? "loads" : "load",
		     attached < fine ? "; a loader of the object's own attaches what no section says "
		     "where" : fine == 1 ? " and attaches" : " and attach");
	for (i = 0; i < report->plan.program_count; i++) {
		const struct plan_program *program = &report->plan.programs[i];

		line(out, "", "%s: %s%s (%s)", program->name,
		     program->replaced_by ? "replaced by " : "left out",
		     program->replaced_by ? program->replaced_by : "", program->why);
	}
	if (report->needs.kernel_btf)
		line(out, "", "the object needs the kernel's own BTF (%s)", report->needs.kernel_btf);
}

static void print_events(const struct report *report, FILE *out)
{
	static const char *const WAYS[] = {
		[EVENTS_RINGBUF] = "through the ring buffer",
		[EVENTS_PERF] = "through the perf buffer",
		[EVENTS_PERF_INSTEAD] = "through the perf buffer: this kernel has no ring buffer",
	};

	if (report->events != EVENTS_NONE)
		line(out, "events", "%s", WAYS[report->events]);
}

/* The programs' lines say what these say. */
static bool is_said_by_programs(enum item item)
{
	switch (item) {
	case ITEM_RELOCATIONS:
	case ITEM_KPROBES:
	case ITEM_TRACEPOINTS:
	case ITEM_RAW_TRACEPOINTS:
	case ITEM_FENTRY:
	case ITEM_UPROBES:
	case ITEM_LOAD:
		return true;
	default:
		return false;
	}
}

/*
 * What was looked at, besides the programs.  Where all is well, or the verdict says the same, no
 * item stands there as if it were the cause.
 */
static void print_items(const struct report *report, enum report_detail detail, FILE *out)
{
	size_t i;

	for (i = 0; i < ITEMS; i++) {
		const struct finding *item = &report->items[i];
		bool bad = item->answer >= ANSWER_BLOCKED && report->verdict != WILL_RUN &&
			   !is_said_by_programs((enum item)i) &&
			   !strcasestr(report->reason, item->reason + (item->reason[0] != '\0'));

		if (item->answer != ANSWER_SKIP && (detail == REPORT_LONG || bad))
			line(out, item_id((enum item)i), "%s%s%s", answer_word(item->answer),
			     item->reason[0] ? ": " : "", item->reason);
	}
}

static void print_canary(const struct report *report, FILE *out)
{
	const struct canary_report *canary = &report->trial.canary;
	size_t i;

	if (report->trial.canary_outcome == CANARY_AGREES)
		line(out, "canary", "%zu of %zu fields agree with the kernel", canary->matched,
		     canary->count);
	else
		line(out, "canary", "%s", report->trial.canary_reason);
	for (i = 0; i < canary->count; i++)
		if (canary->checks[i].state == CANARY_UNCHECKED)
			line(out, "", "%s was not checked: %s", canary->checks[i].field,
			     canary->checks[i].expected);
}

static void print_trial(const struct report *report, enum report_detail detail, FILE *out)
{
	const struct trial *trial = &report->trial;
	const char *from = trial->log + strlen(trial->log);
	size_t lines = 0;

	line(out, "trial load", "%s%s", trial->outcome == TRIAL_NO ? "refused: " : "", trial->reason);
	if (detail != REPORT_LONG || trial->outcome == TRIAL_YES || !trial->log[0])
		return;
	while (from > trial->log && !(from[-1] == '\n' && lines++ == LOG_LINES))
		from--;
	fprintf(out, "\n%s", from);
}

void report_print(const struct report *report, enum report_detail detail, FILE *out)
{
	print_verdict(report, out);
	if (detail == REPORT_SHORT)
		return;
	fputc('\n', out);
	print_system(report, out);
	print_btf(report, out);
	print_stored(report, out);
	if (detail == REPORT_LONG)
		print_config(report, out);
	print_relocations(report, detail, out);
	print_programs(report, detail, out);
	print_events(report, out);
	print_items(report, detail, out);
	print_canary(report, out);
	print_trial(report, detail, out);
}
