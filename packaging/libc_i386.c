/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What _FORTIFY_SOURCE makes of memset(), for the static program of i386.  glibc's own (2.36,
 * libc.a: memset_chk-nonshared.o) jumps to an indirect function in a way that no static program at
 * a changing address can be linked with; this one is taken in its place.
 */
/* With it, memset() in here would be this very function. */
#undef _FORTIFY_SOURCE
#include <string.h>

void __chk_fail(void) __attribute__((noreturn));
void *__memset_chk(void *to, int byte, size_t size, size_t room);

void *__memset_chk(void *to, int byte, size_t size, size_t room)
{
	if (size > room)
		__chk_fail();
	return memset(to, byte, size);
}
