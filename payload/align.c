/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys that both sequences have just once are tied first, as many as stand in the same order; the
 * gaps between them, mostly short, get a longest common subsequence.
 */
#include <errno.h>
#include <stdlib.h>

#include "payload/align.h"

enum { MAX_CELLS = 1 << 16 };        /* of a gap; a larger one stays without partners */

struct keyed {
	uint64_t key;
	uint32_t index;
};

/* A key that is unique in both. */
struct tie {
	uint32_t a, b;
	size_t before;           /* the tie before it in the longest chain, by its number + 1 */
};

static int compare_keyed(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static int compare_ties(const void *a, const void *b)
{
	const struct tie *x = a, *y = b;

	return x->b < y->b ? -1 : x->b > y->b;
}

static struct keyed *sorted_keys(const uint64_t *keys, size_t count)
{
	struct keyed *sorted = malloc((count + 1) * sizeof(*sorted));
	size_t i;

	for (i = 0; sorted && i < count; i++)
		sorted[i] = (struct keyed){ keys[i], (uint32_t)i };
	if (sorted)
		qsort(sorted, count, sizeof(*sorted), compare_keyed);
	return sorted;
}

static bool is_unique(const struct keyed *sorted, size_t count, size_t i)
{
	return (i == 0 || sorted[i - 1].key != sorted[i].key) &&
	       (i + 1 == count || sorted[i + 1].key != sorted[i].key);
}

static size_t find_ties(const struct keyed *a, size_t a_count, const struct keyed *b,
			size_t b_count, struct tie *ties)
{
	size_t i = 0, j = 0, count = 0;

	while (i < a_count && j < b_count) {
		if (a[i].key < b[j].key) {
			i++;
		} else if (a[i].key > b[j].key) {
			j++;
		} else {
			if (is_unique(a, a_count, i) && is_unique(b, b_count, j))
				ties[count++] = (struct tie){ a[i].index, b[j].index, 0 };
			i++;
			j++;
		}
	}
	qsort(ties, count, sizeof(*ties), compare_ties);
	return count;
}

/* The longest chain of ties that rises in a too (they stand by b): patience sorting. */
static int tie_partners(struct tie *ties, size_t count, uint32_t *partner)
{
	size_t *tops = malloc((count + 1) * sizeof(*tops)), length = 0, i;

	if (!tops)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		size_t low = 0, high = length;

		while (low < high) {
			size_t middle = low + (high - low) / 2;

			if (ties[tops[middle]].a < ties[i].a)
				low = middle + 1;
			else
				high = middle;
		}
		ties[i].before = low ? tops[low - 1] + 1 : 0;
		tops[low] = i;
		if (low == length)
			length++;
	}
	for (i = length ? tops[length - 1] + 1 : 0; i; i = ties[i - 1].before)
		partner[ties[i - 1].b] = ties[i - 1].a;
	free(tops);
	return 0;
}

/* Longest common subsequence of a gap. */
static int align_gap(const uint64_t *a, size_t a_from, size_t a_to, const uint64_t *b,
		     size_t b_from, size_t b_to, uint32_t *partner)
{
	size_t rows, columns, i, j;
	uint16_t *best;

	while (a_from < a_to && b_from < b_to && a[a_from] == b[b_from])
		partner[b_from++] = (uint32_t)a_from++;
	while (a_from < a_to && b_from < b_to && a[a_to - 1] == b[b_to - 1])
		partner[--b_to] = (uint32_t)--a_to;
	rows = a_to - a_from;
	columns = b_to - b_from;
	if (rows == 0 || columns == 0 || rows > MAX_CELLS / columns)
		return 0;
	best = calloc((rows + 1) * (columns + 1), sizeof(*best));
	if (!best)
		return -ENOMEM;
#define BEST(i, j) best[(i) * (columns + 1) + (j)]
	for (i = rows; i-- > 0;)
		for (j = columns; j-- > 0;)
			if (a[a_from + i] == b[b_from + j])
				BEST(i, j) = (uint16_t)(BEST(i + 1, j + 1) + 1);
			else
				BEST(i, j) = BEST(i + 1, j) > BEST(i, j + 1) ? BEST(i + 1, j) : BEST(i, j + 1);
	for (i = 0, j = 0; i < rows && j < columns;) {
		if (a[a_from + i] == b[b_from + j])
			partner[b_from + j++] = (uint32_t)(a_from + i++);
		else if (BEST(i + 1, j) >= BEST(i, j + 1))
			i++;
		else
			j++;
	}
#undef BEST
	free(best);
	return 0;
}

static int align_gaps(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
		      uint32_t *partner)
{
	size_t a_from = 0, b_from = 0, i;
	int code = 0;

	for (i = 0; i < b_count && !code; i++) {
		if (partner[i] == ALIGN_NONE)
			continue;
		code = align_gap(a, a_from, partner[i], b, b_from, i, partner);
		a_from = partner[i] + 1;
		b_from = i + 1;
	}
	return code ? code : align_gap(a, a_from, a_count, b, b_from, b_count, partner);
}

int align_sequences(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
		    uint32_t *partner)
{
	struct keyed *a_sorted = sorted_keys(a, a_count), *b_sorted = sorted_keys(b, b_count);
	struct tie *ties = malloc((a_count + 1) * sizeof(*ties));
	int code = -ENOMEM;
	size_t i;

	for (i = 0; i < b_count; i++)
		partner[i] = ALIGN_NONE;
	if (a_sorted && b_sorted && ties)
		code = tie_partners(ties, find_ties(a_sorted, a_count, b_sorted, b_count, ties),
				    partner);
	if (!code)
		code = align_gaps(a, a_count, b, b_count, partner);
	free(a_sorted);
	free(b_sorted);
	free(ties);
	return code;
}
