/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The truth about objects on this host: really loads each program alone and all together, attaches
 * and detaches, and prints what happened.  It shares no code with btferry.
 *
 *     load [--btf FILE] [--kconfig TEXT] OBJECT...
 *
 * One line each, with tabs between:
 *
 *     object NAME OPENS ERRNO
 *     program NAME SECTION on|off LOADS ERRNO ATTACHES ERRNO auto|explicit|none FIRED
 *     together LOADS ERRNO ATTACHES ERRNO
 *
 * LOADS and ATTACHES are yes, no, blocked (EPERM or EACCES that nothing about the program explains)
 * or "-" (not tried: the step before failed, or its own loader says where, and no place is known).
 * FIRED is yes or unseen.  ERRNO is "-" where there is none.  `together` is what `run` does: the
 * programs that are on, in one load, then each attached where its section says so, and kept, up to
 * the first that is refused.
 */
#include <err.h>
#include <errno.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "tests/truth/attach.h"
#include "tests/truth/events.h"

enum { SECONDS = 60, LINKS = 256 };

static const char *btf_path, *kconfig;
static bool verifier_spoke, place_was_open;

/*
 * Whose no it was.  libbpf prints the verifier's log in one message, frames around it.  And where a
 * perf event could be opened, EACCES is about the program: it reads beyond what the event has.
 */
static int listen_to_libbpf(enum libbpf_print_level level, const char *format, va_list values)
{
	char text[4096];
	const char *log;

	(void)level;
	vsnprintf(text, sizeof(text), format, values);
	log = strstr(text, "BEGIN PROG LOAD LOG --\n");
	if (log && strncmp(strchr(log, '\n') + 1, "-- END", 6) != 0)
		verifier_spoke = true;
	if (strstr(text, "perf_event FD") || strstr(text, "to pfd"))
		place_was_open = true;
	if (getenv("TRUTH_VERBOSE"))
		fputs(text, stderr);
	return 0;
}

static const char *errno_name(int code)
{
	static char number[16];
	const char *name = code ? strerrorname_np(-code) : "-";

	if (name)
		return name;
	snprintf(number, sizeof(number), "%d", -code);
	return number;
}

static void forget(void)
{
	verifier_spoke = place_was_open = false;
}

static const char *answer(int code)
{
	if (!code)
		return "yes";
	if (code != -EPERM && code != -EACCES)
		return "no";
	return verifier_spoke || place_was_open ? "no" : "blocked";
}

static struct bpf_object *open_object(const char *path)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = btf_path, .kconfig = kconfig);
	struct bpf_object *object = bpf_object__open_file(path, &opts);

	if (object)
		events_choose(object);
	return object;
}

/* What most programs of tracers wait for. */
static void provoke(void)
{
	pid_t child = fork();

	if (child == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(0);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
}

static bool has_fired(const struct bpf_program *program)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);

	return bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size) == 0 &&
	       info.run_cnt > 0;
}

static int attach_alone(const struct bpf_program *program, enum attach_way way, bool *fired)
{
	struct bpf_link *link;

	forget();
	if (way == ATTACH_EXPLICIT)
		return attach_explicitly(program);
	link = bpf_program__attach(program);
	if (!link)
		return -errno;
	provoke();
	*fired = has_fired(program);
	return bpf_link__destroy(link);
}

/* What became of one program, or of all together. */
struct result {
	const char *loads, *attaches;
	int load_code, attach_code;
};

static void attached(struct result *result, int code)
{
	result->attaches = answer(code);
	result->attach_code = code;
}

static struct result load_object(struct bpf_object *object)
{
	struct result result = { .attaches = "-" };

	forget();
	result.load_code = bpf_object__load(object);
	result.loads = answer(result.load_code);
	return result;
}

/* One of the programs that path holds, and none of the others. */
static struct result try_alone(const char *path, const char *name)
{
	static const char *const WAYS[] = { "auto", "explicit", "none" };
	struct bpf_object *object = open_object(path);
	struct bpf_program *program, *other;
	struct result result;
	enum attach_way way;
	bool fired = false;

	if (!object || !(program = bpf_object__find_program_by_name(object, name)))
		err(1, "%s: %s", path, name);
	printf("program\t%s\t%s\t%s\t", name, bpf_program__section_name(program),
	       bpf_program__autoload(program) ? "on" : "off");
	bpf_object__for_each_program(other, object)
		bpf_program__set_autoload(other, other == program);
	way = attach_way(program);
	result = load_object(object);
	if (!result.load_code && way != ATTACH_NONE)
		attached(&result, attach_alone(program, way, &fired));
	printf("%s\t%s\t", result.loads, errno_name(result.load_code));
	printf("%s\t%s\t", result.attaches, errno_name(result.attach_code));
	printf("%s\t%s\n", WAYS[way], fired ? "yes" : "unseen");
	bpf_object__close(object);
	return result;
}

/* Attaches as `run` does, and lets go again. */
static int attach_all(struct bpf_object *object)
{
	struct bpf_link *links[LINKS];
	struct bpf_program *program;
	size_t count = 0;
	int code = 0;

	forget();
	bpf_object__for_each_program(program, object) {
		if (!bpf_program__autoload(program) || attach_way(program) != ATTACH_AUTO)
			continue;
		links[count] = bpf_program__attach(program);
		if (!links[count])
			code = -errno;
		if (code || ++count == LINKS)
			break;
	}
	while (count > 0)
		bpf_link__destroy(links[--count]);
	return code;
}

static struct result try_together(const char *path)
{
	struct bpf_object *object = open_object(path);
	struct result result;

	if (!object)
		err(1, "%s", path);
	result = load_object(object);
	if (!result.load_code)
		attached(&result, attach_all(object));
	bpf_object__close(object);
	return result;
}

static void try_object(char *path)
{
	struct bpf_object *object = open_object(path);
	struct bpf_program *program = NULL;
	int code = object ? 0 : -errno;
	struct result result;
	bool only_one;

	printf("object\t%s\t%s\t%s\n", basename(path), code ? "no" : "yes", errno_name(code));
	if (!object)
		return;
	bpf_object__for_each_program(program, object)
		result = try_alone(path, bpf_program__name(program));
	/* Of a single program it is known already. */
	program = bpf_object__next_program(object, NULL);
	only_one = program && bpf_program__autoload(program) &&
		   attach_way(program) == ATTACH_AUTO && !bpf_object__next_program(object, program);
	if (!only_one)
		result = try_together(path);
	printf("together\t%s\t%s\t", result.loads, errno_name(result.load_code));
	printf("%s\t%s\n", result.attaches, errno_name(result.attach_code));
	bpf_object__close(object);
}

int main(int argc, char **argv)
{
	int stats, i;

	for (i = 1; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
		if (strcmp(argv[i], "--btf") == 0)
			btf_path = argv[i + 1];
		else if (strcmp(argv[i], "--kconfig") == 0)
			kconfig = argv[i + 1];
		else
			errx(2, "%s: no such option", argv[i]);
	}
	if (i >= argc)
		errx(2, "usage: load [--btf FILE] [--kconfig TEXT] OBJECT...");
	alarm(SECONDS);
	libbpf_set_print(listen_to_libbpf);
	stats = bpf_enable_stats(BPF_STATS_RUN_TIME); /* counts, where that is allowed */
	for (; i < argc; i++)
		try_object(argv[i]);
	if (stats >= 0)
		close(stats);
	return fflush(stdout) ? 1 : 0;
}
