/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole output of list and info, and what extract leaves on disk. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <jansson.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "lib/file.h"
#include "payload/describe.h"
#include "payload/writer.h"

static struct buffer bytes;
static struct payload *payload;
static char directory[] = "/tmp/btferry-describe-XXXXXX";

static void add_kernel(struct payload_writer *writer, const char *btf, struct payload_kernel kernel)
{
	struct error err;

	assert_int_equal(payload_writer_btf(writer, slice_of(btf, strlen(btf)), &kernel.btf, &err), 0);
	assert_int_equal(payload_writer_kernel(writer, &kernel, &err), 0);
}

static int set_up(void **state)
{
	struct payload_writer *writer = payload_writer_new();
	struct digest fingerprint = digest_of(slice_of("", 0));
	struct error err;
	size_t i;
	const struct {
		enum payload_role role;
		const char *arch, *name;
	} files[] = {
		{ PAYLOAD_MANIFEST, "", "manifest.ini" },
		{ PAYLOAD_OBJECT, "x86_64", "app.bpf.o" },
		{ PAYLOAD_CANARY, "x86_64", "canary.bpf.o" },
		{ PAYLOAD_SOURCE, "", "app.bpf.c" },
	};

	(void)state;
	add_kernel(writer, "BTF one", (struct payload_kernel){ "x86_64", "6.1.0", "#1 SMP", "debian", "12",
		   digest_of(slice_of("x", 1)), 0 });
	add_kernel(writer, "BTF two", (struct payload_kernel){ "x86_64", "6.1.0", "#2 SMP", "debian", "12",
		   { { 0 } }, 0 });
	add_kernel(writer, "BTF one", (struct payload_kernel){ "arm64", "6.6.1-arch1-1", "", "arch", "",
		   { { 0 } }, 0 });
	for (i = 0; i < 4; i++)
		if (payload_writer_file(writer, files[i].role, files[i].arch, files[i].name,
					slice_of(files[i].name, strlen(files[i].name)), &err))
			return -1;
	if (payload_writer_finish(writer, "app", "1.0", &fingerprint, &bytes, &err) ||
	    payload_open_bytes(buffer_slice(&bytes), "p", &payload, &err) || !mkdtemp(directory))
		return -1;
	payload_writer_free(writer);
	return 0;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	payload_close(payload);
	buffer_free(&bytes);
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command);
}

typedef int (*describe)(const struct payload *payload, bool json, FILE *out, struct error *err);

