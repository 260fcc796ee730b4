/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/console.h"

#include "runtime/notify.h"

enum { MESSAGE_SIZE = 1024 };

/* A path, or with an at sign in front a name without a place in the file system. */
static int address_of(const char *name, struct sockaddr_un *address, socklen_t *size)
{
	size_t length = strlen(name);

	if ((name[0] != '/' && name[0] != '@') || !name[1])
		return -EAFNOSUPPORT;
	if (length >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(address->sun_path, name, length);
	if (name[0] == '@')
		address->sun_path[0] = '\0';
	/* The end of an abstract name is the end of the address; a path has its NUL. */
	*size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (name[0] == '/'));
	return 0;
}

static int send_to(const char *name, const char *message)
{
	struct sockaddr_un address;
	socklen_t size;
	ssize_t sent;
	int fd, code = address_of(name, &address, &size);

	if (code)
		return code;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	do {
		sent = sendto(fd, message, strlen(message), MSG_NOSIGNAL,
			      (const struct sockaddr *)&address, size);
	} while (sent < 0 && errno == EINTR);
	if (sent < 0)
		code = -errno;
	close(fd);
	return code;
}

void notify(const char *format, ...)
{
	const char *name = secure_getenv("NOTIFY_SOCKET");
	char message[MESSAGE_SIZE];
	va_list args;
	int code;

	if (!name || !*name)
		return;
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	code = send_to(name, message);
	if (code)
		console_warn("NOTIFY_SOCKET=%s: the service manager was not told: %s", name,
			     strerror(-code));
}
