/* SPDX-License-Identifier: BSD-2-Clause */
/* A host is a folder: os-release, kernel configuration, BTF present or not. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <bpf/btf.h>
#include <cmocka.h>
#include <gelf.h>

#include "host/facts.h"
#include "lib/file.h"

struct host {
	char root[64];
	int fd;
	struct utsname uts;
};

static int setup(void **state)
{
	struct host *host = calloc(1, sizeof(*host));

	assert_non_null(host);
	strcpy(host->root, "/tmp/host_facts.XXXXXX");
	assert_non_null(mkdtemp(host->root));
	host->fd = open(host->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uname(&host->uts);
	*state = host;
	return host->fd < 0;
}

static int teardown(void **state)
{
	struct host *host = *state;
	char command[128];

	close(host->fd);
	snprintf(command, sizeof(command), "rm -rf '%s'", host->root);
	free(host);
	return system(command);
}

static void put(struct host *host, const char *path, const void *data, size_t size)
{
	char folder[512], *slash;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	*slash = '\0';
	assert_int_equal(dir_make(host->fd, folder, 0755, NULL), 0);
	assert_int_equal(file_publish(host->fd, path, slice_of(data, size), 0644, NULL), 0);
}

static void put_text(struct host *host, const char *path, const char *text)
{
	put(host, path, text, strlen(text));
}

/* The smallest BTF that says something: one integer. */
static void put_btf(struct host *host, const char *path)
{
	struct btf *btf = btf__new_empty();
	const void *raw;
	uint32_t size;

	assert_true(btf__add_int(btf, "int", 4, BTF_INT_SIGNED) > 0);
	raw = btf__raw_data(btf, &size);
	put(host, path, raw, size);
	btf__free(btf);
}

static struct facts gather(const struct host *host)
{
	struct error err = ERROR_NONE;
	struct facts facts;

	assert_int_equal(facts_gather(host->root, &facts, &err), 0);
	return facts;
}

static void empty_host(void **state)
{
	struct host *host = *state;
	struct facts facts = gather(host);
	size_t i;

	assert_string_equal(facts.release, host->uts.release);
	assert_string_equal(facts.build, host->uts.version);
	assert_string_equal(facts.arch, facts_arch_of_machine(host->uts.machine));
	assert_string_equal(facts.os.id, "");
	/* Without /sys there is no telling. */
	assert_int_equal(facts.kernel_has_btf.truth, TRUTH_UNKNOWN);
	assert_string_equal(facts.kernel_btf_problem, "/sys: is not mounted");
	assert_int_equal(facts.btf_source.truth, TRUTH_NO);
	assert_string_equal(facts.kconfig_path, "");
	for (i = 0; i < FACTS_OPTIONS; i++) {
		assert_int_equal(facts.options[i].set.truth, TRUTH_UNKNOWN);
		assert_int_equal(facts.options[i].set.error, ENOENT);
	}
	assert_int_equal(facts.lockdown.truth, TRUTH_UNKNOWN);
	assert_int_equal(facts.tracefs.truth, TRUTH_NO);
}

static void os_release_places(void **state)
{
	struct host *host = *state;

	put_text(host, "usr/lib/os-release", "ID=alpine\n");
	assert_string_equal(gather(host).os.id, "alpine");
	/* An absolute link is meant from the host's own root. */
	assert_int_equal(dir_make(host->fd, "etc", 0755, NULL), 0);
	put_text(host, "nix/store/os-release", "ID=nixos\n");
	assert_int_equal(symlinkat("/nix/store/os-release", host->fd, "etc/os-release"), 0);
	assert_string_equal(gather(host).os.id, "nixos");
	assert_int_equal(unlinkat(host->fd, "etc/os-release", 0), 0);
	put_text(host, "etc/os-release", "ID=\"debian\"\nVERSION_ID=\"12\"\n");
	assert_string_equal(gather(host).os.id, "debian");
}

