/* SPDX-License-Identifier: BSD-2-Clause */
/* Command `import`: kernels' BTF, out of whatever holds it, into an archive. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "host/facts.h"
#include "lib/console.h"

#include "btfpack/distro.h"
#include "btfpack/guard.h"
#include "btfpack/import.h"
#include "btfpack/layout.h"
#include "btfpack/ledger.h"
#include "btfpack/lock.h"
#include "btfpack/source.h"

static const char usage[] =
	"Usage: btfpack import [-o DIR] [OPTION...] SRC...\n"
	"       btfpack import [-o DIR] --lock FILE\n"
	"\n"
	"Takes the BTF of kernels into the archive DIR, as ID/VERSION_ID/ARCH/RELEASE.btf.lz4.\n"
	"A SRC is one of:\n"
	"  RELEASE.btf, bare or as .tar.xz .xz .zst .lz4 .gz .bz2; BTFHub's files are such\n"
	"  a directory of them in the layout ID/VERSION_ID/ARCH/RELEASE.btf*, or a part of it\n"
	"  vmlinux with a .BTF section, or with DWARF, which pahole makes BTF of\n"
	"  vmlinuz (x86 bzImage, arm64 Image, Image.gz, EFI zboot)\n"
	"  a package of a kernel or of its debug information (.deb, .ddeb, .rpm)\n"
	"  host, or /sys/kernel/btf/vmlinux: the running kernel\n"
	"\n"
	"  -o, --output DIR     the archive (archive, when not given)\n"
	"      --id ID          distribution as os-release has it, where SRC does not tell\n"
	"      --version-id V   its VERSION_ID\n"
	"      --arch A         x86_64, arm64 ...\n"
	"      --release R      kernel release; for one SRC\n"
	"      --replace        take what differs from what the archive has of the same kernel\n"
	"      --lock FILE      then write down in FILE what the archive has, for build --locked\n"
	"  -k, --keep-going     skip what is damaged or not recognised and still exit 0\n"
	"  -q, --quiet          print errors and the result only\n"
	"\n"
	"Exit status: 0 done, 2 usage, 4 no permission, 5 a SRC was damaged, not recognised or\n"
	"left out, 6 the system refused.\n";

struct import {
	const char *output, *id, *version_id, *arch, *release, *lock;
	bool replace, keep_going, quiet;
	struct ledger ledger;
};

/* What a person says overrides what a name or place says, but not what the kernel itself says. */
static int override(const char *option, const char *value, char field[static SOURCE_FIELD_SIZE],
		    bool certain, struct error *err)
{
	if (!value)
		return 0;
	if (certain && strcmp(value, field) != 0)
		return error_set(err, -EINVAL, "--%s %s, but the kernel itself says %s", option, value,
				 field);
	snprintf(field, SOURCE_FIELD_SIZE, "%s", value);
	return 0;
}

static int override_all(const struct import *import, struct source *source, struct error *err)
{
	int code = override("arch", import->arch, source->arch, source->arch_is_certain, err);

	if (!code)
		code = override("release", import->release, source->release,
				source->release_is_certain, err);
	if (!code)
		code = override("id", import->id, source->id, false, err);
	if (!code)
		code = override("version-id", import->version_id, source->version_id, false, err);
	return code;
}

/*
 * Puts one source into the archive and a row into the ledger.  Returns a negative errno only for
 * what ends the whole import.
 */
static int store(struct import *import, const char *path, struct source *source, struct error *err)
{
	struct btf_archive_entry entry = {
		.key = { source->id, source->version_id, source->arch, source->release },
		.build = source->build[0] ? source->build : NULL,
		.source = source->origin[0] ? source->origin : NULL,
	};
	int code;

	code = override_all(import, source, err);
	entry.key.version_id = distro_version_id(source->id, source->version_id);
	if (code || !btf_archive_key_valid(&entry.key, err)) {
		error_wrap(err, "%s", path);
		return ledger_skipped(&import->ledger, path, err);
	}
	code = btf_archive_store(import->output, &entry, buffer_slice(&source->btf), import->replace,
				 err);
	switch (code) {
	case BTF_ARCHIVE_STORED:
		return ledger_taken(&import->ledger, &entry, source->btf.size);
	case BTF_ARCHIVE_PRESENT:
		return ledger_present(&import->ledger, &entry, source->btf.size);
	case BTF_ARCHIVE_CONFLICT:
		error_set(err, -EEXIST, "%s: differs from what %s has of %s/%s/%s/%s; --replace takes "
			  "this one", path, import->output, entry.key.id, entry.key.version_id,
			  entry.key.arch, entry.key.release);
		return ledger_skipped(&import->ledger, path, err);
	default:
		return code;
	}
}

static int import_entry(struct import *import, const struct btf_archive_entry *entry,
			struct error *err)
{
	struct source source;
	int code = source_read_entry(entry, &source, err);

	if (code == 0)
		code = store(import, entry->path, &source, err);
	else if (code != -ENOMEM)
		code = ledger_skipped(&import->ledger, entry->path, err);
	source_free(&source);
	return code;
}

/* Imports what path holds in the layout of an archive; *count says how much that was. */
static int import_tree(struct import *import, const char *path, bool is_directory, size_t *count,
		       struct error *err)
{
	struct btf_archive archive;
	size_t i;
	int code;

