/* SPDX-License-Identifier: BSD-2-Clause */
/* Command `coverage`: which kernels objects fit, and where a relocation fails. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/console.h"
#include "lib/file.h"

#include "btfpack/build.h"
#include "btfpack/commands.h"
#include "btfpack/coverage_input.h"
#include "btfpack/coverage_kernels.h"
#include "btfpack/coverage_report.h"

static const char usage[] =
	"Usage: btfpack coverage [-a ARCHIVE]... [OPTION]... MANIFEST|OBJECT.bpf.o...\n"
	"       btfpack coverage [OPTION]... FILE.payload|FILE.run\n"
	"\n"
	"Resolves every relocation of the objects against every kernel of the archives, or of the\n"
	"payload, and tells on which kernels the objects fit, and which field of which program is\n"
	"missing on the others.  Kernels with the same outcome are told together.\n"
	"\n"
	"  -a, --archive DIR     archive of kernel BTF (`btfpack import` makes one); repeatable\n"
	"      --since FILE      compare with the objects inside FILE, a .payload or .run\n"
	"      --inventory FILE  say which hosts of FILE are ready (CSV, JSON or facts); repeatable\n"
	"      --html FILE       write a page with a heat map to FILE\n"
	"      --markdown FILE   write a summary to FILE, such as $GITHUB_STEP_SUMMARY; it is appended\n"
	"      --json            print a document (docs/schema/coverage.json)\n"
	"      --arch A          only kernels of this architecture\n"
	"  -k, --keep-going      leave out BTF files that cannot be used\n"
	"  -j, --jobs N          threads; as many as there are processors unless given\n"
	"  -v, --verbose         name every kernel, and what the programs do without\n"
	"  -q, --quiet           print nothing; the exit status tells\n"
	"\n"
	"Exit status: 0 the objects fit every kernel; with --since: nothing is lost; with --inventory:\n"
	"every host is ready.  1 not so.  With --inventory also 3, a host needs a build, and 4, of a\n"
	"host it is not known.\n";

struct request {
	const char **archives, **inventories;
	size_t archive_count, inventory_count;
	const char *since, *html, *markdown, *arch;
	unsigned jobs;
	bool json, keep_going, verbose, quiet;
	char **paths;
	size_t path_count;
};

/* Everything that is held while one coverage is made. */
struct work {
	const struct request *request;
	struct coverage_input input, old_input;
	struct reloset *set;
	struct coverage_subject subject, old_subject;
	struct coverage_kernels kernels;
	struct coverage coverage, old_coverage;
	struct since since;
	struct payload *shipped; /* of the inventory; the input's own, or sealed */
	struct buffer sealed;
	struct fleet fleet;
};

/* One set for both versions, so that each kernel is read once. */
static int make_set(struct work *work, struct error *err)
{
	const struct objects *objects = coverage_input_objects(&work->input);
	const struct objects *old = coverage_input_objects(&work->old_input);
	struct object **all = calloc(objects->count + old->count + 1, sizeof(struct object *));
	int code;

	if (!all)
		return error_errno(err, -ENOMEM, "objects");
	memcpy(all, objects->items, objects->count * sizeof(struct object *));
	if (old->count)
		memcpy(all + objects->count, old->items, old->count * sizeof(struct object *));
	code = reloset_create(all, objects->count + old->count, &work->set, err);
	free(all);
	if (!code)
		code = coverage_input_subject(&work->input, work->set, 0, &work->subject, err);
	if (!code && work->request->since)
		code = coverage_input_subject(&work->old_input, work->set, objects->count,
					      &work->old_subject, err);
	return code;
}

static bool has_object(const struct coverage_subject *subject, const char *arch)
{
	return subject->count && (!subject->manifest || coverage_object_for(subject, arch));
}

static bool is_wanted(const struct btf_archive_entry *entry, const void *context)
{
	const struct work *work = context;
	const char *arch = entry->key.arch;

	return (!work->request->arch || strcmp(work->request->arch, arch) == 0) &&
	       (has_object(&work->subject, arch) || has_object(&work->old_subject, arch));
}

static int read_kernels(struct work *work, struct error *err)
{
	const struct request *request = work->request;
	const struct pack_options options = {
		.threads = request->jobs,
		/* Which BTF a host gets is a question to what would be shipped. */
		.answers_only = !request->inventory_count,
		.keep_going = request->keep_going,
		.step = "coverage",
	};

	if (request->archive_count)
		return coverage_kernels_read(request->archives, request->archive_count, work->set,
					     is_wanted, work, options, &work->kernels, err);
	return coverage_kernels_of_payload(work->input.payload, work->set, &work->kernels, err);
}

