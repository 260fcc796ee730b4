/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "lib/unix_address.h"

int unix_address(const char *path, struct sockaddr_un *address, socklen_t *size)
{
	size_t length = strlen(path);

	if (length >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(address->sun_path, path, length);
	*size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
	return 0;
}
