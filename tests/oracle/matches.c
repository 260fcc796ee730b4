/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Turns the TYPE_EXISTS relocations of an object whose type is named `...___match` into
 * TYPE_MATCHES, which compilers before clang 16 cannot write.
 *
 *     matches OBJECT       rewrites the file and prints how many relocations it turned
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/btf.h>

#include "lib/bytes.h"
#include "tests/oracle/relos.h"

enum { KIND_AT = 12 };

static bool asks_for_match(const struct btf *btf, const struct bpf_core_relo *relo)
{
	static const char suffix[] = "___match";
	const struct btf_type *type = btf__type_by_id(btf, relo->type_id);
	const char *name = type ? btf__name_by_offset(btf, type->name_off) : "";
	size_t length = strlen(name);

	return relo->kind == BPF_CORE_TYPE_EXISTS && length >= sizeof(suffix) &&
	       strcmp(name + length - (sizeof(suffix) - 1), suffix) == 0;
}

int main(int argc, char **argv)
{
	uint8_t kind[4];
	size_t turned = 0;
	struct relos relos;

	if (argc != 2)
		errx(2, "usage: matches OBJECT");
	struct btf *btf = btf__parse_elf(argv[1], NULL);
	if (!btf)
		err(2, "%s: libbpf cannot read the object's BTF", argv[1]);
	relos_read(argv[1], &relos);
	int fd = open(argv[1], O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		err(2, "%s", argv[1]);

	store_le32(kind, BPF_CORE_TYPE_MATCHES);
	for (size_t i = 0; i < relos.count; i++) {
		off_t at = (off_t)(relos.file_offset + relos.positions[i] + KIND_AT);
		if (!asks_for_match(btf, &relos.items[i]))
			continue;
		if (pwrite(fd, kind, sizeof(kind), at) != (ssize_t)sizeof(kind))
			err(2, "%s", argv[1]);
		turned++;
	}
	if (close(fd))
		err(2, "%s", argv[1]);
	printf("%zu\n", turned);
	relos_free(&relos);
	btf__free(btf);
	return 0;
}
