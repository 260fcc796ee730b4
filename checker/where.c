/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "host/root.h"
#include "payload/names.h"

#include "checker/where.h"

enum { LINE_MAX_SIZE = 4096 };

/* The one line of a file below a root; "" when there is none, or it does not fit. */
static void read_line(int root_fd, const char *path, char *out, size_t size)
{
	struct buffer text = { 0 };
	const char *end;

	out[0] = '\0';
	if (root_read(root_fd, path, LINE_MAX_SIZE, &text) == 0 && text.size > 0) {
		end = memchr(text.data, '\n', text.size);
		snprintf(out, size, "%.*s",
			 end ? (int)(end - (const char *)text.data) : (int)text.size,
			 (const char *)text.data);
	}
	buffer_free(&text);
}

/* The number of module folders, and the name of one. */
static size_t list_modules(int root_fd, char *out, size_t size)
{
	int fd = root_open_file(root_fd, "lib/modules");
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	size_t count = 0;

	if (!folder && fd >= 0)
		close(fd);
	while (folder && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.' || !name_is_kernel_word(entry->d_name) ||
		    strlen(entry->d_name) >= size)
			continue;
		strcpy(out, entry->d_name);
		count++;
	}
	if (folder)
		closedir(folder);
	return count;
}

/* The kernel that runs below the root, as its /proc says; else the only one that is there. */
static int find_release(const char *root, int root_fd, struct where *out, struct error *err)
{
	size_t count;

	read_line(root_fd, "proc/sys/kernel/osrelease", out->release, sizeof(out->release));
	if (out->release[0]) {
		read_line(root_fd, "proc/sys/kernel/version", out->build, sizeof(out->build));
		return 0;
	}
	count = list_modules(root_fd, out->release, sizeof(out->release));
	if (count == 1)
		return 0;
	return error_set(err, -EINVAL, "%s: %s: name the kernel with --release", root,
			 count ? "has several kernels" : "no kernel runs or is installed there");
}

/* A mounted /proc of this very kernel, as a container sees its host's. */
static bool is_this_kernel(int root_fd)
{
	static const char path[] = "proc/sys/kernel/random/boot_id";
	char there[64], here[64];
	int fd = root_open(NULL, NULL);

	if (fd < 0)
		return false;
	read_line(root_fd, path, there, sizeof(there));
	read_line(fd, path, here, sizeof(here));
	close(fd);
	return there[0] && strcmp(there, here) == 0;
}

static int look_below(const struct check_options *options, struct where *out, struct error *err)
{
	const struct elsewhere *elsewhere = &options->elsewhere;
	struct facts_request *request = &out->request;
	int root_fd = root_open(elsewhere->host_root, err), code = 0;

	if (root_fd < 0)
		return root_fd;
	request->root = elsewhere->host_root;
	if (!request->release && !elsewhere->arch && is_this_kernel(root_fd)) {
		request->scope = FACTS_RUNNING;
	} else {
		if (!request->release) {
			code = find_release(elsewhere->host_root, root_fd, out, err);
			request->release = out->release;
			request->build = out->build;
		}
		read_line(root_fd, "proc/sys/kernel/arch", out->machine, sizeof(out->machine));
		if (!request->machine && out->machine[0])
			request->machine = out->machine;
	}
	close(root_fd);
	return code;
}

/* A typing mistake must not become an answer. */
static int look_installed(const struct check_options *options, struct where *out, struct error *err)
{
	static const char *const SIGNS[] = { "lib/modules/%s", "usr/lib/modules/%s", "boot/config-%s",
					     "boot/vmlinuz-%s" };
	const char *release = options->elsewhere.kernel;
	int root_fd = root_open(options->root, err);
	bool found = false;
	char path[128];
	size_t i;

	if (root_fd < 0)
		return root_fd;
	for (i = 0; !found && i < sizeof(SIGNS) / sizeof(SIGNS[0]); i++) {
		snprintf(path, sizeof(path), SIGNS[i], release);
		found = root_find(root_fd, path) == 0;
	}
	close(root_fd);
	out->request.scope = FACTS_INSTALLED;
	return found ? 0 : error_set(err, -EINVAL, "--kernel %s: is not installed here; --release is for "
				     "kernels that are not", release);
}

static bool is_running(const char *release)
{
	struct utsname uts;

	return uname(&uts) == 0 && strcmp(uts.release, release) == 0;
}

static int check_names(const struct facts_request *request, struct error *err)
{
	if (request->release && !name_is_kernel_word(request->release))
		return error_set(err, -EINVAL, "`%s`: is no kernel release (as uname -r prints it)",
				 request->release);
	if (request->release && strlen(request->release) >= sizeof(((struct facts *)0)->release))
		return error_set(err, -EINVAL, "`%s`: is longer than any kernel release",
				 request->release);
	if (request->machine && (!name_is_kernel_word(request->machine) ||
				 strlen(request->machine) >= sizeof(((struct facts *)0)->arch)))
		return error_set(err, -EINVAL, "`%s`: is no architecture (as uname -m prints it)",
				 request->machine);
	return 0;
}

int where_find(const struct check_options *options, struct where *out, struct error *err)
{
	const struct elsewhere *elsewhere = &options->elsewhere;
	struct facts_request *request = &out->request;
	int code;

	*out = (struct where){
		.request = {
			.scope = FACTS_FILES,
			.release = elsewhere->kernel ? elsewhere->kernel : elsewhere->release,
			.machine = elsewhere->arch,
			.config = options->config,
			.os_release = options->os_release,
		},
	};
	code = check_names(request, err);
	if (code)
		return code;
	if (elsewhere->host_root)
		return look_below(options, out, err);
	if (elsewhere->release || elsewhere->arch || options->config) {
		/* Then nothing depends on which release it is. */
		if (request->release || (options->object && options->btf && !options->payload))
			return 0;
		return error_set(err, -EINVAL, "which kernel? Name it: --release RELEASE, as uname -r "
				 "prints it there");
	}
	request->root = options->root;
	if (elsewhere->kernel && !is_running(elsewhere->kernel))
		return look_installed(options, out, err);
	request->scope = FACTS_RUNNING;
	request->release = NULL;
	return 0;
}
