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

/* A connected socket, or a negative errno. */
static int connect_to(const char *name)
{
	struct sockaddr_un address;
	socklen_t size;
	int fd, code = address_of(name, &address, &size);

	if (code)
		return code;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&address, size) == 0)
		return fd;
	code = -errno;
	close(fd);
	return code;
}

static void tell_failure(const char *name, int code)
{
	console_warn("NOTIFY_SOCKET=%s: the service manager was not told: %s", name, strerror(-code));
}

void notifier_open(struct notifier *notifier)
{
	const char *name = secure_getenv("NOTIFY_SOCKET");

	*notifier = (struct notifier){ .fd = -1 };
	if (!name || !*name)
		return;
	notifier->name = name;
	notifier->fd = connect_to(name);
	if (notifier->fd < 0)
		tell_failure(name, notifier->fd);
}

void notifier_close(struct notifier *notifier)
{
	if (notifier->fd >= 0)
		close(notifier->fd);
	notifier->fd = -1;
}

void notify(const struct notifier *notifier, const char *format, ...)
{
	char message[MESSAGE_SIZE];
	va_list args;
	ssize_t sent;

	if (notifier->fd < 0)
		return;
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	do
		sent = send(notifier->fd, message, strlen(message), MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		tell_failure(notifier->name, -errno);
}
