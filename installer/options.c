/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "lib/array.h"
#include "lib/console.h"
#include "lib/size.h"

#include "installer/options.h"

/* One row for each option: getopt's table and the help come from here. */
static const struct option_row {
	char letter;
	const char *name;
	/* What stands for the value in the help; NULL: takes none; "[...": it may be left out. */
	const char *value;
	const char *help;
} ROWS[] = {
	{ 'p', "payload", "FILE", "the payload, or a program that carries one" },
	{ 'a', "app", "NAME", "the application" },
	{ 'r', "root", "DIR", "directory that stands for /" },
	{ 'q', "quiet", NULL, "no notes and warnings" },
	{ 'j', "json", NULL, "one JSON document on standard output" },
	{ 'v', "verbose", NULL, "more of the story" },
	{ 'h', "help", NULL, "this text" },
	{ 'V', "version", NULL, "print the version" },
	{ 'k', "kernel", "RELEASE", "for this kernel, which need not run (install: may be repeated)" },
	{ 'K', "all-kernels", NULL, "with --kernel, also every kernel below lib/modules" },
	{ 'n', "dry-run", NULL, "say what would be done, and do not" },
	{ 'y', "allow-older", NULL, "also what is older than what was installed here before, or not "
	  "signed where that was" },
	{ 'l', "allow-nearest", NULL, "for a kernel that is not packed, what all builds around it have" },
	{ 'z', "purge", NULL, "also forget how new what was installed here was" },
	{ 'o', "object", "FILE", "this BPF object (also: BTFERRY_BPF_FILE)" },
	{ 'b', "btf", "FILE", "this BTF (also: BTFERRY_BTF_FILE)" },
	{ 'R', "release", "RELEASE", "for this kernel, of which nothing but files is known" },
	{ 'A', "arch", "ARCH", "its architecture: x86_64, i386, arm64 ..." },
	{ 'C', "config", "FILE", "its configuration, plain or packed with gzip" },
	{ 'O', "os-release", "FILE", "its host's os-release" },
	{ 'H', "host-root", "DIR", "for the host whose files are below DIR" },
	{ 'f', "facts", NULL, "print facts for --from instead of a verdict" },
	{ 'F', "from", "FILE", "judge facts that were taken elsewhere; -: standard input" },
	{ 't', "attach", "[=all]", "also attach and detach; all: XDP, TC, cgroup programs, too, apart "
	  "from the host" },
	{ 'P', "prometheus", NULL, "metrics for node_exporter's textfile collector" },
	{ 'N', "nfd", NULL, "features for Node Feature Discovery's features.d" },
	{ 'e', "events", "WAY", "auto, ringbuf or perf" },
	{ 's', "set", "NAME=VALUE", "a constant of the object, as `run --settings` lists them; may be "
	  "repeated" },
	{ 'S', "settings", NULL, "list what --set can set" },
	{ 'x', "format", "FORM", "json or table" },
	{ 'E', "event-struct", "NAME", "what each record is, of an object that names no events" },
	{ 'B', "buffer-size", "SIZE", "of the events' buffer: 65536, 256K, 4M; a perf buffer's for each "
	  "CPU" },
	{ 'w', "output", "FILE", "append events to this file, which may be rotated" },
	{ 'M', "metrics", "PATH", "Unix socket for metrics (run: answer there; status: ask there)" },
	{ 'L', "live", NULL, "ask the run that is going on, by its socket" },
	{ 'd', "duration", "SECONDS", "stop after that time" },
	{ 'T', "timeout", "SECONDS", "give up after that time (20)" },
	{ 'D', "headers", "DIR", "the kernel's headers or source tree, or a root that packages were "
	  "unpacked in" },
	{ 'G', "clang", "FILE", "this compiler" },
	{ 'W', "way", "WAY", "this way only: debug-info, headers or object" },
	{ 'u', "out", "FILE", "write what was made to this file, and install nothing" },
	{ 'i', "print", NULL, "print how to build, and build nothing" },
	{ 'm', "container", NULL, "with --print: a recipe for a container that builds it elsewhere" },
	{ 'c', "no-canary", NULL, "load without asking first whether the BTF is this kernel's" },
};

enum { ROW_COUNT = sizeof(ROWS) / sizeof(ROWS[0]) };

static int add_kernel(struct options *options, const char *release)
{
	int code = array_grow(&options->kernels, options->kernel_count, &options->kernel_capacity);

	if (!code)
		options->kernels[options->kernel_count++] = release;
	return code;
}

static int add_set(struct options *options, const char *text)
{
	int code = array_grow(&options->sets, options->set_count, &options->set_capacity);

	if (!code)
		options->sets[options->set_count++] = text;
	return code;
}

static int take_format(struct options *options, const char *value)
{
	if (strcmp(value, "json") != 0 && strcmp(value, "table") != 0) {
		console_error("--format %s: is not json or table", value);
		return -EINVAL;
	}
	options->format = value;
	return 0;
}

static int take_events(struct options *options, const char *value)
{
	if (strcmp(value, "auto") != 0 && strcmp(value, "ringbuf") != 0 && strcmp(value, "perf") != 0) {
		console_error("--events %s: is not auto, ringbuf or perf", value);
		return -EINVAL;
	}
	options->events = value;
	return 0;
}

