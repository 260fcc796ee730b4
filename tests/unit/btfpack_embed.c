/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A payload in a real static program: it runs as before, strip(1) keeps the payload, readelf(1)
 * lists it, objcopy(1) gives it back.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <gelf.h>
#include <libelf.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "btfpack/embed.h"
#include "lib/file.h"
#include "payload/reader.h"

#define SAMPLE "tests/files/payload/good-worked-example.payload"

static char directory[] = "/tmp/btferry-embed-XXXXXX";
static char *start_directory;
static struct file_map sample;

/* Runs a command in the test's directory; its exit status. */
__attribute__((format(printf, 1, 2)))
static int run(const char *format, ...)
{
	char command[512];
	va_list args;
	int used = snprintf(command, sizeof(command), "cd %s && ", directory);

	va_start(args, format);
	vsnprintf(command + used, sizeof(command) - (size_t)used, format, args);
	va_end(args);
	return system(command);
}

static const char *path_of(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

/* What is loaded stays as it was, but for the ELF header, which says where the sections are. */
static void assert_same_segments(const struct buffer *before, const struct buffer *after)
{
	Elf *elf = elf_memory((char *)before->data, before->size);
	size_t count, i, loaded = 0;
	GElf_Phdr segment;

	assert_int_equal(elf_getphdrnum(elf, &count), 0);
	for (i = 0; i < count; i++) {
		size_t from;

		assert_non_null(gelf_getphdr(elf, (int)i, &segment));
		if (segment.p_type != PT_LOAD)
			continue;
		loaded++;
		from = segment.p_offset ? segment.p_offset : sizeof(Elf64_Ehdr);
		assert_memory_equal(after->data + from, before->data + from,
				    segment.p_offset + segment.p_filesz - from);
	}
	assert_true(loaded > 0);
	elf_end(elf);
}

static void embed_in(const char *program, const char *result)
{
	struct buffer file = { 0 }, out = { 0 };
	struct error err = ERROR_NONE;

	assert_int_equal(file_read(AT_FDCWD, path_of(program), SIZE_MAX, &file, &err), 0);
	assert_int_equal(embed_payload(buffer_slice(&file), program, sample.bytes,
				       slice_of(NULL, 0), &out, &err), 0);
	assert_int_equal(err.code, 0);
	assert_true(out.size > file.size + sample.bytes.size);
	assert_same_segments(&file, &out);
	assert_int_equal(file_publish(AT_FDCWD, path_of(result), buffer_slice(&out), 0755, &err), 0);
	buffer_free(&file);
	buffer_free(&out);
}

static void assert_holds_sample(const char *program)
{
	struct payload *payload;
	struct error err = ERROR_NONE;

	assert_int_equal(payload_open(AT_FDCWD, path_of(program), &payload, &err), 0);
	assert_true(slice_equal(payload_bytes(payload), sample.bytes));
	assert_int_equal(payload_verify(payload, &err), 0);
	payload_close(payload);
	assert_int_equal(run("test \"$(./%s)\" = 'I run'", program), 0);
	assert_int_equal(run("readelf -SW %s | grep -q '\\.btferry\\.payload *PROGBITS'", program), 0);
	assert_int_equal(run("rm -f dump && objcopy --dump-section .btferry.payload=dump %s && "
			     "cmp dump %s/" SAMPLE, program, start_directory), 0);
	assert_int_equal(run("readelf -aW %s 2>&1 >/dev/null | grep . && exit 1; exit 0", program), 0);
}

static void program_with_symbols(void **state)
{
	(void)state;
	embed_in("program", "carrier");
	assert_holds_sample("carrier");
}

static void strip_keeps_it(void **state)
{
	(void)state;
	embed_in("program", "carrier");
	assert_int_equal(run("strip carrier"), 0);
	assert_holds_sample("carrier");
}

static void stripped_program(void **state)
{
	(void)state;
	assert_int_equal(run("strip -o stripped program"), 0);
	embed_in("stripped", "carrier");
	assert_holds_sample("carrier");
}

static void same_bytes_each_time(void **state)
{
	(void)state;
	embed_in("program", "carrier");
	embed_in("program", "again");
	assert_int_equal(run("cmp carrier again"), 0);
}

static void second_payload_is_refused(void **state)
{
	struct buffer file = { 0 }, out = { 0 };
	struct error err = ERROR_NONE;

	(void)state;
	embed_in("program", "carrier");
	assert_int_equal(file_read(AT_FDCWD, path_of("carrier"), SIZE_MAX, &file, &err), 0);
	assert_int_equal(embed_payload(buffer_slice(&file), "carrier", sample.bytes,
				       slice_of(NULL, 0), &out, &err),
			 -EEXIST);
	assert_int_equal(out.size, 0);
	buffer_free(&file);
}

static void other_files_are_refused(void **state)
{
	static const char text[] = "#!/bin/sh\n", elf[] = "\177ELF and no more";
	struct buffer out = { 0 };
	struct error err = ERROR_NONE;

	(void)state;
	assert_int_equal(embed_payload(slice_of(text, sizeof(text)), "text", sample.bytes,
				       slice_of(NULL, 0), &out, &err),
			 -EBADMSG);
	assert_string_equal(err.text, "text: is no ELF program");
	assert_int_equal(embed_payload(slice_of(elf, sizeof(elf)), "elf", sample.bytes,
				       slice_of(NULL, 0), &out, &err),
			 -EBADMSG);
}

static void damage_in_a_program_is_named(void **state)
{
	struct payload *payload;
	struct error err = ERROR_NONE;

	(void)state;
	assert_int_equal(payload_open(AT_FDCWD, path_of("program"), &payload, &err), -ENOENT);
	assert_non_null(strstr(err.text, "without section .btferry.payload"));
	embed_in("program", "carrier");
	assert_int_equal(run("head -c -4096 carrier > cut"), 0);
	assert_int_equal(payload_open(AT_FDCWD, path_of("cut"), &payload, &err), -EBADMSG);
}

static int set_up(void **state)
{
	struct error err;

	(void)state;
	start_directory = realpath(".", NULL);
	if (!start_directory || !mkdtemp(directory) ||
	    file_map(AT_FDCWD, SAMPLE, &sample, &err))
		return -1;
	return run("printf '#include <stdio.h>\\nint main(void) { return puts(\"I run\") < 0; }\\n' "
		   "> p.c && cc -g -static -o program p.c");
}

static int tear_down(void **state)
{
	(void)state;
	file_unmap(&sample);
	free(start_directory);
	return run("rm -rf %s", directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(program_with_symbols),
		cmocka_unit_test(strip_keeps_it),
		cmocka_unit_test(stripped_program),
		cmocka_unit_test(same_bytes_each_time),
		cmocka_unit_test(second_payload_is_refused),
		cmocka_unit_test(other_files_are_refused),
		cmocka_unit_test(damage_in_a_program_is_named),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
