/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The recipe for where no compiler may enter production.  The .run is a static program with all
 * that it needs in it, so that it works in any image.
 */
#include <errno.h>
#include <string.h>

#include "builder/routes.h"

/* The platform of a container image (the OCI image index' architecture) of a machine. */
static const char *platform_of(const char *machine)
{
	static const struct { const char *machine, *platform; } PLATFORMS[] = {
		{ "x86_64", "amd64" }, { "aarch64", "arm64" }, { "i686", "386" }, { "i386", "386" },
		{ "armv7l", "arm" }, { "ppc64le", "ppc64le" }, { "s390x", "s390x" },
		{ "riscv64", "riscv64" },
	};
	size_t i;

	for (i = 0; i < sizeof(PLATFORMS) / sizeof(PLATFORMS[0]); i++)
		if (strcmp(machine, PLATFORMS[i].machine) == 0)
			return PLATFORMS[i].platform;
	return machine;
}

static void write_usage(const struct routes *routes, bool carried, FILE *out)
{
	const struct instructions_request *request = routes->request;
	const char *app = request->app, *release = request->release;

	fprintf(out, "# Builds %s for kernel %s (%s) on another machine than its host.\n", app, release,
		request->machine);
	fprintf(out, "# In a folder with this file as Containerfile, %s's .run as %s.run%s:\n", app, app,
		carried ? ", and headers.tar.gz" : "");
	fprintf(out, "#     podman build --platform linux/%s -t %s-build -f Containerfile .\n",
		platform_of(request->machine), app);
	fprintf(out, "#     podman run --rm %s-build >%s-%s.bpf.o\n", app, app, release);
	fprintf(out, "# (or docker, with the same words). On the host:\n");
	fprintf(out, "#     %s%s%s install --object %s-%s.bpf.o\n",
		request->is_root ? "" : routes->recipe.become_root, request->is_root ? "" : " ",
		request->command, app, release);
	if (!carried)
		return;
	if (routes->recipe.headers[0])
		fprintf(out, "# headers.tar.gz is made where the headers of this kernel are:\n"
			"#     tar -czf headers.tar.gz -C / %s\n", routes->recipe.carried);
	else
		fprintf(out, "# headers.tar.gz holds the kernel's source tree, prepared as `%s build "
			"--print` says, as the folder linux:\n"
			"#     tar -czf headers.tar.gz --transform='s,^\\.,linux,' .\n", app);
}

static void write_recipe(const struct routes *routes, bool carried, FILE *out)
{
	const struct recipe *recipe = &routes->recipe;
	const char *app = routes->request->app, *release = routes->request->release;

	if (carried)
		fprintf(out, "FROM docker.io/library/debian:12\n"
			"RUN apt-get update && apt-get install -y --no-install-recommends clang llvm\n"
			"ADD headers.tar.gz /\n");
	else
		fprintf(out, "FROM %s\nRUN %s%s%s %s %s\n", recipe->image,
			recipe->refresh ? recipe->refresh : "", recipe->refresh ? " && " : "",
			recipe->install, recipe->headers, recipe->compiler);
	fprintf(out, "COPY %s.run /usr/local/bin/%s\n", app, app);
	fprintf(out, "RUN chmod 755 /usr/local/bin/%s && \\\n"
		"    %s build --kernel %s --headers %s --out /%s.bpf.o\n", app, app, release,
		recipe->headers[0] ? recipe->folder : "/linux", app);
	fprintf(out, "CMD [\"cat\", \"/%s.bpf.o\"]\n", app);
}

int instructions_write_container(const struct instructions_request *request, FILE *out,
				 struct error *err)
{
	struct routes routes;
	int code = routes_find(request, &routes, err);
	bool carried;

	if (code)
		return code;
	carried = container_takes_headers(&routes.recipe);
	write_usage(&routes, carried, out);
	write_recipe(&routes, carried, out);
	return fflush(out) || ferror(out) ? error_errno(err, -EIO, "Containerfile") : 0;
}
