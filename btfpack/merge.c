/* SPDX-License-Identifier: BSD-2-Clause */
/* Command `merge`: joins the parts that shards made into what the whole build would have made. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/console.h"

#include "btfpack/commands.h"
#include "btfpack/output.h"
#include "btfpack/part.h"
#include "btfpack/report.h"

static const char usage[] =
	"Usage: btfpack merge -o OUT PART...\n"
	"\n"
	"Joins the parts that `btfpack build --shard I/N` made, all N of them in any order, into the\n"
	"bytes that the build makes without shards.\n"
	"\n"
	"  -o, --output FILE    ends in .payload or .run\n"
	"      --program FILE   the static target program for a .run\n"
	SIGN_HELP
	"  -q, --quiet          print errors only\n";

struct merge {
	const char *output, *program;
	char **names;            /* of the parts */
	struct part *parts;
	size_t count;
	struct sign_options sign;
	struct signer *signer;   /* NULL: nobody */
	bool quiet;
};

/* Refuses what does not go with the first part. */
static int check_part(const struct merge *merge, size_t i, struct error *err)
{
	const struct part *first = &merge->parts[0], *part = &merge->parts[i];
	const char *name = merge->names[i], *first_name = merge->names[0];

	if (digest_compare(&part->fingerprint, &first->fingerprint) != 0)
		return error_set(err, -EBADMSG, "%s: was made for other objects than %s", name, first_name);
	if (!slice_equal(buffer_slice(&part->application), buffer_slice(&first->application)))
		return error_set(err, -EBADMSG, "%s: was made for another manifest, or other files it names, "
				 "than %s", name, first_name);
	if (part->shard.count != first->shard.count)
		return error_set(err, -EBADMSG, "%s: is one of %u shards, %s is one of %u", name,
				 part->shard.count, first_name, first->shard.count);
	if (part->listed != first->listed || digest_compare(&part->listing, &first->listing) != 0)
		return error_set(err, -EBADMSG, "%s: was made of other archives than %s: their kernels differ",
				 name, first_name);
	return 0;
}

/* Each shard once; shard numbers are within bounds already. */
static int check_shards(const struct merge *merge, struct error *err)
{
	unsigned count = merge->parts[0].shard.count, number;
	size_t i, *seen = calloc(count + 1, sizeof(*seen));
	int code = 0;

	if (!seen)
		return error_errno(err, -ENOMEM, "parts");
	for (i = 0; i < merge->count && !code; i++) {
		number = merge->parts[i].shard.number;
		code = check_part(merge, i, err);
		if (!code && seen[number])
			code = error_set(err, -EBADMSG, "%s: is shard %u of %u, as %s is", merge->names[i],
					 number, count, merge->names[seen[number] - 1]);
		seen[number] = i + 1;
	}
	for (number = 1; number <= count && !code; number++)
		if (!seen[number])
			code = error_set(err, -EBADMSG, "shard %u of %u is missing", number, count);
	free(seen);
	return code;
}

/* Moves a part's classes into pack, and its kernels to their places in the list. */
static int take_part(struct part *part, struct pack *pack, struct pack_kernel *places,
		     struct error *err)
{
	size_t *classes = calloc(part->pack.class_count + 1, sizeof(*classes));
	size_t i;
	int code = classes ? 0 : -ENOMEM;

	for (i = 0; i < part->pack.class_count && !code; i++) {
		struct pack_class *class = &part->pack.classes[i];

		code = pack_file_under_class(pack, &class->btf, &class->answers, &classes[i]);
		if (code)
			break;
		class->btf = (struct buffer){ 0 };
		class->answers = (struct answers){ 0 };
	}
	for (i = 0; i < part->pack.kernel_count && !code; i++) {
		struct pack_kernel kernel = part->pack.kernels[i];

		kernel.class = classes[kernel.class];
		places[kernel.entry->order] = kernel;
	}
	pack->full_bytes += part->pack.full_bytes;
	pack->reduced_bytes += part->pack.reduced_bytes;
	pack->skipped += part->pack.skipped;
	free(classes);
	return code ? error_errno(err, code, "parts") : 0;
}

