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
	const char *app = report->app, *release = report->facts.release;
	const char *bold = console_bold(), *plain = console_plain();

	switch (report->verdict) {
	case WILL_RUN:
		fprintf(out, "%s%s will run here.%s\n", console_green(), app, plain);
		break;
	case WILL_NOT_RUN:
		fprintf(out, "%s%s will not run here.%s\n", console_red(), app, plain);
		break;
	case NEEDS_BUILD:
		fprintf(out, "%s%s needs a build for %s.%s\n", console_yellow(), app, release, plain);
		break;
	case NOT_KNOWN:
		fprintf(out, "%sIt is not known whether %s will run here.%s\n", console_yellow(), app,
			plain);
		break;
	}
	fprintf(out, "%s\n", report->reason);
	if (report->remedy[0])
		fprintf(out, "%sNext:%s %s\n", bold, plain, report->remedy);
	fputc('\n', out);
}

static void print_system(const struct report *report, FILE *out)
{
	const struct facts *facts = &report->facts;

	line(out, "kernel", "%s %s, %s", facts->release, facts->arch, facts->build);
	line(out, "system", "%s", facts->os.pretty_name[0] ? facts->os.pretty_name :
				  facts->os.id[0] ? facts->os.id : "no os-release");
	if (report->app_version[0])
		line(out, "application", "%s %s", report->app, report->app_version);
	line(out, "object", "%s%s", report->object->name, report->object_given ? " (given)" : "");
}

/* The option behind BTF tells "not built in" from "built in, and hidden from us". */
static bool config_has_btf(const struct facts *facts)
{
	size_t i;

	for (i = 0; i < FACTS_OPTIONS; i++)
		if (strcmp(facts->options[i].name, "CONFIG_DEBUG_INFO_BTF") == 0)
			return facts->options[i].set.truth == TRUTH_YES;
	return false;
}

static void print_btf(const struct report *report, FILE *out)
{
	const struct facts *facts = &report->facts;

	if (facts->kernel_has_btf.truth == TRUTH_YES)
		line(out, "kernel BTF", "%s", facts->btf_source_path);
	else if (facts->kernel_btf_problem[0])
		line(out, "kernel BTF", "cannot be used: %s", facts->kernel_btf_problem);
	else if (config_has_btf(facts))
		line(out, "kernel BTF", "none in /sys/kernel/btf, although the kernel was built with it: "
		     "something hides it");
	else
		line(out, "kernel BTF", "none");
	if (facts->kernel_has_btf.truth != TRUTH_YES && facts->btf_source.truth == TRUTH_YES)
		line(out, "", "%s serves relocations", facts->btf_source_path);
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
	};
	const struct selection *selection = &report->selection;
	size_t i;

	if (!report->payload)
		return;
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
		break;
	}
}

static void print_config(const struct report *report, bool verbose, FILE *out)
{
	const struct facts *facts = &report->facts;
	size_t i;

	if (!facts->kconfig_path[0]) {
		line(out, "kernel config", "not known: %s", strerror(facts->options[0].set.error));
		return;
	}
	line(out, "kernel config", "%s", facts->kconfig_path);
	for (i = 0; i < FACTS_OPTIONS; i++)
		if (verbose || facts->options[i].set.truth != TRUTH_YES)
			line(out, "", "%s=%s", facts->options[i].name, facts->options[i].value);
}

static void print_relocations(const struct report *report, FILE *out)
{
	size_t poison = report_count(report, ANSWERED_POISON);
	size_t refused = report_count(report, ANSWERED_ERROR), i;
	const char *object, *program;
	char text[512];

	line(out, "relocations", "%zu, of which %zu are different; %s",
	     reloset_record_count(report->questions), reloset_question_count(report->questions),
	     !report->answers.states ? "not resolved" :
	     poison + refused == 0 ? "this kernel has them all" : "not on this kernel:");
	for (i = 0; i < report->answers.count; i++) {
		if (report->answers.states[i] != ANSWERED_POISON &&
		    report->answers.states[i] != ANSWERED_ERROR)
			continue;
		reloset_first_use(report->questions, i, &object, &program);
		line(out, "", "%s in %s: %s", reloset_describe(report->questions, i, text, sizeof(text)),
		     program, report->answers.states[i] == ANSWERED_ERROR ? "refused by libbpf" :
		     report->trial.outcome == TRIAL_YES ? "guarded, the kernel took it" :
		     "fatal unless an existence test guards it");
	}
}

