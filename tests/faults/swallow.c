/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded, makes a program take an error of read(2) for the end of the file, as one does that
 * does not look.  The sweep must find that.
 */
#include <dlfcn.h>
#include <errno.h>
#include <unistd.h>

ssize_t read(int fd, void *data, size_t size)
{
	ssize_t (*next)(int, void *, size_t) = dlsym(RTLD_NEXT, "read");
	ssize_t got = next(fd, data, size);

	return got < 0 && errno == EIO ? 0 : got;
}
