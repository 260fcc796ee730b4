// SPDX-License-Identifier: BSD-2-Clause
/* Processes, their files and credentials: what each event must say. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/proctrace/act.h"

static unsigned namespace_number(const char *name)
{
	char path[64];
	struct stat file;

	snprintf(path, sizeof(path), "/proc/self/ns/%s", name);
	if (stat(path, &file))
		give_up("%s", path);
	return (unsigned)file.st_ino;
}

/* "inode":..,"device":.. as the kernel counts devices; valid until the next call. */
static const char *identity_of(const struct stat *file)
{
	static char text[128];

	snprintf(text, sizeof(text), "\"inode\":%" PRIu64 ",\"device\":\"0x%x\"", (uint64_t)file->st_ino,
		 major(file->st_dev) << 20 | minor(file->st_dev));
	return text;
}

/* What an execution of FOLDER/act must say, whoever is asked for. */
static void tell_execution(pid_t child, const char *more)
{
	char time[32], exe[4096];
	struct stat file;
	struct tm tm;
	ssize_t size = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (size < 0 || stat("/proc/self/exe", &file))
		give_up("/proc/self/exe");
	exe[size] = 0;
	strftime(time, sizeof(time), "%Y-%m-%dT%H:%M:%S", gmtime_r(&file.st_mtim.tv_sec, &tm));
	tell("exec", child, "\"tid\":%d,\"ppid\":%d,\"uid\":%d,\"euid\":%d,\"gid\":%d,\"exe\":\"%s\",%s,"
	     "\"mtime\":\"%s.%09ldZ\",\"cwd\":\"%s\",\"deleted\":null,\"args_cut\":null,\"mnt_ns\":%u,"
	     "\"pid_ns\":%u,\"net_ns\":%u,%s", child, getpid(), getuid(), geteuid(), getgid(), exe,
	     identity_of(&file), time, (long)file.st_mtim.tv_nsec, folder, namespace_number("mnt"),
	     namespace_number("pid"), namespace_number("net"), more);
}

static pid_t execute_there(const char *path, const char *first, const char *second)
{
	pid_t child = make_child();

	if (child == 0) {
		execl(path, "name", first, second, "", (char *)NULL);
		give_up("%s", path);
	}
	await(child, 0);
	return child;
}

static void act_executions(void)
{
	const char *script = in_folder("script");
	char more[16384];
	FILE *file = fopen(script, "we");

	if (!file || fprintf(file, "#!%s nothing\n", in_folder("act")) < 0 || fchmod(fileno(file), 0755) ||
	    fclose(file))
		give_up("%s", script);
	if (chdir(folder))
		give_up("%s", folder);
	tell_execution(execute_there("./act", "nothing", "two \twords"),
		       "\"filename\":\"./act\",\"interpreter\":null,\"comm\":\"act\","
		       "\"args\":[\"name\",\"nothing\",\"two \\twords\",\"\"],\"env\":null");
	snprintf(more, sizeof(more), "\"filename\":\"%s\",\"interpreter\":\"%s\",\"comm\":\"script\","
		 "\"args\":[\"%s\",\"nothing\",\"%s\",\"one\",\"two\",\"\"]", script, in_folder("act"),
		 in_folder("act"), script);
	tell_execution(execute_there(script, "one", "two"), more);
}

static int end_at_once(void *nothing)
{
	(void)nothing;
	return 0;
}

static void clone_with(int flags, const char *names)
{
	static char stack[65536] __attribute__((aligned(16)));
	int status;
	pid_t child;

	fflush(stdout);
	child = clone(end_at_once, stack + sizeof(stack), flags | SIGCHLD, NULL);
	if (child < 0)
		not_here("clone with %#x", flags);
	if (waitpid(child, &status, 0) != child || status)
		give_up("clone");
	tell("fork", getpid(), "\"child_pid\":%d,\"child_tid\":%d,\"flags\":[%s]", child, child, names);
}

