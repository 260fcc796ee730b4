/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdbool.h>

#include <linux/bpf.h>
#include <linux/perf_event.h>

#include "runtime/queue.h"

/* Records of perf buffers: header; then a sample's size and bytes, or a loss's id and count. */
enum {
	PERF_SIZE = 6,
	PERF_HEADER = 8,
	PERF_SAMPLE = 12,
	PERF_LOST_COUNT = 16,
	PERF_LOST_END = 24,
};

/*
 * Sequentially consistent, both: the kernel wakes us for a record only when it finds our position
 * at it, so we must not look for the next record before ours is there to be found.
 */
static uint32_t head_of(const struct queue *queue)
{
	return __atomic_load_n(queue->head, __ATOMIC_SEQ_CST);
}

static void advance(struct queue *queue, uint32_t size)
{
	queue->at += size;
	__atomic_store_n(queue->tail, queue->at, __ATOMIC_SEQ_CST);
}

int queue_read_ring(struct queue *queue, const struct record_reader *reader)
{
	while ((uint32_t)queue->at != head_of(queue)) {
		const void *start = queue->data + ((uint32_t)queue->at & queue->mask);
		uint32_t length = __atomic_load_n((const uint32_t *)start, __ATOMIC_ACQUIRE);
		uint32_t size = length & ~BPF_RINGBUF_DISCARD_BIT;
		int code = 0;

		/* Reserved, and not written yet. */
		if (length & BPF_RINGBUF_BUSY_BIT)
			break;
		if (length == size)
			code = reader->record(reader->context,
					      slice_of((const uint8_t *)start + BPF_RINGBUF_HDR_SZ, size));
		advance(queue, (size + BPF_RINGBUF_HDR_SZ + 7) & ~7u);
		if (code)
			return code;
	}
	return 0;
}

/* Bytes from our position on, in one piece. */
static const uint8_t *in_one_piece(const struct queue *queue, uint32_t size, uint8_t *scratch)
{
	uint32_t from = (uint32_t)queue->at & queue->mask, room = queue->mask + 1 - from;

	if (size <= room)
		return queue->data + from;
	memcpy(scratch, queue->data + from, room);
	memcpy(scratch + room, queue->data, size - room);
	return scratch;
}

static int read_perf_record(struct slice record, const struct record_reader *reader)
{
	uint32_t type = load_le32(record.data);
	struct slice sample;

	if (type == PERF_RECORD_LOST && record.size >= PERF_LOST_END)
		reader->lost(reader->context, load_le64(record.data + PERF_LOST_COUNT));
	if (type != PERF_RECORD_SAMPLE)
		return 0;
	if (record.size < PERF_SAMPLE ||
	    !slice_part(record, PERF_SAMPLE, load_le32(record.data + PERF_HEADER), &sample))
		return -EIO;
	return reader->record(reader->context, sample);
}

int queue_read_perf(struct queue *queue, uint8_t scratch[static QUEUE_PERF_RECORD_MAX],
		    const struct record_reader *reader)
{
	uint32_t head = head_of(queue);

	while ((uint32_t)queue->at != head) {
		uint32_t left = head - (uint32_t)queue->at, size = 0;
		int code;

		/* Sizes are multiples of 8, so a header never lies across the end. */
		if (left >= PERF_HEADER)
			size = load_le16(in_one_piece(queue, PERF_HEADER, scratch) + PERF_SIZE);
		if (size < PERF_HEADER || size > left)
			return -EIO;
		code = read_perf_record(slice_of(in_one_piece(queue, size, scratch), size), reader);
		advance(queue, size);
		if (code)
			return code;
	}
	return 0;
}