static int join(const struct merge *merge, struct pack *pack, struct error *err)
{
	size_t listed = merge->parts[0].listed, i;
	struct pack_kernel *places = calloc(listed + 1, sizeof(*places));
	int code = places ? 0 : error_errno(err, -ENOMEM, "parts");

	for (i = 0; i < merge->count && !code; i++)
		code = take_part(&merge->parts[i], pack, places, err);
	for (i = 0; i < pack->class_count; i++)
		pack->classes[i].kernels = 0;
	for (i = 0; i < listed && !code; i++) {
		if (!places[i].entry)
			continue; /* of an architecture without an object, or left out */
		if (array_grow(&pack->kernels, pack->kernel_count, &pack->kernel_capacity)) {
			code = error_errno(err, -ENOMEM, "parts");
			break;
		}
		pack->classes[places[i].class].kernels++;
		pack->kernels[pack->kernel_count++] = places[i];
	}
	free(places);
	return code;
}

/* What the parts say must be about the questions that their objects ask. */
static int check_answers(const struct merge *merge, const struct application *application,
			 const struct pack *pack, struct error *err)
{
	const struct reloset *set = application->objects.relos;
	struct digest fingerprint = reloset_fingerprint(set);
	size_t i;

	for (i = 0; i < pack->class_count; i++)
		if (pack->classes[i].answers.count != reloset_question_count(set))
			break;
	if (i == pack->class_count &&
	    digest_compare(&fingerprint, &merge->parts[0].fingerprint) == 0)
		return 0;
	return error_set(err, -EBADMSG, "%s: its objects ask otherwise than its index says: was it made "
			 "by another version of btfpack?", merge->names[0]);
}

/* The parts carry the application, so that neither its manifest nor its objects are needed. */
static int write_joined(const struct merge *merge, const struct pack *pack, struct error *err)
{
	const struct part *first = &merge->parts[0];
	struct application application = { .payload = NULL };
	struct payload *payload;
	size_t size = 0;
	int code;

	code = payload_open_bytes(buffer_slice(&first->application), merge->names[0], &payload, err);
	if (code)
		return code;
	code = application_open_payload(payload, &application, err);
	if (!code)
		code = check_answers(merge, &application, pack, err);
	if (!code && !pack->kernel_count && first->listed)
		code = error_set(err, -ENOENT, "%s: not written: the parts hold no kernel", merge->output);
	if (!code)
		code = output_write(merge->output, merge->program, &application, pack, merge->signer, &size,
				    err);
	if (!code && !merge->quiet)
		code = report_build(&application, pack, merge->output, size, err);
	application_close(&application);
	payload_close(payload);
	return code;
}

static int merge_parts(struct merge *merge, struct error *err)
{
	struct pack pack = { 0 };
	size_t i, opened = 0;
	int code = 0;

	merge->parts = calloc(merge->count, sizeof(*merge->parts));
	if (!merge->parts)
		return error_errno(err, -ENOMEM, "parts");
	while (opened < merge->count && !code) {
		code = part_read(merge->names[opened], &merge->parts[opened], err);
		opened++;
	}
	if (!code)
		code = check_shards(merge, err);
	if (!code)
		code = join(merge, &pack, err);
	if (!code)
		code = write_joined(merge, &pack, err);
	pack_free(&pack);
	for (i = 0; i < opened; i++)
		part_free(&merge->parts[i]);
	free(merge->parts);
	return code;
}

static enum exit_status parse(int argc, char **argv, struct merge *merge, bool *help)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "program", required_argument, NULL, 'p' },
		SIGN_OPTIONS,
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	enum exit_status status;
	int option;

	while ((option = getopt_long(argc, argv, "o:qh", options, NULL)) != -1) {
		switch (option) {
		case 'o': merge->output = optarg; break;
		case 'p': merge->program = optarg; break;
		case 'q': merge->quiet = true; break;
		case 'h': *help = true; return STATUS_DONE;
		default:
			if (!sign_take_option(option, optarg, &merge->sign, &status) || status)
				return STATUS_USAGE;
		}
	}
	merge->names = argv + optind;
	merge->count = (size_t)(argc - optind);
	return merge->output && merge->count ? STATUS_DONE : STATUS_USAGE;
}

enum exit_status merge_command(int argc, char **argv)
{
	struct merge merge = { .output = NULL };
	struct error err = ERROR_NONE;
	enum exit_status status;
	bool help = false;

	status = parse(argc, argv, &merge, &help);
	if (help || status != STATUS_DONE) {
		fputs(usage, help ? stdout : stderr);
		return status;
	}
	if (!output_ends_in(merge.output, ".payload") && !output_ends_in(merge.output, ".run")) {
		console_error("merge: %s: the output's name must end in .payload or .run", merge.output);
		return STATUS_USAGE;
	}
	console_set_quiet(merge.quiet);
	if (signer_open(&merge.sign, &merge.signer, &err) || merge_parts(&merge, &err))
		status = console_fail("merge", &err);
	signer_close(merge.signer);
	return status;
}
