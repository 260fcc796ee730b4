/* SPDX-License-Identifier: BSD-2-Clause */
#include <stddef.h>
#include <stdio.h>

#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include "host/bpf_names.h"

/* Newer than the headers of Debian 12 (Linux 6.2). */
enum { CGRP_STORAGE_GET = 210, CGRP_STORAGE_DELETE = 211 };

#define NAME_OF(name) [BPF_FUNC_##name] = "bpf_" #name
static const char *const HELPERS[] = {
	__BPF_FUNC_MAPPER(NAME_OF)
	[CGRP_STORAGE_GET] = "bpf_cgrp_storage_get",
	[CGRP_STORAGE_DELETE] = "bpf_cgrp_storage_delete",
};

static const char *fill(char *name, const char *known, uint32_t number)
{
	if (known)
		snprintf(name, BPF_NAME_SIZE, "%s", known);
	else
		snprintf(name, BPF_NAME_SIZE, "%u", number);
	return name;
}

const char *bpf_program_type_name(uint32_t type, char name[static BPF_NAME_SIZE])
{
	return fill(name, libbpf_bpf_prog_type_str((enum bpf_prog_type)type), type);
}

const char *bpf_attach_type_name(uint32_t type, char name[static BPF_NAME_SIZE])
{
	return fill(name, libbpf_bpf_attach_type_str((enum bpf_attach_type)type), type);
}

const char *bpf_map_type_name(uint32_t type, char name[static BPF_NAME_SIZE])
{
	return fill(name, libbpf_bpf_map_type_str((enum bpf_map_type)type), type);
}

const char *bpf_helper_known_name(uint32_t helper)
{
	return helper && helper < sizeof(HELPERS) / sizeof(HELPERS[0]) ? HELPERS[helper] : NULL;
}

const char *bpf_helper_name(uint32_t helper, char name[static BPF_NAME_SIZE])
{
	return fill(name, bpf_helper_known_name(helper), helper);
}
