// SPDX-License-Identifier: BSD-2-Clause
/* Privilege, and files that govern the host.  Whatever is covered or mounted, only the act sees. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/proctrace/act.h"

/*
 * A ring whose one request is done with the credentials that root registered: a thread that has no
 * privilege is then seen as root, as after an exploit of the kernel, and no call has made it so.
 */
struct ring {
	int fd;
	int personality;
	struct io_uring_sqe *requests;
	uint32_t *tail, *array, *mask;
};

static void *map_ring(int fd, size_t size, off_t offset)
{
	void *place = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset);

	if (place == MAP_FAILED)
		give_up("mmap of io_uring");
	return place;
}

static void open_ring(struct ring *ring)
{
	struct io_uring_params params;
	char *queue;

	memset(&params, 0, sizeof(params));
	ring->fd = syscall(SYS_io_uring_setup, 1, &params);
	if (ring->fd < 0)
		not_here("io_uring_setup");
	queue = map_ring(ring->fd, params.sq_off.array + params.sq_entries * sizeof(uint32_t),
			 IORING_OFF_SQ_RING);
	ring->tail = (uint32_t *)(queue + params.sq_off.tail);
	ring->mask = (uint32_t *)(queue + params.sq_off.ring_mask);
	ring->array = (uint32_t *)(queue + params.sq_off.array);
	ring->requests = map_ring(ring->fd, params.sq_entries * sizeof(*ring->requests), IORING_OFF_SQES);
	ring->personality = syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_PERSONALITY, NULL, 0);
	if (ring->personality < 0)
		not_here("IORING_REGISTER_PERSONALITY");
}

static void connect_as_root(void *argument)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(9) };
	struct ring *ring = argument;
	uint32_t tail = *ring->tail;

	become(1000);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	memset(ring->requests, 0, sizeof(*ring->requests));
	ring->requests->opcode = IORING_OP_CONNECT;
	ring->requests->fd = socket(AF_INET, SOCK_STREAM, 0);
	ring->requests->addr = (uintptr_t)&address;
	ring->requests->off = sizeof(address);
	ring->requests->personality = ring->personality;
	ring->array[tail & *ring->mask] = 0;
	__atomic_store_n(ring->tail, tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		give_up("io_uring_enter");
	tell_alert(getpid(), "privilege_gained", "critical", "T1068", NULL, 0);
}

void act_privilege(void)
{
	struct ring ring;

	open_ring(&ring);
	in_child(connect_as_root, &ring);
}

static void execute_set_user_id(void *argument)
{
	become(1000);
	execute_fd(*(int *)argument, "am-root", (const char *[]){ NULL });
}

/* Root again by set*id(2), as its saved user ID allows. */
static void return_to_root(void *argument)
{
	(void)argument;
	if (setresuid(1000, 1000, 0))
		give_up("setresuid");
	touch("/dev/null", O_RDONLY);
	if (seteuid(0) || setresuid(0, 0, 0))
		give_up("seteuid");
	make_child() ? (void)0 : _exit(0);
}

void act_privilege_near(void)
{
	const char *path = in_folder("set-user-id");
	pid_t child;
	int fd;

	copy_self_to(path, 04755);
	fd = open_program(path);
	child = in_child(execute_set_user_id, &fd);
	tell_alert(child, "dropped_executable", "medium", "T1105", path, 0);
	in_child(return_to_root, NULL);
}

/* function in namespaces as a container has them; its pid here. */
static pid_t in_container(int (*function)(void *))
{
	static char stack[65536] __attribute__((aligned(16)));
	pid_t child;

	fflush(stdout);
	child = clone(function, stack + sizeof(stack), CLONE_NEWPID | CLONE_NEWNS | SIGCHLD, NULL);
	if (child < 0)
		not_here("namespaces");
	await(child, 0);
	return child;
}

static void enter_mounts(void)
{
	mount_privately();
	cover(folder);
}

