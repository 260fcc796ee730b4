/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/elf_image.h"

#include "decide/needs.h"

/*
 * Sections whose programs attach to a BTF type id of the running kernel (libbpf's section_defs;
 * fsession came with 7.0), with the word that a report uses.
 */
static const char *const SECTIONS[] = {
	"fentry", "fentry.s", "fexit", "fexit.s", "fmod_ret", "fmod_ret.s", "fsession", "fsession.s",
	"tp_btf", "lsm", "lsm.s", "lsm_cgroup", "iter", "iter.s", "struct_ops", "struct_ops.s",
};

/* Newer than the headers of Debian 12 (Linux 6.2). */
enum { CGRP_STORAGE_GET = 210, CGRP_STORAGE_DELETE = 211 };

/*
 * Helpers that take or return pointers to BTF types (RET_PTR_TO_BTF_ID, ARG_PTR_TO_BTF_ID): the
 * verifier needs the kernel's BTF for them in any program.  snprintf_btf loads without, and fails
 * when called.
 */
static const struct {
	int id;
	const char *name;
} HELPERS[] = {
	{ BPF_FUNC_get_current_task_btf, "helper bpf_get_current_task_btf" },
	{ BPF_FUNC_task_storage_get, "helper bpf_task_storage_get" },
	{ BPF_FUNC_task_storage_delete, "helper bpf_task_storage_delete" },
	{ CGRP_STORAGE_GET, "helper bpf_cgrp_storage_get" },
	{ CGRP_STORAGE_DELETE, "helper bpf_cgrp_storage_delete" },
	{ BPF_FUNC_inode_storage_get, "helper bpf_inode_storage_get" },
	{ BPF_FUNC_inode_storage_delete, "helper bpf_inode_storage_delete" },
	{ BPF_FUNC_snprintf_btf, "helper bpf_snprintf_btf" },
	{ BPF_FUNC_seq_printf_btf, "helper bpf_seq_printf_btf" },
	{ BPF_FUNC_per_cpu_ptr, "helper bpf_per_cpu_ptr" },
	{ BPF_FUNC_this_cpu_ptr, "helper bpf_this_cpu_ptr" },
	{ BPF_FUNC_get_task_stack, "helper bpf_get_task_stack" },
	{ BPF_FUNC_task_pt_regs, "helper bpf_task_pt_regs" },
	{ BPF_FUNC_find_vma, "helper bpf_find_vma" },
	{ BPF_FUNC_copy_from_user_task, "helper bpf_copy_from_user_task" },
	{ BPF_FUNC_sock_from_file, "helper bpf_sock_from_file" },
	{ BPF_FUNC_d_path, "helper bpf_d_path" },
	{ BPF_FUNC_skc_to_tcp6_sock, "helper bpf_skc_to_tcp6_sock" },
	{ BPF_FUNC_skc_to_tcp_sock, "helper bpf_skc_to_tcp_sock" },
	{ BPF_FUNC_skc_to_tcp_timewait_sock, "helper bpf_skc_to_tcp_timewait_sock" },
	{ BPF_FUNC_skc_to_tcp_request_sock, "helper bpf_skc_to_tcp_request_sock" },
	{ BPF_FUNC_skc_to_udp6_sock, "helper bpf_skc_to_udp6_sock" },
	{ BPF_FUNC_skc_to_unix_sock, "helper bpf_skc_to_unix_sock" },
	{ BPF_FUNC_skc_to_mptcp_sock, "helper bpf_skc_to_mptcp_sock" },
};

static const char *need_of_section(const char *section)
{
	size_t length, i;

	if (section[0] == '?')
		section++;
	length = strcspn(section, "/");
	for (i = 0; i < sizeof(SECTIONS) / sizeof(SECTIONS[0]); i++)
		if (strlen(SECTIONS[i]) == length && memcmp(SECTIONS[i], section, length) == 0)
			return SECTIONS[i];
	return NULL;
}

static const char *need_of_helper(int id)
{
	size_t i;

	for (i = 0; i < sizeof(HELPERS) / sizeof(HELPERS[0]); i++)
		if (HELPERS[i].id == id)
			return HELPERS[i].name;
	return NULL;
}

/*
 * The first such helper that code calls; *calls is set when it calls subprograms.  An instruction
 * is opcode, registers (source in the high half), 16-bit offset, 32-bit immediate.
 */
