/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "decide/needs.h"
#include "lib/console.h"

#include "btfpack/report.h"

/* Kernels named for one relocation before "and N more". */
enum { NAMED_KERNELS = 3 };

static bool unresolved(const struct pack_class *class, size_t question)
{
	return class->answers.states[question] == ANSWERED_POISON ||
	       class->answers.states[question] == ANSWERED_ERROR;
}

static void report_totals(const struct application *application, const struct pack *pack,
			  const char *path, size_t size)
{
	const struct reloset *set = application->objects.relos;
	size_t stored = 0, i;

	for (i = 0; i < pack->class_count; i++)
		stored += pack->classes[i].btf.size;
	printf("%s%s %s%s\n", console_bold(), application->manifest.name, application->manifest.version,
	       console_plain());
	printf("  relocations %8zu in %zu objects (the canary is one), %zu different\n",
	       reloset_record_count(set), application->objects.count, reloset_question_count(set));
	printf("  kernels     %8zu with %.1f MB of BTF, reduced to %.1f KB\n", pack->kernel_count,
	       (double)pack->full_bytes / 1e6, (double)pack->reduced_bytes / 1e3);
	printf("  stored BTFs %8zu, one for each class of kernels that answer alike: %zu bytes\n",
	       pack->class_count, stored);
	if (pack->kernel_count)
		printf("  a kernel    %8.0f bytes before compression\n",
		       (double)stored / (double)pack->kernel_count);
	printf("  written     %8zu bytes to %s\n", size, path);
}

/* The kernels on which question is not resolved, some by name. */
static void print_kernels(const struct pack *pack, size_t question, size_t total)
{
	size_t named = 0, i;

	for (i = 0; i < pack->kernel_count && named < NAMED_KERNELS; i++) {
		const struct pack_kernel *kernel = &pack->kernels[i];

		if (!unresolved(&pack->classes[kernel->class], question))
			continue;
		printf("%s%s %s", named ? ", " : "", kernel->entry->key.release, kernel->entry->key.arch);
		named++;
	}
	if (total > named)
		printf(" and %zu more", total - named);
	putchar('\n');
}

/* `task_struct___before_5_5` is there to be asked for, and to be missing. */
static bool is_flavour(const char *text)
{
	return strstr(text, "___") != NULL;
}

static void report_unresolved(const struct reloset *set, const struct pack *pack)
{
	size_t question, total, i, flavours = 0, others = 0;
	const char *object, *program;
	char text[256];

	for (question = 0; question < reloset_question_count(set); question++) {
		for (total = 0, i = 0; i < pack->class_count; i++)
			if (unresolved(&pack->classes[i], question))
				total += pack->classes[i].kernels;
		if (!total)
			continue;
		if (is_flavour(reloset_describe(set, question, text, sizeof(text)))) {
			flavours++;
			continue;
		}
		if (!others++)
			printf("\n  Not in every kernel. Where the program asks first whether they exist, that is "
			       "well;\n  else it does not load there:\n");
		reloset_first_use(set, question, &object, &program);
		printf("    %s, in %s: %zu of %zu: ", text, program, total, pack->kernel_count);
		print_kernels(pack, question, total);
	}
	if (flavours)
		printf("  alternatives%8zu for other kernels (___flavours) that some or all of these lack\n",
		       flavours);
}

static bool answered_anywhere(const struct pack *pack, size_t question)
{
	size_t i;

	for (i = 0; i < pack->class_count; i++)
		if (pack->classes[i].answers.states[question] == ANSWERED)
			return true;
	return false;
}

/* Ids of the kernel's own types: there, the reduced file's ids are those of other types. */
static void report_kernel_ids(const struct reloset *set, const struct pack *pack)
{
	const char *object, *program;
	bool any = false;
	char text[256];
	size_t i;

	for (i = 0; i < reloset_question_count(set); i++) {
		if (!reloset_asks_kernel_id(set, i) || !answered_anywhere(pack, i))
			continue;
		if (!any)
			printf("\n  No shipped BTF can make these right: the id is that of the reduced file, not the\n"
			       "  kernel's.  Programs that use it need the kernel's own BTF:\n");
		any = true;
		reloset_first_use(set, i, &object, &program);
		printf("    %s, in %s of %s\n", reloset_describe(set, i, text, sizeof(text)), program, object);
	}
}

/* Programs that no shipped BTF can serve, and what the manifest does about them. */
static int report_kernel_btf(const struct application *application, struct error *err)
{
	const struct manifest *manifest = &application->manifest;
	struct needs needs;
	size_t i, program;
	int code;

	for (i = 0; i < manifest->object_count; i++) {
		code = needs_of(application->objects.items[i], manifest, &needs, err);
		if (code)
			return code;
		if (needs.kernel_btf)
			printf("\n  %s needs the kernel's own BTF as a whole: %s\n", manifest->objects[i].path,
			       needs.kernel_btf);
		for (program = 0; program < needs.program_count; program++) {
			const struct program_needs *p = &needs.programs[program];

			if (!p->kernel_btf)
				continue;
			printf("\n  %s needs the kernel's own BTF (%s): on a kernel without it ", p->name,
			       p->kernel_btf);
			if (p->alternative)
				printf("%s stands in\n", p->alternative);
			else if (p->optional)
				printf("it is left out\n");
			else
				printf("the application will not run;\n"
				       "  give it an alternative, or mark it optional, in the manifest\n");
		}
		needs_free(&needs);
	}
	return 0;
}

/* The same of further objects, which their own loaders run. */
static int report_further(const struct application *application, struct error *err)
{
	const struct manifest *manifest = &application->manifest;
	struct needs needs;
	size_t i, program;
	int code;

	for (i = 0; i < manifest->further_count; i++) {
		code = needs_of(application->objects.items[manifest->object_count + i], NULL, &needs,
				err);
		if (code)
			return code;
		if (needs.kernel_btf)
			printf("\n  %s needs the kernel's own BTF as a whole: %s\n",
			       manifest->further[i].path, needs.kernel_btf);
		for (program = 0; program < needs.program_count; program++)
			if (needs.programs[program].kernel_btf)
				printf("\n  %s of %s needs the kernel's own BTF (%s): its loader must do "
				       "without it elsewhere\n", needs.programs[program].name,
				       manifest->further[i].path, needs.programs[program].kernel_btf);
		needs_free(&needs);
	}
	return 0;
}

int report_build(const struct application *application, const struct pack *pack, const char *path,
		 size_t size, struct error *err)
{
	int code;

	report_totals(application, pack, path, size);
	report_unresolved(application->objects.relos, pack);
	report_kernel_ids(application->objects.relos, pack);
	code = report_kernel_btf(application, err);
	return code ? code : report_further(application, err);
}
