/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "core/elf_add.h"
#include "core/elf_image.h"
#include "lib/file.h"

#include "installer/built_text.h"

#define BUILD_SECTION ".btferry.build"
#define BTF_SECTION ".btferry.btf"

enum { MAX_OBJECT_SIZE = 256 * 1024 * 1024 };

int built_to_file(const struct built *built, const char *release, struct slice base,
		  struct buffer *out, struct error *err)
{
	const struct slice object = built->object.size ? buffer_slice(&built->object) : base;
	struct buffer text = { 0 }, half = { 0 };
	int code = built_text(built, release, &text, err);

	if (!code)
		code = elf_add_section(object, release, BUILD_SECTION, buffer_slice(&text), &half, err);
	if (!code)
		code = elf_add_section(buffer_slice(&half), release, BTF_SECTION,
				       buffer_slice(&built->btf), out, err);
	buffer_free(&half);
	buffer_free(&text);
	return code;
}

/* Every program of it must be one of the application's: else it was made of something else. */
static int check_programs(struct slice bytes, const char *path, const struct object *object,
			  struct error *err)
{
	struct object *given;
	int code = object_open(bytes, path, &given, err);
	size_t i, j;

	for (i = 0; !code && i < given->program_count; i++) {
		for (j = 0; j < object->program_count; j++)
			if (!strcmp(given->programs[i].name, object->programs[j].name))
				break;
		if (j == object->program_count)
			code = error_set(err, -EINVAL, "%s: has a program %s, which the application's "
					 "object has not: it was compiled of something else", path,
					 given->programs[i].name);
	}
	if (!code && !given->program_count)
		code = error_set(err, -EINVAL, "%s: has no program", path);
	object_close(given);
	return code;
}

/* Without BTF there is only an object, of which nobody can tell whose it is. */
static int take_btf(struct slice btf, const char *path, struct built *out, struct error *err)
{
	struct error problem = ERROR_NONE;
	struct btf_view view;
	int code;

	if (!btf.size)
		return out->way == WAY_OBJECT ? 0 :
		       error_set(err, -EBADMSG, "%s: lacks the BTF (section " BTF_SECTION ")", path);
	code = btf_view_open(&view, btf, &problem);
	if (code)
		return error_set(err, code, "%s: section " BTF_SECTION ": %s", path, problem.text);
	btf_view_close(&view);
	if (buffer_append(&out->btf, btf.data, btf.size))
		return error_errno(err, -ENOMEM, "%s", path);
	return 0;
}

/* What the sections say; out->way stays WAY_COUNT where there are none. */
static int read_sections(const struct buffer *file, const char *path, const char *release,
			 struct built *out, struct error *err)
{
	struct elf_section text, btf = { .index = 0 };
	char name[BUILT_NAME_SIZE];
	struct elf_image image;
	int code = elf_image_open(&image, buffer_slice(file), path, err);

	if (code)
		return code;
	code = elf_image_find(&image, BUILD_SECTION, &text, err);
	if (!code)
		code = elf_image_find(&image, BTF_SECTION, &btf, err);
	if (!code && text.index) {
		code = built_parse(text.data, path, name, out, err);
		if (!code && strcmp(name, release) != 0)
			code = error_set(err, -ESTALE, "%s: was built for kernel %s, and not for %s", path,
					 name, release);
		if (!code)
			code = take_btf(btf.data, path, out, err);
	}
	elf_image_close(&image);
	return code;
}

static void set_given(struct built *built, const char *key)
{
	built->is_given = true;
	snprintf(built->key, sizeof(built->key), "%s", key);
}

int built_from_file(const struct trust *trust, const char *path, const char *release,
		    const struct object *object, struct built *out, struct error *err)
{
	char key[MINISIGN_ID_TEXT];
	struct buffer file = { 0 };
	int code = file_read(AT_FDCWD, path, MAX_OBJECT_SIZE, &file, err);

	*out = BUILT_NONE;
	if (!code)
		code = admit_given(trust, path, buffer_slice(&file), key, err);
	if (!code)
		code = check_programs(buffer_slice(&file), path, object, err);
	if (!code)
		code = read_sections(&file, path, release, out, err);
	if (!code && out->way == WAY_COUNT)
		out->way = WAY_OBJECT;
	/* Else it is the application's own, which goes along for the BTF. */
	if (!code && out->way == WAY_OBJECT) {
		out->object = file;
		file = (struct buffer){ 0 };
	}
	buffer_free(&file);
	if (code)
		built_free(out);
	else
		set_given(out, key);
	return code;
}

/* A kernel's own has functions, which no reduction keeps. */
static bool has_functions(const struct btf_view *view)
{
	uint32_t id;

	for (id = 1; id < view->type_count; id++)
		if (btf_view_type(view, id).kind == BTF_KIND_FUNC)
			return true;
	return false;
}

int built_from_btf(const struct trust *trust, const char *path, struct built *out,
		   struct error *err)
{
	char key[MINISIGN_ID_TEXT];
	struct btf_view view;
	int code;

	*out = BUILT_NONE;
	code = admit_given_btf(trust, path, &out->btf, key, err);
	if (!code)
		code = btf_view_open(&view, buffer_slice(&out->btf), err);
	if (code) {
		built_free(out);
		return code;
	}
	if (!has_functions(&view))
		code = error_set(err, -EINVAL, "%s: is reduced, so nobody knows which objects it is good "
				 "for: name the whole BTF of the kernel", path);
	btf_view_close(&view);
	out->way = WAY_DEBUG_INFO;
	set_given(out, key);
	if (code)
		built_free(out);
	return code;
}
