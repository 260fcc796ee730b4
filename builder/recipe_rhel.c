/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fedora, and Red Hat Enterprise Linux with its rebuilds.  A rebuild's kernel has the release of
 * the original and is another build, so that each needs its own distribution's package.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder/recipe_rpm.h"

void recipe_fedora(const struct recipe_subject *subject, struct recipe *recipe)
{
	struct rpm_kernel kernel;

	rpm_kernel_parse(subject->release, &kernel);
	rpm_common(subject, &kernel, false, recipe);
	rpm_debug(&kernel, "", recipe);
	if (strcmp(subject->id, "fedora") == 0 && recipe_major(subject->version_id))
		snprintf(recipe->image, sizeof(recipe->image), "registry.fedoraproject.org/fedora:%u",
			 recipe_major(subject->version_id));
	snprintf(recipe->gone, sizeof(recipe->gone),
		 "Fedora keeps what was an update once in updates-archive.");
	recipe_command(&recipe->gone_commands, true, "dnf install -y fedora-repos-archive");
	recipe_command(&recipe->gone_commands, true, "dnf install -y %s %s", recipe->headers,
		       recipe->compiler);
}

/* The point release of CentOS that a kernel came with: vault.centos.org has a folder for each. */
static const char *centos_point(const struct rpm_kernel *kernel)
{
	static const struct { unsigned int build; const char *folder; } EL7[] = {
		{ 1160, "7.9.2009" }, { 1127, "7.8.2003" }, { 1062, "7.7.1908" },
		{ 957, "7.6.1810" }, { 862, "7.5.1804" }, { 693, "7.4.1708" },
		{ 514, "7.3.1611" }, { 327, "7.2.1511" }, { 229, "7.1.1503" }, { 123, "7.0.1406" },
	};
	static const char *const EL8[] = {
		"8.0.1905", "8.1.1911", "8.2.2004", "8.3.2011", "8.4.2105", "8.5.2111",
	};
	size_t i;

	if (kernel->major == 8)
		return kernel->has_minor && kernel->minor < sizeof(EL8) / sizeof(EL8[0]) ?
		       EL8[kernel->minor] : "8-stream";
	for (i = 0; i < sizeof(EL7) / sizeof(EL7[0]); i++)
		if (recipe_major(kernel->rpm_release) >= EL7[i].build)
			return EL7[i].folder;
	return NULL;
}

/* vault.centos.org: 3.10.0-N.el7 is of the point release itself, 3.10.0-N.N.el7 an update of it. */
static void centos7_folder(const struct rpm_kernel *kernel, char *folder, size_t size)
{
	const char *rest = kernel->rpm_release + strspn(kernel->rpm_release, "0123456789");
	const char *point = centos_point(kernel);

	if (point)
		snprintf(folder, size, "vault.centos.org/%s%s/%s/%s/Packages",
			 strcmp(kernel->arch, "x86_64") == 0 ? "" : "altarch/", point,
			 strcmp(rest, ".el7") == 0 ? "os" : "updates", kernel->arch);
}

static void centos_gone(const struct rpm_kernel *kernel, struct recipe *recipe)
{
	char folder[320] = "";

	if (kernel->major >= 9)
		snprintf(folder, sizeof(folder),
			 "kojihub.stream.centos.org/kojifiles/packages/kernel/%s/%s/%s",
			 kernel->version, kernel->rpm_release, kernel->arch);
	else if (kernel->major == 8)
		snprintf(folder, sizeof(folder), "vault.centos.org/%s/BaseOS/%s/os/Packages",
			 centos_point(kernel), kernel->arch);
	else if (kernel->major == 7)
		centos7_folder(kernel, folder, sizeof(folder));
	if (!folder[0])
		return;
	snprintf(recipe->gone, sizeof(recipe->gone), "CentOS keeps all versions.");
	recipe_command(&recipe->gone_commands, true, "%s https://%s/%s.rpm%s", recipe->install, folder,
		       recipe->headers, recipe->compiler ? " clang llvm" : "");
}

/* AlmaLinux and Rocky Linux keep the packages of each minor release apart, when the next is out. */
static void vault_gone(const char *vault, const char *letter, const char *version,
		       const struct rpm_kernel *kernel, struct recipe *recipe)
{
	if (!strchr(version, '.'))
		return;
	snprintf(recipe->gone, sizeof(recipe->gone), "The packages of %s are in the vault.", version);
	recipe_command(&recipe->gone_commands, true,
		       "dnf install -y https://%s/%s/%s/%s/os/Packages/%s%s.rpm clang llvm", vault, version,
		       kernel->major == 8 ? "BaseOS" : "AppStream", kernel->arch, letter,
		       recipe->headers);
}

