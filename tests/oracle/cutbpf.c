/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cuts BPF objects out of programs that embed them, as libbpf's skeletons do: an ELF image within
 * the program's read-only data.
 *
 *     cutbpf DIR PROGRAM...      writes DIR/PROGRAM.bpf.o (PROGRAM-2.bpf.o for a second one, ...)
 */
#include <err.h>
#include <fcntl.h>
#include <gelf.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The size of the BPF object that starts at image, 0 when there is none. */
static size_t object_size(char *image, size_t available)
{
	size_t size = 0;
	GElf_Ehdr header;
	Elf *elf = elf_memory(image, available);

	if (elf && gelf_getehdr(elf, &header) && header.e_machine == EM_BPF) {
		uint64_t table = (uint64_t)header.e_shnum * header.e_shentsize;
		if (header.e_shoff <= available && table <= available - header.e_shoff)
			size = header.e_shoff + table;
	}
	elf_end(elf);
	return size;
}

static void write_object(const char *path, const char *data, size_t size)
{
	FILE *out = fopen(path, "wb");

	if (!out || fwrite(data, 1, size, out) != size || fclose(out))
		err(2, "%s", path);
}

static void cut(const char *folder, char *program)
{
	char path[4096];
	struct stat st;
	unsigned int found = 0;

	int fd = open(program, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		err(2, "%s", program);
	/* Private and writable: libelf may turn a header round in place. */
	char *data = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		err(2, "%s", program);
	char *end = data + st.st_size;
	for (char *p = data + 1; (p = memmem(p, (size_t)(end - p), ELFMAG, SELFMAG)); p++) {
		size_t size = object_size(p, (size_t)(end - p));
		if (!size)
			continue;
		found++;
		if (found == 1)
			snprintf(path, sizeof(path), "%s/%s.bpf.o", folder, basename(program));
		else
			snprintf(path, sizeof(path), "%s/%s-%u.bpf.o", folder, basename(program),
				 found);
		write_object(path, p, size);
		p += size - 1;
	}
	munmap(data, (size_t)st.st_size);
	close(fd);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		errx(2, "usage: cutbpf DIR PROGRAM...");
	elf_version(EV_CURRENT);
	for (int i = 2; i < argc; i++)
		cut(argv[1], argv[i]);
	return 0;
}
