/* SPDX-License-Identifier: BSD-2-Clause */
/* Command `reduce`: one kernel, one file; takes the place of `bpftool gen min_core_btf`. */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>

#include "core/reduce.h"
#include "lib/console.h"
#include "lib/file.h"

#include "btfpack/commands.h"
#include "btfpack/objects.h"

static const char usage[] =
	"Usage: btfpack reduce -o OUT KERNEL.btf OBJECT.bpf.o...\n"
	"\n"
	"Writes to OUT the smallest BTF that answers every CO-RE relocation of the objects as\n"
	"KERNEL.btf does, reads it back and compares all answers.\n"
	"\n"
	"  -o, --output FILE   where to write\n"
	"  -q, --quiet         do not print the summary\n";

struct request {
	const char *output, *kernel;
	char **objects;
	int object_count;
};

/* What no reduced BTF can make right. */
static void note_kernel_ids(const struct reloset *set, const struct answers *answers)
{
	const char *object, *program;
	char text[256];
	size_t i;

	for (i = 0; i < answers->count; i++) {
		if (!reloset_asks_kernel_id(set, i) || answers->states[i] != ANSWERED)
			continue;
		reloset_first_use(set, i, &object, &program);
		console_note("reduce: %s, used in %s of %s: no shipped BTF can make it right: the id is"
			     " that of the reduced file, not the kernel's",
			     reloset_describe(set, i, text, sizeof(text)), program, object);
	}
}

/*
 * Relocations that find nothing are named: behind an existence check that is well, else it is
 * not.
 */
static void summarize(const struct reloset *set, const struct answers *answers, size_t before,
		      size_t after, const char *kernel)
{
	const char *object, *program;
	size_t i, unresolved = 0;
	char text[256];

	for (i = 0; i < answers->count; i++) {
		if (answers->states[i] != ANSWERED_POISON && answers->states[i] != ANSWERED_ERROR)
			continue;
		unresolved++;
		reloset_first_use(set, i, &object, &program);
		console_note("reduce: %s: %s, used in %s of %s: %s", kernel,
			     reloset_describe(set, i, text, sizeof(text)), program, object,
			     answers->states[i] == ANSWERED_ERROR ? "ambiguous or impossible: libbpf refuses it"
								  : "not in this kernel");
	}
	note_kernel_ids(set, answers);
	console_note("reduce: %zu relocations (%zu different, %zu not resolved): %zu bytes to %zu",
		     reloset_record_count(set), reloset_question_count(set), unresolved, before, after);
}

static int reduce_file(const struct request *request, struct error *err)
{
	struct objects objects = { 0 };
	struct answers answers = { 0 };
	struct buffer full = { 0 }, reduced = { 0 };
	struct btf_view view = { 0 };
	int i, code = 0;

	for (i = 0; i < request->object_count && !code; i++)
		code = objects_add_file(&objects, request->objects[i], err);
	if (!code)
		code = objects_relocations(&objects, err);
	if (!code)
		code = file_read(AT_FDCWD, request->kernel, BTF_MAX_SIZE, &full, err);
	if (!code) {
		code = btf_view_open(&view, buffer_slice(&full), err);
		if (!code)
			code = reduce_kernel(objects.relos, &view, true, &reduced, &answers, err);
		if (code)
			error_wrap(err, "%s", request->kernel);
	}
	if (!code)
		code = file_publish(AT_FDCWD, request->output, buffer_slice(&reduced), 0644, err);
	if (!code)
		summarize(objects.relos, &answers, full.size, reduced.size, request->kernel);
	answers_free(&answers);
	btf_view_close(&view);
	buffer_free(&reduced);
	buffer_free(&full);
	objects_free(&objects);
	return code;
}

enum exit_status reduce_command(int argc, char **argv)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct request request = { 0 };
	struct error err = ERROR_NONE;
	int option;

	while ((option = getopt_long(argc, argv, "o:qh", options, NULL)) != -1) {
		switch (option) {
		case 'o':
			request.output = optarg;
			break;
		case 'q':
			console_set_quiet(true);
			break;
		case 'h':
			fputs(usage, stdout);
			return STATUS_DONE;
		default:
			fputs(usage, stderr);
			return STATUS_USAGE;
		}
	}
	if (!request.output || !*request.output || argc - optind < 2) {
		fputs(usage, stderr);
		return STATUS_USAGE;
	}
	request.kernel = argv[optind];
	request.objects = argv + optind + 1;
	request.object_count = argc - optind - 1;
	if (reduce_file(&request, &err))
		return console_fail("reduce", &err);
	return STATUS_DONE;
}