/* The kernels as they would be shipped, without the files. */
static int seal(struct work *work, struct error *err)
{
	const struct digest fingerprint = reloset_fingerprint(work->set);
	const struct manifest *manifest = work->subject.manifest;
	struct payload_writer *writer = payload_writer_new();
	int code;

	if (!writer)
		return error_errno(err, -ENOMEM, "payload");
	code = pack_write(&work->kernels.pack, writer, err);
	if (!code)
		code = payload_writer_finish(writer, manifest ? manifest->name : "objects",
					     manifest ? manifest->version : "0", &fingerprint,
					     &work->sealed, err);
	payload_writer_free(writer);
	return code ? code : payload_open_bytes(buffer_slice(&work->sealed), "payload",
						&work->shipped, err);
}

static int judge_fleet(struct work *work, struct error *err)
{
	size_t *places;
	int code = 0;

	if (work->request->archive_count)
		code = seal(work, err);
	else
		work->shipped = work->input.payload;
	if (code)
		return code;
	places = coverage_kernels_places(&work->kernels, work->shipped);
	code = !places ? error_errno(err, -ENOMEM, "inventory") :
	       fleet_judge(&work->coverage, work->shipped, places, work->request->inventories,
			   work->request->inventory_count, &work->fleet, err);
	free(places);
	return code;
}

static int make(struct work *work, struct error *err)
{
	const struct request *request = work->request;
	char *since = (char *)(uintptr_t)request->since;
	int code = coverage_input_open(request->paths, request->path_count, &work->input, err);

	/* A payload brings its kernels; anything else is held against an archive. */
	if (!code && !request->archive_count && !work->input.payload)
		code = error_set(err, -EINVAL, "no kernels: name an archive of their BTF with -a, or a "
				 "payload");
	if (!code && since) {
		code = coverage_input_open(&since, 1, &work->old_input, err);
		if (!code && !work->old_input.payload)
			code = error_set(err, -EBADMSG, "%s: is no payload, and --since takes a .payload or "
					 ".run", since);
	}
	if (!code)
		code = make_set(work, err);
	if (!code)
		code = read_kernels(work, err);
	if (!code)
		code = coverage_judge(&work->subject, &work->kernels.pack, &work->coverage, err);
	if (!code && since)
		code = coverage_judge(&work->old_subject, &work->kernels.pack, &work->old_coverage, err);
	if (!code && since)
		code = since_compare(&work->old_coverage, &work->coverage, &work->since, err);
	if (!code && request->inventory_count)
		code = judge_fleet(work, err);
	return code;
}

/* The files of CI systems hold what other steps wrote, too. */
static int append_file(const char *path, struct slice text, struct error *err)
{
	int fd = file_open(AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0644);
	int code = fd < 0 ? fd : file_write_all(fd, text);

	if (fd >= 0) {
		int closed = file_close(fd);

		code = code ? code : closed;
	}
	return code ? error_errno(err, code, "%s", path) : 0;
}

static int print_json(const struct coverage_report *report, struct error *err)
{
	json_t *document = coverage_to_json(report);
	int code = document ? 0 : error_errno(err, -ENOMEM, "JSON");

	if (document && (json_dumpf(document, stdout, JSON_INDENT(1)) || putchar('\n') == EOF))
		code = error_set(err, -EIO, "JSON: cannot be written");
	json_decref(document);
	return code;
}

static int write_files(const struct request *request, const struct coverage_report *report,
		       struct error *err)
{
	struct buffer text = { 0 };
	int code = 0;

	if (request->markdown) {
		code = coverage_to_markdown(report, &text, err);
		if (!code)
			code = append_file(request->markdown, buffer_slice(&text), err);
	}
	text.size = 0;
	if (!code && request->html) {
		code = coverage_to_page(report, &text, err);
		if (!code)
			code = file_publish(AT_FDCWD, request->html, buffer_slice(&text), 0644, err);
	}
	buffer_free(&text);
	return code;
}

static int report(const struct work *work, struct error *err)
{
	const struct request *request = work->request;
	const struct manifest *old = work->old_subject.manifest;
	const struct coverage_report all = {
		.coverage = &work->coverage,
		.since = request->since ? &work->since : NULL,
		.since_app = old ? old->name : NULL,
		.since_version = old ? old->version : NULL,
		.fleet = request->inventory_count ? &work->fleet : NULL,
	};
	int code = write_files(request, &all, err);

	if (code)
		return code;
	if (request->json)
		return print_json(&all, err);
	if (!request->quiet)
		coverage_print(&all, request->verbose);
	return 0;
}

