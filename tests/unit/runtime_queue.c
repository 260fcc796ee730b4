/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's queues of records, played by a writer that counts as a kernel does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include <linux/bpf.h>
#include <linux/perf_event.h>

#include "runtime/queue.h"

enum { DATA = 4096, TAKEN_MAX = 64 };

/* Positions of 32 or of 64 bits: the upper half of a 32-bit kernel's is never written. */
struct writer {
	uint64_t head;
	bool is_32_bit;
	uint8_t shown_head[8] __attribute__((aligned(8)));
	/* A ring buffer's second half shows the first one again. */
	uint8_t data[2 * DATA] __attribute__((aligned(8)));
	queue_position tail;
	struct queue queue;
};

struct taken {
	char text[TAKEN_MAX][32];
	size_t count, stop_at;       /* 0: do not stop */
	uint64_t lost;
};

static void show_head(struct writer *w, uint64_t head)
{
	w->head = w->is_32_bit ? (uint32_t)head : head;
	store_le64(w->shown_head, w->head);
}

static void begin(struct writer *w, uint64_t position, bool is_32_bit)
{
	*w = (struct writer){ .is_32_bit = is_32_bit, .tail = position };
	w->queue = (struct queue){ (const void *)w->shown_head, &w->tail, w->data, DATA - 1, position };
	show_head(w, position);
}

static void put(struct writer *w, const void *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		size_t at = (size_t)((w->head + i) & (DATA - 1));

		w->data[at] = w->data[at + DATA] = ((const uint8_t *)bytes)[i];
	}
	show_head(w, w->head + (size + 7) / 8 * 8);
}

static void put_ring(struct writer *w, const char *text, uint32_t flags)
{
	uint8_t record[64] = { 0 };

	store_le32(record, (uint32_t)strlen(text) | flags);
	memcpy(record + 8, text, strlen(text));
	put(w, record, 8 + strlen(text));
}

static void put_perf(struct writer *w, const char *text)
{
	uint8_t record[64] = { 0 };
	size_t size = (12 + strlen(text) + 7) / 8 * 8;

	store_le32(record, PERF_RECORD_SAMPLE);
	store_le16(record + 6, (uint16_t)size);
	store_le32(record + 8, (uint32_t)strlen(text));
	memcpy(record + 12, text, strlen(text));
	put(w, record, size);
}

static int take(void *context, struct slice record)
{
	struct taken *taken = context;

	assert_true(taken->count < TAKEN_MAX && record.size < sizeof(taken->text[0]));
	memcpy(taken->text[taken->count], record.data, record.size);
	taken->text[taken->count++][record.size] = '\0';
	return taken->count == taken->stop_at ? -EAGAIN : 0;
}

static void lose(void *context, uint64_t count)
{
	((struct taken *)context)->lost += count;
}

static int read_ring(struct writer *w, struct taken *taken)
{
	const struct record_reader reader = { take, lose, taken };

	return queue_read_ring(&w->queue, &reader);
}

static int read_perf(struct writer *w, struct taken *taken)
{
	static uint8_t scratch[QUEUE_PERF_RECORD_MAX];
	const struct record_reader reader = { take, lose, taken };

	return queue_read_perf(&w->queue, scratch, &reader);
}

static void records_come_in_order(void **state)
{
	struct taken taken = { 0 };
	struct writer w;

	(void)state;
	begin(&w, 0, false);
	assert_int_equal(read_ring(&w, &taken), 0);
	put_ring(&w, "one", 0);
	put_ring(&w, "discarded", BPF_RINGBUF_DISCARD_BIT);
	put_ring(&w, "", 0);
	put_ring(&w, "three and more", 0);
	put_ring(&w, "not yet", BPF_RINGBUF_BUSY_BIT);
	put_ring(&w, "behind it", 0);
	assert_int_equal(read_ring(&w, &taken), 0);
	assert_int_equal(taken.count, 3);
	assert_string_equal(taken.text[0], "one");
	assert_string_equal(taken.text[1], "");
	assert_string_equal(taken.text[2], "three and more");
	/* The kernel learns of all that is done with: 16, 24, 8 and 24 bytes. */
	assert_true(w.tail == 72);
}

