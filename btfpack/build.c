/* SPDX-License-Identifier: BSD-2-Clause */
/* Command `build`: a manifest and archives in, a payload or a self-contained .run out. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/console.h"

#include "btfpack/application.h"
#include "btfpack/archive.h"
#include "btfpack/build.h"
#include "btfpack/commands.h"
#include "btfpack/lock.h"
#include "btfpack/output.h"
#include "btfpack/report.h"

static const char usage[] =
	"Usage: btfpack build [-a ARCHIVE]... -o OUT MANIFEST\n"
	"       btfpack build [-a ARCHIVE]... --shard I/N -o OUT.part MANIFEST\n"
	"\n"
	"Reduces every kernel BTF of the archives to what the manifest's objects need and packs\n"
	"them, each different one once, with the objects into OUT: a NAME.payload for packages, or\n"
	"a NAME.run, which is the target program with the payload inside.\n"
	"\n"
	"  -a, --archive DIR    archive of kernel BTF (`btfpack import` makes one); repeatable\n"
	"  -o, --output FILE    ends in .payload or .run\n"
	"      --locked FILE    refuse archives that are not as FILE (import --lock) has them\n"
	"  -k, --keep-going     leave out BTF files that cannot be used\n"
	"      --arch A         only kernels of this architecture\n"
	"      --no-verify      do not ask each reduced BTF again everything that its kernel answered\n"
	"  -j, --jobs N         threads; as many as there are processors unless given\n"
	"      --program FILE   the static target program for a .run\n"
	"      --shard I/N      do every N-th kernel from the I-th on; `btfpack merge` joins the parts\n"
	SIGN_HELP
	"  -q, --quiet          print errors only\n";

enum { JOBS_LIMIT = 1024 };

/* Which kernels are this build's. */
struct wanted {
	const struct manifest *manifest;
	const struct btf_archive *archive;
	const struct shard *shard;
	const char *arch;        /* NULL: each that there is an object for */
};

/*
 * Kernels of an architecture that the application has no object for are not packed, and a shard has
 * every N-th entry of the sorted list.
 */
static bool is_wanted(const struct btf_archive_entry *entry, const void *context)
{
	const struct wanted *wanted = context;
	size_t index = (size_t)(entry - wanted->archive->entries);

	return manifest_object_path(wanted->manifest, entry->key.arch) &&
	       (!wanted->arch || strcmp(wanted->arch, entry->key.arch) == 0) &&
	       shard_has(wanted->shard, index);
}

static bool is_part(const struct build_options *options)
{
	return output_ends_in(options->output, ".part");
}

static void note_ignored(const struct btf_archive *archive)
{
	size_t i;

	for (i = 0; i < archive->ignored_count; i++)
		console_note("build: %s: left out: %s", archive->ignored[i].path, archive->ignored[i].why);
}

/* With --locked: what the archives have, and after reducing what was read there, is as locked. */
static int check_locked(const struct build_options *options, const struct btf_archive *archive,
			const struct pack *pack, struct error *err)
{
	struct btf_archive lock;
	int code;

	if (!options->locked)
		return 0;
	code = lock_read(options->locked, &lock, err);
	if (!code)
		code = pack ? lock_check_pack(&lock, options->locked, pack, err)
			    : lock_check_archive(&lock, options->locked, archive, err);
	btf_archive_free(&lock);
	return code;
}

int build_signed(const struct build_options *options, const struct signer *signer,
		 struct error *err)
{
	struct application application;
	struct btf_archive archive = { 0 };
	struct pack pack = { 0 };
	const struct wanted wanted = { &application.manifest, &archive, &options->shard,
				       options->arch };
	const struct pack_options packing = {
		.wanted = is_wanted,
		.context = &wanted,
		.threads = options->jobs,
		.step = "build",
		.exact = options->locked != NULL,
		.verify = !options->no_verify,
		.keep_going = options->keep_going,
	};
	size_t size = 0;
	int code;

	code = application_open(options->manifest, &application, err);
	if (!code)
		code = btf_archive_list(options->archives, options->archive_count, &archive, err);
	if (!code)
		code = check_locked(options, &archive, NULL, err);
	if (!code) {
		note_ignored(&archive);
		code = pack_reduce(&pack, application.objects.relos, &archive, &packing, err);
	}
	if (!code && pack.skipped && !options->keep_going)
		code = error_set(err, -EBADMSG,
				 "%s: not written: %zu of %zu BTF files cannot be used; replace them or "
				 "leave them out with --keep-going", options->output, pack.skipped, archive.entry_count);
	if (!code && options->archive_count && !pack.kernel_count && options->shard.count == 1)
		code = error_set(err, -ENOENT,
				 "%s: not written: the archives hold no BTF for the manifest's architectures",
				 options->output);
	if (!code)
		code = check_locked(options, &archive, &pack, err);
	if (!code && is_part(options))
		code = part_write(options->output, &options->shard, &application, &archive, &pack, err);
	else if (!code)
		code = output_write(options->output, options->program, &application, &pack, signer, &size,
				    err);
	if (!code && !options->quiet && !is_part(options))
		code = report_build(&application, &pack, options->output, size, err);
	pack_free(&pack);
	btf_archive_free(&archive);
	application_close(&application);
	return code;
}

