/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * BTF that no compiler at hand writes, made with libbpf.
 *
 *     makebtf long32 OUT                   a 32-bit kernel: pointers and `long` of four bytes
 *     makebtf duplicates OUT               two structs of one name
 *     makebtf enum64 OUT                   an enum of 64-bit values
 *     makebtf split BASE OUT               what a module of kernel BASE has
 *     makebtf swap IN OUT                  IN in the other byte order
 *     makebtf move IN OUT STRUCT MEMBER    IN with one member eight bits further on
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/btf.h>

static void write_btf(const struct btf *btf, const char *path)
{
	__u32 size;
	const void *data = btf__raw_data(btf, &size);
	FILE *out = fopen(path, "wb");

	if (!data || !out || fwrite(data, 1, size, out) != size || fclose(out))
		err(2, "%s", path);
}

static int must(int result)
{
	if (result < 0)
		errx(2, "libbpf: %s", strerror(-result));
	return result;
}

static void add_long32(struct btf *btf)
{
	int word = must(btf__add_int(btf, "long", 4, BTF_INT_SIGNED));
	int pointer = must(btf__add_ptr(btf, 0));

	must(btf__add_struct(btf, "narrow", 12));
	must(btf__add_field(btf, "before", word, 0, 0));
	must(btf__add_field(btf, "pointer", pointer, 32, 0));
	must(btf__add_field(btf, "after", word, 64, 0));
}

/* `both` is in each, `second` in the second only: asking for it prunes the first. */
static void add_duplicates(struct btf *btf)
{
	int word = must(btf__add_int(btf, "int", 4, BTF_INT_SIGNED));

	must(btf__add_struct(btf, "twin", 4));
	must(btf__add_field(btf, "both", word, 0, 0));
	must(btf__add_struct(btf, "twin", 8));
	must(btf__add_field(btf, "both", word, 0, 0));
	must(btf__add_field(btf, "second", word, 32, 0));
}

static void add_enum64(struct btf *btf)
{
	must(btf__add_enum64(btf, "wide", 8, false));
	must(btf__add_enum64_value(btf, "WIDE_LOW", 1));
	must(btf__add_enum64_value(btf, "WIDE_HIGH", 0x123456789abcdef0ULL));
}

static void move_member(struct btf *btf, const char *type_name, const char *member_name)
{
	int id = must(btf__find_by_name_kind(btf, type_name, BTF_KIND_STRUCT));
	const struct btf_type *type = btf__type_by_id(btf, (__u32)id);
	struct btf_member *member = btf_members(type);

	for (int i = 0; i < btf_vlen(type); i++, member++) {
		if (strcmp(btf__name_by_offset(btf, member->name_off), member_name) != 0)
			continue;
		member->offset += 8;
		return;
	}
	errx(2, "struct %s has no member %s", type_name, member_name);
}

/* A struct with a member of BASE's first type. */
static void write_split(const char *base_path, const char *path)
{
	struct btf *base = btf__parse(base_path, NULL), *btf;

	btf = base ? btf__new_empty_split(base) : NULL;
	if (!btf)
		err(2, "%s", base_path);
	must(btf__add_struct(btf, "module_state", 8));
	must(btf__add_field(btf, "count", 1, 0, 0));
	write_btf(btf, path);
	btf__free(btf);
	btf__free(base);
}

static void write_swapped(const char *in, const char *out)
{
	struct btf *btf = btf__parse(in, NULL);

	if (!btf)
		err(2, "%s", in);
	must(btf__set_endianness(btf, btf__endianness(btf) == BTF_BIG_ENDIAN ? BTF_LITTLE_ENDIAN
									     : BTF_BIG_ENDIAN));
	write_btf(btf, out);
	btf__free(btf);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	struct btf *btf;

	if (argc == 6 && strcmp(what, "move") == 0) {
		btf = btf__parse(argv[2], NULL);
		if (!btf)
			err(2, "%s", argv[2]);
		move_member(btf, argv[4], argv[5]);
		write_btf(btf, argv[3]);
		btf__free(btf);
		return 0;
	}
	if (argc == 4 && strcmp(what, "split") == 0) {
		write_split(argv[2], argv[3]);
		return 0;
	}
	if (argc == 4 && strcmp(what, "swap") == 0) {
		write_swapped(argv[2], argv[3]);
		return 0;
	}
	btf = btf__new_empty();
	if (!btf)
		err(2, "libbpf");
	if (argc == 3 && strcmp(what, "long32") == 0)
		add_long32(btf);
	else if (argc == 3 && strcmp(what, "duplicates") == 0)
		add_duplicates(btf);
	else if (argc == 3 && strcmp(what, "enum64") == 0)
		add_enum64(btf);
	else
		errx(2, "usage: makebtf long32|duplicates|enum64 OUT | split BASE OUT | "
			"swap IN OUT | move IN OUT STRUCT MEMBER");
	write_btf(btf, argv[2]);
	btf__free(btf);
	return 0;
}