/* What libbpf 1.x cannot: its loops end, or never end, where positions begin anew. */
static void positions_wrap(void **state)
{
	static const struct {
		uint64_t start;
		bool is_32_bit;
	} CASES[] = {
		{ UINT32_MAX - 39, true }, { UINT32_MAX - 39, false }, { UINT64_MAX - 39, false },
		{ 5ull * UINT32_MAX + 5 - 40, false },
	};
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct taken ring = { 0 }, perf = { 0 };
		struct writer w;

		begin(&w, CASES[i].start, CASES[i].is_32_bit);
		for (n = 0; n < 6; n++) {
			put_ring(&w, "sixteen", 0);
			put_ring(&w, "sixteen", 0);
			assert_int_equal(read_ring(&w, &ring), 0);
			assert_int_equal(ring.count, 2 * n + 2);
		}
		assert_int_equal((uint32_t)w.tail, (uint32_t)w.head);
		assert_true(w.tail == CASES[i].start + 12 * 16);
		begin(&w, CASES[i].start, CASES[i].is_32_bit);
		for (n = 0; n < 6; n++) {
			put_perf(&w, "a sample");
			put_perf(&w, "another one");
			assert_int_equal(read_perf(&w, &perf), 0);
			assert_int_equal(perf.count, 2 * n + 2);
			assert_string_equal(perf.text[2 * n], "a sample");
			assert_string_equal(perf.text[2 * n + 1], "another one");
		}
		assert_true(w.tail == CASES[i].start + 12 * 24);
	}
}

static void reading_stops_where_it_is_told(void **state)
{
	struct taken taken = { .stop_at = 2 };
	struct writer w;
	int i;

	(void)state;
	begin(&w, 0, false);
	for (i = 0; i < 3; i++)
		put_ring(&w, "ring", 0);
	assert_int_equal(read_ring(&w, &taken), -EAGAIN);
	assert_true(taken.count == 2 && w.tail == 32);
	assert_int_equal(read_ring(&w, &taken), 0);
	assert_true(taken.count == 3 && w.tail == 48);
	taken = (struct taken){ .stop_at = 1 };
	begin(&w, 0, false);
	put_perf(&w, "perf");
	put_perf(&w, "perf");
	assert_int_equal(read_perf(&w, &taken), -EAGAIN);
	assert_true(taken.count == 1 && w.tail == 16);
}

/* A perf buffer's data is there once: a record may lie across its end. */
static void perf_records_across_the_end(void **state)
{
	struct taken taken = { 0 };
	struct writer w;

	(void)state;
	begin(&w, DATA - 16, false);
	put_perf(&w, "across the end of it");
	memset(w.data + DATA, 0xff, DATA);
	assert_int_equal(read_perf(&w, &taken), 0);
	assert_int_equal(taken.count, 1);
	assert_string_equal(taken.text[0], "across the end of it");
}

static void perf_says_what_it_lost(void **state)
{
	uint8_t lost[24] = { 0 }, other[16] = { 0 };
	struct taken taken = { 0 };
	struct writer w;

	(void)state;
	store_le32(lost, PERF_RECORD_LOST);
	store_le16(lost + 6, sizeof(lost));
	store_le64(lost + 8, 77);
	store_le64(lost + 16, 5000000000);
	store_le32(other, PERF_RECORD_THROTTLE);
	store_le16(other + 6, sizeof(other));
	begin(&w, 0, false);
	put(&w, lost, sizeof(lost));
	put(&w, other, sizeof(other));
	put_perf(&w, "sample");
	assert_int_equal(read_perf(&w, &taken), 0);
	assert_true(taken.lost == 5000000000);
	assert_int_equal(taken.count, 1);
}

static void what_is_no_record_is_refused(void **state)
{
	static const uint16_t SIZES[] = { 0, 7, 24 };
	uint8_t record[16] = { PERF_RECORD_SAMPLE };
	struct taken taken = { 0 };
	struct writer w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++) {
		store_le16(record + 6, SIZES[i]);
		begin(&w, 0, false);
		put(&w, record, sizeof(record));
		assert_int_equal(read_perf(&w, &taken), -EIO);
	}
	/* A sample larger than its record. */
	store_le16(record + 6, sizeof(record));
	store_le32(record + 8, 5);
	begin(&w, 0, false);
	put(&w, record, sizeof(record));
	assert_int_equal(read_perf(&w, &taken), -EIO);
	assert_int_equal(taken.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_in_order),
		cmocka_unit_test(positions_wrap),
		cmocka_unit_test(reading_stops_where_it_is_told),
		cmocka_unit_test(perf_records_across_the_end),
		cmocka_unit_test(perf_says_what_it_lost),
		cmocka_unit_test(what_is_no_record_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
