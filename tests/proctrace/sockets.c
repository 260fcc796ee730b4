// SPDX-License-Identifier: BSD-2-Clause
/* Sockets: connections out and in, and addresses that are bound. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/proctrace/act.h"

union address {
	struct sockaddr any;
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;
	struct sockaddr_un local;
};

static int make_socket(int family, int type)
{
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		not_here("socket of family %d", family);
	return fd;
}

/* The loopback's address, any port. */
static socklen_t set_loopback(union address *address, int family)
{
	memset(address, 0, sizeof(*address));
	address->any.sa_family = family;
	if (family == AF_INET) {
		address->ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return sizeof(address->ipv4);
	}
	address->ipv6.sin6_addr = in6addr_loopback;
	return sizeof(address->ipv6);
}

static unsigned port_of(const union address *address)
{
	return ntohs(address->any.sa_family == AF_INET ? address->ipv4.sin_port : address->ipv6.sin6_port);
}

static void tell_inet(const char *event, const union address *address, int protocol,
		      const char *more)
{
	int family = address->any.sa_family;
	char text[INET6_ADDRSTRLEN];

	inet_ntop(family, family == AF_INET ? (const void *)&address->ipv4.sin_addr :
		  (const void *)&address->ipv6.sin6_addr, text, sizeof(text));
	tell(event, getpid(), "\"family\":\"%s\",\"protocol\":%d,\"address\":\"%s\",\"port\":%u,"
	     "\"path\":null%s", family == AF_INET ? "AF_INET" : "AF_INET6", protocol, text,
	     port_of(address), more);
}

/* Binds to what the kernel chooses, which goes into the address. */
static void bind_loopback(int fd, union address *address, int family, int protocol)
{
	socklen_t size = set_loopback(address, family);

	if (bind(fd, &address->any, size) || getsockname(fd, &address->any, &size))
		give_up("bind");
	tell_inet("bind", address, protocol, "");
}

static void speak_tcp(int family)
{
	int listener = make_socket(family, SOCK_STREAM), client = make_socket(family, SOCK_STREAM), server;
	union address at, from;
	socklen_t size = sizeof(from);
	char more[32];

	bind_loopback(listener, &at, family, IPPROTO_TCP);
	if (listen(listener, 1) || connect(client, &at.any, sizeof(at)))
		give_up("connect");
	tell_inet("connect", &at, IPPROTO_TCP, "");
	server = accept(listener, &from.any, &size);
	if (server < 0)
		give_up("accept");
	snprintf(more, sizeof(more), ",\"local_port\":%u", port_of(&at));
	tell_inet("accept", &from, IPPROTO_TCP, more);
	close(server);
	close(client);
	close(listener);
	/* Nobody is there any more. */
	client = make_socket(family, SOCK_STREAM);
	if (!connect(client, &at.any, sizeof(at)) || errno != ECONNREFUSED)
		give_up("connect");
	tell_inet("connect", &at, IPPROTO_TCP, "");
	close(client);
}

static void speak_udp(int family)
{
	int server = make_socket(family, SOCK_DGRAM), client = make_socket(family, SOCK_DGRAM);
	union address at;

	bind_loopback(server, &at, family, IPPROTO_UDP);
	if (connect(client, &at.any, sizeof(at)))
		give_up("connect");
	tell_inet("connect", &at, IPPROTO_UDP, "");
	close(client);
	close(server);
}

/* "@name" is in the abstract namespace. */
static socklen_t set_local(union address *address, const char *name)
{
	size_t length = strlen(name);

	memset(address, 0, sizeof(*address));
	address->local.sun_family = AF_UNIX;
	if (length >= sizeof(address->local.sun_path)) {
		errno = ENAMETOOLONG;
		give_up("%s", name);
	}
	memcpy(address->local.sun_path, name, length);
	if (name[0] == '@')
		address->local.sun_path[0] = 0;
	return offsetof(struct sockaddr_un, sun_path) + length + (name[0] == '/');
}

static void tell_local(const char *event, const char *path)
{
	tell(event, getpid(), "\"family\":\"AF_UNIX\",\"path\":%s%s%s,\"address\":null,\"port\":null",
	     path ? "\"" : "", path ? path : "null", path ? "\"" : "");
}

/* client: the name of the other end, or NULL. */
static void speak_local(const char *name, const char *client_name)
{
	int listener = make_socket(AF_UNIX, SOCK_STREAM), client = make_socket(AF_UNIX, SOCK_STREAM);
	union address at, from;
	socklen_t size = set_local(&at, name);
	int server;

	if (bind(listener, &at.any, size) || listen(listener, 1))
		give_up("bind to %s", name);
	tell_local("bind", name);
	if (client_name) {
		if (bind(client, &from.any, set_local(&from, client_name)))
			give_up("bind to %s", client_name);
		tell_local("bind", client_name);
	}
	if (connect(client, &at.any, size))
		give_up("connect to %s", name);
	tell_local("connect", name);
	server = accept(listener, NULL, NULL);
	if (server < 0)
		give_up("accept");
	tell_local("accept", client_name);
	close(server);
	close(client);
	close(listener);
}

/* In a child of its own, whose socket nobody asks after. */
static void try_ipv6(void *nothing)
{
	union address address;
	socklen_t size = set_loopback(&address, AF_INET6);
	int fd = socket(AF_INET6, SOCK_STREAM, 0);

	(void)nothing;
	if (fd < 0 || bind(fd, &address.any, size))
		not_here("IPv6");
	close(fd);
}

void act_sockets(void)
{
	speak_tcp(AF_INET);
	speak_udp(AF_INET);
	speak_local(in_folder("socket"), NULL);
	speak_local("@act-abstract", "@act-client");
}

void act_sockets6(void)
{
	in_child(try_ipv6, NULL);
	speak_tcp(AF_INET6);
	speak_udp(AF_INET6);
}