/* What a pipeline goes by. */
static enum exit_status verdict(const struct work *work)
{
	const size_t *hosts = work->fleet.totals;

	if (work->request->inventory_count)
		return hosts[FLEET_BLOCKED] ? STATUS_NO : hosts[FLEET_NEEDS_BUILD] ? STATUS_NEEDS_BUILD :
		       hosts[FLEET_UNKNOWN] ? STATUS_BLOCKED : STATUS_DONE;
	if (work->request->since)
		return work->since.totals[SINCE_LOST] ? STATUS_NO : STATUS_DONE;
	return work->coverage.totals[COVERAGE_FAILS] ? STATUS_NO : STATUS_DONE;
}

static enum exit_status cover(const struct request *request)
{
	struct work work = { .request = request };
	struct error err = ERROR_NONE;
	enum exit_status status;

	if (make(&work, &err) || report(&work, &err)) {
		status = console_fail("coverage", &err);
		if (err.code == -EINVAL) /* what the arguments turned out to be contradicts them */
			status = STATUS_USAGE;
	} else {
		status = verdict(&work);
	}
	fleet_free(&work.fleet);
	if (work.sealed.size && work.shipped)
		payload_close(work.shipped);
	buffer_free(&work.sealed);
	since_free(&work.since);
	coverage_free(&work.old_coverage);
	coverage_free(&work.coverage);
	coverage_kernels_free(&work.kernels);
	coverage_subject_free(&work.old_subject);
	coverage_subject_free(&work.subject);
	reloset_destroy(work.set);
	coverage_input_close(&work.old_input);
	coverage_input_close(&work.input);
	return status;
}

static enum exit_status parse(int argc, char **argv, struct request *request, bool *help)
{
	static const struct option options[] = {
		{ "archive", required_argument, NULL, 'a' },
		{ "arch", required_argument, NULL, 'A' },
		{ "html", required_argument, NULL, 'H' },
		{ "inventory", required_argument, NULL, 'i' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "json", no_argument, NULL, 'J' },
		{ "keep-going", no_argument, NULL, 'k' },
		{ "markdown", required_argument, NULL, 'm' },
		{ "since", required_argument, NULL, 's' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "a:j:kvqh", options, NULL)) != -1) {
		switch (option) {
		case 'a':
			request->archives[request->archive_count++] = optarg;
			break;
		case 'A':
			request->arch = optarg;
			break;
		case 'H':
			request->html = optarg;
			break;
		case 'i':
			request->inventories[request->inventory_count++] = optarg;
			break;
		case 'j':
			if (!build_parse_jobs(optarg, &request->jobs))
				return STATUS_USAGE;
			break;
		case 'J':
			request->json = true;
			break;
		case 'k':
			request->keep_going = true;
			break;
		case 'm':
			request->markdown = optarg;
			break;
		case 's':
			request->since = optarg;
			break;
		case 'v':
			request->verbose = true;
			break;
		case 'q':
			request->quiet = true;
			break;
		case 'h':
			*help = true;
			return STATUS_DONE;
		default:
			return STATUS_USAGE;
		}
	}
	request->paths = argv + optind;
	request->path_count = (size_t)(argc - optind);
	return request->path_count ? STATUS_DONE : STATUS_USAGE;
}

static bool is_clear(const struct request *request)
{
	if (request->since && request->inventory_count) {
		console_error("coverage: --since is about kernels and --inventory about hosts: ask one after "
			      "the other");
		return false;
	}
	if (request->arch && !request->archive_count) {
		console_error("coverage: --arch chooses among an archive's kernels: name it with -a");
		return false;
	}
	if (request->since && !request->archive_count) {
		console_error("coverage: --since: two versions are compared over an archive: name it with -a");
		return false;
	}
	return true;
}

enum exit_status coverage_command(int argc, char **argv)
{
	/* no more of either than arguments */
	struct request request = {
		.archives = calloc((size_t)argc, sizeof(*request.archives)),
		.inventories = calloc((size_t)argc, sizeof(*request.inventories)),
		.jobs = build_processors(),
	};
	struct error err = ERROR_NONE;
	enum exit_status status;
	bool help = false;

	if (!request.archives || !request.inventories) {
		error_errno(&err, -ENOMEM, "arguments");
		status = console_fail("coverage", &err);
	} else {
		status = parse(argc, argv, &request, &help);
		if (help || status != STATUS_DONE) {
			fputs(usage, help ? stdout : stderr);
		} else if (!is_clear(&request)) {
			status = STATUS_USAGE;
		} else {
			console_set_quiet(request.quiet);
			status = cover(&request);
		}
	}
	free(request.archives);
	free(request.inventories);
	return status;
}