/* What a description prints; the caller frees. */
static char *printed(describe function, bool json)
{
	struct error err;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(function(payload, json, out, &err), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static int info(const struct payload *from, bool json, FILE *out, struct error *err)
{
	return payload_info(from, NULL, json, out, err);
}

static void list_as_text(void **state)
{
	char *text = printed(payload_list, false);

	(void)state;
	assert_string_equal(text,
		"ARCH     RELEASE        DISTRO      VERSION   BTF           BUILD\n"
		"arm64    6.6.1-arch1-1  arch        -         efe27c1d208c  -\n"
		"x86_64   6.1.0          debian      12        efe27c1d208c  #1 SMP\n"
		"x86_64   6.1.0          debian      12        3413ce6a2998  #2 SMP\n");
	free(text);
}

static void list_as_json(void **state)
{
	char *text = printed(payload_list, true), hex[DIGEST_HEX_SIZE];
	json_t *document = json_loads(text, 0, NULL), *kernels, *kernel;
	struct digest one = digest_of(slice_of("BTF one", 7));

	(void)state;
	assert_non_null(document);
	assert_int_equal(json_integer_value(json_object_get(document, "schema")), 1);
	assert_string_equal(json_string_value(json_object_get(document, "application")), "app");
	kernels = json_object_get(document, "kernels");
	assert_int_equal(json_array_size(kernels), 3);
	kernel = json_array_get(kernels, 0);
	assert_string_equal(json_string_value(json_object_get(kernel, "release")), "6.6.1-arch1-1");
	assert_true(json_is_null(json_object_get(kernel, "version_id")));
	assert_true(json_is_null(json_object_get(kernel, "build")));
	assert_true(json_is_null(json_object_get(kernel, "full_btf")));
	assert_string_equal(json_string_value(json_object_get(kernel, "btf")), digest_hex(&one, hex));
	kernel = json_array_get(kernels, 1);
	assert_string_equal(json_string_value(json_object_get(kernel, "build")), "#1 SMP");
	assert_int_equal(strlen(json_string_value(json_object_get(kernel, "full_btf"))), 64);
	json_decref(document);
	free(text);
}

static void info_as_text(void **state)
{
	char *text = printed(info, false), first[512];

	(void)state;
	snprintf(first, sizeof(first),
		 "application  app 1.0\n"
		 "fingerprint  e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
		 "payload      %zu bytes\n"
		 "  btfs        ", bytes.size);
	assert_memory_equal(text, first, strlen(first));
	assert_non_null(strstr(text,
		 "kernels      3\n"
		 "BTFs         2, 14 bytes unpacked\n"
		 "files        4, 42 bytes unpacked\n"
		 "  manifest  -              12  "));
	assert_non_null(strstr(text, "\n  object    x86_64          9  "));
	assert_non_null(strstr(text, "  canary.bpf.o\n"));
	free(text);
}

static void info_as_json(void **state)
{
	char *text = printed(info, true);
	json_t *document = json_loads(text, 0, NULL), *files, *size;
	json_int_t sum = 0;
	const char *name;

	(void)state;
	assert_int_equal(json_integer_value(json_object_get(document, "schema")), 1);
	assert_int_equal(json_integer_value(json_object_get(document, "bytes")), bytes.size);
	assert_int_equal(json_integer_value(json_object_get(document, "btf_bytes")), 14);
	json_object_foreach(json_object_get(document, "sizes"), name, size)
		sum += json_integer_value(size);
	assert_int_equal(sum, bytes.size);
	files = json_object_get(document, "files");
	assert_int_equal(json_array_size(files), 4);
	assert_string_equal(json_string_value(json_object_get(json_array_get(files, 2), "role")),
			    "canary");
	json_decref(document);
	free(text);
}

static void a_full_disk_is_told(void **state)
{
	FILE *full = fopen("/dev/full", "we");
	struct error err;

	(void)state;
	assert_non_null(full);
	setvbuf(full, NULL, _IONBF, 0);
	assert_int_equal(payload_list(payload, false, full, &err), -EIO);
	assert_int_equal(payload_info(payload, NULL, true, full, &err), -EIO);
	fclose(full);
}

static void assert_file(const char *name, const char *content)
{
	struct buffer file = { 0 };
	struct error err;
	char path[256];

	snprintf(path, sizeof(path), "%s/new/out/%s", directory, name);
	assert_int_equal(file_read(AT_FDCWD, path, 100, &file, &err), 0);
	assert_int_equal(file.size, strlen(content));
	assert_memory_equal(file.data, content, file.size);
	buffer_free(&file);
}

static void extract_writes_all(void **state)
{
	struct error err;
	char path[256];

	(void)state;
	snprintf(path, sizeof(path), "%s/new/out", directory);
	assert_int_equal(payload_extract(payload, path, &err), 0);
	assert_file("manifest.ini", "manifest.ini");
	assert_file("object/x86_64/app.bpf.o", "app.bpf.o");
	assert_file("canary/x86_64/canary.bpf.o", "canary.bpf.o");
	assert_file("source/app.bpf.c", "app.bpf.c");
	assert_file("btf/arch/unknown/arm64/6.6.1-arch1-1.btf", "BTF one");
	assert_file("btf/debian/12/x86_64/6.1.0.btf", "BTF one");
	assert_file("btf/debian/12/x86_64/6.1.0@2.btf", "BTF two");
	assert_int_equal(payload_extract(payload, path, &err), 0); /* again, over itself */
}

/* A link that lies in the target already does not lead out of it. */
static void extract_follows_no_link(void **state)
{
	struct error err;
	char path[256], link[300];

	(void)state;
	snprintf(path, sizeof(path), "%s/trap", directory);
	assert_int_equal(dir_make(AT_FDCWD, path, 0755, &err), 0);
	snprintf(link, sizeof(link), "%s/btf", path);
	assert_int_equal(symlink(directory, link), 0);
	assert_true(payload_extract(payload, path, &err) < 0);
	snprintf(path, sizeof(path), "%s/arch", directory);
	assert_int_equal(access(path, F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_as_text),
		cmocka_unit_test(list_as_json),
		cmocka_unit_test(info_as_text),
		cmocka_unit_test(info_as_json),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(extract_writes_all),
		cmocka_unit_test(extract_follows_no_link),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
