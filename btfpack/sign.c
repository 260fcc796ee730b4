/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Command `sign`: what `build --sign` does, for a build host that has no secret key: what was built
 * there is signed elsewhere.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "lib/console.h"

#include "btfpack/commands.h"
#include "btfpack/output.h"

static const char usage[] =
	"Usage: btfpack sign --sign KEY FILE...\n"
	"\n"
	"Signs each .payload or .run that was built before.  `build --sign` and `package --sign` do so\n"
	"at once; packages (.deb, .rpm) carry the payload's signature inside and are made there only.\n"
	"\n"
	SIGN_HELP;

static enum exit_status parse(int argc, char **argv, struct sign_options *sign, bool *help)
{
	static const struct option options[] = {
		SIGN_OPTIONS,
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	enum exit_status status;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		*help = option == 'h';
		if (*help)
			return STATUS_DONE;
		if (!sign_take_option(option, optarg, sign, &status) || status)
			return STATUS_USAGE;
	}
	return sign->key && optind < argc ? STATUS_DONE : STATUS_USAGE;
}

enum exit_status sign_command(int argc, char **argv)
{
	struct sign_options options = { .key = NULL };
	struct error err = ERROR_NONE;
	struct signer *signer = NULL;
	enum exit_status status;
	bool help = false;
	int code;

	status = parse(argc, argv, &options, &help);
	if (help || status) {
		fputs(usage, help ? stdout : stderr);
		return status;
	}
	code = signer_open(&options, &signer, &err);
	for (; !code && optind < argc; optind++)
		code = output_sign(argv[optind], signer, &err);
	signer_close(signer);
	status = code ? console_fail("sign", &err) : STATUS_DONE;
	return code == -EEXIST ? STATUS_USAGE : status;
}
