/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <gelf.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/root.h"
#include "host/uprobes.h"

/* libbpf's lists (resolve_full_path()), behind what the environment says. */
#define PROGRAM_FOLDERS "/usr/bin:/usr/sbin"
#define LIBRARY_FOLDERS "/usr/lib64:/usr/lib:/lib/x86_64-linux-gnu:/lib/i386-linux-gnu:" \
	"/lib/aarch64-linux-gnu:/lib/arm-linux-gnueabihf:/lib/arm-linux-gnueabi:" \
	"/lib/s390x-linux-gnu:/lib/riscv64-linux-gnu:/lib/powerpc64le-linux-gnu"

static bool is_library(const char *file)
{
	size_t length = strlen(file);

	return strstr(file, ".so.") || (length > 3 && strcmp(file + length - 3, ".so") == 0);
}

/* The file in the first of these folders that has it; a descriptor or a negative errno. */
static int open_in(int root_fd, const char *folders, const char *file)
{
	char path[PATH_MAX];
	int fd = -ENOENT;
	size_t length;

	for (; folders && *folders && fd < 0; folders += length + (folders[length] == ':')) {
		length = strcspn(folders, ":");
		snprintf(path, sizeof(path), "%.*s/%s", (int)length, folders, file);
		fd = root_open_file(root_fd, path);
	}
	return fd;
}

static int open_binary(int root_fd, const char *file)
{
	int fd;

	if (strchr(file, '/'))
		return root_open_file(root_fd, file);
	fd = open_in(root_fd, getenv(is_library(file) ? "LD_LIBRARY_PATH" : "PATH"), file);
	return fd >= 0 ? fd :
	       open_in(root_fd, is_library(file) ? LIBRARY_FOLDERS : PROGRAM_FOLDERS, file);
}

/* "name" or "name@VERSION" */
static bool is_named(const char *symbol, const char *name, size_t length)
{
	return strncmp(symbol, name, length) == 0 &&
	       (symbol[length] == '\0' || symbol[length] == '@');
}

static bool table_has(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, const char *name,
		      size_t length)
{
	Elf_Data *data = elf_getdata(section, NULL);
	const char *symbol;
	GElf_Sym entry;
	int i;

	for (i = 1; data && gelf_getsym(data, i, &entry); i++) {
		if (GELF_ST_TYPE(entry.st_info) != STT_FUNC || entry.st_shndx == SHN_UNDEF)
			continue;
		symbol = elf_strptr(elf, header->sh_link, entry.st_name);
		if (symbol && is_named(symbol, name, length))
			return true;
	}
	return false;
}

struct probe uprobe_find_in(Elf *elf, const char *function)
{
	size_t length = strcspn(function, "+");
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	if (elf_kind(elf) != ELF_K_ELF)
		return probe_no(ENOEXEC);
	/* An address needs no name. */
	if (length == 0 || isdigit((unsigned char)function[0]))
		return probe_yes();
	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &header) &&
		    (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM) &&
		    table_has(elf, section, &header, function, length))
			return probe_yes();
	return probe_no(ESRCH);
}

struct probe uprobe_find(int root_fd, const char *file, const char *function)
{
	int fd = open_binary(root_fd, file);
	struct probe found;
	Elf *elf;

	if (fd < 0)
		return fd == -ENOENT || fd == -ENOTDIR ? probe_no(ENOENT) : probe_unknown(-fd);
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	found = elf ? uprobe_find_in(elf, function) : probe_no(ENOEXEC);
	elf_end(elf);
	close(fd);
	return found;
}
