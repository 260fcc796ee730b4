/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program on the target host: `btferry`, or an application's own name, or a .run that carries
 * its payload.  Here is the table of commands, what each of them is prepared, and the exit code.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/console.h"

#include "installer/commands.h"
#include "installer/locate.h"

enum wants {
	WANTS_NOTHING,
	WANTS_PAYLOAD,
	WANTS_PAYLOAD_OR_OBJECT, /* a given object can be checked without a payload */
	WANTS_APP,               /* the name only: what is installed is whole without a payload */
};

/* One row of the command table, which is also the help. */
struct command {
	const char *name;
	enum exit_status (*function)(const struct context *context);
	enum wants wants;
	const char *operands;    /* words for what must follow, and [WORD] for what may; NULL: none */
	const char *takes;       /* letters of its own options (options.c) */
	const char *help;
};

static enum exit_status command_help(const struct context *context);

static enum exit_status command_version(const struct context *context)
{
	(void)context;
	printf("btferry %s\n", BTFERRY_VERSION);
	return STATUS_DONE;
}

static const struct command COMMANDS[] = {
	{ "check", command_check, WANTS_PAYLOAD_OR_OBJECT, NULL,
	  "obsjkRACOHfFtPNl", "will it run here, now, and if not, what to do" },
	{ "install", command_install, WANTS_PAYLOAD, NULL, "kKnjobyl",
	  "install for this kernel, or for others" },
	{ "build", command_build, WANTS_PAYLOAD, NULL, "kADGWuimjy",
	  "make what a kernel needs for which no BTF can be had" },
	{ "run", command_run, WANTS_APP, NULL, "obsSeBExwMdcnjl",
	  "run what is installed; prints its events" },
	{ "status", command_status, WANTS_APP, NULL, "jLM",
	  "what is installed, and whether it is intact" },
	{ "rollback", command_rollback, WANTS_APP, NULL, "nj",
	  "go back to the application version before" },
	{ "uninstall", command_uninstall, WANTS_APP, NULL, "z", "remove what is installed" },
	{ "list", command_list, WANTS_PAYLOAD, NULL, "j", "the kernels of the payload" },
	{ "info", command_info, WANTS_PAYLOAD, NULL, "j", "what the payload is and holds" },
	{ "verify", command_verify, WANTS_PAYLOAD, NULL, "", "check every byte of the payload" },
	{ "extract", command_extract, WANTS_PAYLOAD, "DIR", "",
	  "write everything in the payload below DIR" },
	{ "path", command_path, WANTS_APP, "btf|object", "l",
	  "print the file to use on this kernel" },
	{ "kernel-hook", command_kernel_hook, WANTS_APP, "add|remove RELEASE [IMAGE]", "T",
	  "for kernel packages: a kernel came or goes; the exit code is always 0" },
	{ "help", command_help, WANTS_NOTHING, NULL, "", "this text" },
	{ "version", command_version, WANTS_NOTHING, NULL, "", "print the version" },
};

enum { COMMAND_COUNT = sizeof(COMMANDS) / sizeof(COMMANDS[0]), HELP_COLUMN = 24 };

static void print_help(void)
{
	const char *program = console_program();
	size_t i;

	printf("usage: %s COMMAND [OPTION]...\n\ncommands:\n", program);
	for (i = 0; i < COMMAND_COUNT; i++) {
		int used = printf("  %-11s %-10s", COMMANDS[i].name,
				  COMMANDS[i].operands ? COMMANDS[i].operands : "");

		/* Long operands have a line of their own. */
		printf("%s%*s%s\n", used > HELP_COLUMN ? "\n" : "",
		       used > HELP_COLUMN ? HELP_COLUMN + 2 : 2, "", COMMANDS[i].help);
	}
	printf("\noptions of every command (`%s COMMAND --help` shows its own):\n", program);
	options_print(OPTIONS_GLOBAL);
	printf("\nexit codes: 0 done, ready; 1 no; 2 usage; 3 a kernel-specific build is needed;\n"
	       "  4 blocked or not known; 5 damaged, unsigned, or newer than this program;\n"
	       "  6 the system refused\n");
}

static enum exit_status command_help(const struct context *context)
{
	(void)context;
	print_help();
	return STATUS_DONE;
}

