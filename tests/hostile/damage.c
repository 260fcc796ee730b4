/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Damages a payload, in memory, in every way that a test can think of, and has each one refused as
 * an install refuses it: when it is opened, or when its checksums are compared.
 *
 *     damage PAYLOAD OTHER COUNT          prints how many were tried; exit status 1: one passed
 *     damage PAYLOAD OTHER COUNT FOLDER   writes them there instead, COUNT of each sort
 *
 * OTHER is a payload whose parts are put into the first one.  What is random is the same each time.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/file.h"
#include "payload/codec.h"
#include "payload/reader.h"

enum { MAX_SIZE = 64 * 1024 * 1024, NEAR = 64 };

/* A part of the file, by what guards it.  Of those that are small each bit is flipped. */
struct region {
	const char *name;
	size_t begin, end;
	bool is_small;
};

struct damage {
	struct slice good, other;
	struct region regions[3];
	struct buffer copy;
	const char *folder;          /* where damaged ones are written; NULL: they are checked */
	size_t written, tried, passed;
	uint64_t random;
};

/* xorshift64*, by Vigna. */
static size_t random_below(struct damage *damage, size_t below)
{
	damage->random ^= damage->random >> 12;
	damage->random ^= damage->random << 25;
	damage->random ^= damage->random >> 27;
	return below ? (size_t)(damage->random * 0x2545f4914f6cdd1dull >> 16) % below : 0;
}

static int check(struct slice bytes)
{
	struct payload *payload;
	int code, verified;

	code = payload_open_bytes(bytes, "p", &payload, NULL);
	if (code)
		return code;
	code = payload_check_stored(payload, NULL);
	verified = payload_verify(payload, NULL);
	payload_close(payload);
	return code == verified ? code : -EPROTO;
}

static void write_out(struct damage *damage)
{
	char path[4096];
	struct error err;

	snprintf(path, sizeof(path), "%s/%03zu.payload", damage->folder, damage->written++);
	if (file_publish(AT_FDCWD, path, buffer_slice(&damage->copy), 0644, &err)) {
		fprintf(stderr, "damage: %s\n", err.text);
		exit(6);
	}
}

/* What is in damage->copy has to be refused, unless it came out as it was. */
static void expect_refused(struct damage *damage, const char *what, size_t at)
{
	int code;

	if (slice_equal(buffer_slice(&damage->copy), damage->good))
		return;
	damage->tried++;
	if (damage->folder) {
		write_out(damage);
		return;
	}
	code = check(buffer_slice(&damage->copy));
	if (code == -EBADMSG || code == -ENOTSUP)
		return;
	damage->passed++;
	printf("not refused: %s at %zu: %d\n", what, at, code);
}

static void append(struct damage *damage, struct slice bytes)
{
	if (buffer_append(&damage->copy, bytes.data, bytes.size))
		exit(6);
}

static void start_over(struct damage *damage, struct slice from)
{
	damage->copy.size = 0;
	append(damage, from);
}

static void flip(struct damage *damage, const char *what, size_t at, unsigned bit)
{
	damage->copy.data[at] ^= (uint8_t)(1u << bit);
	expect_refused(damage, what, at);
	damage->copy.data[at] ^= (uint8_t)(1u << bit);
}

static void flip_every_bit(struct damage *damage, const struct region *region)
{
	size_t at;
	unsigned bit;

	for (at = region->begin; at < region->end; at++)
		for (bit = 0; bit < 8; bit++)
			flip(damage, region->name, at, bit);
}

static void flip_some(struct damage *damage, const struct region *region, size_t count)
{
	for (; count > 0; count--)
		flip(damage, region->name,
		     region->begin + random_below(damage, region->end - region->begin),
		     (unsigned)random_below(damage, 8));
}

static void cut_at(struct damage *damage, size_t size)
{
	if (size >= damage->good.size)
		return;
	start_over(damage, slice_of(damage->good.data, size));
	expect_refused(damage, "cut off", size);
}

/* At each length up to behind the header, and near each end of a region. */
static void cut_everywhere(struct damage *damage)
{
	size_t size, i;

	for (size = 0; size < PAYLOAD_HEADER_SIZE + NEAR; size++)
		cut_at(damage, size);
	for (i = 0; i < sizeof(damage->regions) / sizeof(damage->regions[0]); i++)
		for (size = damage->regions[i].end - NEAR; size < damage->regions[i].end + NEAR; size++)
			cut_at(damage, size);
}

static void cut(struct damage *damage, size_t count)
{
	if (!damage->folder)
		cut_everywhere(damage);
	for (; count > 0; count--)
		cut_at(damage, random_below(damage, damage->good.size));
}

