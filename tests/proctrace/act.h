/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Acts: what proctrace's signatures and events are about, done harmlessly, and what comes close.
 *
 * An act prints what must have been seen of it, a line of JSON for each event: the members that
 * it must have, null for one that must not be there.  "event", "pid" and what else is known.
 * What is an alert is said so for all: an act's processes must raise no other one.
 */
#ifndef TESTS_PROCTRACE_ACT_H
#define TESTS_PROCTRACE_ACT_H

#include <stddef.h>
#include <sys/types.h>

/* Where an act may leave files; the program itself lies there as "act". */
extern const char *folder;

/* Ends at once with what failed and errno: an act that did something else is no measure. */
void give_up(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
/* As give_up(), with the status that says that this kernel cannot do it. */
void not_here(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
enum { STATUS_NOT_HERE = 77 };

/* `{"event":"EVENT","pid":PID,` and the rest, which format gives without the brace at its end. */
void tell(const char *event, pid_t pid, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* An alert; detail may be NULL, and target 0, for none. */
void tell_alert(pid_t pid, const char *signature, const char *severity, const char *technique,
		const char *detail, pid_t target);

/* fork(2) with all output written before. */
pid_t make_child(void);
/* Calls function(argument) in a child that then ends; its pid, when it has ended well. */
pid_t in_child(void (*function)(void *), void *argument);
/* Waits for a child that must end with this status. */
void await(pid_t child, int status);

/* FOLDER/NAME; valid until the next call but seven. */
const char *in_folder(const char *name);
/* An open file of a program: no path to it has to be reachable for who executes it. */
int open_program(const char *path);
/* Writes a copy of this program, executable for all. */
void copy_self(int to);
void copy_self_to(const char *path, mode_t mode);
/* Executes what fd is, as `act WORD`. */
void execute_fd(int fd, const char *word, const char *const environment[])
	__attribute__((noreturn));
/* A child that executes path as `act nothing`; its pid when that has ended. */
pid_t execute(const char *path);

/* From here on nobody else sees what is mounted. */
void mount_privately(void);
/* An empty file system for this process only. */
void cover(const char *path);
/* Opens and closes; fails when it must not be so. */
void touch(const char *path, int flags);
void make_folder(const char *path);

/* No privilege is left, also no saved one. */
void become(uid_t uid);

/* Each file's acts, for the table in act.c. */
void act_fileless(void);
void act_fileless_unlinked(void);
void act_fileless_near(void);
void act_shell(void);
void act_shell_near(void);
void act_dropped(void);
void act_dropped_near(void);
void act_preload(void);
void act_preload_near(void);
void act_service(void);
void act_service_near(void);

void act_debugging(void);
void act_debugging_near(void);
void act_injection(void);
void act_injection_near(void);
void act_bpf(void);
void act_bpf_near(void);
void act_module_near(void);

void act_privilege(void);
void act_privilege_near(void);
void act_escape(void);
void act_escape_near(void);
void act_linker(void);
void act_linker_near(void);
void act_persistence(void);
void act_persistence_near(void);

void act_process(void);
void act_credentials(void);
void act_files(void);
void act_sockets(void);
void act_sockets6(void);

#endif