/* The repositories of a major release hold all of its kernels, but for those of longer support. */
static void rhel_gone(const char *minor, const struct rpm_kernel *kernel, struct recipe *recipe)
{
	snprintf(recipe->gone, sizeof(recipe->gone),
		 "The repositories of RHEL %u have all versions, where the system is not bound to one "
		 "minor release. Kernels of extended support are in the EUS repositories of %s.",
		 kernel->major, minor);
	recipe_command(&recipe->gone_commands, true, "subscription-manager release --unset");
	recipe_command(&recipe->gone_commands, true, "%s %s%s", recipe->install, recipe->headers,
		       recipe->compiler ? " clang llvm" : "");
}

static void rhel_image(const char *id, unsigned int major, struct recipe *recipe)
{
	static const struct {
		const char *id;
		unsigned int since;
		const char *image, *tail;
	} IMAGES[] = {
		{ "almalinux", 8, "docker.io/library/almalinux:", "" },
		{ "rocky", 8, "docker.io/rockylinux/rockylinux:", "" },
		{ "centos", 9, "quay.io/centos/centos:stream", "" },
		/* Its packages come with the subscription of the machine that runs the container. */
		{ "rhel", 8, "registry.access.redhat.com/ubi", "/ubi" },
	};
	size_t i;

	for (i = 0; i < sizeof(IMAGES) / sizeof(IMAGES[0]); i++)
		if (strcmp(id, IMAGES[i].id) == 0 && major >= IMAGES[i].since)
			snprintf(recipe->image, sizeof(recipe->image), "%s%u%s", IMAGES[i].image, major,
				 IMAGES[i].tail);
}

/* ELRepo's kernel-ml and kernel-lt have releases of one form; both provide this name. */
static void elrepo(const struct recipe_subject *subject, struct recipe *recipe)
{
	recipe->install = strncmp(recipe->install, "yum", 3) == 0 ?
			  "yum install -y --enablerepo=elrepo-kernel" :
			  "dnf install -y --enablerepo=elrepo-kernel";
	snprintf(recipe->headers, sizeof(recipe->headers), "'kernel-devel-uname-r = %s'",
		 subject->release);
	snprintf(recipe->note, sizeof(recipe->note),
		 "This kernel is ELRepo's, which keeps the newest versions only.");
}

/* pahole is for developers: CodeReady Builder, which rebuilds have named PowerTools up to 8. */
static void rhel_debug(const char *id, const struct rpm_kernel *kernel, struct recipe *recipe)
{
	char repository[64];

	snprintf(repository, sizeof(repository), ",%s", kernel->major == 8 ? "powertools" : "crb");
	if (strcmp(id, "rhel") == 0)
		snprintf(repository, sizeof(repository), ",codeready-builder-for-rhel-%u-*-rpms",
			 kernel->major);
	rpm_debug(kernel, repository, recipe);
}

void recipe_rhel(const struct recipe_subject *subject, struct recipe *recipe)
{
	struct rpm_kernel kernel;
	char minor[64];

	rpm_kernel_parse(subject->release, &kernel);
	if (!kernel.major)
		kernel.major = recipe_major(subject->version_id);
	rpm_common(subject, &kernel, kernel.major && kernel.major <= 7, recipe);
	/* clang: 3.4 in EPEL 7, 7 in the software collections of CentOS; and there is no pahole. */
	if (kernel.major && kernel.major <= 7)
		recipe->compiler = NULL;
	if (strstr(subject->release, ".elrepo")) {
		elrepo(subject, recipe);
		return;
	}
	if (recipe->compiler)
		rhel_debug(subject->id, &kernel, recipe);
	rhel_image(subject->id, kernel.major, recipe);
	snprintf(minor, sizeof(minor), "%s", subject->version_id);
	if (kernel.has_minor)
		snprintf(minor, sizeof(minor), "%u.%u", kernel.major, kernel.minor);
	if (strcmp(subject->id, "centos") == 0)
		centos_gone(&kernel, recipe);
	else if (strcmp(subject->id, "almalinux") == 0)
		vault_gone("vault.almalinux.org", "", minor, &kernel, recipe);
	else if (strcmp(subject->id, "rocky") == 0)
		vault_gone("download.rockylinux.org/vault/rocky", "k/", minor, &kernel, recipe);
	else if (strcmp(subject->id, "rhel") == 0)
		rhel_gone(minor, &kernel, recipe);
}
