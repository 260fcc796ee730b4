/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "installer/in_time.h"

static _Noreturn void be_child(pid_t parent, const sigset_t *mask,
			       void (*work)(const void *context), const void *context)
{
	/* Who kills the parent means both. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	sigprocmask(SIG_SETMASK, mask, NULL);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	work(context);
	fflush(NULL);
	_exit(0);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* True when the child has ended by then; SIGCHLD is blocked, so none can be missed. */
static bool wait_until(double deadline, pid_t child, const sigset_t *chld, int *state)
{
	struct timespec left;
	double seconds;

	while (waitpid(child, state, WNOHANG) == 0) {
		seconds = deadline - now();
		if (seconds <= 0)
			return false;
		left.tv_sec = (time_t)seconds;
		left.tv_nsec = (long)((seconds - (double)left.tv_sec) * 1e9);
		sigtimedwait(chld, NULL, &left);
	}
	return true;
}

struct in_time in_time(unsigned seconds, void (*work)(const void *context), const void *context)
{
	double deadline = now() + seconds;
	pid_t parent = getpid(), child;
	sigset_t chld, mask;
	int state = 0;

	/* Ignored, as some callers leave it, there would be no state to wait for. */
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, &mask);
	fflush(NULL);
	child = fork();
	if (child == 0)
		be_child(parent, &mask, work, context);
	if (child < 0)
		return (struct in_time){ .end = IN_TIME_NO_CHILD, .detail = errno };
	if (!wait_until(deadline, child, &chld, &state)) {
		kill(child, SIGKILL);
		/* Reaped if it goes now; not waited for if a dead disk holds it. */
		wait_until(now() + 0.5, child, &chld, &state);
		return (struct in_time){ .end = IN_TIME_LATE };
	}
	if (WIFSIGNALED(state))
		return (struct in_time){ .end = IN_TIME_SIGNAL, .detail = WTERMSIG(state) };
	return (struct in_time){ .end = IN_TIME_DONE };
}
