/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "decide/remedy.h"

/* What a distribution has for this release: a sentence, and the file that comes of it. */
struct offer {
	char how[384];
	char vmlinux[160];
};

/* "5.14.21-150400.24.100-default" -> "default"; the whole release where there is no dash. */
static const char *flavour(const char *release)
{
	const char *dash = strrchr(release, '-');

	return dash ? dash + 1 : release;
}

static void debian(const struct facts *facts, struct offer *offer)
{
	snprintf(offer->how, sizeof(offer->how), "`apt-get install linux-image-%s-dbg`",
		 facts->release);
	snprintf(offer->vmlinux, sizeof(offer->vmlinux), "/usr/lib/debug/boot/vmlinux-%s",
		 facts->release);
}

static void ubuntu(const struct facts *facts, struct offer *offer)
{
	snprintf(offer->how, sizeof(offer->how),
		 "with Ubuntu's debug symbol archive among the apt sources (its key: `apt-get install "
		 "ubuntu-dbgsym-keyring`), `apt-get install linux-image-%s-dbgsym`", facts->release);
	snprintf(offer->vmlinux, sizeof(offer->vmlinux), "/usr/lib/debug/boot/vmlinux-%s",
		 facts->release);
}

static void rpm(const struct facts *facts, struct offer *offer)
{
	/* Fedora and the el families since 8 have dnf, and "7" is the only two of them that have not. */
	bool yum = strcmp(facts->os.id, "fedora") != 0 &&
		   (strncmp(facts->os.version_id, "7", 1) == 0 ||
		    strcmp(facts->os.version_id, "2") == 0 ||
		    strcmp(facts->os.version_id, "2018.03") == 0);

	snprintf(offer->how, sizeof(offer->how),
		 "`%s install --enablerepo='*debug*' kernel%s-debuginfo-%s`", yum ? "yum" : "dnf",
		 strstr(facts->release, "uek") ? "-uek" : "", facts->release);
	snprintf(offer->vmlinux, sizeof(offer->vmlinux), "/usr/lib/debug/lib/modules/%s/vmlinux",
		 facts->release);
}

static void suse(const struct facts *facts, struct offer *offer)
{
	const char *name = flavour(facts->release);
	int length = (int)(name - facts->release);

	/* The package's release has one number more than uname -r: only a list can tell it. */
	snprintf(offer->how, sizeof(offer->how),
		 "`zypper --plus-content debug search -s kernel-%s-debuginfo`, and of its versions the "
		 "one that starts with %.*s: `zypper --plus-content debug install "
		 "kernel-%s-debuginfo-VERSION`", name, length > 0 ? length - 1 : 0, facts->release, name);
	snprintf(offer->vmlinux, sizeof(offer->vmlinux), "/usr/lib/debug/boot/vmlinux-%s.debug",
		 facts->release);
}

static void arch(const struct facts *facts, struct offer *offer)
{
	static const char *const FLAVOURS[] = { "lts", "zen", "hardened" };
	const char *name = flavour(facts->release), *suffix = "";
	size_t i;

	for (i = 0; i < sizeof(FLAVOURS) / sizeof(FLAVOURS[0]); i++)
		if (strcmp(name, FLAVOURS[i]) == 0)
			suffix = name;
	snprintf(offer->how, sizeof(offer->how),
		 "`pacman -S linux%s%s-headers`, as long as the release is still %s", *suffix ? "-" : "",
		 suffix, facts->release);
	snprintf(offer->vmlinux, sizeof(offer->vmlinux), "/usr/lib/modules/%s/build/vmlinux",
		 facts->release);
}

static void alpine(const struct facts *facts, struct offer *offer)
{
	snprintf(offer->how, sizeof(offer->how),
		 "Alpine has no debug package: build linux-%s of %s from aports with "
		 "CONFIG_DEBUG_INFO=y, and keep its vmlinux", flavour(facts->release), facts->release);
	snprintf(offer->vmlinux, sizeof(offer->vmlinux), "vmlinux");
}

static void generic(const struct facts *facts, struct offer *offer)
{
	snprintf(offer->how, sizeof(offer->how),
		 "get the vmlinux with debug information of exactly this build from who built the "
		 "kernel (%s)", facts->build);
	snprintf(offer->vmlinux, sizeof(offer->vmlinux), "vmlinux");
}

static const struct family {
	const char *id;
	void (*offer)(const struct facts *facts, struct offer *offer);
} FAMILIES[] = {
	{ "ubuntu", ubuntu },
	{ "debian", debian },
	{ "fedora", rpm },
	{ "rhel", rpm },
	{ "centos", rpm },
	{ "almalinux", rpm },
	{ "rocky", rpm },
	{ "ol", rpm },
	{ "amzn", rpm },
	{ "sles", suse },
	{ "sled", suse },
	{ "opensuse-leap", suse },
	{ "opensuse-tumbleweed", suse },
	{ "opensuse", suse },
	{ "suse", suse },
	{ "arch", arch },
	{ "alpine", alpine },
};

/* True when word is one of the words of list. */
static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word), n;

	for (; *list; list += n + (list[n] != '\0')) {
		n = strcspn(list, " ");
		if (n == length && memcmp(list, word, n) == 0)
			return true;
	}
	return false;
}

static const struct family *find_family(const struct os_release *os)
{
	const size_t count = sizeof(FAMILIES) / sizeof(FAMILIES[0]);
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(os->id, FAMILIES[i].id) == 0)
			return &FAMILIES[i];
	/* Derivatives: "ubuntu debian" is nearer to Ubuntu, which stands first here as well. */
	for (i = 0; i < count; i++)
		if (has_word(os->id_like, FAMILIES[i].id))
			return &FAMILIES[i];
	return NULL;
}

void remedy_no_btf(const struct facts *facts, const char *app, char *text, size_t size)
{
	const struct family *family = find_family(&facts->os);
	struct offer offer = { .how = "", .vmlinux = "" };

	if (family)
		family->offer(facts, &offer);
	else
		generic(facts, &offer);
	snprintf(text, size,
		 "Pack this kernel: get its debug information (%s); on the build host `btfpack import -o "
		 "ARCHIVE %s`, then `btfpack build -a ARCHIVE -o %s.run MANIFEST`; here, `%s install` of "
		 "that. Or name a file: BTFERRY_BTF_FILE=FILE with BTF of exactly this kernel, "
		 "or BTFERRY_BPF_FILE=FILE with an object compiled for it without CO-RE.",
		 offer.how, offer.vmlinux, app, app);
}

void remedy_wrong_btf(enum plan_btf btf, const char *path, const char *release, char *text,
		      size_t size)
{
	switch (btf) {
	case BTF_GIVEN:
		snprintf(text, size, "Name the BTF of this very kernel (%s), or none: %.500s is another "
			 "one's.", release, path);
		break;
	case BTF_STORED:
		snprintf(text, size, "Pack the BTF of this very build of %s, or name it: "
			 "BTFERRY_BTF_FILE=FILE.", release);
		break;
	default:
		snprintf(text, size, "Put this kernel's own in the place of %.500s, or name it: "
			 "BTFERRY_BTF_FILE=FILE.", path);
		break;
	}
}
