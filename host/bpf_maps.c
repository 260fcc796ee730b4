/* SPDX-License-Identifier: BSD-2-Clause */
/* Maps, created empty and closed at once. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/btf.h>

#include "host/bpf_load.h"

/* Newer than the headers of Debian 12. */
enum { MAP_TYPE_CGRP_STORAGE = 32, MAP_TYPE_ARENA = 33 };

/* The most entries that a probe asks for. */
enum { ENTRIES_CAP = 64 };

static struct probe answer(int fd)
{
	if (fd >= 0) {
		close(fd);
		return probe_yes();
	}
	switch (-fd) {
	case EINVAL:
	case ENOSYS:
	case EOPNOTSUPP:
	case KERNEL_ENOTSUPP:
		return probe_no(-fd);
	default:
		return probe_unknown(-fd);
	}
}

static bool is_ring(uint32_t type)
{
	return type == BPF_MAP_TYPE_RINGBUF || type == BPF_MAP_TYPE_USER_RINGBUF;
}

static bool is_storage(uint32_t type)
{
	return type == BPF_MAP_TYPE_SK_STORAGE || type == BPF_MAP_TYPE_INODE_STORAGE ||
	       type == BPF_MAP_TYPE_TASK_STORAGE || type == MAP_TYPE_CGRP_STORAGE;
}

static bool is_map_of_maps(uint32_t type)
{
	return type == BPF_MAP_TYPE_ARRAY_OF_MAPS || type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

/* As libbpf would set it, and then no more than needed. */
static uint32_t entries(uint32_t type, uint32_t wanted)
{
	uint32_t page = (uint32_t)sysconf(_SC_PAGESIZE);

	if (is_ring(type)) /* libbpf rounds up to pages and a power of two */
		return wanted ? page : 0;
	if (type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && wanted == 0) /* one for each processor */
		return 1;
	return wanted < ENTRIES_CAP ? wanted : ENTRIES_CAP;
}

/* A BTF of one integer and of a value that storage maps describe theirs with; an fd or -errno. */
static int load_value_btf(uint32_t value_size)
{
	struct btf *btf = btf__new_empty();
	const void *raw;
	uint32_t size;
	int fd = -ENOMEM;

	if (btf && btf__add_int(btf, "int", 4, BTF_INT_SIGNED) > 0 &&
	    btf__add_struct(btf, "value", value_size) > 0) {
		raw = btf__raw_data(btf, &size);
		fd = raw ? bpf_btf_load(raw, size, NULL) : -ENOMEM;
	}
	btf__free(btf);
	return fd;
}

static struct probe create(uint32_t type, uint32_t key_size, uint32_t value_size,
			   uint32_t max_entries, const struct bpf_map_create_opts *options)
{
	return answer(bpf_map_create((enum bpf_map_type)type, NULL, key_size, value_size,
				     entries(type, max_entries), options));
}

static struct probe create_storage(uint32_t type, uint32_t key_size, uint32_t value_size,
				   uint32_t flags)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = flags, .btf_key_type_id = 1,
		    .btf_value_type_id = 2);
	struct probe result;
	int fd = load_value_btf(value_size);

	if (fd < 0)
		return answer(fd);
	options.btf_fd = (uint32_t)fd;
	result = create(type, key_size, value_size, 0, &options);
	close(fd);
	return result;
}

/* The inner map is what tells maps of maps apart from others; it has to be there, not to fit. */
static struct probe create_of_maps(uint32_t type, uint32_t key_size, uint32_t value_size,
				   uint32_t max_entries, uint32_t flags)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = flags);
	struct probe result;
	int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, NULL, 4, 4, 1, NULL);

	if (fd < 0)
		return answer(fd);
	options.inner_map_fd = (uint32_t)fd;
	result = create(type, key_size, value_size, max_entries, &options);
	close(fd);
	return result;
}

/*
 * Type id 1 is of no operations of the kernel, which then says ENOTSUPP: it knows the type of map.
 */
static struct probe create_struct_ops(void)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .btf_vmlinux_value_type_id = 1);
	struct probe result = create(BPF_MAP_TYPE_STRUCT_OPS, 4, 4, 1, &options);

	return result.error == KERNEL_ENOTSUPP ? probe_yes() : result;
}

struct probe probe_map(uint32_t type, uint32_t key_size, uint32_t value_size, uint32_t max_entries,
		       uint32_t flags)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = flags);

	if (type == BPF_MAP_TYPE_STRUCT_OPS)
		return create_struct_ops();
	if (is_storage(type))
		return create_storage(type, key_size, value_size, flags);
	if (is_map_of_maps(type))
		return create_of_maps(type, key_size, value_size, max_entries, flags);
	return create(type, key_size, value_size, max_entries, &options);
}

/* What a type is asked for with. */
struct shape {
	uint32_t type, key_size, value_size, max_entries, flags;
};

