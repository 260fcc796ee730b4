/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses of Unix sockets. */
#ifndef LIB_UNIX_ADDRESS_H
#define LIB_UNIX_ADDRESS_H

#include <sys/socket.h>
#include <sys/un.h>

/* A path as an address; -ENAMETOOLONG: it has more bytes than an address holds (107). */
int unix_address(const char *path, struct sockaddr_un *address, socklen_t *size);

#endif
