/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How often the builds around a kernel tell which BTF it has: each kernel of a payload is left out
 * in turn, asked for as a host of its distribution would, and what its neighbours have is compared
 * with what it has.
 *
 *     nearest PAYLOAD         prints NAME=NUMBER lines; exit status 1 when a neighbour was wrong
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "decide/select.h"
#include "payload/writer.h"

static void check(int code, const struct error *error)
{
	if (code)
		errx(2, "%s", error->text);
}

/*
 * The payload without kernel number missing; its BTFs keep their numbers as long as they are used.
 */
static struct payload *without(const struct payload *all, size_t missing, struct buffer *bytes)
{
	struct payload_writer *writer = payload_writer_new();
	const struct digest fingerprint = payload_fingerprint(all);
	struct error error = ERROR_NONE;
	struct payload *payload;
	struct buffer btf = { 0 };
	size_t i;

	for (i = 0; i < payload_kernel_count(all); i++) {
		struct payload_kernel kernel = payload_kernel(all, i);

		if (i == missing)
			continue;
		btf.size = 0;
		check(payload_btf(all, kernel.btf, &btf, &error), &error);
		check(payload_writer_btf(writer, buffer_slice(&btf), &kernel.btf, &error), &error);
		check(payload_writer_kernel(writer, &kernel, &error), &error);
	}
	check(payload_writer_finish(writer, "left", "1", &fingerprint, bytes, &error), &error);
	payload_writer_free(writer);
	buffer_free(&btf);
	check(payload_open_bytes(buffer_slice(bytes), "left", &payload, &error), &error);
	return payload;
}

int main(int argc, char **argv)
{
	unsigned between = 0, taken = 0, wrong = 0;
	struct error error = ERROR_NONE;
	struct payload *all;
	size_t i;

	if (argc != 2)
		errx(2, "usage: %s PAYLOAD", argv[0]);
	check(payload_open(AT_FDCWD, argv[1], &all, &error), &error);
	for (i = 0; i < payload_kernel_count(all); i++) {
		struct payload_kernel kernel = payload_kernel(all, i);
		struct digest own = payload_btf_digest(all, kernel.btf), theirs;
		struct os_release os = { .id = "" };
		struct buffer bytes = { 0 };
		struct payload *left = without(all, i, &bytes);
		struct neighbours around;

		snprintf(os.id, sizeof(os.id), "%s", kernel.distro);
		snprintf(os.version_id, sizeof(os.version_id), "%s", kernel.version_id);
		around = neighbours_find(left, kernel.arch, kernel.release, &os);
		between += around.older && around.newer;
		if (around.agree) {
			theirs = payload_btf_digest(left, around.btf);
			taken++;
			if (digest_compare(&own, &theirs) != 0) {
				wrong++;
				printf("# wrong: %s\n", kernel.release);
			}
		}
		payload_close(left);
		buffer_free(&bytes);
	}
	printf("kernels=%zu\nbetween=%u\ntaken=%u\nwrong=%u\n", payload_kernel_count(all), between,
	       taken, wrong);
	payload_close(all);
	return wrong != 0;
}
