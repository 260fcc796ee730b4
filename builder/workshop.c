/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/file.h"

#include "builder/workshop.h"

enum {
	/* What systemd keeps for users that come and go (UIDS-GIDS.md): nobody has files of theirs. */
	FIRST_USER = 61184,
	LAST_USER = 65519,
	SAID_MAX_SIZE = 256 * 1024,
	MAX_SECONDS = 300,
	MAX_FILE_SIZE = 1 << 30,
	MAX_FILES = 256,
};

static const uint64_t MAX_MEMORY = 4ull << 30;

/* Nobody runs as that user: its processes are ended when the workshop closes. */
static bool is_free(uid_t user)
{
	struct dirent *entry;
	struct stat status;
	DIR *dir = opendir("/proc");
	bool is_free = true;

	while (dir && is_free && (entry = readdir(dir)))
		is_free = entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
			  fstatat(dirfd(dir), entry->d_name, &status, 0) < 0 || status.st_uid != user;
	if (dir)
		closedir(dir);
	return is_free;
}

/*
 * A random one, so that two workshops at a time have not the same, nor the same as a service with a
 * user of its own; nothing can be guessed by it.  0: all are taken.
 */
static uid_t choose_user(void)
{
	enum { TRIES = 16 };
	uint32_t random;
	int i;

	for (i = 0; i < TRIES; i++) {
		if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
			random = (uint32_t)getpid() + (uint32_t)i;
		random = FIRST_USER + random % (LAST_USER - FIRST_USER + 1);
		if (is_free(random))
			return random;
	}
	return 0;
}

/* Where the caller has closed some of 0 to 2, what is opened here must not get their numbers. */
static void fill_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int workshop_open(struct workshop *out, struct error *err)
{
	const char *parent = getauxval(AT_SECURE) ? NULL : getenv("TMPDIR");

	*out = (struct workshop){
		.fd = -1, .given = { -1, -1 }, .user = geteuid(), .is_root = geteuid() == 0,
		.seconds = MAX_SECONDS, .memory = MAX_MEMORY,
	};
	fill_standard_descriptors();
	if (!parent || parent[0] != '/' || strlen(parent) > PATH_MAX / 2)
		parent = "/tmp";
	snprintf(out->path, sizeof(out->path), "%s/btferry.XXXXXX", parent);
	if (!mkdtemp(out->path)) {
		out->path[0] = '\0';
		return error_errno(err, -errno, "%s: no folder can be made there to build in", parent);
	}
	out->fd = open(out->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (out->fd >= 0 && out->is_root) {
		out->user = choose_user();
		if (!out->user)
			return error_set(err, -EBUSY, "no user is free for the compiler to run as: %d to %d",
					 FIRST_USER, LAST_USER);
		if (fchown(out->fd, out->user, out->user) < 0)
			return error_errno(err, -errno, "%s", out->path);
	}
	return out->fd < 0 ? error_errno(err, -errno, "%s", out->path) : 0;
}

int workshop_put(const struct workshop *workshop, const char *name, struct slice bytes,
		 struct error *err)
{
	int fd, code, end;

	if (strchr(name, '/'))
		return error_set(err, -EINVAL, "%s: has a folder in its name", name);
	/* What stands there may be anything: a link to somebody's file, a pipe that nobody reads. */
	unlinkat(workshop->fd, name, 0);
	fd = file_open(workshop->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	if (fd < 0)
		return error_errno(err, fd, "%s/%s", workshop->path, name);
	code = file_write_all(fd, bytes);
	if (!code)
		code = file_set_mode(fd, 0644);
	end = file_close(fd);
	code = code ? code : end;
	return code ? error_errno(err, code, "%s/%s", workshop->path, name) : 0;
}

int workshop_link(const struct workshop *workshop, const char *name, const char *target,
		  struct error *err)
{
	if (symlinkat(target, workshop->fd, name) < 0)
		return error_errno(err, -errno, "%s/%s", workshop->path, name);
	return 0;
}

int workshop_take(const struct workshop *workshop, const char *name, size_t max_size,
		  struct buffer *out, struct error *err)
{
	int fd = file_open(workshop->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0), code;
	struct stat status;

	if (fd < 0)
		return error_errno(err, fd, "%s/%s", workshop->path, name);
	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) || status.st_uid != workshop->user)
		code = error_set(err, -EBADMSG, "%s/%s: is no regular file of who works there",
				 workshop->path, name);
	else
		code = file_read_fd(fd, name, max_size, out, err);
	close(fd);
	return code;
}

