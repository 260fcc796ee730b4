/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/btf_arch.h"
#include "host/btf_file.h"
#include "loader/admit.h"
#include "host/btf_sources.h"
#include "host/root.h"
#include "lib/console.h"

#include "checker/checked_host.h"
#include "checker/where.h"

/* What this program was built for, where nothing says what the kernel was. */
#if defined(__x86_64__)
#define OWN_ARCH "x86_64"
#elif defined(__aarch64__)
#define OWN_ARCH "arm64"
#elif defined(__i386__)
#define OWN_ARCH "i386"
#else
#define OWN_ARCH ""
#endif

bool checked_host_is_clear(const struct check_options *options)
{
	const struct elsewhere *elsewhere = &options->elsewhere;
	const struct {
		const char *name, *value;
		bool from, kernel, root; /* which it does not go with */
	} GIVEN[] = {
		{ "--kernel", elsewhere->kernel, true, false, false },
		{ "--release", elsewhere->release, true, true, true },
		{ "--arch", elsewhere->arch, true, true, true },
		{ "--config", options->config, true, false, false },
		{ "--os-release", options->os_release, true, false, false },
		{ "--host-root", elsewhere->host_root, true, false, true },
		{ "--root", options->root, true, false, false },
		{ "--facts", options->output == CHECK_FACTS ? "" : NULL, true, false, false },
	};
	size_t i;

	for (i = 0; i < sizeof(GIVEN) / sizeof(GIVEN[0]); i++) {
		const char *other = !GIVEN[i].value ? NULL :
				    elsewhere->from && GIVEN[i].from ? "--from" :
				    elsewhere->kernel && GIVEN[i].kernel ? "--kernel" :
				    options->root && GIVEN[i].root ? "--root" : NULL;

		if (!other)
			continue;
		console_error("check: %s does not go with %s", GIVEN[i].name, other);
		return false;
	}
	return true;
}

static int read_document(const char *from, struct facts *facts, json_t **document,
			 struct error *err)
{
	bool standard = strcmp(from, "-") == 0;
	const char *name = standard ? "standard input" : from;
	FILE *file = standard ? stdin : fopen(from, "re");
	json_error_t damage;
	int code;

	if (!file)
		return error_errno(err, -errno, "%s", name);
	*document = json_loadf(file, JSON_REJECT_DUPLICATES, &damage);
	if (!standard)
		fclose(file);
	if (!*document)
		return error_set(err, -EBADMSG, "%s: is no document of facts: line %d: %s", name,
				 damage.line, damage.text);
	code = facts_from_json(*document, facts, err);
	return code ? error_wrap(err, "%s", name) : 0;
}

/* The file with the BTF of a kernel that does not run here, if its host has one. */
static int find_btf(const struct facts_request *request, const struct facts *facts,
		    struct checked_host *out, struct error *err)
{
	const char *root = request->root ? request->root : "";
	char path[sizeof(facts->btf_source_path)];
	int fd, code;

	if (request->scope == FACTS_RUNNING || (request->scope == FACTS_FILES && !request->root))
		return 0;
	fd = root_open(request->root, err);
	if (fd < 0)
		return fd;
	snprintf(path, sizeof(path), "%s", facts->btf_source_path + 1);
	/* What the running kernel exposes is not this one's. */
	if (facts->btf_source.truth != TRUTH_YES || request->scope == FACTS_INSTALLED ||
	    root_find(fd, path))
		code = btf_sources_find(fd, facts->release, path, sizeof(path));
	else
		code = 0;
	if (!code) {
		snprintf(out->btf_path, sizeof(out->btf_path), "%.240s/%s", root, path);
		code = btf_file_read_below(fd, path, &out->btf, err);
	} else {
		code = 0; /* there is none */
	}
	close(fd);
	return code;
}

/* A configuration of another kernel would make every answer wrong. */
static int check_config(const struct check_options *options, const struct facts *facts,
			struct error *err)
{
	const char *version = kconfig_version(facts->kconfig);
	size_t length = strcspn(version, ".");

