/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/console.h"
#include "loader/externs.h"
#include "payload/names.h"

#include "installer/kernel_config.h"
#include "installer/kernels.h"

struct kernel *kernels_find(const struct kernels *kernels, const char *release)
{
	size_t i;

	for (i = 0; i < kernels->count; i++)
		if (!strcmp(kernels->items[i].release, release))
			return &kernels->items[i];
	return NULL;
}

int kernels_add(struct kernels *kernels, const struct facts *facts, const char *release,
		bool is_named, struct error *err)
{
	struct kernel *kernel = kernels_find(kernels, release);
	int code;

	if (kernel) {
		kernel->is_named |= is_named;
		return 0;
	}
	if (!name_is_kernel_word(release) || strlen(release) >= sizeof(kernel->release))
		return error_set(err, -EINVAL, "`%s`: is no kernel release (as uname -r prints it)",
				 release);
	code = array_grow(&kernels->items, kernels->count, &kernels->capacity);
	if (code)
		return error_errno(err, code, "%s", release);
	kernel = &kernels->items[kernels->count++];
	*kernel = (struct kernel){
		.built = BUILT_NONE,
		.is_named = is_named,
		.is_running = !strcmp(release, facts->release),
	};
	snprintf(kernel->release, sizeof(kernel->release), "%s", release);
	if (kernel->is_running)
		snprintf(kernel->build, sizeof(kernel->build), "%s", facts->build);
	return 0;
}

static const char *rule_name(enum selection_rule rule)
{
	switch (rule) {
	case BY_BUILD:
		return "build";
	case BY_DISTRO:
		return "distribution";
	case BY_NEIGHBOURS:
		return GENERATION_RULE_NEIGHBOURS;
	case BY_RELEASE:
		break;
	}
	return "release";
}

/* One of a few words that live as long as the program; the plan was read with these in mind. */
static const char *source_of(const char *text)
{
	static const char *const SOURCES[] = { "kernel", "stored", "built" };
	size_t i;

	for (i = 0; i < sizeof(SOURCES) / sizeof(SOURCES[0]); i++)
		if (!strcmp(text, SOURCES[i]))
			return SOURCES[i];
	return "none";
}

static const char *rule_of(const char *text)
{
	static const enum selection_rule RULES[] = { BY_RELEASE, BY_BUILD, BY_DISTRO,
						     BY_NEIGHBOURS };
	size_t i;

	for (i = 0; text && i < sizeof(RULES) / sizeof(RULES[0]); i++)
		if (!strcmp(text, rule_name(RULES[i])))
			return rule_name(RULES[i]);
	return text && build_way_of(text) != WAY_COUNT ? build_way_name(build_way_of(text)) : NULL;
}

/* Rows of one name stand for the same in a plan. */
static enum decision decision_of(const char *row)
{
	enum decision decision = DECIDE_NO_BTF_NEEDED;

	while (decision < DECIDE_NOTHING && strcmp(decision_name(decision), row) != 0)
		decision++;
	return decision;
}

/* Adds the kernel of a generation, and finds it. */
static int add_known(struct kernels *kernels, const struct facts *facts,
		     const struct generation_kernel *known, struct kernel **out, struct error *err)
{
	int code = kernels_add(kernels, facts, known->release, false, err);

	*out = code ? NULL : kernels_find(kernels, known->release);
	return code;
}

int kernels_keep(struct kernels *kernels, const struct facts *facts,
		 const struct generation_kernel *known, struct error *err)
{
	struct kernel *kernel;
	int code = add_known(kernels, facts, known, &kernel, err);

	if (code)
		return code;
	kernel->is_kept = true;
	kernel->is_covered = known->covered;
	kernel->source = source_of(known->source);
	kernel->rule = rule_of(known->rule);
	kernel->digest = known->btf;
	snprintf(kernel->build, sizeof(kernel->build), "%s", known->build);
	kernel->plan = (struct plan){
		.decision = decision_of(known->row),
		.status = known->covered ? STATUS_DONE : STATUS_NEEDS_BUILD,
	};
	snprintf(kernel->plan.reason, sizeof(kernel->plan.reason), "%s", known->reason);
	return 0;
}

