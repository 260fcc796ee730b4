/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program on the target host: `btferry`, or an application's own name, or a .run that carries
 * its payload.  Here are the commands and the exit code; the work is done in checker/, runtime/
 * and the other files of this folder.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "checker/check.h"
#include "lib/console.h"
#include "payload/describe.h"
#include "runtime/run.h"
#include "runtime/settings_list.h"

#include "installer/build.h"
#include "installer/check_built.h"
#include "installer/install.h"
#include "installer/kernel_hook.h"
#include "installer/live.h"
#include "installer/locate.h"
#include "installer/options.h"
#include "installer/rollback.h"

/* What a command is given. */
struct context {
	const struct options *options;
	struct trust trust;
	struct admitted admitted;
	const struct payload *payload; /* the admitted one, as the command wants it, else NULL */
	const char *app;         /* likewise */
};

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

/* Options of check that name another kernel or host. */
static bool is_elsewhere(const struct options *options)
{
	return strpbrk(options->given, "kRACHF") != NULL;
}

static enum exit_status command_check(const struct context *context)
{
	const struct options *options = context->options;
	struct check_built_files built = { .object_path = "" };
	struct error err = ERROR_NONE;
	enum exit_status status;
	int code = 0;
	struct check_options check_options = {
		.root = options->root,
		.trust = &context->trust,
		.payload = context->payload,
		.object = options->object,
		.btf = options->btf,
		.config = options->config,
		.os_release = options->os_release,
		.elsewhere = {
			.kernel = options->kernel_count ? options->kernels[0] : NULL,
			.release = options->release,
			.arch = options->arch,
			.host_root = options->host_root,
			.from = options->from,
		},
		.attach = options->attach_all ? TRIAL_ATTACHES_ALL :
			  options->attach ? TRIAL_ATTACHES : TRIAL_LOADS_ONLY,
		.output = options->facts ? CHECK_FACTS : options->json ? CHECK_JSON :
			  options->prometheus ? CHECK_PROMETHEUS :
			  options->nfd ? CHECK_NFD : CHECK_TEXT,
		.allow_nearest = options->allow_nearest,
		.sets = options->sets,
		.set_count = options->set_count,
		.quiet = options->quiet,
		.verbose = options->verbose,
	};

	/* What the environment names is this host's. */
	if (is_elsewhere(options) && !strchr(options->given, 'b'))
		check_options.btf = NULL;
	if (options->kernel_count > 1) {
		console_error("check: one --kernel at a time");
		return STATUS_USAGE;
	}
	if (options->set_count && options->from) {
		console_error("check: --set goes where --facts are taken: what --from reads was tried "
			      "already");
		return STATUS_USAGE;
	}
	if (options->facts + options->json + options->prometheus + options->nfd > 1) {
		console_error("check: --facts, --json, --prometheus and --nfd do not go together");
		return STATUS_USAGE;
	}
	if (!is_elsewhere(options) && !options->btf && context->payload)
		code = check_built_read(options->root, &context->trust, context->payload, &built,
					&check_options.built, &err);
	status = code ? console_fail("check", &err) : check(&check_options);
	check_built_free(&built);
	return status;
}

static enum exit_status command_install(const struct context *context)
{
	const struct options *options = context->options;
	struct install_options install_options = {
		.root = options->root,
		.invoked = options->invoked,
		.trust = &context->trust,
		.admitted = &context->admitted,
		.allow_older = options->allow_older,
		.allow_nearest = options->allow_nearest,
		.payload_named = options->payload != NULL,
		.kernels = options->kernels,
		.kernel_count = options->kernel_count,
		.all_kernels = options->all_kernels,
		.dry_run = options->dry_run,
		.json = options->json,
		/* What the environment names is for one run. */
		.object = strchr(options->given, 'o') ? options->object : NULL,
		.btf = strchr(options->given, 'b') ? options->btf : NULL,
	};

	if (install_options.object && install_options.btf) {
		console_error("install: --object and --btf do not go together: the object takes none");
		return STATUS_USAGE;
	}
	return install(&install_options);
}

static enum exit_status command_build(const struct context *context)
{
	const struct options *options = context->options;
	struct build_options build_options = {
		.root = options->root,
		.invoked = options->invoked,
		.app = context->payload ? payload_app(context->payload) : options->app,
		.trust = &context->trust,
		.admitted = context->payload ? &context->admitted : NULL,
		.payload_path = options->payload,
		.allow_older = options->allow_older,
		.kernel = options->kernel_count ? options->kernels[0] : NULL,
		.arch = options->arch,
		.headers = options->headers,
		.clang = options->clang,
		.way = options->way,
		.out = options->out,
		.print = options->print,
		.container = options->container,
		.json = options->json,
	};

