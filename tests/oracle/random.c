/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random objects against random kernels, judged by libbpf.  Prints TAP; a failure is made as small
 * as it can be and printed as types and relocations.
 *
 *     random [--seed N] [--cases N] [--jobs N]
 *
 * Case i has seed N + i: `--seed S --cases 1` repeats one.
 */
#include <err.h>
#include <getopt.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "tests/oracle/minimize.h"
#include "tests/oracle/verdict.h"

enum { FAILURES_SHOWN = 5, JOBS_LIMIT = 64 };

struct options {
	uint64_t seed;
	unsigned long cases, jobs;
};

static unsigned long long number(const char *text)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 0);

	if (end == text || *end)
		errx(2, "'%s': not a number", text);
	return value;
}

static struct options read_options(int argc, char **argv)
{
	static const struct option names[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "cases", required_argument, NULL, 'c' },
		{ "jobs", required_argument, NULL, 'j' },
		{ 0 },
	};
	struct options options = { .seed = (uint64_t)time(NULL) << 20, .cases = 100000, .jobs = 1 };
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (option == 's')
			options.seed = number(optarg);
		else if (option == 'c')
			options.cases = number(optarg);
		else if (option == 'j' && number(optarg) && number(optarg) <= JOBS_LIMIT)
			options.jobs = number(optarg);
		else
			errx(2, "usage: random [--seed N] [--cases N] [--jobs N]");
	}
	return options;
}

static void show_failure(struct trial *trial, enum verdict verdict, const char *why)
{
	char smaller[512];

	printf("# seed %llu: %s\n", (unsigned long long)trial->seed,
	       verdict == NO_TRIAL ? "the generator made no valid object" : why);
	fflush(stdout); /* should the rest crash */
	if (verdict == DIFFERED) {
		trial_minimize(trial);
		judge_trial(trial, smaller, sizeof(smaller), NULL);
		printf("# at its smallest: %s\n", smaller);
	}
	trial_print(trial, stdout);
	fflush(stdout);
}

/*
 * Cases number first, first + jobs, ...; returns how many failed.  *seed is that of the case at
 * hand, where the parent can see it should this process crash.
 */
static unsigned long run(const struct options *options, unsigned long first, struct tally *tally,
			 uint64_t *seed)
{
	struct trial trial;
	unsigned long failed = 0;
	char why[512];

	for (unsigned long i = first; i < options->cases; i += options->jobs) {
		*seed = options->seed + i;
		trial_generate(&trial, *seed);
		enum verdict verdict = judge_trial(&trial, why, sizeof(why), tally);
		if (verdict != AGREED && failed++ < FAILURES_SHOWN)
			show_failure(&trial, verdict, why);
	}
	return failed;
}

static void run_job(const struct options *options, unsigned long first, uint64_t *seed)
{
	struct tally tally = { 0 };
	unsigned long failed = run(options, first, &tally, seed);

	printf("# asked %lu: %lu patched, %lu absent, %lu poisoned, %lu refused; %lu pairs of a class\n",
	       tally.asked, tally.patched, tally.absent, tally.poisoned, tally.refused,
	       tally.shared_classes);
	if (fflush(stdout))
		err(2, "standard output");
	_exit(failed ? 1 : 0);
}

/* Waits for one child; true when all went well in it. */
static bool finish_job(const pid_t *children, const uint64_t *seeds, unsigned long jobs)
{
	int status;
	pid_t child = wait(&status);

	for (unsigned long i = 0; i < jobs; i++)
		if (children[i] == child && WIFSIGNALED(status))
			printf("# seed %llu: signal %d\n", (unsigned long long)seeds[i],
			       WTERMSIG(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int argc, char **argv)
{
	struct options options = read_options(argc, argv);
	pid_t children[JOBS_LIMIT];
	bool failed = false;

	libbpf_set_print(NULL);
	uint64_t *seeds = mmap(NULL, JOBS_LIMIT * sizeof(*seeds), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (seeds == MAP_FAILED)
		err(2, "memory");
	printf("1..1\n");
	if (fflush(stdout))
		err(2, "standard output");
	for (unsigned long i = 0; i < options.jobs; i++) {
		children[i] = fork();
		if (children[i] < 0)
			err(2, "fork");
		if (children[i] == 0)
			run_job(&options, i, &seeds[i]);
	}
	for (unsigned long i = 0; i < options.jobs; i++)
		failed |= !finish_job(children, seeds, options.jobs);
	printf("%sok 1 random %lu cases from seed %llu\n", failed ? "not " : "", options.cases,
	       (unsigned long long)options.seed);
	return failed ? 1 : 0;
}