/* One ends with a code, one by a signal. */
static void act_ends(void)
{
	pid_t child = make_child();

	if (child == 0)
		_exit(7);
	await(child, 7);
	tell("exit", child, "\"ppid\":%d,\"exit_code\":7,\"signal\":0,\"core_dumped\":null", getpid());
	child = make_child();
	if (child == 0) {
		raise(SIGKILL);
		_exit(0);
	}
	if (waitpid(child, NULL, 0) != child)
		give_up("waitpid");
	tell("exit", child, "\"ppid\":%d,\"exit_code\":0,\"signal\":9", getpid());
}

void act_process(void)
{
	act_executions();
	clone_with(0, "");
	clone_with(CLONE_FS | CLONE_FILES, "\"fs\",\"files\"");
	clone_with(CLONE_VM | CLONE_VFORK, "\"vm\",\"vfork\"");
	act_ends();
	clone_with(CLONE_NEWNS | CLONE_NEWPID, "\"newns\",\"newpid\"");
}

/* As in /proc/self/status. */
static uint64_t effective_capabilities(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		give_up("capget");
	return (uint64_t)data[1].effective << 32 | data[0].effective;
}

enum { CREDENTIALS_SIZE = 256 };

static void print_credentials(char out[static CREDENTIALS_SIZE], const uid_t uids[3],
			      const gid_t gids[3], uint64_t capabilities)
{
	snprintf(out, CREDENTIALS_SIZE, "{\"uid\":%u,\"euid\":%u,\"suid\":%u,\"gid\":%u,\"egid\":%u,"
		 "\"sgid\":%u,\"effective\":\"0x%" PRIx64 "\"}", uids[0], uids[1], uids[2], gids[0],
		 gids[1], gids[2], capabilities);
}

/* Of a process whose user IDs are all the same, and whose saved group ID is the effective one. */
static const char *format_credentials(uid_t uid, gid_t gid, gid_t egid, uint64_t capabilities)
{
	static char texts[2][CREDENTIALS_SIZE];
	static int next;
	char *text = texts[next++ % 2];

	print_credentials(text, (uid_t[]){ uid, uid, uid }, (gid_t[]){ gid, egid, egid }, capabilities);
	return text;
}

static void tell_change_of(pid_t pid, const char *before, const char *after)
{
	tell("credentials", pid, "\"before\":%s,\"after\":%s", before, after);
}

/* A change has been made since the latest call: tells it. */
static void tell_change(void)
{
	static char before[CREDENTIALS_SIZE];
	char after[CREDENTIALS_SIZE];
	uid_t uids[3];
	gid_t gids[3];

	getresuid(&uids[0], &uids[1], &uids[2]);
	getresgid(&gids[0], &gids[1], &gids[2]);
	print_credentials(after, uids, gids, effective_capabilities());
	if (before[0])
		tell_change_of(getpid(), before, after);
	strcpy(before, after);
}

/* What is effective from here on. */
static void set_capabilities(uint32_t low)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		give_up("capget");
	data[0].effective = low;
	data[1].effective = 0;
	if (syscall(SYS_capset, &header, data))
		give_up("capset");
}

static void change_credentials(void *nothing)
{
	(void)nothing;
	tell_change();
	if (setresgid(5, 6, 7))
		give_up("setresgid");
	tell_change();
	set_capabilities(1 << CAP_SETUID | 1 << CAP_KILL);
	tell_change();
	/* Nothing changes, nothing is told. */
	if (setresuid(-1, -1, -1) || setresgid(-1, -1, -1))
		give_up("setresuid");
	if (setresuid(1001, 1002, 1003))
		give_up("setresuid");
	tell_change();
	if (setuid(1003))
		give_up("setuid");
	tell_change();
	/* Refused: nothing is told. */
	if (!setuid(0))
		give_up("setuid");
}

