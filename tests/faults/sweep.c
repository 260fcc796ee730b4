/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * faults [-a ACTION] [-e N] [-i] [-r PROGRAM] [-s files|folders] [-t]
 *        NAME START WORK APP COMMAND [ARGUMENT...]
 *
 * Runs COMMAND on copies of the root folder START and disturbs it: at each system call that could
 * change something below the root, once with a kill and once with each of some errors.  After each
 * `current` must lead to the whole old generation or to the whole new one, and the command, run
 * again undisturbed, must come to what it comes to on START.  Then the same for a power cut after
 * each step, and after a run that was killed and one that was not; what was not synced may be lost
 * in it.
 *
 * @ROOT@ in an ARGUMENT stands for the copy.  -a takes one ACTION only (EIO ...), -e every N-th
 * trial.  -i disturbs what is read instead of what is changed, without power cuts.  -r repairs with
 * PROGRAM ROOT, for a COMMAND that does something else when it is run again.  -s skips each
 * fsync(2) of files or of folders and reports success: that must be found.  -t: COMMAND only tells,
 * so that what it cannot read must end it.
 *
 * Prints findings as `# ...`, and one line of figures.  Ends with 0, or with 1 after a finding.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/faults/judge.h"
#include "tests/faults/state.h"

enum { WORKERS = 2, MAX_FINDINGS = 12, MAX_KNOWN = 256 };

struct action {
	const char *name;
	struct answer answer;
};

static const struct action CHANGES[] = {
	{ "KILL", { DEED_KILL, 0, true } },
	{ "EIO", { DEED_FAIL, EIO, true } },
	{ "ENOSPC", { DEED_FAIL, ENOSPC, true } },
	{ "EROFS", { DEED_FAIL, EROFS, true } },
	{ "EINTR", { DEED_FAIL, EINTR, true } },
	{ "half a write", { DEED_SHORT, 0, true } },
};

static const struct action READS[] = {
	{ "KILL", { DEED_KILL, 0, true } },
	{ "EIO", { DEED_FAIL, EIO, true } },
	{ "EINTR", { DEED_FAIL, EINTR, true } },
	{ "one byte of a read", { DEED_SHORT, 0, true } },
};

/* What all workers add to. */
static struct figures {
	unsigned injections, torn, repairs, unrepaired, wrong_ends, harmless;
	unsigned cuts, cut_states, cut_torn, cut_unrepaired;
	unsigned findings;
} *figures;

static struct {
	const char *name, *start, *action;
	unsigned every;
	bool only_tells;
} options = { .every = 1 };

static struct subject subject;
static char *repair_command[] = { NULL, (char []){ "@ROOT@" }, NULL };
static struct subject repair;    /* the same, unless -r is given */

static struct expectation expectation;

/* Adds one, whoever else does; returns what it was. */
static unsigned count(unsigned *figure)
{
	return __atomic_fetch_add(figure, 1, __ATOMIC_RELAXED);
}

static void __attribute__((format(printf, 2, 3))) find(unsigned *figure, const char *format, ...)
{
	char text[2048];
	va_list args;

	count(figure);
	if (count(&figures->findings) >= MAX_FINDINGS)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	printf("# %s: %s\n", options.name, text);
	fflush(stdout);
}

static const char *state_name(enum state state)
{
	static const char *const NAMES[] = { "torn", "nothing", "old", "new" };

	return NAMES[state];
}

/* States from which the command was run and came to what it should: no need to do that again. */
static struct {
	struct fs *states[MAX_KNOWN];
	int count;
} known;

static bool is_known(const struct fs *fs)
{
	char why[256];
	int i;

	for (i = known.count - 1; i >= 0; i--)
		if (fs_equal(fs, 0, known.states[i], 0, why, sizeof(why)))
			return true;
	return false;
}

/* The bytes must stay where they are. */
static void remember(const struct fs *fs)
{
	struct fs *copy = known.count < MAX_KNOWN ? malloc(sizeof(*copy)) : NULL;

	if (!copy)
		return;
	fs_copy(copy, fs);
	known.states[known.count++] = copy;
}

/* Runs the command undisturbed in what a disturbed one left, and compares what it comes to. */
static bool is_repaired(int worker, char *why, size_t size)
{
	static struct fs fs;
	struct run run;
	char said[1024];
	bool equal;
	int status;

	count(&figures->repairs);
	run_begin(&run, &repair, worker);
	status = run_command(&run);
	run_end(&run, said, sizeof(said));
	if (status != 0) {
		snprintf(why, size, "exit %d: %.900s", status, said);
		return false;
	}
	fs_read(&fs, run.root);
	/* What could not be read may have been installed anew, under the next number. */
	equal = subject.stops_at_reads ? state_is_reached(&expectation, &fs, why, size) :
	                                 fs_equal(&fs, 0, &expectation.final, 0, why, size);
	fs_free(&fs);
	return equal;
}

