/* SPDX-License-Identifier: BSD-2-Clause */
/* One more section in a BPF object, which is none of libbpf's; btfpack_embed.c has programs. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/elf_add.h"
#include "core/elf_image.h"
#include "core/object.h"
#include "lib/file.h"

static char directory[] = "/tmp/btferry-elf-add-XXXXXX";
static struct buffer file;

static struct buffer with(struct slice bytes, const char *section, const char *text)
{
	struct error err = ERROR_NONE;
	struct buffer out = { 0 };

	if (elf_add_section(bytes, "object.o", section, slice_of(text, strlen(text)), &out, &err))
		fail_msg("%s", err.text);
	return out;
}

static void expect_section(const struct buffer *bytes, const char *section, const char *text)
{
	struct error err = ERROR_NONE;
	struct elf_section found;
	struct elf_image image;

	assert_int_equal(elf_image_open(&image, buffer_slice(bytes), "object.o", &err), 0);
	assert_int_equal(elf_image_find(&image, section, &found, &err), 0);
	assert_true(found.index > 0);
	assert_int_equal(found.data.size, strlen(text));
	assert_memory_equal(found.data.data, text, strlen(text));
	elf_image_close(&image);
}

/* One after the other, an empty one too; everything else stays at its place. */
static void several(void **state)
{
	struct buffer one = with(buffer_slice(&file), ".one", "first"),
		      two = with(buffer_slice(&one), ".two", ""),
		      three = with(buffer_slice(&two), ".three", "third");
	struct error err = ERROR_NONE;
	struct object *before, *after;

	(void)state;
	expect_section(&three, ".one", "first");
	expect_section(&three, ".two", "");
	expect_section(&three, ".three", "third");
	assert_memory_equal(three.data + 64, file.data + 64, 512);
	assert_int_equal(object_open(buffer_slice(&file), "before", &before, &err), 0);
	assert_int_equal(object_open(buffer_slice(&three), "after", &after, &err), 0);
	assert_int_equal(after->program_count, before->program_count);
	assert_string_equal(after->programs[0].section, before->programs[0].section);
	assert_true(slice_equal(after->programs[0].code, before->programs[0].code));
	object_close(before);
	object_close(after);
	assert_int_equal(file_publish(AT_FDCWD, "three.o", buffer_slice(&three), 0644, &err), 0);
	assert_int_equal(system("readelf -aW three.o 2>&1 >/dev/null | grep . && exit 1; "
				"llvm-strip -g three.o && readelf -SW three.o | grep -q '\\.three'"), 0);
	buffer_free(&one);
	buffer_free(&two);
	buffer_free(&three);
}

/* What is there already stays; so does what stands in the buffer. */
static void is_appended(void **state)
{
	struct buffer out = { 0 }, alone = with(buffer_slice(&file), ".one", "first");
	struct error err = ERROR_NONE;

	(void)state;
	assert_int_equal(buffer_append(&out, "head", 4), 0);
	assert_int_equal(elf_add_section(buffer_slice(&file), "object.o", ".one", slice_of("first", 5),
					 &out, &err), 0);
	assert_int_equal(out.size, alone.size + 4);
	assert_memory_equal(out.data, "head", 4);
	assert_memory_equal(out.data + 4, alone.data, alone.size);
	buffer_free(&out);
	buffer_free(&alone);
}

static void other_files_are_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} FILES[] = { { "", 0 }, { "text\n", 5 }, { "\177ELF", 4 }, { "\177ELF\2\1\1 and no more", 20 } };
	struct buffer out = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(FILES) / sizeof(FILES[0]); i++) {
		struct error err = ERROR_NONE;

		assert_int_equal(elf_add_section(slice_of(FILES[i].bytes, FILES[i].size), "some.o", ".one",
						 slice_of("x", 1), &out, &err), -EBADMSG);
		assert_memory_equal(err.text, "some.o: ", 8);
		assert_int_equal(out.size, 0);
	}
	for (i = 0; i < file.size; i += 97) {
		struct error err = ERROR_NONE;

		out.size = 0;
		if (elf_add_section(slice_of(file.data, i), "cut.o", ".one", slice_of("x", 1), &out, &err))
			assert_memory_equal(err.text, "cut.o: ", 7);
	}
	buffer_free(&out);
}

static int set_up(void **state)
{
	const char *clang = getenv("CLANG");
	struct error err = ERROR_NONE;
	char command[512];

	(void)state;
	if (!mkdtemp(directory) || chdir(directory) < 0)
		return -1;
	snprintf(command, sizeof(command), "printf '__attribute__((section(\"raw_tp/sched_switch\"))) "
		 "int on(void *c) { return 0; }\\n' >o.c && %s -g -O2 -target bpf -c o.c -o o.o",
		 clang ? clang : "clang");
	return system(command) || file_read(AT_FDCWD, "o.o", SIZE_MAX, &file, &err) ? -1 : 0;
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	buffer_free(&file);
	snprintf(command, sizeof(command), "cd / && rm -r %s", directory);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several),
		cmocka_unit_test(is_appended),
		cmocka_unit_test(other_files_are_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
