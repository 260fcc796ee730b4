/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/perf_event.h>

#include "runtime/records.h"

/* Of each CPU's perf buffer. */
enum { PERF_PAGES = 64 };

struct records {
	int map_fd;
	struct perf_buffer *perf;    /* NULL: a ring buffer */
	bool ends;
	struct queue *queues;
	size_t count, next;
	void *ours, *theirs;         /* the ring buffer's pages: our position; the kernel's and data */
	size_t page, theirs_size;
	uint8_t *scratch;            /* for a record of a perf buffer */
};

static void *map_pages(int fd, size_t size, int access, size_t offset)
{
	void *pages = mmap(NULL, size, access, MAP_SHARED, fd, (off_t)offset);

	return pages == MAP_FAILED ? NULL : pages;
}

/* One page that we write; behind it one with the kernel's position, and the data, twice. */
static int open_ring(struct records *records)
{
	struct bpf_map_info info = { 0 };
	uint32_t length = sizeof(info);
	uint64_t size;

	if (bpf_obj_get_info_by_fd(records->map_fd, &info, &length) < 0)
		return -errno;
	size = records->page + 2 * (uint64_t)info.max_entries;
	if (size > SIZE_MAX)
		return -E2BIG;
	records->queues = calloc(1, sizeof(*records->queues));
	if (!records->queues)
		return -ENOMEM;
	records->theirs_size = (size_t)size;
	records->ours = map_pages(records->map_fd, records->page, PROT_READ | PROT_WRITE, 0);
	if (!records->ours)
		return -errno;
	records->theirs = map_pages(records->map_fd, records->theirs_size, PROT_READ, records->page);
	if (!records->theirs)
		return -errno;
	records->queues[records->count++] = (struct queue){
		.head = records->theirs,
		.tail = records->ours,
		.data = (const uint8_t *)records->theirs + records->page,
		.mask = info.max_entries - 1,
		.at = *(const queue_position *)records->ours,
	};
	return 0;
}

/* libbpf opens an event for each CPU that is online, and maps its buffer. */
static int open_perf(struct records *records)
{
	size_t i, size, count;
	void *pages;

	records->perf = perf_buffer__new(records->map_fd, PERF_PAGES, NULL, NULL, NULL, NULL);
	if (!records->perf)
		return -errno;
	count = perf_buffer__buffer_cnt(records->perf);
	records->queues = calloc(count + 1, sizeof(*records->queues));
	records->scratch = malloc(QUEUE_PERF_RECORD_MAX);
	if (!records->queues || !records->scratch)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		struct perf_event_mmap_page *head;

		if (perf_buffer__buffer(records->perf, (int)i, &pages, &size) < 0)
			continue; /* a CPU that is offline */
		head = pages;
		records->queues[records->count++] = (struct queue){
			.head = (const uint32_t *)&head->data_head,
			.tail = (queue_position *)&head->data_tail,
			.data = (const uint8_t *)pages + records->page,
			.mask = (uint32_t)size - 1,
			.at = head->data_tail,
		};
	}
	return 0;
}

int records_open(int map_fd, bool is_perf, bool ends, struct records **out)
{
	struct records *records = calloc(1, sizeof(*records));
	int code;

	if (!records)
		return -ENOMEM;
	records->map_fd = map_fd;
	records->ends = ends;
	records->page = (size_t)sysconf(_SC_PAGESIZE);
	code = is_perf ? open_perf(records) : open_ring(records);
	if (code)
		records_close(records);
	else
		*out = records;
	return code;
}

void records_close(struct records *records)
{
	if (!records)
		return;
	if (records->ours)
		munmap(records->ours, records->page);
	if (records->theirs)
		munmap(records->theirs, records->theirs_size);
	perf_buffer__free(records->perf);
	free(records->queues);
	free(records->scratch);
	free(records);
}

int records_fd(const struct records *records)
{
	return records->perf ? perf_buffer__epoll_fd(records->perf) : records->map_fd;
}

int records_read(struct records *records, const struct record_reader *reader)
{
	size_t i;
	int code;

	for (i = 0; i < records->count; i++) {
		struct queue *queue = &records->queues[(records->next + i) % records->count];

		code = records->perf ? queue_read_perf(queue, records->scratch, reader) :
				       queue_read_ring(queue, reader);
		if (code) {
			records->next = (records->next + i + 1) % records->count;
			return code;
		}
		if (records->ends && queue->at > UINT32_MAX)
			return -EOVERFLOW;
	}
	return 0;
}