	code = btf_archive_list(&path, 1, &archive, err);
	*count = archive.entry_count;
	/* A file alone that is no place in a layout is read as what it is instead. */
	for (i = 0; i < archive.ignored_count && (*count || is_directory) && !code; i++)
		code = ledger_left_out(&import->ledger, archive.ignored[i].path, archive.ignored[i].why);
	for (i = 0; i < archive.entry_count && !code; i++) {
		console_progress("importing", i + 1, archive.entry_count);
		code = import_entry(import, &archive.entries[i], err);
	}
	console_progress(NULL, 0, 0);
	btf_archive_free(&archive);
	return code;
}

static int import_file(struct import *import, const char *path, struct error *err)
{
	struct source source;
	int code = source_read(path, import->output, &source, err);

	if (code == 0)
		code = store(import, path, &source, err);
	else if (code != -ENOMEM)
		code = ledger_skipped(&import->ledger, path, err);
	source_free(&source);
	return code;
}

static int import_one(struct import *import, const char *path, struct error *err)
{
	struct stat st;
	size_t count = 0;
	int code = 0;
	bool is_directory;

	if (source_is_host(path))
		return import_file(import, path, err);
	is_directory = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	if (is_directory || layout_name_kind(path) == LAYOUT_BTF)
		code = import_tree(import, path, is_directory, &count, err);
	if (count > 0 || code == -ENOMEM)
		return code;
	if (!is_directory)
		return import_file(import, path, err);
	if (!code)
		error_set(err, -ENOTSUP, "%s: a directory without ID/VERSION_ID/ARCH/RELEASE.btf in it; "
			  "packages and images in it want to be named themselves", path);
	return ledger_skipped(&import->ledger, path, err);
}

/* Locks all that the archive has by now. */
static enum exit_status write_lock(const struct import *import)
{
	struct error err = ERROR_NONE;
	struct btf_archive archive;
	int code;

	code = btf_archive_list(&import->output, 1, &archive, &err);
	if (!code)
		code = lock_write(import->lock, &archive, &err);
	if (!code)
		printf("%s: %zu kernels locked\n", import->lock, archive.entry_count);
	btf_archive_free(&archive);
	return code ? console_fail("import", &err) : STATUS_DONE;
}

static enum exit_status import_all(struct import *import, char **paths, int count)
{
	struct error err = ERROR_NONE;
	enum exit_status status;
	struct guard guard;
	int i, code;

	code = guard_enter(&guard, import->output, &err);
	for (i = 0; i < count && !code; i++)
		code = import_one(import, paths[i], &err);
	guard_leave(&guard);
	ledger_print(&import->ledger, import->output, stdout);
	if (code)
		return console_fail("import", &err);
	status = ledger_status(&import->ledger, import->keep_going);
	if (import->ledger.taken + import->ledger.present == 0 &&
	    import->ledger.failure == -ENOTSUP)
		console_error("import: nothing was taken.  Accepted are: " SOURCE_ACCEPTED);
	return status;
}

static enum exit_status parse(int argc, char **argv, struct import *import, bool *help)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "id", required_argument, NULL, 'i' },
		{ "version-id", required_argument, NULL, 'v' },
		{ "arch", required_argument, NULL, 'a' },
		{ "release", required_argument, NULL, 'r' },
		{ "lock", required_argument, NULL, 'l' },
		{ "replace", no_argument, NULL, 'R' },
		{ "keep-going", no_argument, NULL, 'k' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "o:kqh", options, NULL)) != -1) {
		switch (option) {
		case 'o': import->output = optarg; break;
		case 'i': import->id = optarg; break;
		case 'v': import->version_id = optarg; break;
		case 'a': import->arch = facts_arch_of_machine(optarg); break;
		case 'r': import->release = optarg; break;
		case 'l': import->lock = optarg; break;
		case 'R': import->replace = true; break;
		case 'k': import->keep_going = true; break;
		case 'q': import->quiet = true; break;
		case 'h': *help = true; return STATUS_DONE;
		default: return STATUS_USAGE;
		}
	}
	if (import->release && argc - optind > 1) {
		console_error("import: --release names one kernel, and there are %d SRC", argc - optind);
		return STATUS_USAGE;
	}
	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the option has an argument */
	if (!*import->output) {
		console_error("import: --output: the empty name is no directory");
		return STATUS_USAGE;
	}
	return argc == optind && !import->lock ? STATUS_USAGE : STATUS_DONE;
}

enum exit_status import_command(int argc, char **argv)
{
	struct import import = { .output = "archive" };
	enum exit_status status;
	bool help = false;

	status = parse(argc, argv, &import, &help);
	if (help || status != STATUS_DONE) {
		fputs(usage, help ? stdout : stderr);
		return status;
	}
	console_set_quiet(import.quiet);
	if (argc > optind)
		status = import_all(&import, argv + optind, argc - optind);
	if (import.lock && status == STATUS_DONE)
		status = write_lock(&import);
	else if (import.lock)
		console_error("import: %s: not written, since not all was taken; --keep-going locks what was",
			      import.lock);
	ledger_free(&import.ledger);
	return status;
}
