/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "builder/compile.h"
#include "builder/complaint.h"

_Static_assert(sizeof(WORKSHOP_GIVEN_0) == sizeof(WORKSHOP_GIVEN_1), "translate() counts on it");

enum {
	MAX_ARGUMENTS = 96,
	ARGUMENT_SIZE = 128,
	MAX_OBJECT_SIZE = 64 * 1024 * 1024,
};

const struct architecture *architecture_find(const char *name)
{
	static const struct architecture ARCHITECTURES[] = {
		{ "x86_64", "x86", "x86_64-linux-gnu", "x86", false },
		{ "arm64", "arm64", "aarch64-linux-gnu", "arm64", false },
		{ "i386", "x86", "i686-linux-gnu", "x86", true },
	};
	size_t i;

	for (i = 0; i < sizeof(ARCHITECTURES) / sizeof(ARCHITECTURES[0]); i++)
		if (!strcmp(name, ARCHITECTURES[i].name))
			return &ARCHITECTURES[i];
	return NULL;
}

/* A command line; what is not a literal lies in text. */
struct command {
	const char *arguments[MAX_ARGUMENTS];
	char text[8][ARGUMENT_SIZE];
	size_t count, texts;
};

static void add(struct command *command, const char *argument)
{
	command->arguments[command->count++] = argument;
	command->arguments[command->count] = NULL;
}

static void add_all(struct command *command, const char *const arguments[])
{
	for (; *arguments; arguments++)
		add(command, *arguments);
}

/* An argument of up to three parts. */
static void add_text(struct command *command, const char *first, const char *second,
		     const char *third)
{
	char *text = command->text[command->texts++];

	snprintf(text, ARGUMENT_SIZE, "%s%s%s", first, second, third);
	add(command, text);
}

/* What find_tools() gives the workshop. */
#define BUILD WORKSHOP_GIVEN_0
#define SOURCE WORKSHOP_GIVEN_1

static void add_architecture_folder(struct command *command, const char *folder,
				    const struct compile_request *request, const char *below)
{
	char *text = command->text[command->texts++];

	snprintf(text, ARGUMENT_SIZE, "-isystem%s/arch/%s/include/%s", folder,
		 request->architecture->source, below);
	add(command, text);
}

/* The folders of LINUXINCLUDE in the kernel's top makefile, in its order. */
static void add_folders(struct command *command, const struct compile_request *request)
{
	add_architecture_folder(command, SOURCE, request, "");
	add_architecture_folder(command, BUILD, request, "generated");
	add(command, "-isystem" SOURCE "/include");
	add(command, "-isystem" BUILD "/include");
	add_architecture_folder(command, SOURCE, request, "uapi");
	add_architecture_folder(command, BUILD, request, "generated/uapi");
	add(command, "-isystem" SOURCE "/include/uapi");
	add(command, "-isystem" BUILD "/include/generated/uapi");
	/* For a whole source tree: fs/mount.h. */
	add(command, "-isystem" SOURCE);
}

/* What the top makefile includes before each source; the first came with 5.13. */
static void add_prefix(struct command *command, const struct compile_request *request)
{
	static const char *const FILES[] = {
		"linux/compiler-version.h", "linux/kconfig.h", "linux/compiler_types.h",
	};
	size_t i;

	for (i = 0; i < sizeof(FILES) / sizeof(FILES[0]); i++)
		if (headers_have(request->headers, request->architecture->source, FILES[i])) {
			add(command, "-include");
			add(command, FILES[i]);
		}
}