int kernels_add_known(struct kernels *kernels, const struct facts *facts,
		      const struct generation_kernel *known, struct error *err)
{
	struct kernel *kernel;
	int code = add_known(kernels, facts, known, &kernel, err);

	if (code)
		return code;
	if (!kernel->is_running) {
		snprintf(kernel->build, sizeof(kernel->build), "%s", known->build);
		kernel->was_exposing = !strcmp(known->source, "kernel");
	}
	return 0;
}

/* This host's facts as they will be when the kernel runs, as far as that can be known now. */
static struct facts facts_under(const struct facts *facts, const struct kernel *kernel,
				const struct kernel_config *config)
{
	struct facts there = *facts;

	there.kconfig = config->kconfig;
	there.kconfig_error = config->error;
	if (kernel->is_running)
		return there;
	memcpy(there.release, kernel->release, sizeof(there.release));
	memcpy(there.build, kernel->build, sizeof(there.build));
	/* It exposes BTF if it was built for that. */
	there.kernel_has_btf = facts_option(&there, "CONFIG_DEBUG_INFO_BTF").set;
	/* It was seen when it ran; an absent configuration does not take that back. */
	if (there.kernel_has_btf.truth == TRUTH_UNKNOWN && kernel->was_exposing)
		there.kernel_has_btf = probe_yes();
	there.kernel_btf_problem[0] = '\0';
	there.btf_source = there.kernel_has_btf;
	snprintf(there.btf_source_path, sizeof(there.btf_source_path), "%s",
		 there.btf_source.truth == TRUTH_YES ? "/sys/kernel/btf/vmlinux" : "");
	return there;
}

static enum stored_state stored_state(enum selection_state state)
{
	switch (state) {
	case SELECTED:
		return STORED_ONE;
	case AMBIGUOUS:
		return STORED_AMBIGUOUS;
	case NOT_PACKED:
		break;
	}
	return STORED_NONE;
}

/*
 * The kernel's own BTF before any other: it also serves what other programs load.  Then what was
 * built on purpose for this very build of it; then a stored one.
 */
static int choose_source(struct kernel *kernel, const struct payload *payload,
			 const struct facts *facts, const struct selection *selection,
			 struct error *err)
{
	int code = 0;

	kernel->source = "none";
	if (facts->kernel_has_btf.truth == TRUTH_YES) {
		kernel->source = "kernel";
	} else if (kernel->btf.size) {
		kernel->source = "built";
		kernel->rule = build_way_name(kernel->built.way);
		kernel->digest = digest_of(buffer_slice(&kernel->btf));
	} else if (kernel->plan.object == OBJECT_BUILT_HERE) {
		kernel->rule = build_way_name(kernel->built.way);
	} else if (selection->state == SELECTED) {
		kernel->source = "stored";
		kernel->rule = rule_name(selection->rule);
		code = payload_btf(payload, payload_kernel(payload, selection->kernel).btf,
				   &kernel->btf, err);
		kernel->digest = digest_of(buffer_slice(&kernel->btf));
	}
	return code;
}

/* "debian 12, ubuntu 24.04": whose the entries are that cannot be told apart. */
static void list_candidates(const struct payload *payload, const struct selection *selection,
			    char *text, size_t size)
{
	size_t i, used = 0;

	text[0] = '\0';
	for (i = 0; i < selection->count && used < size; i++) {
		struct payload_kernel entry = payload_kernel(payload, selection->first + i);

		used += (size_t)snprintf(text + used, size - used, "%s%s %s%s%s", i ? ", " : "",
					 entry.distro, entry.version_id, *entry.build ? " " : "",
					 entry.build);
	}
}

/*
 * Reduces the BTF that was built for the objects of today into kernel->btf.  It cannot serve where
 * they ask for more than it knows; what is of another build of the kernel is given up.
 */
static int use_built_btf(struct kernel *kernel, const struct application *application,
			 struct error *err)
{
	struct buffer unresolved = { 0 };
	int code;

