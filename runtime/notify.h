/* SPDX-License-Identifier: BSD-2-Clause */
/* What the service manager that started us is told: sd_notify(3)'s protocol without its library. */
#ifndef RUNTIME_NOTIFY_H
#define RUNTIME_NOTIFY_H

/*
 * Sends assignments, such as "READY=1\nSTATUS=...", as one datagram to the socket that
 * NOTIFY_SOCKET names.  Without one it does nothing.  What cannot be sent is a warning: the
 * manager's patience ends by itself.
 */
void notify(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
