/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What tracers are measured with: so many programs executed, or connections tried, one after the
 * other, at most so many a second.  Nothing listens at the port, so each is refused at once.
 *
 *     load exec|connect COUNT [PER_SECOND]
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void execute(void)
{
	static char name[] = "true";
	char *argv[] = { name, NULL };
	pid_t child;

	errno = posix_spawn(&child, "/bin/true", NULL, NULL, argv, environ);
	if (errno || waitpid(child, NULL, 0) < 0)
		err(1, "/bin/true");
}

static void try_connection(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0)
		err(1, "socket");
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		errx(1, "somebody listens at port 9");
	close(fd);
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

/* Sleeps when action number i is a millisecond too early; who is late makes up for it. */
static void keep_pace(const struct timespec *start, unsigned long i, unsigned long per_second)
{
	double early = (double)i / (double)per_second - seconds_since(start);

	if (early > 0.001)
		usleep((useconds_t)(early * 1e6));
}

int main(int argc, char **argv)
{
	unsigned long count, per_second, i;
	struct timespec start;
	bool connects;

	if (argc < 3)
		errx(2, "usage: load exec|connect COUNT [PER_SECOND]");
	connects = strcmp(argv[1], "connect") == 0;
	count = strtoul(argv[2], NULL, 10);
	per_second = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (i = 0; i < count; i++) {
		if (per_second)
			keep_pace(&start, i, per_second);
		if (connects)
			try_connection();
		else
			execute();
	}
	printf("%.3f\n", seconds_since(&start));
	return 0;
}