static int escape(void *nothing)
{
	(void)nothing;
	enter_mounts();
	touch("/proc/sys/kernel/core_pattern", O_WRONLY);
	/* Any file system takes any source; this one has nothing of it. */
	if (mount("/dev/act-disk", folder, "tmpfs", 0, NULL))
		give_up("mount");
	return 0;
}

void act_escape(void)
{
	pid_t child = in_container(escape);

	tell_alert(child, "container_escape", "critical", "T1611", "/proc/sys/kernel/core_pattern", 0);
	tell_alert(child, "container_escape", "critical", "T1611", "/dev/act-disk", 0);
}

/* What setting a container up looks like, and files of such names. */
static int live_in_container(void *nothing)
{
	const char *names[] = { "core_pattern", "modprobe", "release_agent" };
	size_t i;

	(void)nothing;
	enter_mounts();
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		touch(in_folder(names[i]), O_WRONLY | O_CREAT);
	touch("/proc/sys/kernel/core_pattern", O_RDONLY);
	touch(in_folder("null"), O_WRONLY | O_CREAT);
	make_folder(in_folder("proc"));
	make_folder(in_folder("moved"));
	if (mount("/dev/null", in_folder("null"), NULL, MS_BIND, NULL) ||
	    mount("/dev/null", in_folder("null"), NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) ||
	    mount("proc", in_folder("proc"), "proc", 0, NULL) ||
	    mount("/dev/act", folder, NULL, MS_PRIVATE, NULL) ||
	    mount("/dev/act", folder, NULL, MS_REMOUNT, "mode=700") ||
	    mount("/dev/act-disk", "/nowhere/at/all", "tmpfs", 0, NULL) == 0)
		give_up("mount");
	/* The own memory, by a number of the namespace that is above. */
	touch("/proc/self/mem", O_RDWR);
	return 0;
}

void act_escape_near(void)
{
	touch("/proc/sys/kernel/core_pattern", O_WRONLY);
	mount_privately();
	make_folder(in_folder("device"));
	if (mount("/dev/act-disk", in_folder("device"), "tmpfs", 0, NULL))
		give_up("mount");
	in_container(live_in_container);
}

static void cover_etc(void)
{
	mount_privately();
	cover("/etc");
	make_folder("/etc/cron.d");
	make_folder("/etc/ld.so.conf.d");
	make_folder("/etc/systemd");
	make_folder("/etc/systemd/system");
}

void act_linker(void)
{
	const char *files[] = { "/etc/ld.so.preload", "/etc/ld.so.conf.d/act.conf" };
	size_t i;

	cover_etc();
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		touch(files[i], O_WRONLY | O_CREAT);
		tell_alert(getpid(), "linker_tampering", "critical", "T1574.006", files[i], 0);
	}
}

void act_linker_near(void)
{
	cover_etc();
	touch("/etc/ld.so.cache", O_WRONLY | O_CREAT);
	touch("/etc/ld.so.preload.d", O_WRONLY | O_CREAT);
	touch(in_folder("ld.so.preload"), O_WRONLY | O_CREAT);
}

void act_persistence(void)
{
	const struct {
		const char *path, *technique;
	} files[] = {
		{ "/etc/cron.d/act", "T1053.003" },
		{ "/etc/crontab", "T1053.003" },
		{ "/etc/systemd/system/act.service", "T1543.002" },
	};
	size_t i;

	cover_etc();
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		touch(files[i].path, O_WRONLY | O_CREAT);
		tell_alert(getpid(), "persistence_drop", "high", files[i].technique, files[i].path, 0);
	}
}

/* Read, or beside them. */
void act_persistence_near(void)
{
	cover_etc();
	touch("/etc/crontabs", O_WRONLY | O_CREAT);
	touch("/etc/cron.allow", O_WRONLY | O_CREAT);
	touch("/etc/systemd/journald.conf", O_WRONLY | O_CREAT);
	make_folder("/etc/cron.d/act");
	touch("/etc/cron.d", O_RDONLY | O_DIRECTORY);
	touch("/etc/systemd/system", O_RDONLY | O_DIRECTORY);
}