	if (options->kernel_count > 1) {
		console_error("build: one --kernel at a time");
		return STATUS_USAGE;
	}
	return build(&build_options);
}

static enum exit_status command_run(const struct context *context)
{
	const struct options *options = context->options;
	struct run_options run_options = {
		.root = options->root,
		.trust = &context->trust,
		.app = context->app,
		.object = options->object,
		.btf = options->btf,
		.events = options->events,
		.buffer_size = options->buffer_size,
		.output = options->output,
		.metrics = options->metrics,
		.duration = options->duration,
		.no_canary = options->no_canary,
		.allow_nearest = options->allow_nearest,
		.verbose = options->verbose,
		.dry_run = options->dry_run,
		.sets = options->sets,
		.set_count = options->set_count,
		.table = strcmp(options->format, "table") == 0,
		.event_struct = options->event_struct,
	};

	if (options->settings)
		return run_settings(&run_options, options->json);
	if (options->json) {
		console_error("run: --json goes with --settings; events are JSON unless --format says "
			      "otherwise");
		return STATUS_USAGE;
	}
	return run(&run_options);
}

static enum exit_status command_status(const struct context *context)
{
	const struct options *options = context->options;

	if (options->metrics && !options->live) {
		console_error("status: --metrics goes with --live");
		return STATUS_USAGE;
	}
	if (options->live)
		return live(options->root, context->app, options->metrics, options->json);
	return status(options->root, &context->trust, context->app, options->json);
}

static enum exit_status command_uninstall(const struct context *context)
{
	return uninstall(context->options->root, context->app, context->options->purge);
}

static enum exit_status command_rollback(const struct context *context)
{
	const struct options *options = context->options;
	struct rollback_options rollback_options = {
		.root = options->root,
		.trust = &context->trust,
		.app = context->app,
		.invoked = options->invoked,
		.dry_run = options->dry_run,
		.json = options->json,
	};

	return rollback(&rollback_options);
}

static enum exit_status command_kernel_hook(const struct context *context)
{
	const struct options *options = context->options;
	struct kernel_hook_options hook_options = {
		.root = options->root,
		.trust = &context->trust,
		.app = context->app,
		.invoked = options->invoked,
		.action = options->operands[0],
		.release = options->operands[1],
		.image = options->operand_count > 2 ? options->operands[2] : NULL,
		.seconds = options->timeout ? options->timeout : KERNEL_HOOK_SECONDS,
	};

	kernel_hook(&hook_options);
	return STATUS_DONE;
}

static enum exit_status command_path(const struct context *context)
{
	const char *what = context->options->operands[0];

	if (strcmp(what, "btf") != 0 && strcmp(what, "object") != 0) {
		console_error("path: `%s`: is not btf or object", what);
		return STATUS_USAGE;
	}
	return path(context->options->root, &context->trust, context->app, what,
		    context->options->allow_nearest);
}

static enum exit_status command_list(const struct context *context)
{
	struct error err = ERROR_NONE;

	return payload_list(context->payload, context->options->json, stdout, &err)
		       ? console_fail("list", &err) : STATUS_DONE;
}

/* id is room for the key's identity. */
static struct signature_note signature_note(const struct context *context,
					    char id[static MINISIGN_ID_TEXT])
{
	const struct signature_facts *facts = &context->admitted.facts;

	return (struct signature_note){
		.state = signature_state_name(facts->state),
		.key = facts->state == SIGNATURE_GOOD || facts->state == SIGNATURE_UNKNOWN_KEY ?
		       minisign_id_text(facts->id, id) : NULL,
		.epoch = facts->epoch,
	};
}

static enum exit_status command_info(const struct context *context)
{
	struct error err = ERROR_NONE;

	char id[MINISIGN_ID_TEXT];
	const struct signature_note note = signature_note(context, id);

	return payload_info(context->payload, &note, context->options->json, stdout, &err)
		       ? console_fail("info", &err) : STATUS_DONE;
}

static enum exit_status command_verify(const struct context *context)
{
	char id[MINISIGN_ID_TEXT];
	const struct signature_note note = signature_note(context, id);
	struct error err = ERROR_NONE;

	if (payload_verify(context->payload, &err))
		return console_fail("verify", &err);
	printf("%s %s: every byte is in place; signature: %s", payload_app(context->payload),
	       payload_app_version(context->payload), note.state);
	if (note.key)
		printf(", key %s", note.key);
	putchar('\n');
	return STATUS_DONE;
}

static enum exit_status command_extract(const struct context *context)
{
	struct error err = ERROR_NONE;

	return payload_extract(context->payload, context->options->operands[0], &err)
		       ? console_fail("extract", &err) : STATUS_DONE;
}

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