/* A set-group-ID file executed by a user: one more change, which no call made. */
static void execute_set_group_id(void)
{
	const char *path = in_folder("set-group-id");
	uint64_t root = effective_capabilities();
	pid_t child;
	int fd;

	copy_self_to(path, 0755);
	if (chown(path, 0, 5) || chmod(path, 02755))
		give_up("%s", path);
	fd = open_program(path);
	child = make_child();
	if (child == 0) {
		become(1000);
		execute_fd(fd, "nothing", (const char *[]){ NULL });
	}
	await(child, 0);
	tell_change_of(child, format_credentials(0, 0, 0, root), format_credentials(0, 1000, 1000, root));
	tell_change_of(child, format_credentials(0, 1000, 1000, root),
		       format_credentials(1000, 1000, 1000, 0));
	tell_change_of(child, format_credentials(1000, 1000, 1000, 0),
		       format_credentials(1000, 1000, 5, 0));
	tell_alert(child, "dropped_executable", "medium", "T1105", path, 0);
}

/* Signals: to another user's process, and to one's own user's. */
static void send_signals(void *nothing)
{
	int ready[2];
	char byte;
	pid_t child;
	uid_t uids[] = { 1000, 0 };
	size_t i;

	(void)nothing;
	for (i = 0; i < 2; i++) {
		if (pipe(ready))
			give_up("pipe");
		child = make_child();
		if (child == 0) {
			become(uids[i]);
			if (write(ready[1], "", 1) != 1)
				give_up("write");
			for (;;)
				pause();
		}
		if (read(ready[0], &byte, 1) != 1 || kill(child, SIGTERM) ||
		    waitpid(child, NULL, 0) != child)
			give_up("kill");
		if (uids[i])
			tell("signal", getpid(), "\"signal_sent\":15,\"target_pid\":%d,\"target_uid\":%u,"
			     "\"target_comm\":\"act\"", child, uids[i]);
	}
}

void act_credentials(void)
{
	in_child(change_credentials, NULL);
	execute_set_group_id();
	in_child(send_signals, NULL);
}

static void tell_open(const char *path, const char *created)
{
	struct stat file;

	if (stat(path, &file))
		give_up("%s", path);
	tell("open", getpid(), "\"path\":\"%s\",\"created\":%s,%s", path, created, identity_of(&file));
}

/* Opened for writing where it is watched: made, and there already; not: read, and elsewhere. */
static void open_files(void *nothing)
{
	(void)nothing;
	mount_privately();
	cover("/etc");
	touch("/etc/act", O_WRONLY | O_CREAT);
	tell_open("/etc/act", "true");
	touch("/etc/act", O_RDWR);
	tell_open("/etc/act", "null");
	touch("/etc/act", O_RDONLY);
	touch(in_folder("not-watched"), O_WRONLY | O_CREAT);
}

static void tell_mount(const char *source, const char *target, const char *type,
		       unsigned long flags, const char *told)
{
	int result = mount(source, target, type, flags, NULL) ? -errno : 0;

	tell("mount", getpid(), "%s,\"target\":\"%s\",\"flags\":\"0x%lx\",\"result\":%d", told, target,
	     flags, result);
}

static void mount_things(void *nothing)
{
	const char *place = in_folder("mounted");

	(void)nothing;
	make_folder(place);
	if (unshare(CLONE_NEWNS))
		give_up("unshare");
	tell_mount("none", "/", NULL, MS_REC | MS_PRIVATE, "\"source\":\"none\",\"type\":null");
	tell_mount("act-source", place, "tmpfs", MS_NOSUID | MS_NOEXEC,
		   "\"source\":\"act-source\",\"type\":\"tmpfs\"");
	tell_mount("/dev", place, NULL, MS_BIND, "\"source\":\"/dev\",\"type\":null");
	tell_mount("act-source", "/nowhere/at/all", "tmpfs", 0,
		   "\"source\":\"act-source\",\"type\":\"tmpfs\"");
}

static void make_memory(void *nothing)
{
	int fd = memfd_create("act name", 0);

	(void)nothing;
	if (fd < 0)
		not_here("memfd_create");
	tell("memfd", getpid(), "\"name\":\"memfd:act name\",\"fd\":%d", fd);
}

void act_files(void)
{
	in_child(open_files, NULL);
	in_child(mount_things, NULL);
	in_child(make_memory, NULL);
}