static int take_attach(struct options *options, const char *value)
{
	if (value && strcmp(value, "all") != 0) {
		console_error("--attach=%s: is not --attach=all", value);
		return -EINVAL;
	}
	options->attach = true;
	options->attach_all = value != NULL;
	return 0;
}

static int take_seconds(const char *name, const char *value, unsigned *out)
{
	size_t digits = strspn(value, "0123456789");

	if (digits == 0 || digits > 9 || value[digits] != '\0') {
		console_error("--%s %s: is not a number of seconds", name, value);
		return -EINVAL;
	}
	*out = (unsigned)strtoul(value, NULL, 10);
	return 0;
}

static int take_buffer_size(struct options *options, const char *value)
{
	uint64_t size;

	if (!size_parse(value, &size) || !size_is_buffer(size)) {
		console_error("--buffer-size %s: is not a power of two from 4096 (4K) to 1024M", value);
		return -EINVAL;
	}
	options->buffer_size = (uint32_t)size;
	return 0;
}

static int take(struct options *options, int letter, const char *value)
{
	switch (letter) {
	case 'p': options->payload = value; return 0;
	case 'a': options->app = value; return 0;
	case 'r': options->root = value; return 0;
	case 'q': options->quiet = true; return 0;
	case 'j': options->json = true; return 0;
	case 'v': options->verbose = true; return 0;
	case 'h': options->help = true; return 0;
	case 'V': options->version = true; return 0;
	case 'k': return add_kernel(options, value);
	case 'K': options->all_kernels = true; return 0;
	case 'n': options->dry_run = true; return 0;
	case 'y': options->allow_older = true; return 0;
	case 'l': options->allow_nearest = true; return 0;
	case 'z': options->purge = true; return 0;
	case 'o': options->object = value; return 0;
	case 'b': options->btf = value; return 0;
	case 'R': options->release = value; return 0;
	case 'A': options->arch = value; return 0;
	case 'C': options->config = value; return 0;
	case 'O': options->os_release = value; return 0;
	case 'H': options->host_root = value; return 0;
	case 'f': options->facts = true; return 0;
	case 'F': options->from = value; return 0;
	case 't': return take_attach(options, value);
	case 'P': options->prometheus = true; return 0;
	case 'N': options->nfd = true; return 0;
	case 'e': return take_events(options, value);
	case 's': return add_set(options, value);
	case 'S': options->settings = true; return 0;
	case 'x': return take_format(options, value);
	case 'E': options->event_struct = value; return 0;
	case 'B': return take_buffer_size(options, value);
	case 'w': options->output = value; return 0;
	case 'M': options->metrics = value; return 0;
	case 'L': options->live = true; return 0;
	case 'd': return take_seconds("duration", value, &options->duration);
	case 'T': return take_seconds("timeout", value, &options->timeout);
	case 'c': options->no_canary = true; return 0;
	case 'D': options->headers = value; return 0;
	case 'G': options->clang = value; return 0;
	case 'W': options->way = value; return 0;
	case 'u': options->out = value; return 0;
	case 'i': options->print = true; return 0;
	case 'm': options->container = true; return 0;
	}
	return -EINVAL; /* getopt has said it */
}

int options_parse(int argc, char **argv, struct options *out)
{
	struct option table[ROW_COUNT + 1] = { { 0 } };
	int letter, code = 0, failure;
	size_t i;

	*out = (struct options){
		.invoked = argc > 0 ? argv[0] : console_program(),
		.program = console_program(),
		.events = "auto",
		.format = "json",
	};
	for (i = 0; i < ROW_COUNT; i++)
		table[i] = (struct option){
			.name = ROWS[i].name,
			.has_arg = !ROWS[i].value ? no_argument :
				   ROWS[i].value[0] == '[' ? optional_argument : required_argument,
			.val = ROWS[i].letter,
		};
	while ((letter = getopt_long(argc, argv, "qvhV", table, NULL)) != -1) {
		failure = take(out, letter, optarg);
		if (failure)
			code = failure;
		else if (!strchr(out->given, letter))
			out->given[strlen(out->given)] = (char)letter;
	}
	if (optind < argc) {
		out->command = argv[optind];
		out->operands = argv + optind + 1;
		out->operand_count = (size_t)(argc - optind - 1);
	}
	return code;
}

void options_free(struct options *options)
{
	free(options->kernels);
	free(options->sets);
}

static const char *from_environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

void options_from_environment(struct options *options)
{
	if (getauxval(AT_SECURE))
		return;
	if (!options->object)
		options->object = from_environment("BTFERRY_BPF_FILE");
	if (!options->btf)
		options->btf = from_environment("BTFERRY_BTF_FILE");
}

static const struct option_row *find_row(char letter)
{
	size_t i = 0;

	while (ROWS[i].letter != letter)
		i++;
	return &ROWS[i];
}

bool options_check(const struct options *options, const char *takes)
{
	const char *letter;

	for (letter = options->given; *letter; letter++) {
		if (strchr(OPTIONS_GLOBAL, *letter) || strchr(takes, *letter))
			continue;
		console_error("%s: has no option --%s", options->command, find_row(*letter)->name);
		return false;
	}
	return true;
}

void options_print(const char *letters)
{
	char left[40];

	for (; *letters; letters++) {
		const struct option_row *row = find_row(*letters);

		snprintf(left, sizeof(left), "--%s%s%s", row->name,
			 row->value && row->value[0] != '[' ? " " : "", row->value ? row->value : "");
		printf("  %-20s %s\n", left, row->help);
	}
}
