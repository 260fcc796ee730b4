/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exits OBJECT BTF: loads docs/howto/own-object.md's object with libbpf, and prints what it tells.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include <bpf/libbpf.h>

struct event {
	int pid, ppid, exit_code;
	char comm[16];
};

static int on_event(void *context, void *data, size_t size)
{
	const struct event *event = data;

	(void)context;
	if (size == sizeof(*event))
		printf("%d %d %d %s\n", event->pid, event->ppid, event->exit_code, event->comm);
	return 0;
}

int main(int argc, char **argv)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = argc == 3 ? argv[2] : NULL);
	struct bpf_object *object;
	struct bpf_program *program;
	struct ring_buffer *ring;
	int i;

	if (argc != 3)
		errx(2, "usage: exits OBJECT BTF");
	object = bpf_object__open_file(argv[1], &opts);
	if (!object || bpf_object__load(object))
		err(1, "%s", argv[1]);
	program = bpf_object__find_program_by_name(object, "on_exit");
	if (!program || !bpf_program__attach(program))
		err(1, "on_exit");
	ring = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "events"), on_event, NULL, NULL);
	if (!ring)
		err(1, "events");
	fputs("running\n", stderr);
	for (i = 0; i < 20; i++)
		if (ring_buffer__poll(ring, 100) < 0)
			err(1, "events");
	return 0;
}