/* Types that are not satisfied with key 4, value 4, one entry, no flags. */
static const struct shape SHAPES[] = {
	{ BPF_MAP_TYPE_STACK_TRACE, 4, 8, 1, 0 },
	{ BPF_MAP_TYPE_LPM_TRIE, 8, 4, 1, BPF_F_NO_PREALLOC },
	{ BPF_MAP_TYPE_CGROUP_STORAGE, 16, 4, 0, 0 },
	{ BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE, 16, 4, 0, 0 },
	{ BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, 4, 8, 1, 0 },
	{ BPF_MAP_TYPE_QUEUE, 0, 4, 1, 0 },
	{ BPF_MAP_TYPE_STACK, 0, 4, 1, 0 },
	{ BPF_MAP_TYPE_SK_STORAGE, 4, 4, 0, BPF_F_NO_PREALLOC },
	{ BPF_MAP_TYPE_INODE_STORAGE, 4, 4, 0, BPF_F_NO_PREALLOC },
	{ BPF_MAP_TYPE_TASK_STORAGE, 4, 4, 0, BPF_F_NO_PREALLOC },
	{ MAP_TYPE_CGRP_STORAGE, 4, 4, 0, BPF_F_NO_PREALLOC },
	{ BPF_MAP_TYPE_RINGBUF, 0, 0, 1, 0 },
	{ BPF_MAP_TYPE_USER_RINGBUF, 0, 0, 1, 0 },
	{ BPF_MAP_TYPE_BLOOM_FILTER, 0, 4, 1, 0 },
	{ MAP_TYPE_ARENA, 0, 0, 1, BPF_F_MMAPABLE },
};

static struct shape shape_of(uint32_t type)
{
	size_t i;

	for (i = 0; i < sizeof(SHAPES) / sizeof(SHAPES[0]); i++)
		if (SHAPES[i].type == type)
			return SHAPES[i];
	return (struct shape){ type, 4, 4, 1, 0 };
}

/* Whose key is a struct bpf_cgroup_storage_key: 16 bytes, and 12 in an i386 kernel. */
static bool is_cgroup_storage(uint32_t type)
{
	return type == BPF_MAP_TYPE_CGROUP_STORAGE || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

struct probe probe_map_type(uint32_t type)
{
	enum { CGROUP_KEY_I386 = 12 };
	struct shape shape = shape_of(type);
	struct probe result = probe_map(type, shape.key_size, shape.value_size, shape.max_entries,
					shape.flags);

	if (result.truth == TRUTH_NO && is_cgroup_storage(type))
		result = probe_map(type, CGROUP_KEY_I386, shape.value_size, shape.max_entries,
				   shape.flags);
	return result;
}

bool probe_map_is_ordinary(uint32_t type, uint32_t key_size, uint32_t value_size,
			   uint32_t max_entries, uint32_t flags)
{
	enum { KEY_LIMIT = 512, VALUE_LIMIT = 4096, ENTRIES_LIMIT = 1024 * 1024 };
	struct shape shape = shape_of(type);
	bool any_key = false, any_value = false;

	if (is_cgroup_storage(type))
		return false;
	switch (type) {
	case BPF_MAP_TYPE_HASH:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_LRU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
		any_key = true;
		/* fallthrough */
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_QUEUE:
	case BPF_MAP_TYPE_STACK:
	case BPF_MAP_TYPE_BLOOM_FILTER:
	case BPF_MAP_TYPE_SK_STORAGE:
	case BPF_MAP_TYPE_INODE_STORAGE:
	case BPF_MAP_TYPE_TASK_STORAGE:
	case MAP_TYPE_CGRP_STORAGE:
		any_value = true;
		break;
	default:
		break;
	}
	return flags == shape.flags &&
	       (any_key ? key_size > 0 && key_size <= KEY_LIMIT : key_size == shape.key_size) &&
	       (any_value ? value_size > 0 && value_size <= VALUE_LIMIT :
		value_size == shape.value_size) &&
	       (entries(type, max_entries) > 0) == (shape.max_entries > 0) &&
	       (is_ring(type) || max_entries <= ENTRIES_LIMIT);
}

struct probe probe_global_data(void)
{
	static const struct program_kind filter = { .type = BPF_PROG_TYPE_SOCKET_FILTER };
	int map = bpf_map_create(BPF_MAP_TYPE_ARRAY, NULL, 4, 32, 1, NULL);
	const struct bpf_insn insns[] = {
		/* r1 = address of byte 16 of the map's value, which takes two instructions' room */
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = BPF_REG_1,
		  .src_reg = BPF_PSEUDO_MAP_VALUE, .imm = map },
		{ .imm = 16 },
		{ .code = BPF_ST | BPF_DW | BPF_MEM, .dst_reg = BPF_REG_1, .imm = 42 },
		BPF_LOAD_RETURN_0,
	};
	struct load_result result;

	if (map < 0)
		return answer(map);
	bpf_load(&filter, insns, sizeof(insns) / sizeof(insns[0]), true, &result);
	close(map);
	return answer(result.fd);
}
