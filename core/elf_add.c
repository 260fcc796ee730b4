/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything is appended behind the file's last byte: a longer copy of the section names, the new
 * section, section headers.  libelf writes to a descriptor only, hence the memory file.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <gelf.h>
#include <libelf.h>

#include "lib/file.h"

#include "core/elf_add.h"

enum { ALIGNMENT = 16 };

struct addition {
	Elf *elf;
	const char *name;            /* for messages */
	GElf_Off end;                /* where the next part goes */
	struct buffer names;         /* the new section name table; libelf refers to it */
	size_t name_offset;          /* of our section's name in it */
	struct error *err;
};

static int elf_failed(const struct addition *addition, const char *what)
{
	return error_set(addition->err, -EBADMSG, "%s: %s: %s", addition->name, what, elf_errmsg(-1));
}

/* Gives size bytes a place at the end. */
static GElf_Off place(struct addition *addition, size_t size)
{
	GElf_Off offset = (addition->end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

	addition->end = offset + size;
	return offset;
}

static int add_section(struct addition *addition, struct slice bytes)
{
	Elf_Scn *scn = elf_newscn(addition->elf);
	Elf_Data *data = scn ? elf_newdata(scn) : NULL;
	GElf_Shdr header;

	if (!data || !gelf_getshdr(scn, &header))
		return elf_failed(addition, "cannot add a section");
	data->d_buf = (void *)(uintptr_t)bytes.data; /* libelf only reads it */
	data->d_size = bytes.size;
	data->d_type = ELF_T_BYTE;
	data->d_version = EV_CURRENT;
	data->d_align = 1;
	header.sh_name = (GElf_Word)addition->name_offset;
	header.sh_type = SHT_PROGBITS;
	header.sh_flags = 0; /* not loaded with a program */
	header.sh_offset = place(addition, bytes.size);
	header.sh_size = bytes.size;
	header.sh_addralign = ALIGNMENT;
	return gelf_update_shdr(scn, &header) ? 0 : elf_failed(addition, "cannot add a section");
}

/* Moves the section names to the end, with ours added. */
static int extend_names(struct addition *addition, const char *section)
{
	GElf_Shdr header;
	Elf_Data *data;
	Elf_Scn *scn;
	size_t number;
	int code;

	if (elf_getshdrstrndx(addition->elf, &number) < 0)
		return elf_failed(addition, "has no section names");
	scn = elf_getscn(addition->elf, number);
	data = scn ? elf_getdata(scn, NULL) : NULL;
	if (!data || data->d_size == 0 || !gelf_getshdr(scn, &header))
		return elf_failed(addition, "has no section names");
	code = buffer_append(&addition->names, data->d_buf, data->d_size);
	addition->name_offset = addition->names.size;
	if (!code)
		code = buffer_append(&addition->names, section, strlen(section) + 1);
	if (code)
		return error_errno(addition->err, code, "%s", addition->name);
	data->d_buf = addition->names.data;
	data->d_size = addition->names.size;
	header.sh_offset = place(addition, addition->names.size);
	header.sh_size = addition->names.size;
	elf_flagdata(data, ELF_C_SET, ELF_F_DIRTY);
	return gelf_update_shdr(scn, &header) ? 0 : elf_failed(addition, "cannot extend section names");
}

static int move_headers(struct addition *addition)
{
	GElf_Ehdr header;

	if (!gelf_getehdr(addition->elf, &header))
		return elf_failed(addition, "has no ELF header");
	header.e_shoff = place(addition, 0);
	if (!gelf_update_ehdr(addition->elf, &header) || elf_update(addition->elf, ELF_C_WRITE) < 0)
		return elf_failed(addition, "cannot be written anew");
	return 0;
}

static int add_to(int fd, struct slice file, const char *name, const char *section,
		  struct slice bytes, struct error *err)
{
	struct addition addition = { .name = name, .end = file.size, .err = err };
	int code;

	elf_version(EV_CURRENT);
	addition.elf = elf_begin(fd, ELF_C_RDWR, NULL);
	if (!addition.elf || elf_kind(addition.elf) != ELF_K_ELF) {
		code = elf_failed(&addition, "is no ELF file");
	} else {
		/* Without DIRTY, elfutils 0.188 writes the old header table, and beyond its end. */
		elf_flagelf(addition.elf, ELF_C_SET, ELF_F_LAYOUT | ELF_F_DIRTY);
		code = extend_names(&addition, section);
		if (!code)
			code = add_section(&addition, bytes);
		if (!code)
			code = move_headers(&addition);
	}
	elf_end(addition.elf);
	buffer_free(&addition.names);
	return code;
}

int elf_add_section(struct slice file, const char *name, const char *section, struct slice bytes,
		    struct buffer *out, struct error *err)
{
	int fd = memfd_create("elf", MFD_CLOEXEC), code;

	if (fd < 0)
		return error_errno(err, -errno, "memory file");
	code = file_write_all(fd, file);
	if (code)
		error_errno(err, code, "memory file");
	if (!code)
		code = add_to(fd, file, name, section, bytes, err);
	if (!code && lseek(fd, 0, SEEK_SET) < 0)
		code = error_errno(err, -errno, "memory file");
	if (!code)
		code = file_read_fd(fd, name, SIZE_MAX, out, err);
	close(fd);
	return code;
}