static void print_programs(const struct report *report, FILE *out)
{
	const char *label = "programs";
	size_t i;

	for (i = 0; i < report->plan.program_count; i++, label = "") {
		const struct plan_program *program = &report->plan.programs[i];

		line(out, label, "%s: %s%s (%s)", program->name,
		     program->replaced_by ? "replaced by " : "left out",
		     program->replaced_by ? program->replaced_by : "", program->why);
	}
	for (i = 0; i < report->needs.program_count; i++) {
		if (!report->needs.programs[i].kernel_btf)
			continue;
		line(out, label, "%s needs the kernel's own BTF (%s)", report->needs.programs[i].name,
		     report->needs.programs[i].kernel_btf);
		label = "";
	}
	if (report->needs.kernel_btf)
		line(out, label, "the object needs the kernel's own BTF (%s)", report->needs.kernel_btf);
}

/* A probe is worth a line when it is not as one would wish. */
static void print_probe(FILE *out, const char *label, struct probe probe, enum truth good,
			bool verbose, const char *yes, const char *no)
{
	if (probe.truth == good && !verbose)
		return;
	if (probe.truth == TRUTH_UNKNOWN)
		line(out, label, "not known: %s", strerror(probe.error));
	else
		line(out, label, "%s", probe.truth == TRUTH_YES ? yes : no);
}

/* Programs on tracepoints and probes are attached through tracefs; raw tracepoints are not. */
static bool needs_tracefs(const struct needs *needs)
{
	static const char *const SECTIONS[] = { "tp/", "tracepoint/", "kprobe", "kretprobe", "uprobe",
						"uretprobe", "ksyscall", "kretsyscall", "usdt" };
	size_t i, k;

	for (i = 0; i < needs->program_count; i++)
		for (k = 0; k < sizeof(SECTIONS) / sizeof(SECTIONS[0]); k++)
			if (!needs->programs[i].off &&
			    strncmp(needs->programs[i].section, SECTIONS[k], strlen(SECTIONS[k])) == 0)
				return true;
	return false;
}

static void print_probes(const struct report *report, bool verbose, FILE *out)
{
	const struct facts *facts = &report->facts;

	print_probe(out, "bpf(2)", facts->bpf_syscall, TRUTH_YES, verbose, "works", "not there");
	if (report->needs.ringbuf)
		print_probe(out, "ring buffer", facts->ringbuf, TRUTH_YES, verbose, "works",
			    "not there");
	print_probe(out, "capabilities", facts->cap_bpf, TRUTH_YES, verbose,
		    "CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN", "neither CAP_BPF with CAP_PERFMON nor "
		    "CAP_SYS_ADMIN");
	if (verbose || report->trial.outcome != TRIAL_YES)
		print_probe(out, "lockdown", facts->lockdown, TRUTH_NO, verbose, "confidentiality",
			    "not in confidentiality mode");
	if (verbose || needs_tracefs(&report->needs))
		print_probe(out, "tracefs", facts->tracefs, TRUTH_YES, verbose, "mounted",
			    "not mounted: `mount -t tracefs nodev /sys/kernel/tracing`");
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

static void print_trial(const struct report *report, bool verbose, FILE *out)
{
	const struct trial *trial = &report->trial;
	const char *from = trial->log + strlen(trial->log);
	size_t lines = 0;

	line(out, "trial load", "%s%s", trial->outcome == TRIAL_NO ? "refused: " : "", trial->reason);
	if (!verbose || trial->outcome == TRIAL_YES || !trial->log[0])
		return;
	while (from > trial->log && !(from[-1] == '\n' && lines++ == LOG_LINES))
		from--;
	fprintf(out, "\n%s", from);
}

void report_print(const struct report *report, bool verbose, FILE *out)
{
	print_verdict(report, out);
	print_system(report, out);
	print_btf(report, out);
	print_stored(report, out);
	print_config(report, verbose, out);
	print_relocations(report, out);
	print_programs(report, out);
	print_probes(report, verbose, out);
	print_canary(report, out);
	print_trial(report, verbose, out);
}
