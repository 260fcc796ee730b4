/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "loader/event_path.h"

#include "runtime/source.h"

/*
 * A perf buffer has one buffer for each CPU: pages of it.  A batch ends where a busy host would
 * keep us from looking at signals and the clock.
 */
enum { PERF_PAGES = 64, BATCH_RECORDS = 8192 };

/*
 * libbpf takes it that positions in a buffer only grow.  A 32-bit program's wrap after 4 GiB, and
 * nothing would come any more; so it must end before.  Somewhat less, for records that were
 * discarded count, too.
 */
static const uint64_t LAST_POSITION = 0xe0000000;
enum { RECORD_OVERHEAD = 16 };

static void take(struct source *source, const void *data, size_t size)
{
	source->taken += size + RECORD_OVERHEAD;
	source->batch++;
	source->record(source->context, slice_of(data, size));
}

static int on_ring_record(void *context, void *data, size_t size)
{
	struct source *source = context;

	take(source, data, size);
	/* Tells libbpf to stop here; the record itself is done with. */
	return source->batch < BATCH_RECORDS ? 0 : -EAGAIN;
}

static void on_perf_record(void *context, int cpu, void *data, __u32 size)
{
	(void)cpu;
	take(context, data, size);
}

/* The kernel tells where it dropped; an object that counts for itself knows of more. */
static void on_perf_lost(void *context, int cpu, __u64 count)
{
	struct source *source = context;

	(void)cpu;
	source->lost += count;
}

/* Positions are for `run --metrics`; without them there is one figure less. */
static void map_positions(struct source *source, int fd)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t i;

	for (i = 0; i < 2; i++) {
		void *address = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, (off_t)(i * page));

		source->positions[i] = address == MAP_FAILED ? NULL : address;
	}
}

static struct bpf_map *find_map(const struct loaded *loaded, const char *map)
{
	char name[EVENT_NAME_SIZE];
	struct bpf_map *found = NULL;

	if (loaded->use_perf)
		found = bpf_object__find_map_by_name(loaded->object,
						     event_name(map, EVENT_PERF_SUFFIX, name));
	return found ? found : bpf_object__find_map_by_name(loaded->object, map);
}

int source_open(struct source *source, const struct loaded *loaded, const char *map, uint32_t size,
		source_record *record, void *context, struct error *err)
{
	const struct bpf_map *found = find_map(loaded, map);
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = size ? size / page : PERF_PAGES;
	int fd = bpf_map__fd(found);

	*source = (struct source){ .record = record, .context = context };
	if (loaded->use_perf) {
		source->size = pages * page;
		source->perf = perf_buffer__new(fd, pages, on_perf_record, on_perf_lost, source, NULL);
	} else {
		source->size = bpf_map__max_entries(found);
		source->ring = ring_buffer__new(fd, on_ring_record, source, NULL);
		map_positions(source, fd);
	}
	if (!source->perf && !source->ring)
		return error_errno(err, -errno, "map %s: cannot open its buffer", map);
	return 0;
}

void source_close(struct source *source)
{
	size_t i;

	ring_buffer__free(source->ring);
	perf_buffer__free(source->perf);
	for (i = 0; i < 2; i++)
		if (source->positions[i])
			munmap((void *)(uintptr_t)source->positions[i], (size_t)sysconf(_SC_PAGESIZE));
	*source = (struct source){ 0 };
}

int source_read(struct source *source, struct error *err)
{
	int code = 0;

	source->batch = 0;
	if (source->ring)
		code = ring_buffer__consume(source->ring);
	else if (source->perf)
		code = perf_buffer__consume(source->perf);
	if (sizeof(unsigned long) < sizeof(uint64_t) && source->taken > LAST_POSITION)
		return error_set(err, -EOVERFLOW, "events: nearly 4 GiB of records have come, and a 32-bit "
				 "program cannot count on: run it again");
	if (code == -EAGAIN)
		return 1;
	return code < 0 ? error_errno(err, code, "events: cannot read the kernel's buffer") : 0;
}

int source_fd(const struct source *source)
{
	if (source->ring)
		return ring_buffer__epoll_fd(source->ring);
	return source->perf ? perf_buffer__epoll_fd(source->perf) : -1;
}

bool source_fill(const struct source *source, uint64_t *bytes)
{
	const volatile unsigned long *reader = source->positions[0], *writer = source->positions[1];

	unsigned long start;

	if (!reader || !writer)
		return false;
	start = *reader;
	*bytes = *writer - start;
	return true;
}
