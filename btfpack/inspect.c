/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands `list`, `info`, `verify`, `extract`: what is inside a .payload or .run. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>

#include "lib/console.h"
#include "payload/describe.h"

#include "btfpack/commands.h"

struct inspection {
	const char *file, *directory;
	bool json;
};

static enum exit_status usage(const char *command, FILE *out)
{
	const char *output = command[0] == 'e' ? "-o DIR " : "";
	const char *json = command[0] == 'l' || command[0] == 'i' ? "[--json] " : "";

	fprintf(out, "Usage: btfpack %s %s%sFILE\n\n", command, output, json);
	if (*output)
		fputs("  -o, --output DIR   where to; it must not be there\n", out);
	if (*json)
		fputs("      --json         one JSON document on standard output\n", out);
	fputs("  -q, --quiet        print errors only\n", out);
	return out == stdout ? STATUS_DONE : STATUS_USAGE;
}

/* Returns 1 when the command is to go on, else 0 with the exit code in *status. */
static int parse(int argc, char **argv, struct inspection *inspection, enum exit_status *status)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "output", required_argument, NULL, 'o' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "jo:qh", options, NULL)) != -1) {
		switch (option) {
		case 'j':
			inspection->json = true;
			break;
		case 'o':
			inspection->directory = optarg;
			break;
		case 'q':
			console_set_quiet(true);
			break;
		default:
			*status = usage(argv[0], option == 'h' ? stdout : stderr);
			return 0;
		}
	}
	if (argc - optind != 1 || (argv[0][0] == 'e' && !inspection->directory) ||
	    (inspection->directory && !*inspection->directory)) {
		*status = usage(argv[0], stderr);
		return 0;
	}
	inspection->file = argv[optind];
	return 1;
}

static enum exit_status inspect(int argc, char **argv,
				int (*act)(const struct inspection *inspection,
					   const struct payload *payload, struct error *err))
{
	struct inspection inspection = { 0 };
	struct error err = ERROR_NONE;
	struct payload *payload;
	enum exit_status status;

	if (!parse(argc, argv, &inspection, &status))
		return status;
	if (payload_open(AT_FDCWD, inspection.file, &payload, &err))
		return console_fail(argv[0], &err);
	status = act(&inspection, payload, &err) ? console_fail(argv[0], &err) : STATUS_DONE;
	payload_close(payload);
	if (status == STATUS_DONE && fflush(stdout)) {
		error_errno(&err, -errno, "standard output");
		return console_fail(argv[0], &err);
	}
	return status;
}

static int list(const struct inspection *inspection, const struct payload *payload,
		struct error *err)
{
	return payload_list(payload, inspection->json, stdout, err);
}

static int info(const struct inspection *inspection, const struct payload *payload,
		struct error *err)
{
	return payload_info(payload, NULL, inspection->json, stdout, err);
}

static int verify(const struct inspection *inspection, const struct payload *payload,
		  struct error *err)
{
	int code = payload_verify(payload, err);

	if (code)
		return code;
	printf("%s: intact: %zu kernels, %zu stored BTFs, %zu files\n", inspection->file,
	       payload_kernel_count(payload), payload_btf_count(payload), payload_file_count(payload));
	return 0;
}

static int extract(const struct inspection *inspection, const struct payload *payload,
		   struct error *err)
{
	int code = payload_extract(payload, inspection->directory, err);

	if (!code)
		console_note("extract: %s: everything is below %s", inspection->file, inspection->directory);
	return code;
}

enum exit_status list_command(int argc, char **argv)
{
	return inspect(argc, argv, list);
}

enum exit_status info_command(int argc, char **argv)
{
	return inspect(argc, argv, info);
}

enum exit_status verify_command(int argc, char **argv)
{
	return inspect(argc, argv, verify);
}

enum exit_status extract_command(int argc, char **argv)
{
	return inspect(argc, argv, extract);
}
