/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "decide/calls.h"
#include "decide/helpers.h"

/*
 * Sections whose programs attach to a BTF type id of the running kernel (libbpf's section_defs;
 * fsession came with 7.0), with the word that a report uses.
 */
static const char *const SECTIONS[] = {
	"fentry", "fentry.s", "fexit", "fexit.s", "fmod_ret", "fmod_ret.s", "fsession", "fsession.s",
	"tp_btf", "lsm", "lsm.s", "lsm_cgroup", "iter", "iter.s", "struct_ops", "struct_ops.s",
};

/* What libbpf attaches by itself, by the part of the section's name before the slash. */
static const struct {
	const char *section;
	enum attach_kind kind;
} KINDS[] = {
	{ "kprobe", ATTACH_KPROBE },
	{ "kretprobe", ATTACH_KPROBE },
	{ "kprobe.multi", ATTACH_KPROBE_MULTI },
	{ "kretprobe.multi", ATTACH_KPROBE_MULTI },
	{ "kprobe.session", ATTACH_KPROBE_MULTI },
	{ "ksyscall", ATTACH_KSYSCALL },
	{ "kretsyscall", ATTACH_KSYSCALL },
	{ "tp", ATTACH_TRACEPOINT },
	{ "tracepoint", ATTACH_TRACEPOINT },
	{ "raw_tp", ATTACH_RAW_TRACEPOINT },
	{ "raw_tracepoint", ATTACH_RAW_TRACEPOINT },
	{ "raw_tp.w", ATTACH_RAW_TRACEPOINT },
	{ "raw_tracepoint.w", ATTACH_RAW_TRACEPOINT },
	{ "tp_btf", ATTACH_RAW_TRACEPOINT },
	{ "fentry", ATTACH_FENTRY },
	{ "fentry.s", ATTACH_FENTRY },
	{ "fexit", ATTACH_FENTRY },
	{ "fexit.s", ATTACH_FENTRY },
	{ "fmod_ret", ATTACH_FENTRY },
	{ "fmod_ret.s", ATTACH_FENTRY },
	{ "fsession", ATTACH_FENTRY },
	{ "fsession.s", ATTACH_FENTRY },
	{ "lsm", ATTACH_LSM },
	{ "lsm.s", ATTACH_LSM },
	{ "iter", ATTACH_ITER },
	{ "iter.s", ATTACH_ITER },
	{ "uprobe", ATTACH_UPROBE },
	{ "uprobe.s", ATTACH_UPROBE },
	{ "uretprobe", ATTACH_UPROBE },
	{ "uretprobe.s", ATTACH_UPROBE },
	{ "usdt", ATTACH_USDT },
	{ "usdt.s", ATTACH_USDT },
};

/* "fentry" of "?fentry/do_exit": where it starts, and how long it is. */
static const char *section_word(const char *section, size_t *length)
{
	if (section[0] == '?')
		section++;
	*length = strcspn(section, "/");
	return section;
}

static bool is_word(const char *word, size_t length, const char *other)
{
	return strlen(other) == length && memcmp(word, other, length) == 0;
}

static const char *need_of_section(const char *section)
{
	size_t length, i;
	const char *word = section_word(section, &length);

	for (i = 0; i < sizeof(SECTIONS) / sizeof(SECTIONS[0]); i++)
		if (is_word(word, length, SECTIONS[i]))
			return SECTIONS[i];
	return NULL;
}

/* The first helper that needs it. */
static const char *need_of_calls(const struct program_needs *program)
{
	const char *need = NULL;
	size_t i;

	for (i = 0; i < program->helper_count && !need; i++)
		need = helper_kernel_btf(program->helpers[i]);
	return need;
}

static void read_section(struct program_needs *out)
{
	enum bpf_attach_type attach_type = 0;
	enum bpf_prog_type type = BPF_PROG_TYPE_UNSPEC;
	size_t length, i;
	const char *word = section_word(out->section, &length);

	out->off = out->section[0] == '?';
	out->target = word[length] == '/' ? word + length + 1 : "";
	out->typed = libbpf_prog_type_by_name(word, &type, &attach_type) == 0;
	out->type = type;
	out->attach_type = attach_type;
	for (i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++)
		if (is_word(word, length, KINDS[i].section))
			out->attach = KINDS[i].kind;
}

static int read_program(const struct object *object, const struct object_program *program,
			const struct manifest *manifest, struct program_needs *out)
{
	const struct manifest_program *entry = manifest ?
		manifest_program(manifest, program->name) : NULL;
	int code;

	*out = (struct program_needs){ .name = program->name, .section = program->section };
	read_section(out);
	code = calls_read(object, program, out);
	if (code)
		return code;
	out->kernel_btf = need_of_section(program->section);
	if (!out->kernel_btf) {
		out->kernel_btf = need_of_calls(out);
		out->kernel_btf_inside = out->kernel_btf != NULL;
	}
	if (entry) {
		out->alternative = entry->alternative;
		out->optional = entry->optional;
	}
	return 0;
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
static const char *need_of_object(const struct object *object, const char **name)
{
	size_t i;

	for (i = 0; i < object->map_count; i++) {
		*name = object->maps[i].name;
		if (object->maps[i].type == BPF_MAP_TYPE_STRUCT_OPS)
			return "a struct_ops map";
	}
	for (i = 0; i < object->extern_count; i++) {
		*name = object->externs[i].name;
		if (object->externs[i].kind == EXTERN_KFUNC)
			return "kernel functions (kfuncs)";
		if (object->externs[i].kind == EXTERN_KSYM_TYPED)
			return "typed kernel variables (ksyms)";
	}
	*name = NULL;
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
	size_t i;
	int code = 0;

	*out = (struct needs){ .object = object };
	out->programs = calloc(object->program_count + 1, sizeof(*out->programs));
	if (!out->programs)
		code = -ENOMEM;
	for (i = 0; i < object->program_count && !code; i++) {
		out->program_count++;
		code = read_program(object, &object->programs[i], manifest, &out->programs[i]);
	}
	if (code) {
		needs_free(out);
		return error_errno(err, code, "%s", object->name);
	}
	link_alternatives(out);
	out->relocations = has_relocations(object);
	out->kernel_btf = need_of_object(object, &out->kernel_btf_name);
	for (i = 0; i < object->map_count; i++) {
		out->ringbuf |= object->maps[i].type == BPF_MAP_TYPE_RINGBUF;
		out->perf_buffer |= object->maps[i].type == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
	}
	return 0;
}

void needs_free(struct needs *needs)
{
	size_t i;

	for (i = 0; i < needs->program_count; i++) {
		/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): without programs it is 0 */
		free(needs->programs[i].helpers);
		free(needs->programs[i].maps);
		free(needs->programs[i].kfuncs);
	}
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