static int wait_for(pid_t child, int *status)
{
	while (waitpid(child, status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

/* Gives up all that root has; false when that cannot be done. */
static bool become(uid_t user)
{
	return setgroups(0, NULL) == 0 && setresgid(user, user, user) == 0 &&
	       setresuid(user, user, user) == 0;
}

int workshop_give(struct workshop *workshop, unsigned i, const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (workshop->given[i] >= 0)
		close(workshop->given[i]);
	workshop->given[i] = fd;
	return 0;
}

/* As one who works there would ask. */
static int ask(const struct workshop *workshop, unsigned i, const char *below)
{
	char path[64];

	if (workshop->is_root && !become(workshop->user))
		return 1;
	if (below)
		return faccessat(workshop->given[i], below, R_OK, 0) < 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", workshop->given[i]);
	return access(path, R_OK) < 0;
}

bool workshop_can_read(const struct workshop *workshop, unsigned i, const char *below)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(ask(workshop, i, below));
	return child > 0 && wait_for(child, &status) == 0 && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

/* At the soft limit of time comes a signal that says so; at the hard one, one that says nothing. */
static void limit(int resource, rlim_t most)
{
	const rlim_t hard = resource == RLIMIT_CPU ? most + 1 : most;
	struct rlimit now;

	if (getrlimit(resource, &now) == 0 && now.rlim_max < hard)
		now = (struct rlimit){ now.rlim_max < most ? now.rlim_max : most, now.rlim_max };
	else
		now = (struct rlimit){ most, hard };
	if (setrlimit(resource, &now) < 0)
		_exit(126);
}

/* Where namespaces may be had, there is no network and no shared memory of others. */
static void give_up_privileges(const struct workshop *workshop)
{
	if (workshop->is_root) {
		/* A container, or a kernel, may not have them; the rest does not depend on it. */
		unshare(CLONE_NEWNET | CLONE_NEWIPC);
		if (!become(workshop->user))
			_exit(126);
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		_exit(126);
}

/* What is given gets its numbers, and nothing else stays open. */
static bool hand_over(const struct workshop *workshop)
{
	int high[WORKSHOP_GIVEN_COUNT], i;

	for (i = 0; i < WORKSHOP_GIVEN_COUNT; i++)
		high[i] = workshop->given[i] < 0 ? -1 :
			  fcntl(workshop->given[i], F_DUPFD, STDERR_FILENO + 1 + WORKSHOP_GIVEN_COUNT);
	for (i = 0; i < WORKSHOP_GIVEN_COUNT; i++) {
		close(STDERR_FILENO + 1 + i);
		if (high[i] >= 0 && dup2(high[i], STDERR_FILENO + 1 + i) < 0)
			return false;
	}
	return close_range(STDERR_FILENO + 1 + WORKSHOP_GIVEN_COUNT, ~0u, 0) == 0 || errno == ENOSYS;
}

static void start(const struct workshop *workshop, const char *const argv[], int out)
{
	char home[PATH_MAX + 8], temporary[PATH_MAX + 8];
	const char *const environment[] = { "PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C", home,
				      temporary, NULL };
	int null = open("/dev/null", O_RDONLY);

	snprintf(home, sizeof(home), "HOME=%s", workshop->path);
	snprintf(temporary, sizeof(temporary), "TMPDIR=%s", workshop->path);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(out, STDERR_FILENO) < 0 || fchdir(workshop->fd) < 0 || setpgid(0, 0) < 0)
		_exit(126);
	if (!hand_over(workshop))
		_exit(126);
	limit(RLIMIT_CPU, workshop->seconds);
	limit(RLIMIT_AS, workshop->memory);
	limit(RLIMIT_FSIZE, MAX_FILE_SIZE);
	limit(RLIMIT_NOFILE, MAX_FILES);
	limit(RLIMIT_CORE, 0);
	give_up_privileges(workshop);
	umask(077);
	execve(argv[0], (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)environment);
	_exit(127);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads until nobody can write any more, or time is up. */
static int listen_to(int fd, int64_t until, struct buffer *said)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char part[4096];
	ssize_t got;
	int count, code = 0;

	for (;;) {
		int64_t left = until - now_ms();
		size_t room = said->size < SAID_MAX_SIZE ? SAID_MAX_SIZE - said->size : 0;

		if (left <= 0)
			return -ETIMEDOUT;
		count = poll(&ready, 1, (int)left);
		if (count <= 0 && errno != EINTR)
			return count < 0 ? -errno : -ETIMEDOUT;
		if (count <= 0)
			continue;
		got = read(fd, part, sizeof(part));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : code;
		if (!code)
			code = buffer_append(said, part, (size_t)got < room ? (size_t)got : room);
	}
}

/* What an end stands for. */
static int judge(const struct workshop *workshop, const char *program, int status,
		 struct error *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return error_set(err, -ENOEXEC, "%s: cannot be run by an unprivileged user", program);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 126)
		return error_set(err, -EPERM, "%s: privileges could not be given up, so it was not run",
				 program);
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (WTERMSIG(status) == SIGXCPU)
		return error_set(err, -ETIMEDOUT, "%s: took more than %u seconds, and was stopped",
				 program, workshop->seconds);
	if (WTERMSIG(status) == SIGKILL)
		return error_set(err, -ENOMEM, "%s: was killed: memory ran out, or somebody did it",
				 program);
	return error_set(err, -ECANCELED, "%s: was killed by signal %d (%s)", program,
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
}

/* One that says no more may run on: not longer than any other. */
static int wait_until(pid_t child, int64_t until, int *status)
{
	const struct timespec pause = { .tv_nsec = 5000000 };
	pid_t ended = 0;

	while (now_ms() < until) {
		ended = waitpid(child, status, WNOHANG);
		if (ended > 0 || (ended < 0 && errno != EINTR))
			return ended > 0 ? 0 : -errno;
		nanosleep(&pause, NULL);
	}
	kill(-child, SIGKILL);
	ended = wait_for(child, status);
	return ended < 0 ? ended : -ETIMEDOUT;
}

int workshop_run(const struct workshop *workshop, const char *const argv[], struct buffer *said,
		 struct error *err)
{
	const int64_t until = now_ms() + workshop->seconds * 1000LL;
	int fds[2], code, end, status = 0;
	pid_t child;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return error_errno(err, -errno, "%s: pipe", argv[0]);
	child = fork();
	if (child == 0)
		start(workshop, argv, fds[1]);
	code = child < 0 ? -errno : 0;
	close(fds[1]);
	if (!code)
		code = listen_to(fds[0], until, said);
	close(fds[0]);
	if (child < 0)
		return error_errno(err, code, "%s: cannot be started", argv[0]);
	end = wait_until(child, code ? 0 : until, &status);
	code = code ? code : end;
	if (!code)
		code = buffer_append(said, "", 1);
	if (!code)
		said->size--;
	if (code == -ETIMEDOUT)
		return error_set(err, code, "%s: took more than %u seconds, and was stopped", argv[0],
				 workshop->seconds);
	if (code)
		return error_errno(err, code, "%s", argv[0]);
	return judge(workshop, argv[0], status, err);
}

/* Whatever of that user's still runs: nobody else is that user. */
static void end_others(const struct workshop *workshop)
{
	int status;
	pid_t child;

	if (!workshop->is_root)
		return;
	child = fork();
	if (child == 0) {
		if (become(workshop->user))
			kill(-1, SIGKILL);
		_exit(0);
	}
	if (child > 0)
		wait_for(child, &status);
}

/* Removes what is in the folder; folders in it too, but links are not followed. */
static void empty(int dir_fd, int depth)
{
	int copy = dup(dir_fd), below;
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!dir && copy >= 0)
		close(copy);
	while (dir && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (unlinkat(dir_fd, entry->d_name, 0) == 0 || depth == 0)
			continue;
		below = openat(dir_fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below < 0)
			continue;
		empty(below, depth - 1);
		close(below);
		unlinkat(dir_fd, entry->d_name, AT_REMOVEDIR);
	}
	if (dir)
		closedir(dir);
}

void workshop_close(struct workshop *workshop)
{
	int i;

	if (!workshop->path[0])
		return;
	end_others(workshop);
	for (i = 0; i < WORKSHOP_GIVEN_COUNT; i++)
		if (workshop->given[i] >= 0)
			close(workshop->given[i]);
	if (workshop->fd >= 0) {
		empty(workshop->fd, 8);
		close(workshop->fd);
	}
	rmdir(workshop->path);
	workshop->fd = -1;
	workshop->path[0] = '\0';
}
