/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Command `package`: a manifest and archives in, a .deb, an .rpm and a .run out.  One payload is
 * built for all of them, with the kernels of the program's architecture.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/console.h"
#include "lib/file.h"

#include "btfpack/build.h"
#include "btfpack/bundle.h"
#include "btfpack/commands.h"
#include "btfpack/output.h"
#include "btfpack/process.h"
#include "btfpack/source_date.h"

static const char usage[] =
	"Usage: btfpack package --deb|--rpm|--run... [-a ARCHIVE]... [-o DIR] MANIFEST\n"
	"\n"
	"Packs the manifest's application as `btfpack build` does, and makes packages of it: the\n"
	"target program under the application's name, the payload, a systemd unit, hooks for kernels\n"
	"to come, a man page.  Prints the files that it wrote.  SOURCE_DATE_EPOCH, if it is set, is\n"
	"the time of everything inside; equal inputs then give equal bytes.\n"
	"\n"
	"      --deb            APP_VERSION_ARCH.deb, through dpkg-deb\n"
	"      --rpm            APP-VERSION-RELEASE.ARCH.rpm, through rpmbuild\n"
	"      --run            APP-VERSION-ARCH.run\n"
	"  -a, --archive DIR    archive of kernel BTF; repeatable\n"
	"  -o, --output DIR     where to; this folder unless given\n"
	"      --locked FILE    refuse archives that are not as FILE (import --lock) has them\n"
	"  -k, --keep-going     leave out BTF files that cannot be used\n"
	"  -j, --jobs N         threads; as many as there are processors unless given\n"
	"      --program FILE   the target program for --deb and --rpm, linked dynamically; the\n"
	"                       packages' architecture is this one's\n"
	"      --static-program FILE   the one for --run\n"
	"      --sysroot DIR    where the libraries of a program for another architecture are\n"
	SIGN_HELP;

struct package_options {
	struct build_options build;
	const char *directory, *program, *sysroot;
	bool deb, rpm, run;
};

/* What is made on the way; all of it is in one folder, which is removed. */
struct workshop {
	const struct package_options *options;
	char directory[PATH_MAX], payload[PATH_MAX], program[PATH_MAX];
	char dynamic_program[PATH_MAX], static_program[PATH_MAX]; /* as they were built */
	struct application application;
	struct signer *signer;   /* NULL: nobody */
	struct bundle bundle;
};

/* SOURCE_DATE_EPOCH, or now; dpkg-deb and rpmbuild get the same. */
static int take_time(time_t *out, struct error *err)
{
	char now[32];
	int code = source_date(out, err);

	if (code)
		return code;
	snprintf(now, sizeof(now), "%lld", (long long)*out);
	/* Threads of xz would decide about the bytes. */
	if (setenv("SOURCE_DATE_EPOCH", now, 1) || setenv("DPKG_DEB_THREADS_MAX", "1", 1) ||
	    setenv("LC_ALL", "C.UTF-8", 1))
		return error_errno(err, -errno, "SOURCE_DATE_EPOCH");
	return 0;
}

/* The program without what debuggers read; the package's copy has the package's time and mode. */
static int strip_program(const struct workshop *shop, struct error *err)
{
	const char *strip = getenv("STRIP"), *rpm = shop->bundle.arch->rpm;
	bool foreign = shop->bundle.is_foreign;
	char prefixed[64];
	const char *const argv[] = { strip && *strip ? strip : foreign ? prefixed : "strip",
				     "--strip-unneeded", "--remove-section=.comment",
				     "--remove-section=.note", "-o", shop->program,
				     shop->dynamic_program, NULL };
	struct buffer said = { 0 };
	int code;

	snprintf(prefixed, sizeof(prefixed), "%s-linux-gnu-strip", rpm);
	code = process_run(argv, NULL, &said, err);
	if (code == -ENOENT && foreign)
		code = error_set(err, -EIO, "%s is not installed: apt-get install "
				 "binutils-%s-linux-gnu", argv[0], strcmp(rpm, "x86_64") ? rpm : "x86-64");
	else if (code == -ENOENT)
		code = error_set(err, -EIO, "%s is not installed: apt-get install binutils", argv[0]);
	else if (code > 0)
		code = error_set(err, -EBADMSG, "%s: %s", shop->dynamic_program,
				 process_line(&said, NULL));
	if (!code && chmod(shop->program, 0755) < 0)
		code = error_errno(err, -errno, "%s", shop->program);
	buffer_free(&said);
	return code;
}