static void kernel_btf(void **state)
{
	struct host *host = *state;
	struct facts facts;

	assert_int_equal(dir_make(host->fd, "sys/kernel", 0755, NULL), 0);
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

	assert_int_equal(dir_make(host->fd, "sys/kernel", 0755, NULL), 0);
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
	snprintf(file, sizeof(file), "%s/%s", host->root, path);
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

	assert_int_equal(dir_make(host->fd, "sys/kernel", 0755, NULL), 0);
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

static void config_below_boot(void **state)
{
	struct host *host = *state;
	struct facts facts;
	char path[256];
	size_t i, seen = 0;

	snprintf(path, sizeof(path), "boot/config-%s", host->uts.release);
	put_text(host, path, "CONFIG_BPF=y\n# CONFIG_KPROBES is not set\n");
	/* Damaged, so passed over. */
	put_text(host, "proc/config.gz", "no gzip");
	facts = gather(host);
	assert_string_equal(facts.kconfig_path + 1, path);
	for (i = 0; i < FACTS_OPTIONS; i++) {
		enum truth expected = strcmp(facts.options[i].name, "CONFIG_BPF") == 0 ?
				      TRUTH_YES : TRUTH_NO;

		assert_int_equal(facts.options[i].set.truth, expected);
		seen++;
	}
	assert_int_equal(seen, FACTS_OPTIONS);
}

static void unreadable_config(void **state)
{
	struct host *host = *state;

	put_text(host, "proc/config.gz", "no gzip");
	assert_int_equal(gather(host).options[0].set.truth, TRUTH_UNKNOWN);
	assert_int_equal(gather(host).options[0].set.error, EBADMSG);
}

static void lockdown(void **state)
{
	struct host *host = *state;

	put_text(host, "sys/kernel/security/lsm", "lockdown,capability\n");
	assert_int_equal(gather(host).lockdown.truth, TRUTH_NO);
	put_text(host, "sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	assert_int_equal(gather(host).lockdown.truth, TRUTH_NO);
	put_text(host, "sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
	assert_int_equal(gather(host).lockdown.truth, TRUTH_YES);
}

static void tracefs(void **state)
{
	struct host *host = *state;

	assert_int_equal(dir_make(host->fd, "sys/kernel/debug/tracing/events", 0755, NULL), 0);
	assert_int_equal(gather(host).tracefs.truth, TRUTH_YES);
}

static void missing_root(void **state)
{
	struct error err = ERROR_NONE;
	struct facts facts;

	(void)state;
	assert_int_equal(facts_gather("/nonexistent/root", &facts, &err), -ENOENT);
	assert_non_null(strstr(err.text, "/nonexistent/root"));
}

static void archs(void **state)
{
	(void)state;
	assert_string_equal(facts_arch_of_machine("aarch64"), "arm64");
	assert_string_equal(facts_arch_of_machine("i686"), "i386");
	assert_string_equal(facts_arch_of_machine("x86_64"), "x86_64");
	assert_string_equal(facts_arch_of_machine("riscv64"), "riscv64");
}

static void json(void **state)
{
	struct host *host = *state;
	struct facts facts;
	json_t *document;

	/* Bytes that are no UTF-8 must not take the document away. */
	put_text(host, "etc/os-release", "ID=\xff\xfe\nVERSION_ID=9\n");
	facts = gather(host);
	document = facts_to_json(&facts);
	assert_non_null(document);
	assert_string_equal(json_string_value(json_object_get(json_object_get(document, "os"),
							      "version_id")), "9");
	assert_string_equal(json_string_value(json_object_get(document, "release")),
			    host->uts.release);
	json_decref(document);
}

int main(void)
{
#define HOST_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		HOST_TEST(empty_host),
		HOST_TEST(os_release_places),
		HOST_TEST(kernel_btf),
		HOST_TEST(damaged_kernel_btf),
		HOST_TEST(btf_elsewhere),
		HOST_TEST(build_of_vmlinux),
		HOST_TEST(config_below_boot),
		HOST_TEST(unreadable_config),
		HOST_TEST(lockdown),
		HOST_TEST(tracefs),
		HOST_TEST(json),
		cmocka_unit_test(missing_root),
		cmocka_unit_test(archs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