static void try_one(int worker, int at, const struct action *action)
{
	static struct fs fs;
	static struct run run;
	char said[1024], why[1200] = "";
	struct end end;
	enum state state;
	const char *wrong;
	int status;

	run_begin(&run, &subject, worker);
	fs_write(&expectation.start, run.root);
	run.at = at;
	run.answer = action->answer;
	status = run_command(&run);
	run_end(&run, said, sizeof(said));
	count(&figures->injections);
	fs_read(&fs, run.root);
	state = state_of(&expectation, &fs, why, sizeof(why));
	if (state == STATE_TORN)
		find(&figures->torn, "%s at call %d, %s %s: torn: %s", action->name, at,
		     run.last.name, run.last.path, why);
	end = (struct end){
		.run = &run, .status = status, .said = said, .app = expectation.app,
		.is_done = state == state_wanted(&expectation), .only_tells = options.only_tells,
	};
	wrong = judge(&end);
	if (end.is_harmless)
		count(&figures->harmless);
	if (wrong)
		find(&figures->wrong_ends, "%s at call %d, %s %s: %s: exit %d, state %s: %s",
		     action->name, at, run.last.name, run.last.path, wrong, status,
		     state_name(state), said);
	if (is_known(&fs)) {
		fs_free(&fs);
	} else if (is_repaired(worker, why, sizeof(why))) {
		remember(&fs);
	} else {
		find(&figures->unrepaired, "%s at call %d, %s %s: the next run does not repair: %s",
		     action->name, at, run.last.name, run.last.path, why);
	}
}

static int in_workers(void (*work)(int worker, void *context), void *context)
{
	pid_t pids[WORKERS];
	int i, status, failed = 0;

	fflush(stdout);
	for (i = 0; i < WORKERS; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			give_up("fork: %s", strerror(errno));
		if (pids[i] == 0) {
			work(i, context);
			fflush(stdout);
			_exit(0);
		}
	}
	for (i = 0; i < WORKERS; i++)
		if (waitpid(pids[i], &status, 0) != pids[i] || status != 0)
			failed = 1;
	return failed;
}

static void sweep(int worker, void *context)
{
	const struct action *actions = subject.stops_at_reads ? READS : CHANGES;
	const struct record *record = context;
	unsigned trial = 0;
	int at;
	size_t i, n = subject.stops_at_reads ? sizeof(READS) / sizeof(READS[0]) :
					       sizeof(CHANGES) / sizeof(CHANGES[0]);

	for (i = 0; i < n; i++) {
		if (options.action && strcmp(options.action, actions[i].name) != 0)
			continue;
		for (at = 0; at < record->calls; at++) {
			if (actions[i].answer.deed == DEED_SHORT && !record->has_size[at])
				continue;
			if (trial++ % (WORKERS * options.every) == (unsigned)worker * options.every)
				try_one(worker, at, &actions[i]);
		}
	}
}

static void record_run(struct record *record)
{
	static struct run run;
	char said[1024];
	int status;

	run_begin(&run, &subject, 0);
	fs_write(&expectation.start, run.root);
	replay_begin(&record->replay, run.root, &expectation.start);
	run.record = record;
	status = run_command(&run);
	run_end(&run, said, sizeof(said));
	if (status != 0)
		give_up("%s: undisturbed, it ends with %d: %s", options.name, status, said);
	if (!subject.stops_at_reads)
		replay_end(&record->replay);
	record->calls = run.calls;
	fs_read(&expectation.final, run.root);
}

struct cutting {
	const struct record *record;
	int worker;
	unsigned number;         /* of the state */
};

static const char *step_text(const struct record *record, int done)
{
	return done ? record->replay.steps[done - 1].text : "the start";
}

static void check_repair(struct cutting *cutting, const struct fs *fs, int done)
{
	char why[1200], root[PATH_MAX];

	if (is_known(fs))
		return;
	snprintf(root, sizeof(root), "%s/%d", subject.work, cutting->worker);
	fs_write(fs, root);
	if (is_repaired(cutting->worker, why, sizeof(why)))
		remember(fs);
	else
		find(&figures->cut_unrepaired, "power cut after step %d, %s: the next run does not "
		     "repair: %s", done, step_text(cutting->record, done), why);
}

static void visit_cut(const struct fs *fs, int done, bool all_lost, void *context)
{
	struct cutting *cutting = context;
	enum state state;
	char why[256];

	if (cutting->number++ % WORKERS != (unsigned)cutting->worker && !all_lost)
		return;
	state = state_of(&expectation, fs, why, sizeof(why));
	if (all_lost && done == cutting->record->replay.count && state != state_wanted(&expectation) &&
	    state != STATE_TORN) {
		snprintf(why, sizeof(why), "it had ended with 0, and the state is %s",
			 state_name(state));
		state = STATE_TORN;
	}
	if (all_lost && done % WORKERS != cutting->worker)
		return;
	count(&figures->cut_states);
	if (state == STATE_TORN)
		find(&figures->cut_torn, "power cut after step %d, %s: %s", done,
		     step_text(cutting->record, done), why);
	if (all_lost && subject.skipped == SKIP_NOTHING && done % options.every == 0)
		check_repair(cutting, fs, done);
}