int build(const struct build_options *options, struct error *err)
{
	struct signer *signer;
	int code = signer_open(&options->sign, &signer, err);

	if (!code)
		code = build_signed(options, signer, err);
	signer_close(signer);
	return code;
}

bool build_parse_jobs(const char *text, unsigned *jobs)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < 1 || value > JOBS_LIMIT) {
		console_error("--jobs %s: not a number from 1 to %d", text, JOBS_LIMIT);
		return false;
	}
	*jobs = (unsigned)value;
	return true;
}

unsigned build_processors(void)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);

	return online < 1 ? 1 : online > JOBS_LIMIT ? JOBS_LIMIT : (unsigned)online;
}

static enum exit_status parse(int argc, char **argv, struct build_options *options, bool *help)
{
	static const struct option long_options[] = {
		{ "arch", required_argument, NULL, 'A' },
		{ "archive", required_argument, NULL, 'a' },
		{ "output", required_argument, NULL, 'o' },
		{ "keep-going", no_argument, NULL, 'k' },
		{ "no-verify", no_argument, NULL, 'n' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "locked", required_argument, NULL, 'l' },
		{ "program", required_argument, NULL, 'p' },
		{ "shard", required_argument, NULL, 's' },
		SIGN_OPTIONS,
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	enum exit_status status;
	int option;

	while ((option = getopt_long(argc, argv, "a:o:kj:qh", long_options, NULL)) != -1) {
		switch (option) {
		case 'A':
			options->arch = optarg;
			break;
		case 'a':
			options->archives[options->archive_count++] = optarg;
			break;
		case 'o':
			options->output = optarg;
			break;
		case 'k':
			options->keep_going = true;
			break;
		case 'n':
			options->no_verify = true;
			break;
		case 'j':
			if (!build_parse_jobs(optarg, &options->jobs))
				return STATUS_USAGE;
			break;
		case 'l':
			options->locked = optarg;
			break;
		case 'p':
			options->program = optarg;
			break;
		case 's':
			if (!shard_parse(optarg, &options->shard)) {
				console_error("build: --shard %s: not I/N with I from 1 to N", optarg);
				return STATUS_USAGE;
			}
			options->is_sharded = true;
			break;
		case 'q':
			options->quiet = true;
			break;
		case 'h':
			*help = true;
			return STATUS_DONE;
		default:
			if (!sign_take_option(option, optarg, &options->sign, &status) || status)
				return STATUS_USAGE;
		}
	}
	if (!options->output || !*options->output || argc - optind != 1)
		return STATUS_USAGE;
	options->manifest = argv[optind];
	return STATUS_DONE;
}

enum exit_status build_command(int argc, char **argv)
{
	/* no more archives than arguments */
	struct build_options options = {
		.archives = calloc((size_t)argc, sizeof(*options.archives)),
		.jobs = build_processors(),
		.shard = { .number = 1, .count = 1 },
	};
	struct error err = ERROR_NONE;
	bool help = false;
	enum exit_status status;

	if (!options.archives) {
		error_errno(&err, -ENOMEM, "arguments");
		return console_fail("build", &err);
	}
	status = parse(argc, argv, &options, &help);
	if (help || status != STATUS_DONE) {
		fputs(usage, help ? stdout : stderr);
	} else if (!output_ends_in(options.output, ".payload") &&
		   !output_ends_in(options.output, ".run") && !is_part(&options)) {
		console_error("build: %s: the output's name must end in .payload or .run", options.output);
		status = STATUS_USAGE;
	} else if (is_part(&options) != options.is_sharded) {
		console_error("build: %s: --shard makes a .part, and nothing else does", options.output);
		status = STATUS_USAGE;
	} else if (options.sign.key && is_part(&options)) {
		console_error("build: a part is not signed: `merge --sign` signs the whole");
		status = STATUS_USAGE;
	} else if (options.locked && options.keep_going) {
		console_error("build: --locked insists on every kernel, --keep-going leaves some out");
		status = STATUS_USAGE;
	} else {
		console_set_quiet(options.quiet);
		if (build(&options, &err))
			status = console_fail("build", &err);
	}
	free(options.archives);
	return status;
}