	length += version[length] ? 1 + strspn(version + length + 1, "0123456789") : 0;
	/* Debian's 6.1.0-56-amd64 is a 6.1.192: the series is what can be compared. */
	if (!options->config || !length || !facts->release[0] ||
	    (strncmp(version, facts->release, length) == 0 &&
	     !strchr("0123456789", facts->release[length])))
		return 0;
	return error_set(err, -EINVAL, "%s: is the configuration of a %s, and the kernel is a %s",
			 options->config, version, facts->release);
}

static bool is_set(const struct facts *facts, const char *option)
{
	return facts_option(facts, option).set.truth == TRUTH_YES;
}

static const char *arch_of_config(const struct facts *facts)
{
	return is_set(facts, "CONFIG_X86_64") ? "x86_64" : is_set(facts, "CONFIG_X86_32") ? "i386" :
	       is_set(facts, "CONFIG_ARM64") ? "arm64" : NULL;
}

/* Names the architecture where nobody did; -EINVAL where two say different ones. */
static int settle_arch(const char *btf_path, const char *of_btf, struct facts *facts,
		       struct error *err)
{
	const char *of_config = arch_of_config(facts);
	const char *arch = facts->arch[0] ? facts->arch : of_config ? of_config :
			   of_btf ? of_btf : OWN_ARCH;

	if (of_config && strcmp(arch, of_config) != 0)
		return error_set(err, -EINVAL, "%s: is the configuration of a kernel for %s, and "
				 "the kernel asked about is for %s", facts->kconfig_path, of_config, arch);
	if (of_btf && strcmp(arch, of_btf) != 0)
		return error_set(err, -EINVAL, "%s: is the BTF of a kernel for %s, and the kernel "
				 "asked about is for %s", btf_path, of_btf, arch);
	if (!facts->arch[0]) {
		snprintf(facts->arch, sizeof(facts->arch), "%s", arch);
		snprintf(facts->machine, sizeof(facts->machine), "%s",
			 strcmp(arch, "arm64") == 0 ? "aarch64" : arch);
	}
	return 0;
}

/* Puts together what came from different places. */
static int compare(const struct check_options *options, struct facts *facts,
		   struct checked_host *out, struct error *err)
{
	const char *of_btf = NULL;
	struct btf_view view;
	int code = 0;

	if (out->btf.size) {
		code = btf_view_open(&view, buffer_slice(&out->btf), err);
		if (code)
			return code;
		of_btf = btf_arch(&view);
		btf_view_close(&view);
	}
	code = check_config(options, facts, err);
	if (!code)
		code = settle_arch(out->btf_path, of_btf, facts, err);
	out->contradiction = code == -EINVAL;
	if (!code && out->btf.size && facts_add_btf(facts, buffer_slice(&out->btf)))
		code = error_errno(err, -ENOMEM, "%s", out->btf_path);
	return code;
}

int checked_host_read(const struct check_options *options, struct facts *facts,
		      struct checked_host *out, struct error *err)
{
	struct where where = { .release = "" };
	char key[MINISIGN_ID_TEXT];
	int code;

	*out = (struct checked_host){ .document = NULL };
	if (options->elsewhere.from) {
		code = read_document(options->elsewhere.from, facts, &out->document, err);
	} else {
		code = where_find(options, &where, err);
		out->contradiction = code == -EINVAL;
		if (!code)
			code = facts_read(&where.request, facts, err);
	}
	if (code)
		return code;
	/* One that was named is read at once: damaged, it is an error even where none would be used. */
	if (options->btf) {
		snprintf(out->btf_path, sizeof(out->btf_path), "%s", options->btf);
		code = admit_given_btf(options->trust, options->btf, &out->btf, key, err);
	} else if (!options->elsewhere.from) {
		code = find_btf(&where.request, facts, out, err);
	}
	return code ? code : compare(options, facts, out, err);
}

void checked_host_free(struct checked_host *host)
{
	buffer_free(&host->btf);
	json_decref(host->document);
}