static int build_payload(struct workshop *shop, struct error *err)
{
	struct build_options build_options = shop->options->build;

	build_options.output = shop->payload;
	build_options.arch = shop->bundle.arch->arch;
	return build_signed(&build_options, shop->signer, err);
}

/* The object for the packages' architecture, among those of the manifest. */
static const struct object *find_object(const struct application *application, const char *arch)
{
	const struct manifest *manifest = &application->manifest;
	const char *path = manifest_object_path(manifest, arch);
	size_t i;

	for (i = 0; path && i < manifest->object_count; i++)
		if (manifest->objects[i].path == path)
			return application->objects.items[i];
	return NULL;
}

static int make_run(struct workshop *shop, struct error *err)
{
	const struct manifest *manifest = &shop->application.manifest;
	char path[PATH_MAX];
	size_t size;
	int code;

	if (snprintf(path, sizeof(path), "%s/%s-%s-%s.run", shop->options->directory, manifest->name,
		     manifest->version, shop->bundle.arch->rpm) >= PATH_MAX)
		return error_errno(err, -ENAMETOOLONG, "%s", shop->options->directory);
	code = output_write_run(path, shop->static_program, shop->payload, shop->signer, &size, err);
	if (!code)
		printf("%s\n", path);
	return code;
}

/* A target program that is wanted: the one that an option names, or the one beside btfpack. */
static int find_program(const char *given, const char *name, char path[static PATH_MAX],
			struct bundle *bundle, struct error *err)
{
	if (given && snprintf(path, PATH_MAX, "%s", given) >= PATH_MAX)
		return error_errno(err, -ENAMETOOLONG, "%s", given);
	if (!given && output_find_program(name, path, err))
		return err->code;
	return bundle_set_arch(bundle, path, err);
}

static int find_programs(struct workshop *shop, struct error *err)
{
	const struct package_options *options = shop->options;
	const struct bundle_arch *arch = NULL;
	int code = 0;

	if (options->run) {
		code = find_program(options->build.program, "btferry-static", shop->static_program,
				    &shop->bundle, err);
		arch = shop->bundle.arch;
	}
	if (!code && (options->deb || options->rpm))
		code = find_program(options->program, "btferry", shop->dynamic_program, &shop->bundle, err);
	if (!code && arch && arch != shop->bundle.arch)
		code = error_set(err, -EINVAL, "%s is for %s, and %s is for %s: name both programs of one "
				 "architecture", shop->static_program, arch->arch, shop->dynamic_program,
				 shop->bundle.arch->arch);
	return code;
}

static int make_all(struct workshop *shop, struct error *err)
{
	const struct package_options *options = shop->options;
	struct bundle *bundle = &shop->bundle;
	const struct object *object;
	int code = find_programs(shop, err);

	if (!code)
		code = application_open(options->build.manifest, &shop->application, err);
	if (code)
		return code;
	object = find_object(&shop->application, bundle->arch->arch);
	if (!object)
		return error_set(err, -ENOENT, "%s: has no object for %s, which %s is for",
				 options->build.manifest, bundle->arch->arch,
				 options->run ? shop->static_program : shop->dynamic_program);
	code = signer_open(&options->build.sign, &shop->signer, err);
	if (code)
		return code;
	bundle->is_signed = shop->signer != NULL;
	bundle->manifest = &shop->application.manifest;
	bundle->sources = shop->application.directory;
	code = bundle_prepare(bundle, object, err);
	if (!code)
		code = build_payload(shop, err);
	if (!code)
		code = options->deb || options->rpm ? strip_program(shop, err) : 0;
	if (!code && options->run)
		code = make_run(shop, err);
	if (!code && options->deb)
		code = bundle_deb(bundle, err);
	if (!code && options->rpm)
		code = bundle_rpm(bundle, err);
	return code;
}

static int open_workshop(struct workshop *shop, struct error *err)
{
	const char *output = shop->options->directory;
	char absolute[PATH_MAX];
	int code = dir_make(AT_FDCWD, output, 0755, err);

	if (code)
		return code;
	/* What is called stands in other folders. */
	if (!realpath(output, absolute))
		return error_errno(err, -errno, "%s", output);
	/* Room for the longest name of what is made in there. */
	if (snprintf(shop->directory, PATH_MAX, "%s/.package-XXXXXX", absolute) >= PATH_MAX - 256)
		return error_errno(err, -ENAMETOOLONG, "%s", output);
	if (!mkdtemp(shop->directory)) {
		code = error_errno(err, -errno, "%s", output);
		shop->directory[0] = '\0';
		return code;
	}
	snprintf(shop->payload, PATH_MAX, "%.*s/app.payload", PATH_MAX - 32, shop->directory);
	snprintf(shop->program, PATH_MAX, "%.*s/app", PATH_MAX - 32, shop->directory);
	shop->bundle.directory = shop->directory;
	shop->bundle.output = output;
	shop->bundle.payload = shop->payload;
	shop->bundle.program = shop->program;
	shop->bundle.sysroot = shop->options->sysroot;
	return 0;
}