static void front_command(const struct compile_request *request, struct command *command)
{
	static const char *const LANGUAGE[] = {
		"-g", "-O2", "-std=gnu11", "-fms-extensions", "-fno-pie", "-fno-strict-aliasing",
		"-fno-stack-protector", "-fno-jump-tables", "-fno-unwind-tables",
		"-fno-asynchronous-unwind-tables", "-fshort-wchar", "-ferror-limit=0",
		"-fno-color-diagnostics", "-fno-caret-diagnostics", "-w",
		/* Else the errors behind a note do not tell what included their file (complaint.c). */
		"-fdiagnostics-show-note-include-stack",
		/* BPF's own passes come later: what those of another architecture leave is theirs. */
		"-emit-llvm", "-Xclang", "-disable-llvm-passes", "-nostdlibinc",
		"-D__KERNEL__", "-DKBUILD_MODNAME=\"btferry\"", "-DKBUILD_BASENAME=\"btferry\"",
		/* What a makefile asks gcc and passes on; without it 7.x refuses clang. */
		"-DCC_USING_FENTRY", NULL
	};
	static const char *const PROGRAM[] = {
		"-DNO_CORE", "-D__BPF_TRACING__",
		/*
		 * The attribute is BPF's: for another architecture clang leaves it out without a word, and
		 * members would be read where the source's own types have them.
		 */
		"-Dpreserve_access_index=unavailable(\"a type of CO-RE, which -DNO_CORE must leave out\")",
		NULL
	};

	*command = (struct command){ .count = 0 };
	add(command, request->toolchain->clang);
	add(command, "-target");
	add(command, request->architecture->target);
	add_all(command, LANGUAGE);
	if (request->for_bpf) {
		add_all(command, PROGRAM);
		add_text(command, "-D__TARGET_ARCH_", request->architecture->tracing, "");
	}
	/* Carried sources come first: "bpf/..." and <bpf/...> are found among them. */
	add(command, "-I.");
	add_folders(command, request);
	add_prefix(command, request);
	add(command, "-c");
	add(command, request->source);
	add(command, "-o");
	add(command, "front.bc");
}

/* Appends text, with names in the place of what the compiler knew the folders by. */
static int translate(const char *text, const struct kernel_headers *headers, struct buffer *out)
{
	const char *build, *source, *at;
	int code = 0;

	for (; !code; text = at + strlen(BUILD)) {
		build = strstr(text, BUILD);
		source = strstr(text, SOURCE);
		at = !build || (source && source < build) ? source : build;
		code = buffer_append(out, text, at ? (size_t)(at - text) : strlen(text) + 1);
		if (!at)
			break;
		if (!code)
			code = buffer_append(out, at == build ? headers->build : headers->source,
					     strlen(at == build ? headers->build : headers->source));
	}
	return code;
}

static int run(const struct compile_request *request, const char *const arguments[],
	       struct buffer *said, struct error *err)
{
	struct complaint complaint;
	struct buffer raw = { 0 };
	int code;

	said->size = 0;
	code = workshop_run(request->workshop, arguments, &raw, err);
	if (code >= 0 && translate((const char *)raw.data, request->headers, said))
		code = error_errno(err, -ENOMEM, "%s", arguments[0]);
	buffer_free(&raw);
	if (code <= 0)
		return code;
	complaint_first((const char *)said->data, &complaint);
	return error_set(err, -EBADMSG, "%s", complaint.text);
}

int compile(const struct compile_request *request, struct buffer *object, struct buffer *said,
	    struct error *err)
{
	const char *const optimize[] = {
		request->toolchain->opt, "-O2", "-mtriple=bpf-pc-linux", "front.bc", "-o", "middle.bc", NULL
	};
	const char *const back[] = {
		/* v2: the newest instruction set that every kernel with raw tracepoints has (4.17). */
		request->toolchain->llc, "-march=bpf", "-mcpu=v2", "-filetype=obj",
		request->for_bpf ? "middle.bc" : "front.bc", "-o", "object.o", NULL
	};
	struct command command;
	int code;

	front_command(request, &command);
	code = run(request, command.arguments, said, err);
	if (!code && request->for_bpf)
		code = run(request, optimize, said, err);
	if (!code)
		code = run(request, back, said, err);
	if (!code)
		code = workshop_take(request->workshop, "object.o", MAX_OBJECT_SIZE, object, err);
	return code;
}
