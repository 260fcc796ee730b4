/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/unix_address.h"

#include "installer/live_socket.h"

enum { PATIENCE_SECONDS = 5, MAX_ANSWER = 4 * 1024 * 1024, STEP = 16 * 1024 };

static int connect_to(const char *path, struct error *err)
{
	const struct timeval patience = { .tv_sec = PATIENCE_SECONDS };
	struct sockaddr_un address;
	socklen_t size;
	int code = unix_address(path, &address, &size), fd;

	if (code)
		return error_errno(err, code, "%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return error_errno(err, -errno, "%s", path);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0 ||
	    connect(fd, (const struct sockaddr *)&address, size) < 0) {
		code = error_errno(err, -errno, "%s", path);
		close(fd);
		return code;
	}
	return fd;
}

/* Reads until the other end is done. */
static int read_answer(int fd, struct buffer *answer)
{
	ssize_t count;
	int code;

	do {
		code = answer->size > MAX_ANSWER ? -EBADMSG : buffer_reserve(answer, STEP);
		if (code)
			return code;
		do
			count = recv(fd, answer->data + answer->size, STEP, 0);
		while (count < 0 && errno == EINTR);
		if (count < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		answer->size += (size_t)count;
	} while (count > 0);
	return buffer_append(answer, "", 1);
}

/* Behind the headers of an answer that is one. */
static const char *body_of(const struct buffer *answer)
{
	const char *text = (const char *)answer->data, *end = strstr(text, "\r\n\r\n");

	return strncmp(text, "HTTP/1.0 200 ", 13) == 0 && end ? end + 4 : NULL;
}

int live_ask(const char *path, struct buffer *out, struct error *err)
{
	static const char request[] = "GET /metrics HTTP/1.0\r\n\r\n";
	struct buffer answer = { 0 };
	const char *body;
	int fd = connect_to(path, err), code = 0;

	if (fd < 0)
		return fd;
	if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0)
		code = -errno;
	if (!code)
		code = read_answer(fd, &answer);
	close(fd);
	body = code ? NULL : body_of(&answer);
	if (!code && !body)
		code = error_set(err, -EBADMSG, "%s: is answered by somebody else than a run", path);
	else if (code)
		error_errno(err, code, "%s", path);
	if (!code && buffer_append(out, body, strlen(body) + 1))
		code = error_errno(err, -ENOMEM, "%s", path);
	buffer_free(&answer);
	return code;
}