static int make_packages(const struct package_options *options, struct error *err)
{
	struct workshop shop = { .options = options };
	struct error cleaning = ERROR_NONE;
	int code = take_time(&shop.bundle.time, err), cleaned = 0;

	if (!code)
		code = open_workshop(&shop, err);
	if (!code)
		code = make_all(&shop, err);
	signer_close(shop.signer);
	bundle_free(&shop.bundle);
	application_close(&shop.application);
	if (shop.directory[0])
		cleaned = stage_remove(shop.directory, &cleaning);
	if (!code && cleaned)
		code = error_set(err, cleaned, "%s", cleaning.text);
	return code;
}

enum { LOCKED = 256, PROGRAM, STATIC_PROGRAM, SYSROOT, DEB, RPM, RUN };

static enum exit_status take_option(int option, struct package_options *options)
{
	struct build_options *build = &options->build;
	enum exit_status status;

	switch (option) {
	case 'a': build->archives[build->archive_count++] = optarg; break;
	case 'o': options->directory = optarg; break;
	case 'k': build->keep_going = true; break;
	case 'j': return build_parse_jobs(optarg, &build->jobs) ? STATUS_DONE : STATUS_USAGE;
	case LOCKED: build->locked = optarg; break;
	case PROGRAM: options->program = optarg; break;
	case STATIC_PROGRAM: build->program = optarg; break;
	case SYSROOT: options->sysroot = optarg; break;
	case DEB: options->deb = true; break;
	case RPM: options->rpm = true; break;
	case RUN: options->run = true; break;
	default:
		return sign_take_option(option, optarg, &build->sign, &status) ? status : STATUS_USAGE;
	}
	return STATUS_DONE;
}

static enum exit_status parse(int argc, char **argv, struct package_options *options, bool *help)
{
	static const struct option long_options[] = {
		{ "archive", required_argument, NULL, 'a' },
		{ "output", required_argument, NULL, 'o' },
		{ "locked", required_argument, NULL, LOCKED },
		{ "keep-going", no_argument, NULL, 'k' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "program", required_argument, NULL, PROGRAM },
		{ "static-program", required_argument, NULL, STATIC_PROGRAM },
		{ "sysroot", required_argument, NULL, SYSROOT },
		{ "deb", no_argument, NULL, DEB },
		{ "rpm", no_argument, NULL, RPM },
		{ "run", no_argument, NULL, RUN },
		SIGN_OPTIONS,
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	enum exit_status status = STATUS_DONE;
	int option;

	while (!status && (option = getopt_long(argc, argv, "a:o:kj:h", long_options, NULL)) != -1) {
		if (option == 'h') {
			*help = true;
			return STATUS_DONE;
		}
		status = take_option(option, options);
	}
	if (!status && (argc - optind != 1 || !*options->directory))
		status = STATUS_USAGE;
	options->build.manifest = argv[optind];
	return status;
}

enum exit_status package_command(int argc, char **argv)
{
	/* no more archives than arguments */
	struct package_options options = {
		.build = {
			.archives = calloc((size_t)argc, sizeof(*options.build.archives)),
			.jobs = build_processors(),
			.shard = { .number = 1, .count = 1 },
			.quiet = true,
		},
		.directory = ".",
	};
	struct error err = ERROR_NONE;
	bool help = false;
	enum exit_status status;

	if (!options.build.archives) {
		error_errno(&err, -ENOMEM, "arguments");
		return console_fail("package", &err);
	}
	/* Packages carry modes; whose shell it was must not show in them. */
	umask(022);
	status = parse(argc, argv, &options, &help);
	if (help || status != STATUS_DONE) {
		fputs(usage, help ? stdout : stderr);
	} else if (!options.deb && !options.rpm && !options.run) {
		console_error("package: which one? --deb, --rpm, --run, or several of them");
		status = STATUS_USAGE;
	} else if (make_packages(&options, &err)) {
		status = console_fail("package", &err);
		/* What was asked for does not go together. */
		if (err.code == -EINVAL)
			status = STATUS_USAGE;
	}
	free(options.build.archives);
	return status;
}