static const char *need_of_code(struct slice code, bool *calls)
{
	size_t at;

	for (at = 0; at + 8 <= code.size; at += 8) {
		const uint8_t *insn = code.data + at;
		const char *need;

		/* The second half of a 64-bit immediate has opcode 0. */
		if (insn[0] != (BPF_JMP | BPF_CALL))
			continue;
		if (insn[1] >> 4 == BPF_PSEUDO_CALL)
			*calls = true;
		if (insn[1] >> 4 != 0)
			continue;
		need = need_of_helper((int)load_le32(insn + 4));
		if (need)
			return need;
	}
	return NULL;
}

/* What the static subprograms need, which libbpf appends to every program that calls them. */
static int need_of_subprograms(const struct object *object, const char **need, struct error *err)
{
	struct elf_section text;
	bool calls;
	int code;

	code = elf_image_find(object->image, ".text", &text, err);
	if (code)
		return code;
	*need = need_of_code(text.data, &calls);
	return 0;
}

static void read_program(const struct object_program *program, const char *subprograms,
			 const struct manifest *manifest, struct program_needs *out)
{
	const struct manifest_program *entry = manifest ?
		manifest_program(manifest, program->name) : NULL;
	bool calls = false;

	*out = (struct program_needs){
		.name = program->name,
		.section = program->section,
		.off = program->section[0] == '?',
		.kernel_btf = need_of_section(program->section),
	};
	if (!out->kernel_btf)
		out->kernel_btf = need_of_code(program->code, &calls);
	if (!out->kernel_btf && calls)
		out->kernel_btf = subprograms;
	if (entry) {
		out->alternative = entry->alternative;
		out->optional = entry->optional;
	}
}

/* An alternative that the object does not have is none. */
static void link_alternatives(struct needs *needs)
{
	size_t i, k;

	for (i = 0; i < needs->program_count; i++) {
		struct program_needs *program = &needs->programs[i], *alternative = NULL;

		for (k = 0; program->alternative && k < needs->program_count; k++)
			if (k != i && strcmp(needs->programs[k].name, program->alternative) == 0)
				alternative = &needs->programs[k];
		if (alternative)
			alternative->is_alternative = true;
		else
			program->alternative = NULL;
	}
}

/* What libbpf asks kernel BTF for on behalf of the whole object, whichever programs are loaded. */
static const char *need_of_object(const struct object *object)
{
	size_t i;

	for (i = 0; i < object->map_count; i++)
		if (object->maps[i].type == BPF_MAP_TYPE_STRUCT_OPS)
			return "a struct_ops map";
	for (i = 0; i < object->extern_count; i++) {
		if (object->externs[i].kind == EXTERN_KFUNC)
			return "kernel functions (kfuncs)";
		if (object->externs[i].kind == EXTERN_KSYM_TYPED)
			return "typed kernel variables (ksyms)";
	}
	return NULL;
}

/* Local type ids are the object's own; every other relocation asks the kernel's BTF. */
static bool has_relocations(const struct object *object)
{
	size_t i;

	for (i = 0; i < object->relo_count; i++)
		if (object->relos[i].kind != BPF_CORE_TYPE_ID_LOCAL)
			return true;
	return false;
}

int needs_of(const struct object *object, const struct manifest *manifest, struct needs *out,
	     struct error *err)
{
	const char *subprograms;
	size_t i;
	int code;

	*out = (struct needs){ 0 };
	code = need_of_subprograms(object, &subprograms, err);
	if (code)
		return code;
	out->programs = calloc(object->program_count + 1, sizeof(*out->programs));
	if (!out->programs)
		return error_errno(err, -ENOMEM, "%s", object->name);
	out->program_count = object->program_count;
	for (i = 0; i < object->program_count; i++)
		read_program(&object->programs[i], subprograms, manifest, &out->programs[i]);
	link_alternatives(out);
	out->relocations = has_relocations(object);
	out->kernel_btf = need_of_object(object);
	for (i = 0; i < object->map_count; i++) {
		out->ringbuf |= object->maps[i].type == BPF_MAP_TYPE_RINGBUF;
		out->perf_buffer |= object->maps[i].type == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
	}
	return 0;
}

void needs_free(struct needs *needs)
{
	free(needs->programs);
	*needs = (struct needs){ 0 };
}

bool needs_kernel_btf(const struct needs *needs)
{
	size_t i;

	for (i = 0; i < needs->program_count; i++)
		if (needs->programs[i].kernel_btf && !needs->programs[i].off)
			return true;
	return needs->kernel_btf != NULL;
}

const struct program_needs *needs_program(const struct needs *needs, const char *name)
{
	size_t i;

	for (i = 0; i < needs->program_count; i++)
		if (strcmp(needs->programs[i].name, name) == 0)
			return &needs->programs[i];
	return NULL;
}
