/* SPDX-License-Identifier: BSD-2-Clause */
/* What the service manager that started us is told: sd_notify(3)'s protocol without its library. */
#ifndef RUNTIME_NOTIFY_H
#define RUNTIME_NOTIFY_H

struct notifier {
	const char *name;            /* as the environment has it */
	int fd;                      /* connected; -1: there is nobody to tell */
};

/*
 * Connects to the socket that NOTIFY_SOCKET names, before a sandbox forbids it; without one there
 * is nobody to tell.  What cannot be reached is a warning: the manager's patience ends by itself.
 */
void notifier_open(struct notifier *notifier);
void notifier_close(struct notifier *notifier);

/* Sends assignments, such as "READY=1\nSTATUS=...", as one datagram; a failure is a warning. */
void notify(const struct notifier *notifier, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
