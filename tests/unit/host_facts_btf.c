/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a host has its kernel's BTF, and where libbpf would find one. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gelf.h>

#include "tests/unit/host.h"

static void kernel_btf(void **state)
{
	struct host *host = *state;
	struct facts facts;

	assert_int_equal(dir_make(host->root.fd, "sys/kernel", 0755, NULL), 0);
	facts = gather(host);
	assert_int_equal(facts.kernel_has_btf.truth, TRUTH_NO);
	assert_int_equal(facts.kernel_has_btf.error, ENOENT);
	assert_string_equal(facts.kernel_btf_problem, "");

	put_btf(host, "sys/kernel/btf/vmlinux");
	facts = gather(host);
	assert_int_equal(facts.kernel_has_btf.truth, TRUTH_YES);
	assert_int_equal(facts.btf_source.truth, TRUTH_YES);
	assert_string_equal(facts.btf_source_path, "/sys/kernel/btf/vmlinux");
}

/* A file that is there and is no BTF is a no with its reason, and libbpf looks no further. */
static void damaged_kernel_btf(void **state)
{
	struct host *host = *state;
	struct facts facts;
	char path[256];

	snprintf(path, sizeof(path), "boot/vmlinux-%s", host->uts.release);
	put_btf(host, path);
	put_text(host, "sys/kernel/btf/vmlinux", "no BTF at all, but long enough for a header");
	facts = gather(host);
	assert_int_equal(facts.kernel_has_btf.truth, TRUTH_NO);
	assert_int_equal(facts.kernel_has_btf.error, EBADMSG);
	assert_string_not_equal(facts.kernel_btf_problem, "");
	assert_int_equal(facts.btf_source.truth, TRUTH_NO);
}

static void btf_elsewhere(void **state)
{
	static const char *const PLACES[] = {
		"boot/vmlinux-%s",
		"lib/modules/%s/vmlinux-%s",
		"lib/modules/%s/build/vmlinux",
		"usr/lib/modules/%s/kernel/vmlinux",
		"usr/lib/debug/boot/vmlinux-%s",
		"usr/lib/debug/boot/vmlinux-%s.debug",
		"usr/lib/debug/lib/modules/%s/vmlinux",
	};
	struct host *host = *state;
	struct facts facts;
	char path[256];
	size_t i;

	assert_int_equal(dir_make(host->root.fd, "sys/kernel", 0755, NULL), 0);
	/* From the last place to the first: each one goes before those that are there already. */
	for (i = sizeof(PLACES) / sizeof(PLACES[0]); i-- > 0;) {
		snprintf(path, sizeof(path), PLACES[i], host->uts.release, host->uts.release);
		put_btf(host, path);
		facts = gather(host);
		assert_int_equal(facts.kernel_has_btf.truth, TRUTH_NO);
		assert_int_equal(facts.btf_source.truth, TRUTH_YES);
		assert_string_equal(facts.btf_source_path + 1, path);
	}
}

/* An ELF file with a .BTF section and a banner in .rodata, as vmlinux has. */
static void put_vmlinux(struct host *host, const char *path, const char *banner)
{
	static const char names[] = "\0.BTF\0.rodata\0.shstrtab";
	struct btf *btf = btf__new_empty();
	char file[256];
	size_t name_at[] = { 1, 6, 14 };
	Elf_Data *data;
	Elf_Scn *section;
	GElf_Shdr header;
	GElf_Ehdr ehdr;
	uint32_t size;
	size_t i;
	Elf *elf;
	int fd;

	assert_true(btf__add_int(btf, "int", 4, BTF_INT_SIGNED) > 0);
	put_text(host, path, "");
	snprintf(file, sizeof(file), "%s/%s", host->root.path, path);
	fd = open(file, O_RDWR | O_CLOEXEC);
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_WRITE, NULL);
	assert_non_null(gelf_newehdr(elf, ELFCLASS64));
	for (i = 0; i < 3; i++) {
		section = elf_newscn(elf);
		data = elf_newdata(section);
		data->d_align = 1;
		data->d_version = EV_CURRENT;
		if (i == 0) {
			data->d_buf = (void *)(uintptr_t)btf__raw_data(btf, &size);
			data->d_size = size;
		} else {
			data->d_buf = (void *)(uintptr_t)(i == 1 ? banner : names);
			data->d_size = i == 1 ? strlen(banner) : sizeof(names);
		}
		gelf_getshdr(section, &header);
		header.sh_name = (uint32_t)name_at[i];
		header.sh_type = i == 2 ? SHT_STRTAB : SHT_PROGBITS;
		gelf_update_shdr(section, &header);
	}
	gelf_getehdr(elf, &ehdr);
	ehdr.e_ident[EI_DATA] = ELFDATA2LSB;
	ehdr.e_shstrndx = 3;
	gelf_update_ehdr(elf, &ehdr);
	assert_true(elf_update(elf, ELF_C_WRITE) > 0);
	elf_end(elf);
	close(fd);
	btf__free(btf);
}

/* libbpf would take a vmlinux of any build; of another one than runs, it would be wrong. */
static void build_of_vmlinux(void **state)
{
	struct host *host = *state;
	struct facts facts;
	char path[256], banner[512];

	assert_int_equal(dir_make(host->root.fd, "sys/kernel", 0755, NULL), 0);
	snprintf(path, sizeof(path), "boot/vmlinux-%s", host->uts.release);

	snprintf(banner, sizeof(banner), "Linux version %%s (%%s)\nLinux version %s (a@b) (gcc) %s\n",
		 host->uts.release, host->uts.version);
	put_vmlinux(host, path, banner);
	facts = gather(host);
	assert_int_equal(facts.btf_source.truth, TRUTH_YES);

	snprintf(banner, sizeof(banner), "Linux version %s (a@b) (gcc) #2 SMP another day\n",
		 host->uts.release);
	put_vmlinux(host, path, banner);
	facts = gather(host);
	assert_int_equal(facts.btf_source.truth, TRUTH_NO);
	assert_int_equal(facts.btf_source.error, ESTALE);
	assert_string_equal(facts.btf_source_path + 1, path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOST_TEST(kernel_btf),
		HOST_TEST(damaged_kernel_btf),
		HOST_TEST(btf_elsewhere),
		HOST_TEST(build_of_vmlinux),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
