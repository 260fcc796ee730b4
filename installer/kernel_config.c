/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "host/root.h"
#include "lib/console.h"
#include "loader/externs.h"

#include "installer/kernel_config.h"

/* As decide() asks: the verifier may have the BTF that the kernel does not show. */
static bool asks_of_hidden_btf(const struct needs *needs)
{
	size_t i;

	for (i = 0; i < needs->program_count; i++)
		if (needs->programs[i].kernel_btf_inside)
			return true;
	return false;
}

bool kernel_config_is_wanted(const struct kernel *kernel, const struct facts *facts,
			     const struct needs *needs)
{
	return !kernel->is_running || externs_ask(needs->object) ||
	       (facts->kernel_has_btf.truth != TRUTH_YES && asks_of_hidden_btf(needs));
}

static bool is_open_question(int code)
{
	return code == -EACCES || code == -EPERM || code == -EBADMSG || code == -EFBIG;
}

int kernel_config_read(struct kernel_config *out, const struct kernel *kernel, const char *root,
		       struct error *err)
{
	int root_fd = root_open(kernel->is_running ? NULL : root, err), code;

	*out = (struct kernel_config){ .error = ENOENT };
	if (root_fd < 0)
		return root_fd;
	code = kconfig_read(root_fd, kernel->release, kernel->is_running, out->path,
			    sizeof(out->path), &out->kconfig);
	close(root_fd);
	out->error = -code;
	if (!code || code == -ENOENT)
		return 0;
	error_errno(err, code, "%s%s", kernel->is_running || !root || !strcmp(root, "/") ? "" : root,
		    out->path);
	if (!is_open_question(code))
		return code;
	console_warn("kernel %s: its configuration cannot be used: %s", kernel->release, err->text);
	return 0;
}

int kernel_config_capture(const struct kernel_config *config, const struct object *object,
			  struct kernel *kernel, struct error *err)
{
	int code;

	if (config->kconfig)
		code = externs_write(object, config->kconfig, &kernel->options, err);
	else
		code = error_errno(err, -config->error, "no kernel configuration to be read");
	if (!code)
		kernel->options.size--; /* the NUL that is for libbpf */
	if (!code || code == -ENOMEM)
		return code;
	console_warn("kconfig/%s: left out: %s", kernel->release, err->text);
	buffer_free(&kernel->options);
	return 0;
}