	if (kernel->built.way != WAY_COUNT && !built_is_for(&kernel->built, kernel->build)) {
		console_warn("kernel %s: what `build` made was for another build of it (%s), and is left "
			     "out", kernel->release, kernel->built.build);
		built_free(&kernel->built);
	}
	if (!kernel->built.btf.size || built_has_object(&kernel->built, application))
		return 0;
	code = build_reduce(application->objects, application->object_count,
			    buffer_slice(&kernel->built.btf), built_is_part(kernel->built.way),
			    &kernel->btf, &unresolved, err);
	if (code == -ENODATA)
		console_warn("kernel %s: what `build` made does not do for this version any more: %.*s: "
			     "build again", kernel->release,
			     (int)strcspn((char *)unresolved.data, "\n"), (char *)unresolved.data);
	buffer_free(&unresolved);
	return code == -ENODATA ? 0 : code;
}

static int decide_one(struct kernel *kernel, const struct facts *facts,
		      const struct application *application, const struct payload *payload,
		      bool allow_nearest, struct error *err)
{
	struct selection selection = select_btf(payload, facts->arch, facts->release, facts->build,
						&facts->os);
	char candidates[512], object[160];
	struct situation situation = {
		.facts = facts,
		.app = payload_app(payload),
		.needs = &application->needs,
		.candidates = candidates,
		.stored_covers = true, /* the payload's object and its BTFs were packed together */
	};
	int code;

	if (allow_nearest)
		select_neighbours(&selection);
	situation.stored = stored_state(selection.state);
	list_candidates(payload, &selection, candidates, sizeof(candidates));
	if (selection.state == SELECTED && selection.rule == BY_NEIGHBOURS) {
		neighbours_say(&selection.neighbours, payload, candidates, sizeof(candidates));
		situation.neighbours = candidates;
	}
	code = use_built_btf(kernel, application, err);
	if (code)
		return code;
	if (kernel->btf.size) {
		situation.stored = STORED_ONE;
		situation.neighbours = NULL;
		situation.stored_is_built = true;
	} else if (built_has_object(&kernel->built, application)) {
		snprintf(object, sizeof(object), "build/%s/%s.bpf.o", kernel->release,
			 payload_app(payload));
		situation.built_here = object;
		situation.stored = STORED_NONE;
	}
	code = decide(&situation, &kernel->plan, err);
	if (code)
		return code;
	kernel->is_covered = kernel->plan.status == STATUS_DONE;
	return choose_source(kernel, payload, facts, &selection, err);
}

/* Everything that is asked of a kernel's configuration, which is read for it once or not at all. */
static int decide_with_config(struct kernel *kernel, const struct facts *facts,
			      const struct application *application, const struct payload *payload,
			      const char *root, bool allow_nearest, struct error *err)
{
	const struct needs *needs = &application->needs;
	struct kernel_config config = { .error = ENOENT };
	struct facts there;
	int code = 0;

	if (kernel_config_is_wanted(kernel, facts, needs))
		code = kernel_config_read(&config, kernel, root, err);
	if (code)
		return code;
	there = facts_under(facts, kernel, &config);
	code = decide_one(kernel, &there, application, payload, allow_nearest, err);
	if (!code && externs_ask(needs->object))
		code = kernel_config_capture(&config, needs->object, kernel, err);
	kconfig_free(config.kconfig);
	return code;
}

static int compare(const void *a, const void *b)
{
	const struct kernel *left = a, *right = b;

	return strcmp(left->release, right->release);
}

int kernels_decide(struct kernels *kernels, const struct facts *facts,
		   const struct application *application, const struct payload *payload,
		   const char *root, struct error *err)
{
	int code = 0;
	size_t i;

	for (i = 0; !code && i < kernels->count; i++)
		if (!kernels->items[i].is_kept)
			code = decide_with_config(&kernels->items[i], facts, application, payload, root,
						  kernels->allow_nearest, err);
	if (kernels->count)
		qsort(kernels->items, kernels->count, sizeof(*kernels->items), compare);
	return code;
}

void kernels_free(struct kernels *kernels)
{
	size_t i;

	for (i = 0; i < kernels->count; i++) {
		plan_free(&kernels->items[i].plan);
		buffer_free(&kernels->items[i].btf);
		built_free(&kernels->items[i].built);
		buffer_free(&kernels->items[i].options);
	}
	free(kernels->items);
	*kernels = (struct kernels){ 0 };
}
