/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The BTF of a kernel as another configuration would have made it: with a list_head more in
 * task_struct, before its pid, so that all that comes behind stands elsewhere.  That is further
 * than the tgid, which is the same as the pid in most processes.
 *
 *     shift_btf BTF OUT
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <bpf/btf.h>

static void shift(const struct btf *btf, struct btf_type *type, size_t size)
{
	struct btf_member *member = btf_members(type);
	bool behind = false;
	__u16 i;

	for (i = 0; i < btf_vlen(type); i++) {
		behind |= strcmp(btf__name_by_offset(btf, member[i].name_off), "pid") == 0;
		/* The upper eight bits are the size of a bit field. */
		if (behind)
			member[i].offset += (__u32)size * 8;
	}
	if (!behind)
		errx(1, "task_struct has no pid");
	type->size += (__u32)size;
}

int main(int argc, char **argv)
{
	struct btf *btf;
	const void *bytes;
	FILE *out;
	__u32 size;
	int id;

	if (argc != 3) {
		fprintf(stderr, "usage: shift_btf BTF OUT\n");
		return 2;
	}
	btf = btf__parse(argv[1], NULL);
	if (!btf)
		err(1, "%s", argv[1]);
	id = btf__find_by_name_kind(btf, "task_struct", BTF_KIND_STRUCT);
	if (id < 0)
		errx(1, "%s: no task_struct", argv[1]);
	/* The type lies in the bytes that btf__raw_data() hands out. */
	shift(btf, (struct btf_type *)btf__type_by_id(btf, (__u32)id), 2 * btf__pointer_size(btf));
	bytes = btf__raw_data(btf, &size);
	out = fopen(argv[2], "we");
	if (!bytes || !out || fwrite(bytes, size, 1, out) != 1 || fclose(out))
		err(1, "%s", argv[2]);
	btf__free(btf);
	return 0;
}
