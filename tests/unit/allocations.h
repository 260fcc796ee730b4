/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The largest block that anything in the process asks for, libraries too.  Included once in a test:
 * it stands in for malloc(3) and its kin, or hooks into the sanitizer's.
 */
#ifndef TESTS_UNIT_ALLOCATIONS_H
#define TESTS_UNIT_ALLOCATIONS_H

#include <stddef.h>

static size_t largest_allocation;

static void note_allocation(size_t size)
{
	if (size > largest_allocation)
		largest_allocation = size;
}

#ifdef __SANITIZE_ADDRESS__

void __sanitizer_malloc_hook(const volatile void *block, size_t size);

void __sanitizer_malloc_hook(const volatile void *block, size_t size)
{
	(void)block;
	note_allocation(size);
}

#else

/* glibc's own, by the names that it exports for this. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

void *malloc(size_t size)
{
	note_allocation(size);
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	note_allocation(size && count > (size_t)-1 / size ? (size_t)-1 : count * size);
	return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
	note_allocation(size);
	return __libc_realloc(block, size);
}

#endif

#endif