static void print_help_on(const struct command *command)
{
	printf("usage: %s %s%s%s [OPTION]...\n%s\n\noptions:\n", console_program(), command->name,
	       command->operands ? " " : "", command->operands ? command->operands : "",
	       command->help);
	options_print(command->takes);
	options_print(OPTIONS_GLOBAL);
}

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; name && i < COMMAND_COUNT; i++)
		if (!strcmp(COMMANDS[i].name, name))
			return &COMMANDS[i];
	return NULL;
}

/* True when the operands are as many as the command wants; says it otherwise. */
static bool check_operands(const struct command *command, const struct options *options)
{
	size_t least = 0, most = 0;
	const char *word;

	for (word = command->operands; word; word = strchr(word, ' ')) {
		word += strspn(word, " ");
		least += *word != '[';
		most++;
	}
	if (options->operand_count >= least && options->operand_count <= most)
		return true;
	console_error("%s: usage: %s %s %s", command->name, options->program, command->name,
		      command->operands ? command->operands : "[OPTION]...");
	return false;
}

/* Gets what the command wants; what cannot be had is said, and its exit code returned. */
static enum exit_status prepare(const struct command *command, struct context *context)
{
	const struct options *options = context->options;
	struct error err = ERROR_NONE;
	bool is_optional = command->wants == WANTS_APP ||
			   (command->wants == WANTS_PAYLOAD_OR_OBJECT &&
			    (options->object || options->facts)) ||
			   (options->print && options->app);
	int code = 0;

	if (command->wants == WANTS_NOTHING)
		return STATUS_DONE;
	code = trust_read(options->root, &context->trust, &err);
	/* To remove what is there, nobody need be trusted, and nothing is parsed. */
	if (code && command->function != command_uninstall)
		return console_fail(command->name, &err);
	if (code) {
		console_warn("%s: %s: so no payload is looked into", command->name, err.text);
		context->trust.policy = TRUST_REQUIRE;
		code = 0;
	}
	if (command->wants != WANTS_APP || !options->app)
		code = locate_payload(&context->trust, options->payload, options->program,
				      &context->admitted, &err);
	/* To take away or look at what is installed, one that is refused is not needed. */
	if (code == -EKEYREJECTED && command->wants == WANTS_APP && !options->payload) {
		admitted_close(&context->admitted);
		code = -ENOENT;
	}
	context->payload = context->admitted.payload;
	/* One that was named must be there; where none was, naming one is what to do. */
	if (code == -ENOENT && !options->payload) {
		context->payload = NULL;
		if (!is_optional) {
			console_fail(command->name, &err);
			return STATUS_USAGE;
		}
	} else if (code) {
		return console_fail(command->name, &err);
	}
	if (command->wants == WANTS_APP) {
		context->app = locate_app(options->app, context->payload, options->program, &err);
		if (!context->app) {
			console_fail(command->name, &err);
			return STATUS_USAGE;
		}
	}
	return STATUS_DONE;
}

static enum exit_status dispatch(const struct options *options)
{
	struct context context = { .options = options };
	const struct command *command;
	enum exit_status status;

	if (options->version)
		return command_version(&context);
	if (!options->command && options->help)
		return command_help(&context);
	if (!options->command) {
		print_help();
		return STATUS_USAGE;
	}
	command = find_command(options->command);
	if (command && options->help) {
		print_help_on(command);
		return STATUS_DONE;
	}
	if (!command) {
		console_error("`%s`: is no command; `%s help` lists them", options->command,
			      console_program());
		return STATUS_USAGE;
	}
	if (!options_check(options, command->takes) || !check_operands(command, options))
		return STATUS_USAGE;
	status = prepare(command, &context);
	if (status == STATUS_DONE)
		status = command->function(&context);
	admitted_close(&context.admitted);
	trust_free(&context.trust);
	return status;
}

int main(int argc, char **argv)
{
	struct options options;
	enum exit_status status = STATUS_USAGE;
	const struct command *command;

	console_init(argc > 0 ? basename(argv[0]) : "btferry", false);
	/* What root installs is for all to read, whatever the shell's umask. */
	umask(022);
	if (options_parse(argc, argv, &options) == 0) {
		console_set_quiet(options.quiet);
		options_from_environment(&options);
		status = dispatch(&options);
	}
	command = find_command(options.command);
	options_free(&options);
	/* What went wrong was said; who called it must not stop for it, nor for a wrong usage. */
	if (command && command->function == command_kernel_hook)
		return STATUS_DONE;
	if (fflush(stdout) && status == STATUS_DONE) {
		console_error("standard output: %s", strerror(errno));
		status = STATUS_SYSTEM;
	}
	return status;
}
