/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A loader that knows libbpf and nothing of btferry: it opens an object, relocates it with the BTF
 * that it is given, attaches what says where, and prints what comes of it until SIGINT.
 *
 *     watch OBJECT BTF
 *
 * "record MAP HEX" for each record of a ring or perf buffer; in the end "entry MAP KEY VALUE", both
 * as HEX, for each entry of a hash map.
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

enum { PAGES = 64, BUFFERS = 8, KEY_SIZE = 512, VALUE_SIZE = 4096 };

struct buffer {
	const char *map;
	struct perf_buffer *perf;
	struct ring_buffer *ring;
};

static void print_hex(const void *bytes, size_t size)
{
	const unsigned char *byte = bytes;

	putchar(' ');
	while (size-- > 0)
		printf("%02x", *byte++);
}

static int on_ring_record(void *buffer, void *data, size_t size)
{
	printf("record %s", ((struct buffer *)buffer)->map);
	print_hex(data, size);
	putchar('\n');
	return 0;
}

static void on_perf_record(void *buffer, int cpu, void *data, unsigned size)
{
	(void)cpu;
	on_ring_record(buffer, data, size);
}

static void on_perf_lost(void *buffer, int cpu, unsigned long long count)
{
	(void)cpu;
	printf("lost %s %llu\n", ((struct buffer *)buffer)->map, count);
}

static struct bpf_object *load(const char *path, const char *btf)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = btf);
	struct bpf_object *object = bpf_object__open_file(path, &opts);

	if (!object)
		err(1, "%s: cannot be opened", path);
	if (bpf_object__load(object))
		err(1, "%s: cannot be loaded", path);
	return object;
}

static void attach(struct bpf_object *object)
{
	struct bpf_program *program;

	/* The links live as long as the process. */
	bpf_object__for_each_program(program, object)
		if (bpf_program__autoload(program) && !bpf_program__attach(program))
			err(1, "program %s: cannot be attached", bpf_program__name(program));
}

static size_t open_buffers(struct bpf_object *object, struct buffer buffers[static BUFFERS])
{
	struct bpf_map *map;
	size_t count = 0;

	bpf_object__for_each_map(map, object) {
		struct buffer *buffer = &buffers[count];
		int fd = bpf_map__fd(map);

		if (count == BUFFERS)
			break;
		buffer->map = bpf_map__name(map);
		if (bpf_map__type(map) == BPF_MAP_TYPE_RINGBUF)
			buffer->ring = ring_buffer__new(fd, on_ring_record, buffer, NULL);
		else if (bpf_map__type(map) == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
			buffer->perf = perf_buffer__new(fd, PAGES, on_perf_record, on_perf_lost, buffer,
							NULL);
		else
			continue;
		if (!buffer->ring && !buffer->perf)
			err(1, "map %s: its buffer cannot be opened", buffer->map);
		count++;
	}
	return count;
}

static void read_buffers(struct buffer *buffers, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (buffers[i].ring)
			ring_buffer__consume(buffers[i].ring);
		else
			perf_buffer__consume(buffers[i].perf);
	}
}

static void print_entries(const struct bpf_map *map)
{
	static unsigned char key[KEY_SIZE], value[VALUE_SIZE];
	const void *before = NULL;

	if (bpf_map__key_size(map) > sizeof(key) || bpf_map__value_size(map) > sizeof(value))
		errx(1, "map %s: its entries are too large", bpf_map__name(map));
	for (; bpf_map_get_next_key(bpf_map__fd(map), before, key) == 0; before = key) {
		if (bpf_map_lookup_elem(bpf_map__fd(map), key, value))
			continue;
		printf("entry %s", bpf_map__name(map));
		print_hex(key, bpf_map__key_size(map));
		print_hex(value, bpf_map__value_size(map));
		putchar('\n');
	}
}

static void wait_for_interrupt(struct buffer *buffers, size_t count)
{
	struct signalfd_siginfo info;
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	fd = sigprocmask(SIG_BLOCK, &set, NULL) ? -1 : signalfd(-1, &set, SFD_NONBLOCK);
	if (fd < 0)
		err(1, "signalfd");
	fprintf(stderr, "watch: is running\n");
	while (read(fd, &info, sizeof(info)) < 0) {
		read_buffers(buffers, count);
		usleep(50 * 1000);
	}
	read_buffers(buffers, count);
}

int main(int argc, char **argv)
{
	struct buffer buffers[BUFFERS] = { { 0 } };
	struct bpf_object *object;
	struct bpf_map *map;
	size_t count;

	if (argc != 3)
		errx(2, "usage: watch OBJECT BTF");
	object = load(argv[1], argv[2]);
	count = open_buffers(object, buffers);
	attach(object);
	wait_for_interrupt(buffers, count);
	bpf_object__for_each_map(map, object)
		if (bpf_map__type(map) == BPF_MAP_TYPE_HASH)
			print_entries(map);
	return fflush(stdout) ? 1 : 0;
}
