/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a power cut leaves of a disk that has a write cache.
 *
 *     cut LOG DISK SEED PERCENT
 *
 * LOG is what QEMU's blklogwrites recorded until it was killed, with sectors of 4096 bytes; DISK is
 * the image as it was when the recording began, and becomes what is left.  What was written before
 * the last flush is there.  Of what was written after it each sector is kept with a chance of
 * PERCENT, whatever its order: so a request may be kept in part, and a later one without an
 * earlier.  Prints how many sectors were not flushed, and how many of them are kept.
 *
 * The log has the format of Linux's dm-log-writes (drivers/md/dm-log-writes.c): a sector for the
 * log's head, then for each request a sector that describes it and those that it writes.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECTOR = 4096, FLAG_FLUSH = 1 };

struct log {
	const uint8_t *bytes;
	uint64_t sectors;
	uint64_t at; /* the next request's sector */
};

struct request {
	uint64_t flags;
	uint64_t to;
	uint64_t count;
	const uint8_t *data;
};

struct figures {
	unsigned long at_stake, kept;
};

static _Noreturn void give_up(const char *what, const char *why)
{
	fprintf(stderr, "cut: %s: %s\n", what, why);
	exit(2);
}

static uint64_t load64(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return le64toh(value);
}

static struct log open_log(const char *path)
{
	struct log log = { .bytes = NULL };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *bytes;

	if (fd < 0 || fstat(fd, &st) < 0)
		give_up(path, strerror(errno));
	log.sectors = (uint64_t)st.st_size / SECTOR;
	if (log.sectors) {
		bytes = mmap(NULL, log.sectors * SECTOR, PROT_READ, MAP_PRIVATE, fd, 0);
		if (bytes == MAP_FAILED)
			give_up(path, strerror(errno));
		log.bytes = bytes;
	}
	close(fd);
	return log;
}

/*
 * The next request; false at the end of the log.  Requests are logged side by side, so there may be
 * a hole where one was not logged yet.  What stands behind a hole is another moment's cut.
 */
static bool next_request(struct log *log, struct request *out)
{
	const uint8_t *entry = log->bytes + log->at * SECTOR;

	if (log->at >= log->sectors)
		return false;
	out->to = load64(entry);
	out->count = load64(entry + 8);
	out->flags = load64(entry + 16);
	out->data = entry + SECTOR;
	if (!out->count && !out->flags)
		return false;
	if (out->flags & ~(uint64_t)FLAG_FLUSH)
		give_up("the log", "has a request that neither writes nor flushes");
	if (out->count > log->sectors - log->at - 1)
		return false;
	log->at += 1 + out->count;
	return true;
}

/* The sector of the log behind the last flush. */
static uint64_t find_last_flush(struct log log)
{
	struct request request;
	uint64_t last = 0;

	for (log.at = 1; next_request(&log, &request);)
		if (request.flags & FLAG_FLUSH)
			last = log.at;
	return last;
}

static void write_sector(int fd, uint64_t to, const uint8_t *data)
{
	if (pwrite(fd, data, SECTOR, (off_t)(to * SECTOR)) != SECTOR)
		give_up("the disk", strerror(errno));
}

static void write_request(int fd, const struct request *request, bool is_flushed, int percent,
			  struct figures *figures)
{
	uint64_t i;

	for (i = 0; i < request->count; i++) {
		if (!is_flushed) {
			figures->at_stake++;
			if (random() % 100 >= percent)
				continue;
			figures->kept++;
		}
		write_sector(fd, request->to + i, request->data + i * SECTOR);
	}
}

int main(int argc, char **argv)
{
	struct figures figures = { 0 };
	struct request request;
	uint64_t last_flush;
	struct log log;
	int disk, percent;

	if (argc != 5)
		give_up("wrong arguments", "wanted LOG DISK SEED PERCENT");
	log = open_log(argv[1]);
	disk = open(argv[2], O_WRONLY | O_CLOEXEC);
	if (disk < 0)
		give_up(argv[2], strerror(errno));
	srandom((unsigned)strtoul(argv[3], NULL, 10));
	percent = atoi(argv[4]);

	last_flush = find_last_flush(log);
	for (log.at = 1; next_request(&log, &request);)
		write_request(disk, &request, log.at <= last_flush, percent, &figures);
	if (close(disk) < 0)
		give_up(argv[2], strerror(errno));
	printf("%lu %lu\n", figures.at_stake, figures.kept);
	return 0;
}
