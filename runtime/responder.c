/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/unix_address.h"

#include "runtime/responder.h"
#include "runtime/uptime.h"

/* A request is some headers, of which none counts; a client has seconds for all of it. */
enum { REQUEST_SIZE = 4096, CLIENT_MS = 5000 };

/* Who comes while all places are taken, or while we do something else. */
enum { BACKLOG = 64 };

struct client {
	int fd;                      /* -1: nobody */
	int64_t end;                 /* of its time: uptime_ms() */
	char request[REQUEST_SIZE];
	size_t received;
	struct buffer answer;        /* not empty: it has asked */
	size_t sent;
};

struct responder {
	const char *path;
	int fd;
	dev_t device;                /* of the socket that is ours to remove */
	ino_t inode;
	responder_text *text;
	void *context;
	struct client clients[RESPONDER_CLIENTS];
};

/* True when nobody answers at a socket. */
static bool is_abandoned(const char *path, const struct sockaddr_un *address, socklen_t size)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat st;
	bool refused;

	if (fd < 0)
		return false;
	refused = connect(fd, (const struct sockaddr *)address, size) < 0 && errno == ECONNREFUSED;
	close(fd);
	return refused && lstat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* The mode is there from the start: nobody else can connect before it is set. */
static int bind_address(int fd, const struct sockaddr_un *address, socklen_t size)
{
	mode_t mask = umask(0117);
	int code = bind(fd, (const struct sockaddr *)address, size) < 0 ? -errno : 0;

	umask(mask);
	return code;
}

static int listen_at(struct responder *responder, struct error *err)
{
	const char *path = responder->path;
	struct sockaddr_un address;
	struct stat st;
	socklen_t size;
	int code = unix_address(path, &address, &size);

	if (code)
		return error_errno(err, code, "%s", path);
	responder->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (responder->fd < 0)
		return error_errno(err, -errno, "%s", path);
	code = bind_address(responder->fd, &address, size);
	if (code == -EADDRINUSE && is_abandoned(path, &address, size) && unlink(path) == 0)
		code = bind_address(responder->fd, &address, size);
	if (code == -EADDRINUSE)
		return error_set(err, code, "%s: is in use: another run answers there, or it is no socket",
				 path);
	if (!code && (lstat(path, &st) < 0 || listen(responder->fd, BACKLOG) < 0))
		code = -errno;
	if (code)
		return error_errno(err, code, "%s", path);
	responder->device = st.st_dev;
	responder->inode = st.st_ino;
	return 0;
}

int responder_open(const char *path, struct responder **out, struct error *err)
{
	struct responder *responder = calloc(1, sizeof(*responder));
	size_t i;
	int code;

	if (!responder)
		return error_errno(err, -ENOMEM, "%s", path);
	responder->path = path;
	responder->fd = -1;
	for (i = 0; i < RESPONDER_CLIENTS; i++)
		responder->clients[i].fd = -1;
	code = listen_at(responder, err);
	if (code) {
		responder_close(responder);
		return code;
	}
	*out = responder;
	return 0;
}

static void dismiss(struct client *client)
{
	if (client->fd >= 0)
		close(client->fd);
	buffer_free(&client->answer);
	client->fd = -1;
}

void responder_close(struct responder *responder)
{
	struct stat st;
	size_t i;

	if (!responder)
		return;
	for (i = 0; i < RESPONDER_CLIENTS; i++)
		dismiss(&responder->clients[i]);
	/* Somebody else's socket may be at the path by now. */
	if (responder->inode && lstat(responder->path, &st) == 0 &&
	    st.st_dev == responder->device && st.st_ino == responder->inode)
		unlink(responder->path);
	if (responder->fd >= 0)
		close(responder->fd);
	free(responder);
}

int responder_fd(const struct responder *responder)
{
	return responder->fd;
}

void responder_set_text(struct responder *responder, responder_text *text, void *context)
{
	responder->text = text;
	responder->context = context;
}

static struct client *free_client(struct responder *responder)
{
	size_t i;

	for (i = 0; i < RESPONDER_CLIENTS; i++)
		if (responder->clients[i].fd < 0)
			return &responder->clients[i];
	return NULL;
}

