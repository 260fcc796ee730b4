/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers `GET /metrics` on a Unix socket: HTTP/1.0, one answer, then the connection ends.  Nobody
 * is waited for: a client that is slow gets some seconds, one that says too much gets nothing.
 */
#ifndef RUNTIME_RESPONDER_H
#define RUNTIME_RESPONDER_H

#include <poll.h>

#include "lib/array.h"
#include "lib/error.h"

enum { RESPONDER_CLIENTS = 8, RESPONDER_FDS = RESPONDER_CLIENTS + 1 };

struct responder;

/* Appends the text that is asked for; a negative errno becomes "500". */
typedef int responder_text(void *context, struct buffer *out);

/*
 * Listens at path with mode 0660.  A socket that a run left behind is replaced; -EADDRINUSE:
 * somebody answers there, or it is no socket.  path must outlive it.  responder_close() removes the
 * socket.
 */
int responder_open(const char *path, struct responder **out, struct error *err);
void responder_close(struct responder *responder);

/* The descriptor at which clients are accepted. */
int responder_fd(const struct responder *responder);

/* Who writes the text. */
void responder_set_text(struct responder *responder, responder_text *text, void *context);

/* Fills RESPONDER_FDS descriptors to wait for, and returns that number. */
size_t responder_watch(const struct responder *responder, struct pollfd *fds);

/* Milliseconds until a client's time is over; -1: there is none. */
int responder_timeout(const struct responder *responder);

/* After poll(2): goes on with every client as far as that goes without waiting. */
void responder_serve(struct responder *responder, const struct pollfd *fds);

#endif
