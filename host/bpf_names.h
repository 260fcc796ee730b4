/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of what bpf(2) knows by number, for people and for documents. */
#ifndef HOST_BPF_NAMES_H
#define HOST_BPF_NAMES_H

#include <stdint.h>

enum { BPF_NAME_SIZE = 64 };

/*
 * "kprobe", "ringbuf", "cgroup_inet4_connect", "bpf_map_lookup_elem"; the number where this
 * program was built before there was a name.  Each fills name and returns it.
 */
const char *bpf_program_type_name(uint32_t type, char name[static BPF_NAME_SIZE]);
const char *bpf_attach_type_name(uint32_t type, char name[static BPF_NAME_SIZE]);
const char *bpf_map_type_name(uint32_t type, char name[static BPF_NAME_SIZE]);
const char *bpf_helper_name(uint32_t helper, char name[static BPF_NAME_SIZE]);

/* The helper's name, or NULL where this program has none. */
const char *bpf_helper_known_name(uint32_t helper);

#endif