/* Where every place is taken, who comes waits until a time is over. */
size_t responder_watch(const struct responder *responder, struct pollfd *fds)
{
	bool is_full = true;
	size_t i;

	for (i = 0; i < RESPONDER_CLIENTS; i++) {
		const struct client *client = &responder->clients[i];

		fds[i + 1] = (struct pollfd){
			.fd = client->fd, .events = client->answer.size ? POLLOUT : POLLIN,
		};
		is_full = is_full && client->fd >= 0;
	}
	fds[0] = (struct pollfd){ .fd = is_full ? -1 : responder->fd, .events = POLLIN };
	return RESPONDER_FDS;
}

int responder_timeout(const struct responder *responder)
{
	int64_t end = INT64_MAX, left;
	size_t i;

	for (i = 0; i < RESPONDER_CLIENTS; i++)
		if (responder->clients[i].fd >= 0 && responder->clients[i].end < end)
			end = responder->clients[i].end;
	if (end == INT64_MAX)
		return -1;
	left = end - uptime_ms();
	return left < 0 ? 0 : (int)left;
}

static void welcome(struct responder *responder)
{
	struct client *client = free_client(responder);
	int fd;

	if (!client)
		return;
	/* cppcheck-suppress nullPointer -- accept(2): nobody asks who it is */
	fd = accept4(responder->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	*client = (struct client){ .fd = fd, .end = uptime_ms() + CLIENT_MS };
}

static int answer(struct client *client, const char *status, const char *more, struct slice body)
{
	char head[256];
	int length = snprintf(head, sizeof(head), "HTTP/1.0 %s\r\n%sContent-Length: %zu\r\n"
			      "Connection: close\r\n\r\n", status, more, body.size);
	int code = buffer_append(&client->answer, head, (size_t)length);

	return code ? code : buffer_append(&client->answer, body.data, body.size);
}

static struct slice words(const char *text)
{
	return slice_of(text, strlen(text));
}

/* The line "GET /metrics HTTP/1.x"; a query behind the path is not looked at. */
static int answer_request(struct responder *responder, struct client *client)
{
	static const char type[] = "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n";
	const char *target = strchr(client->request, ' ');
	struct buffer text = { 0 };
	size_t length;
	int code;

	if (strncmp(client->request, "GET ", 4) != 0)
		return answer(client, "405 Method Not Allowed", "Allow: GET\r\n", words("GET only\n"));
	length = strcspn(++target, " ?\r\n");
	if (length != strlen("/metrics") || strncmp(target, "/metrics", length) != 0)
		return answer(client, "404 Not Found", "", words("/metrics is all there is\n"));
	code = responder->text(responder->context, &text);
	if (code)
		code = answer(client, "500 Internal Server Error", "", words(strerror(-code)));
	else
		code = answer(client, "200 OK", type, buffer_slice(&text));
	buffer_free(&text);
	return code;
}

/* Reads on; the request is whole with an empty line.  False: the client is done with. */
static bool listen_to(struct responder *responder, struct client *client)
{
	size_t room = sizeof(client->request) - 1 - client->received;
	ssize_t count = recv(client->fd, client->request + client->received, room, 0);

	if (count < 0)
		return errno == EAGAIN || errno == EINTR;
	if (count == 0)
		return false;
	client->received += (size_t)count;
	client->request[client->received] = '\0';
	if (strstr(client->request, "\r\n\r\n") || strstr(client->request, "\n\n"))
		return answer_request(responder, client) == 0;
	if (client->received == sizeof(client->request) - 1)
		return answer(client, "431 Request Header Fields Too Large", "", words("")) == 0;
	return true;
}

static bool talk_to(struct client *client)
{
	size_t left = client->answer.size - client->sent;
	ssize_t count = send(client->fd, client->answer.data + client->sent, left, MSG_NOSIGNAL);

	if (count < 0)
		return errno == EAGAIN || errno == EINTR;
	client->sent += (size_t)count;
	return client->sent < client->answer.size;
}

/* False: the client is done with. */
static bool go_on(struct responder *responder, struct client *client)
{
	if (!client->answer.size && !listen_to(responder, client))
		return false;
	return !client->answer.size || talk_to(client);
}

void responder_serve(struct responder *responder, const struct pollfd *fds)
{
	int64_t now = uptime_ms();
	size_t i;

	for (i = 0; i < RESPONDER_CLIENTS; i++) {
		struct client *client = &responder->clients[i];

		if (client->fd < 0)
			continue;
		if ((fds[i + 1].revents && !go_on(responder, client)) || client->end <= now)
			dismiss(client);
	}
	if (fds[0].revents)
		welcome(responder);
}