/* Bytes of the other payload over this one's, at the same place or at another. */
static void splice_over(struct damage *damage, size_t at, size_t from, size_t size)
{
	if (from >= damage->other.size || at >= damage->good.size)
		return;
	if (size > damage->other.size - from)
		size = damage->other.size - from;
	if (size > damage->good.size - at)
		size = damage->good.size - at;
	start_over(damage, damage->good);
	memcpy(damage->copy.data + at, damage->other.data + from, size);
	expect_refused(damage, "a part of the other", at);
}

static void splice_parts(struct damage *damage, size_t count)
{
	size_t i, at, size;

	for (i = 0; i < sizeof(damage->regions) / sizeof(damage->regions[0]); i++) {
		const struct region *region = &damage->regions[i];

		splice_over(damage, region->begin, region->begin, region->end - region->begin);
		/* This one's beginning, and the other's end; and one behind the other. */
		start_over(damage, slice_of(damage->good.data, region->end));
		if (region->end < damage->other.size)
			append(damage, slice_of(damage->other.data + region->end,
						damage->other.size - region->end));
		else
			append(damage, damage->other);
		expect_refused(damage, "the end of the other", region->end);
	}
	for (; count > 0; count--) {
		at = random_below(damage, damage->good.size);
		size = 1 + random_below(damage, damage->good.size - at);
		splice_over(damage, at, count % 2 ? at : random_below(damage, damage->other.size), size);
	}
}

/* Something is put in, or taken out. */
static void shift(struct damage *damage, size_t count)
{
	size_t at, size;

	for (; count > 0; count--) {
		at = random_below(damage, damage->good.size);
		size = 1 + random_below(damage, NEAR);
		start_over(damage, slice_of(damage->good.data, at));
		if (count % 2)
			append(damage, slice_of(damage->other.data,
						size < damage->other.size ? size : damage->other.size));
		else
			at += size < damage->good.size - at ? size : damage->good.size - at;
		append(damage, slice_of(damage->good.data + at, damage->good.size - at));
		expect_refused(damage, "shifted", at);
	}
}

static void report(struct damage *damage, const char *what)
{
	if (!damage->folder)
		printf("%s: %zu, %zu not refused\n", what, damage->tried, damage->passed);
	damage->tried = 0;
}

static void damage_all(struct damage *damage, size_t count)
{
	const size_t fewer = damage->folder ? count : count / 10;
	size_t i;

	start_over(damage, damage->good);
	for (i = 0; i < sizeof(damage->regions) / sizeof(damage->regions[0]); i++) {
		if (damage->regions[i].is_small && !damage->folder)
			flip_every_bit(damage, &damage->regions[i]);
		else
			flip_some(damage, &damage->regions[i], count);
		report(damage, damage->regions[i].name);
	}
	cut(damage, fewer);
	report(damage, "cut off");
	splice_parts(damage, fewer);
	report(damage, "spliced");
	shift(damage, fewer);
	report(damage, "shifted");
}

static void load(const char *path, struct buffer *out)
{
	struct error err;

	if (file_read(AT_FDCWD, path, MAX_SIZE, out, &err) == 0)
		return;
	fprintf(stderr, "damage: %s\n", err.text);
	exit(6);
}

int main(int argc, char **argv)
{
	struct buffer good = { 0 }, other = { 0 };
	struct damage damage = { .random = 88172645463325252ull };
	size_t index_end;

	if (argc != 4 && argc != 5) {
		fprintf(stderr, "usage: damage PAYLOAD OTHER COUNT [FOLDER]\n");
		return 2;
	}
	load(argv[1], &good);
	load(argv[2], &other);
	damage.good = buffer_slice(&good);
	damage.other = buffer_slice(&other);
	damage.folder = argc == 5 ? argv[4] : NULL;
	if (check(damage.good) || check(damage.other)) {
		fprintf(stderr, "damage: one of the payloads is damaged already\n");
		return 2;
	}
	index_end = PAYLOAD_HEADER_SIZE + (size_t)load_le64(good.data + 64);
	damage.regions[0] = (struct region){ "header", 0, PAYLOAD_HEADER_SIZE, true };
	damage.regions[1] = (struct region){ "index", PAYLOAD_HEADER_SIZE, index_end, true };
	damage.regions[2] = (struct region){ "contents", index_end, good.size, false };
	damage_all(&damage, strtoul(argv[3], NULL, 10));
	buffer_free(&damage.copy);
	buffer_free(&good);
	buffer_free(&other);
	return damage.passed > 0;
}
