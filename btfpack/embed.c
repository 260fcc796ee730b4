/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything is appended behind the program's last byte: a longer copy of the section names, the
 * payload, section headers.  libelf writes to a descriptor only, hence the memory file.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <gelf.h>
#include <libelf.h>

#include "lib/file.h"
#include "payload/format.h"
#include "payload/section.h"

#include "btfpack/embed.h"

enum { ALIGNMENT = 16 };

struct embed {
	Elf *elf;
	const char *name;            /* for messages */
	GElf_Off end;                /* where the next part goes */
	struct buffer names;         /* the new section name table; libelf refers to it */
	size_t name_offset;          /* of our section's name in it */
	struct error *err;
};

static int elf_failed(const struct embed *embed, const char *what)
{
	return error_set(embed->err, -EBADMSG, "%s: %s: %s", embed->name, what, elf_errmsg(-1));
}

/* Gives size bytes a place at the end. */
static GElf_Off place(struct embed *embed, size_t size)
{
	GElf_Off offset = (embed->end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

	embed->end = offset + size;
	return offset;
}

static int add_section(struct embed *embed, struct slice payload)
{
	Elf_Scn *scn = elf_newscn(embed->elf);
	Elf_Data *data = scn ? elf_newdata(scn) : NULL;
	GElf_Shdr header;

	if (!data || !gelf_getshdr(scn, &header))
		return elf_failed(embed, "cannot add a section");
	data->d_buf = (void *)(uintptr_t)payload.data; /* libelf only reads it */
	data->d_size = payload.size;
	data->d_type = ELF_T_BYTE;
	data->d_version = EV_CURRENT;
	data->d_align = 1;
	header.sh_name = (GElf_Word)embed->name_offset;
	header.sh_type = SHT_PROGBITS;
	header.sh_flags = 0; /* not loaded with the program: the payload is mapped when it is asked for */
	header.sh_offset = place(embed, payload.size);
	header.sh_size = payload.size;
	header.sh_addralign = ALIGNMENT;
	return gelf_update_shdr(scn, &header) ? 0 : elf_failed(embed, "cannot add a section");
}

/* Moves the section names to the end, with ours added. */
static int extend_names(struct embed *embed)
{
	GElf_Shdr header;
	Elf_Data *data;
	Elf_Scn *scn;
	size_t number;
	int code;

	if (elf_getshdrstrndx(embed->elf, &number) < 0)
		return elf_failed(embed, "has no section names");
	scn = elf_getscn(embed->elf, number);
	data = scn ? elf_getdata(scn, NULL) : NULL;
	if (!data || data->d_size == 0 || !gelf_getshdr(scn, &header))
		return elf_failed(embed, "has no section names");
	code = buffer_append(&embed->names, data->d_buf, data->d_size);
	embed->name_offset = embed->names.size;
	if (!code)
		code = buffer_append(&embed->names, PAYLOAD_SECTION, sizeof(PAYLOAD_SECTION));
	if (code)
		return error_errno(embed->err, code, "%s", embed->name);
	data->d_buf = embed->names.data;
	data->d_size = embed->names.size;
	header.sh_offset = place(embed, embed->names.size);
	header.sh_size = embed->names.size;
	elf_flagdata(data, ELF_C_SET, ELF_F_DIRTY);
	return gelf_update_shdr(scn, &header) ? 0 : elf_failed(embed, "cannot extend section names");
}

static int move_headers(struct embed *embed)
{
	GElf_Ehdr header;

	if (!gelf_getehdr(embed->elf, &header))
		return elf_failed(embed, "has no ELF header");
	header.e_shoff = place(embed, 0);
	if (!gelf_update_ehdr(embed->elf, &header) || elf_update(embed->elf, ELF_C_WRITE) < 0)
		return elf_failed(embed, "cannot be written anew");
	return 0;
}

static int embed_into(int fd, struct slice program, const char *name, struct slice payload,
		      struct error *err)
{
	struct embed embed = { .name = name, .end = program.size, .err = err };
	int code;

	elf_version(EV_CURRENT);
	embed.elf = elf_begin(fd, ELF_C_RDWR, NULL);
	if (!embed.elf || elf_kind(embed.elf) != ELF_K_ELF) {
		code = elf_failed(&embed, "is no ELF program");
	} else {
		/* Without DIRTY, elfutils 0.188 writes the old header table, and beyond its end. */
		elf_flagelf(embed.elf, ELF_C_SET, ELF_F_LAYOUT | ELF_F_DIRTY);
		code = extend_names(&embed);
		if (!code)
			code = add_section(&embed, payload);
		if (!code)
			code = move_headers(&embed);
	}
	elf_end(embed.elf);
	buffer_free(&embed.names);
	return code;
}

int embed_payload(struct slice program, const char *name, struct slice payload,
		  struct buffer *out, struct error *err)
{
	struct error search = ERROR_NONE;
	struct slice there;
	int fd, code;

	if (!section_is_elf(program))
		return error_set(err, -EBADMSG, "%s: is no ELF program", name);
	code = section_find(program, name, &there, &search);
	if (code == 0)
		return error_set(err, -EEXIST, "%s: carries a payload already", name);
	if (code != -ENOENT)
		return error_set(err, code, "%s", search.text);
	fd = memfd_create("embed", MFD_CLOEXEC);
	if (fd < 0)
		return error_errno(err, -errno, "memory file");
	code = file_write_all(fd, program);
	if (code)
		error_errno(err, code, "memory file");
	if (!code)
		code = embed_into(fd, program, name, payload, err);
	if (!code && lseek(fd, 0, SEEK_SET) < 0)
		code = error_errno(err, -errno, "memory file");
	if (!code)
		code = file_read_fd(fd, name, SIZE_MAX, out, err);
	close(fd);
	return code;
}
