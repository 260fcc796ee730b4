/* SPDX-License-Identifier: BSD-2-Clause */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "lib/heap.h"

enum { HUGE_PAGE = 2 * 1024 * 1024 };

/* The largest that every glibc takes: larger blocks are mapped, one by one. */
enum { MAX_BLOCK = 32 * 1024 * 1024 };

void heap_prefer_huge_pages(size_t size)
{
#ifdef __GLIBC__
	/* One stretch at the end of the heap, which all blocks come from that are asked for later. */
	const int stretch = size < INT_MAX ? (int)size : INT_MAX;
	uintptr_t start;
	void *block;

	mallopt(M_MMAP_THRESHOLD, MAX_BLOCK);
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
	mallopt(M_TOP_PAD, stretch);
	block = malloc(HUGE_PAGE);
	mallopt(M_TOP_PAD, HUGE_PAGE);
	if (!block)
		return;
	start = ((uintptr_t)block + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
	madvise((void *)start, (size_t)stretch & ~(size_t)(HUGE_PAGE - 1), MADV_HUGEPAGE);
	free(block);
#else
	(void)size;
#endif
}
