/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory for a process that lives for a moment and touches much: libbpf reads a kernel's BTF and
 * copies it, 10 MiB in all, and faulting that in page by page takes longer than what is done with
 * it (half of a check's time, where it was measured in a virtual machine).
 */
#ifndef LIB_HEAP_H
#define LIB_HEAP_H

#include <stddef.h>

/*
 * Has malloc() serve the next size bytes from huge pages, where the kernel and the C library can,
 * and keep what is freed.  A wish: nothing changes where they cannot.
 */
void heap_prefer_huge_pages(size_t size);

#endif
