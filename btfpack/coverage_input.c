/* SPDX-License-Identifier: BSD-2-Clause */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "lib/file.h"
#include "payload/format.h"

#include "btfpack/coverage_input.h"

enum kind { KIND_MANIFEST, KIND_OBJECT, KIND_PAYLOAD };

static int find_kind(const char *path, enum kind *kind, struct error *err)
{
	struct file_map map;
	int code = file_map(AT_FDCWD, path, &map, err);
	const uint8_t *bytes = map.bytes.data;

	if (code)
		return code;
	*kind = KIND_MANIFEST;
	if (map.bytes.size >= sizeof(Elf64_Ehdr) && memcmp(bytes, ELFMAG, SELFMAG) == 0)
		*kind = load_le16(bytes + offsetof(Elf64_Ehdr, e_machine)) == EM_BPF ? KIND_OBJECT :
			KIND_PAYLOAD;
	else if (map.bytes.size >= PAYLOAD_MAGIC_SIZE &&
		 memcmp(bytes, PAYLOAD_MAGIC, PAYLOAD_MAGIC_SIZE) == 0)
		*kind = KIND_PAYLOAD;
	file_unmap(&map);
	return 0;
}

static int open_application(const char *path, enum kind kind, struct coverage_input *out,
			    struct error *err)
{
	int code;

	out->is_application = true;
	if (kind == KIND_MANIFEST)
		return application_open(path, &out->application, err);
	code = payload_open(AT_FDCWD, path, &out->payload, err);
	if (!code && application_open_payload(out->payload, &out->application, err))
		code = error_wrap(err, "%s", path);
	return code;
}

int coverage_input_open(char *const *paths, size_t count, struct coverage_input *out,
			struct error *err)
{
	enum kind kind;
	size_t i;
	int code = 0;

	*out = (struct coverage_input){ 0 };
	for (i = 0; i < count && !code; i++) {
		code = find_kind(paths[i], &kind, err);
		if (code)
			break;
		if (kind == KIND_OBJECT)
			code = objects_add_file(&out->named, paths[i], err);
		else if (count == 1)
			code = open_application(paths[i], kind, out, err);
		else
			code = error_set(err, -EBADMSG, "%s: is no BPF object; a manifest or a payload "
					 "is named alone", paths[i]);
	}
	return code;
}

void coverage_input_close(struct coverage_input *input)
{
	if (input->is_application)
		application_close(&input->application);
	if (input->payload)
		payload_close(input->payload);
	objects_free(&input->named);
	*input = (struct coverage_input){ 0 };
}

const struct objects *coverage_input_objects(const struct coverage_input *input)
{
	return input->is_application ? &input->application.objects : &input->named;
}

static struct slice bytes_of(const struct coverage_input *input, size_t i)
{
	return input->payload ? buffer_slice(&input->application.contents[i]) :
	       coverage_input_objects(input)->maps[i].bytes;
}

int coverage_input_subject(const struct coverage_input *input, const struct reloset *set,
			   size_t first, struct coverage_subject *out, struct error *err)
{
	const struct manifest *manifest = &input->application.manifest;
	struct object *const *objects = coverage_input_objects(input)->items;
	size_t count = input->is_application ? manifest->object_count + manifest->further_count :
		       input->named.count, i;
	int code = 0;

	*out = (struct coverage_subject){
		.manifest = input->is_application ? manifest : NULL,
		.set = set,
	};
	for (i = 0; i < count && !code; i++) {
		bool further = input->is_application && i >= manifest->object_count;
		const char *arch = !input->is_application ? "" :
				   further ? manifest->further[i - manifest->object_count].arch :
				   manifest->objects[i].arch;

		code = coverage_subject_add(out, objects[i], first + i, arch, further, err);
		if (!code)
			out->objects[i].sha256 = digest_of(bytes_of(input, i));
	}
	return code;
}
