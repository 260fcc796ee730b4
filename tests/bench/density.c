/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stored BTFs and their index take for a set of objects, and what one look-up costs.
 *
 *     density [-t TIMES] ARCHIVE OBJECT...
 *
 * -t: each kernel comes TIMES times, under names of its own; BTFs stay what they are.  Prints
 * name=value lines for density.sh.  The canary is not added: it is an object like others.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "btfpack/archive.h"
#include "btfpack/objects.h"
#include "btfpack/pack.h"
#include "lib/file.h"
#include "payload/reader.h"

enum { LOOKUPS = 500, COLD_LOOKUPS = 100 };

static void check(int code, const struct error *error)
{
	if (code)
		errx(2, "%s", error->text);
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int compare_times(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void multiply(struct payload_writer *writer, const struct pack *pack, size_t times)
{
	struct error error;
	size_t i, t;

	for (i = 0; i < pack->kernel_count; i++) {
		const struct pack_kernel *from = &pack->kernels[i];
		struct payload_kernel kernel = {
			.arch = from->entry->key.arch,
			.build = from->entry->build ? from->entry->build : "",
			.distro = from->entry->key.id,
			.version_id = from->entry->key.version_id,
			.full_btf = from->full_btf,
		};
		char release[256];

		check(payload_writer_btf(writer, buffer_slice(&pack->classes[from->class].btf),
					 &kernel.btf, &error), &error);
		for (t = 1; t < times; t++) {
			snprintf(release, sizeof(release), "%s.%zu", from->entry->key.release, t);
			kernel.release = release;
			check(payload_writer_kernel(writer, &kernel, &error), &error);
		}
	}
}

/* A look-up as a target host does it: open, find, fetch, close; nothing is kept in between. */
static void look_up(struct slice bytes, const char *arch, const char *release, struct buffer *btf)
{
	struct payload *payload;
	struct error error;
	size_t first;

	check(payload_open_bytes(bytes, "payload", &payload, &error), &error);
	if (payload_find(payload, arch, release, &first) == 0)
		errx(2, "%s %s: not found", arch, release);
	btf->size = 0;
	check(payload_btf(payload, payload_kernel(payload, first).btf, btf, &error), &error);
	payload_close(payload);
}

/* The medians and what 99 of 100 stay below, as NAME_ms and NAME_99_ms. */
static void print_times(const char *name, double *times, size_t count)
{
	qsort(times, count, sizeof(*times), compare_times);
	printf("%s_ms=%.3f\n%s_99_ms=%.3f\n", name, times[count / 2], name, times[count * 99 / 100]);
}

static struct payload_kernel some_kernel(const struct payload *payload, size_t i)
{
	return payload_kernel(payload, i * 7919 % payload_kernel_count(payload));
}

static void time_lookups(struct slice bytes)
{
	struct payload *payload;
	struct buffer btf = { 0 };
	double times[LOOKUPS];
	struct error error;
	size_t i;

	check(payload_open_bytes(bytes, "payload", &payload, &error), &error);
	for (i = 0; i < LOOKUPS; i++) {
		struct payload_kernel kernel = some_kernel(payload, i);
		double start = now_ms();

		look_up(bytes, kernel.arch, kernel.release, &btf);
		times[i] = now_ms() - start;
	}
	print_times("lookup", times, LOOKUPS);
	payload_close(payload);
	buffer_free(&btf);
}

/* With none of the file in the page cache, from mapping it to having the BTF. */
static void time_cold_lookups(struct slice bytes)
{
	FILE *file = tmpfile();
	struct payload *payload;
	struct buffer btf = { 0 };
	double times[COLD_LOOKUPS];
	struct error error;
	size_t i;

	if (!file || file_write_all(fileno(file), bytes))
		err(2, "temporary file");
	check(payload_open_bytes(bytes, "payload", &payload, &error), &error);
	for (i = 0; i < COLD_LOOKUPS; i++) {
		struct payload_kernel kernel = some_kernel(payload, i);
		struct file_map map;
		double start;

		if (fsync(fileno(file)) || posix_fadvise(fileno(file), 0, 0, POSIX_FADV_DONTNEED))
			err(2, "temporary file");
		start = now_ms();
		check(file_map_fd(fileno(file), "payload", &map, &error), &error);
		look_up(map.bytes, kernel.arch, kernel.release, &btf);
		times[i] = now_ms() - start;
		file_unmap(&map);
	}
	print_times("cold", times, COLD_LOOKUPS);
	payload_close(payload);
	buffer_free(&btf);
	fclose(file);
}

static void print_sizes(struct slice bytes)
{
	struct payload_sizes sizes;
	struct payload *payload;
	struct error error;
	uint64_t raw = 0;
	size_t i;

	check(payload_open_bytes(bytes, "payload", &payload, &error), &error);
	check(payload_verify(payload, &error), &error);
	sizes = payload_sizes(payload);
	for (i = 0; i < payload_btf_count(payload); i++)
		raw += payload_btf_size(payload, (uint32_t)i);
	printf("kernels=%zu\nclasses=%zu\nraw=%llu\nbtfs=%llu\nindex=%llu\nchecksums=%llu\n"
	       "provenance=%llu\n", payload_kernel_count(payload), payload_btf_count(payload),
	       (unsigned long long)raw, (unsigned long long)sizes.btfs,
	       (unsigned long long)(sizes.kernels + sizes.names + sizes.rest),
	       (unsigned long long)sizes.checksums, (unsigned long long)sizes.provenance);
	payload_close(payload);
}

int main(int argc, char **argv)
{
	struct payload_writer *writer = payload_writer_new();
	struct btf_archive archive = { 0 };
	struct objects objects = { 0 };
	struct digest fingerprint;
	struct buffer out = { 0 };
	struct pack pack = { 0 };
	const struct pack_options options = { .threads = 1, .step = "density" };
	struct error error;
	size_t times = 1;
	double start;
	int option;

	while ((option = getopt(argc, argv, "t:")) != -1) {
		if (option != 't')
			return 2;
		times = strtoul(optarg, NULL, 10);
	}
	if (argc - optind < 2)
		errx(2, "usage: density [-t TIMES] ARCHIVE OBJECT...");
	check(btf_archive_list((const char *const *)&argv[optind], 1, &archive, &error), &error);
	while (++optind < argc)
		check(objects_add_file(&objects, argv[optind], &error), &error);
	check(objects_relocations(&objects, &error), &error);
	check(pack_reduce(&pack, objects.relos, &archive, &options, &error), &error);
	start = now_ms();
	check(pack_write(&pack, writer, &error), &error);
	multiply(writer, &pack, times);
	fingerprint = reloset_fingerprint(objects.relos);
	check(payload_writer_finish(writer, "density", "1", &fingerprint, &out, &error), &error);
	printf("seal_ms=%.0f\n", now_ms() - start);
	print_sizes(buffer_slice(&out));
	time_lookups(buffer_slice(&out));
	time_cold_lookups(buffer_slice(&out));
	return 0;
}
