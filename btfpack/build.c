/* SPDX-License-Identifier: BSD-2-Clause */
/* Command `build`: a manifest and archives in, a payload or a self-contained .run out. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/console.h"

#include "btfpack/application.h"
#include "btfpack/archive.h"
#include "btfpack/commands.h"
#include "btfpack/embed.h"
#include "btfpack/lock.h"
#include "btfpack/pack.h"
#include "btfpack/report.h"

static const char usage[] =
	"Usage: btfpack build [-a ARCHIVE]... -o OUT MANIFEST\n"
	"\n"
	"Reduces every kernel BTF of the archives to what the manifest's objects need and packs\n"
	"them, each different one once, with the objects into OUT: a NAME.payload for packages, or\n"
	"a NAME.run, which is the target program with the payload inside.\n"
	"\n"
	"  -a, --archive DIR    archive of kernel BTF (`btfpack import` makes one); repeatable\n"
	"  -o, --output FILE    ends in .payload or .run\n"
	"      --locked FILE    refuse archives that are not as FILE (import --lock) has them\n"
	"  -k, --keep-going     leave damaged BTF files out and build without them\n"
	"  -j, --jobs N         threads; as many as there are processors unless given\n"
	"      --program FILE   the static target program for a .run\n"
	"  -q, --quiet          print errors only\n";

enum { JOBS_LIMIT = 1024 };

struct build_options {
	const char **archives;
	size_t archive_count;
	const char *output, *manifest, *program, *locked;
	unsigned jobs;
	bool keep_going, quiet;
};

static bool ends_in(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length > end_length && strcmp(text + length - end_length, end) == 0;
}

/* Kernels of an architecture that the application has no object for are not packed. */
static bool has_object(const struct btf_archive_entry *entry, const void *context)
{
	return manifest_object_path(context, entry->key.arch) != NULL;
}

static void note_ignored(const struct btf_archive *archive)
{
	size_t i;

	for (i = 0; i < archive->ignored_count; i++)
		console_note("build: %s: left out: %s", archive->ignored[i].path, archive->ignored[i].why);
}

/* The program beside btfpack in the build folder, or where `make install` puts it. */
static int find_program(char path[static PATH_MAX], struct error *err)
{
	static const char *const places[] = { "btferry-static", "../lib/btferry/btferry-static" };
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	size_t i;

	if (length < 0)
		return error_errno(err, -errno, "/proc/self/exe");
	self[length] = '\0';
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char copy[PATH_MAX];

		memcpy(copy, self, sizeof(copy));
		if (snprintf(path, PATH_MAX, "%s/%s", dirname(copy), places[i]) < PATH_MAX &&
		    access(path, R_OK) == 0)
			return 0;
	}
	return error_set(err, -ENOENT,
			 "the static target program btferry-static is not beside btfpack; name it with --program");
}

static int write_run(const struct build_options *options, struct slice payload, size_t *size,
		     struct error *err)
{
	char found[PATH_MAX];
	const char *path = options->program;
	struct buffer run = { 0 };
	struct file_map program;
	int code = 0;

	if (!path) {
		code = find_program(found, err);
		path = found;
	}
	if (!code)
		code = file_map(AT_FDCWD, path, &program, err);
	if (code)
		return code;
	code = embed_payload(program.bytes, path, payload, &run, err);
	if (!code)
		code = file_publish(AT_FDCWD, options->output, buffer_slice(&run), 0755, err);
	*size = run.size;
	buffer_free(&run);
	file_unmap(&program);
	return code;
}

static int write_output(const struct build_options *options, const struct application *application,
			const struct pack *pack, size_t *size, struct error *err)
{
	struct digest fingerprint = reloset_fingerprint(application->objects.relos);
	struct payload_writer *writer = payload_writer_new();
	struct buffer payload = { 0 };
	int code;

	if (!writer)
		return error_errno(err, -ENOMEM, "payload");
	code = pack_write(pack, writer, err);
	if (!code)
		code = application_write(application, writer, err);
	if (!code)
		code = payload_writer_finish(writer, application->manifest.name,
					     application->manifest.version, &fingerprint, &payload, err);
	payload_writer_free(writer);
	*size = payload.size;
	if (!code && ends_in(options->output, ".run"))
		code = write_run(options, buffer_slice(&payload), size, err);
	else if (!code)
		code = file_publish(AT_FDCWD, options->output, buffer_slice(&payload), 0644, err);
	buffer_free(&payload);
	return code;
}

/* With --locked: what is in the archives, and after reducing what was read there, is what is locked. */
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

static int build(const struct build_options *options, struct error *err)
{
	struct application application;
	struct btf_archive archive = { 0 };
	struct pack pack = { 0 };
	size_t size = 0;
	int code;

	code = application_open(options->manifest, &application, err);
	if (!code)
		code = btf_archive_list(options->archives, options->archive_count, &archive, err);
	if (!code)
		code = check_locked(options, &archive, NULL, err);
	if (!code) {
		note_ignored(&archive);
		code = pack_reduce(&pack, application.objects.relos, &archive, has_object,
				   &application.manifest, options->jobs, err);
	}
	if (!code && pack.skipped && !options->keep_going)
		code = error_set(err, -EBADMSG,
				 "%s: not written: %zu of %zu BTF files are damaged; replace them or leave "
				 "them out with --keep-going", options->output, pack.skipped, archive.entry_count);
	if (!code && options->archive_count && !pack.kernel_count)
		code = error_set(err, -ENOENT,
				 "%s: not written: the archives hold no BTF for the manifest's architectures",
				 options->output);
	if (!code)
		code = check_locked(options, &archive, &pack, err);
	if (!code)
		code = write_output(options, &application, &pack, &size, err);
	if (!code && !options->quiet)
		code = report_build(&application, &pack, options->output, size, err);
	pack_free(&pack);
	btf_archive_free(&archive);
	application_close(&application);
	return code;
}

static bool parse_jobs(const char *text, unsigned *jobs)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < 1 || value > JOBS_LIMIT) {
		console_error("build: --jobs %s: not a number from 1 to %d", text, JOBS_LIMIT);
		return false;
	}
	*jobs = (unsigned)value;
	return true;
}

static unsigned processors(void)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);

	return online < 1 ? 1 : online > JOBS_LIMIT ? JOBS_LIMIT : (unsigned)online;
}

static enum exit_status parse(int argc, char **argv, struct build_options *options, bool *help)
{
	static const struct option long_options[] = {
		{ "archive", required_argument, NULL, 'a' },
		{ "output", required_argument, NULL, 'o' },
		{ "keep-going", no_argument, NULL, 'k' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "locked", required_argument, NULL, 'l' },
		{ "program", required_argument, NULL, 'p' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "a:o:kj:qh", long_options, NULL)) != -1) {
		switch (option) {
		case 'a':
			options->archives[options->archive_count++] = optarg;
			break;
		case 'o':
			options->output = optarg;
			break;
		case 'k':
			options->keep_going = true;
			break;
		case 'j':
			if (!parse_jobs(optarg, &options->jobs))
				return STATUS_USAGE;
			break;
		case 'l':
			options->locked = optarg;
			break;
		case 'p':
			options->program = optarg;
			break;
		case 'q':
			options->quiet = true;
			break;
		case 'h':
			*help = true;
			return STATUS_DONE;
		default:
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
		.jobs = processors(),
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
	} else if (!ends_in(options.output, ".payload") && !ends_in(options.output, ".run")) {
		console_error("build: %s: the output's name must end in .payload or .run", options.output);
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