static void cut_power(int worker, void *context)
{
	static struct cutting cutting;

	cutting = (struct cutting){ .record = context, .worker = worker };
	replay_cuts(&cutting.record->replay, 0, visit_cut, &cutting);
}

static void visit_end(const struct fs *fs, int done, bool all_lost, void *context)
{
	const struct run *run = context;
	char why[256] = "";
	enum state state = state_of(&expectation, fs, why, sizeof(why));

	(void)done, (void)all_lost;
	count(&figures->cut_states);
	if (state != state_wanted(&expectation))
		find(&figures->cut_torn, "killed at call %d, %s %s, run again to exit 0, and then a "
		     "power cut: %s %s", run->at, run->last.name, run->last.path, state_name(state),
		     why);
}

static bool has_come_through(const struct run *run)
{
	static struct fs fs;
	char why[256];
	enum state state;

	fs_read(&fs, run->root);
	state = state_of(&expectation, &fs, why, sizeof(why));
	fs_free(&fs);
	return state == state_wanted(&expectation);
}

/* What the first run left unsynced the second one may find in place, and must sync. */
static void kill_and_cut(int worker, int at)
{
	static struct record record;
	static struct run killed, again;
	char said[1024];
	int status;

	run_begin(&killed, &subject, worker);
	fs_write(&expectation.start, killed.root);
	replay_begin(&record.replay, killed.root, &expectation.start);
	killed.record = &record;
	killed.at = at;
	killed.answer = CHANGES[0].answer;
	run_command(&killed);
	run_end(&killed, said, sizeof(said));
	if (repair_command[0] && has_come_through(&killed))
		return;
	run_begin(&again, &subject, worker);
	again.record = &record;
	status = run_command(&again);
	run_end(&again, said, sizeof(said));
	replay_end(&record.replay);
	if (status == 0) /* else the sweep has told it */
		replay_cuts(&record.replay, record.replay.count, visit_end, &killed);
}

static void cut_after_kills(int worker, void *context)
{
	const struct record *record = context;
	int at;

	for (at = worker; at < record->calls; at += WORKERS)
		if (at % options.every == 0)
			kill_and_cut(worker, at);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void parse(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+a:e:ir:s:t")) != -1) {
		if (option == 'a')
			options.action = optarg;
		else if (option == 'e')
			options.every = (unsigned)atoi(optarg);
		else if (option == 'i')
			subject.stops_at_reads = true;
		else if (option == 't')
			options.only_tells = true;
		else if (option == 'r')
			repair_command[0] = optarg;
		else if (option == 's' && !strcmp(optarg, "files"))
			subject.skipped = SKIP_FILES;
		else if (option == 's' && !strcmp(optarg, "folders"))
			subject.skipped = SKIP_FOLDERS;
		else
			give_up("the usage is at the top of sweep.c");
	}
	if (argc - optind < 5 || !options.every)
		give_up("the usage is at the top of sweep.c");
	options.name = argv[optind];
	options.start = argv[optind + 1];
	subject.work = realpath(argv[optind + 2], NULL);
	expectation.app = argv[optind + 3];
	subject.command = argv + optind + 4;
	if (!subject.work)
		give_up("%s: %s", argv[optind + 2], strerror(errno));
	repair = subject;
	if (repair_command[0])
		repair.command = repair_command;
}

int main(int argc, char **argv)
{
	static struct record record;
	double began = seconds();
	unsigned bad;

	parse(argc, argv);
	umask(0);
	figures = mmap(NULL, sizeof(*figures), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	if (figures == MAP_FAILED)
		give_up("no memory");
	fs_read(&expectation.start, options.start);
	record_run(&record);
	if (in_workers(sweep, &record) ||
	    (!subject.stops_at_reads &&
	     (in_workers(cut_power, &record) || in_workers(cut_after_kills, &record))))
		return 2;
	bad = figures->torn + figures->unrepaired + figures->wrong_ends + figures->cut_torn +
	      figures->cut_unrepaired;
	printf("%s: %d calls, %u injections, %u torn, %u not repaired, %u wrong ends, %u harmless; ",
	       options.name, record.calls, figures->injections, figures->torn,
	       figures->unrepaired, figures->wrong_ends, figures->harmless);
	if (!subject.stops_at_reads)
		printf("power cuts: %d steps, %u states, %u torn, %u not repaired; ",
		       record.replay.count, figures->cut_states, figures->cut_torn,
		       figures->cut_unrepaired);
	printf("%u repairs; %.1f s\n", figures->repairs, seconds() - began);
	return bad ? 1 : 0;
}
