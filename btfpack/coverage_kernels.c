/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/console.h"

#include "btfpack/coverage_kernels.h"

int coverage_kernels_read(const char *const *archives, size_t count, const struct reloset *set,
			  bool (*wanted)(const struct btf_archive_entry *entry, const void *context),
			  const void *context, struct pack_options options,
			  struct coverage_kernels *out, struct error *err)
{
	size_t i;
	int code;

	options.wanted = wanted;
	options.context = context;
	code = btf_archive_list(archives, count, &out->archive, err);
	if (code)
		return code;
	for (i = 0; i < out->archive.ignored_count; i++)
		console_note("%s: %s: left out: %s", options.step, out->archive.ignored[i].path,
			     out->archive.ignored[i].why);
	code = pack_reduce(&out->pack, set, &out->archive, &options, err);
	if (!code && out->pack.skipped && !options.keep_going)
		code = error_set(err, -EBADMSG, "%zu of %zu BTF files cannot be used; replace them or leave "
				 "them out with --keep-going", out->pack.skipped, out->archive.entry_count);
	if (!code && !out->pack.kernel_count)
		code = error_set(err, -ENOENT, "the archives hold no BTF for the objects' architectures");
	return code;
}

/* Files each stored BTF under its class; *classes has the class of each. */
static int file_btfs(const struct payload *payload, const struct reloset *set, struct pack *pack,
		     size_t **classes, struct error *err)
{
	size_t count = payload_btf_count(payload), i;
	struct buffer raw = { 0 }, none = { 0 };
	int code = 0;

	*classes = calloc(count + 1, sizeof(**classes));
	if (!*classes)
		return error_errno(err, -ENOMEM, "payload");
	for (i = 0; i < count && !code; i++) {
		struct btf_view view = { 0 };
		struct answers answers = { 0 };

		raw.size = 0;
		code = payload_btf(payload, (uint32_t)i, &raw, err);
		if (!code)
			code = btf_view_open(&view, buffer_slice(&raw), err);
		if (!code)
			code = answers_resolve(set, &view, &answers, err);
		btf_view_close(&view);
		if (!code && pack_file_under_class(pack, &none, &answers, &(*classes)[i])) {
			answers_free(&answers);
			code = error_errno(err, -ENOMEM, "payload");
		}
	}
	buffer_free(&raw);
	return code;
}

int coverage_kernels_of_payload(const struct payload *payload, const struct reloset *set,
				struct coverage_kernels *out, struct error *err)
{
	size_t count = payload_kernel_count(payload), i, *classes = NULL;
	struct pack *pack = &out->pack;
	int code = file_btfs(payload, set, pack, &classes, err);

	out->packed = code ? NULL : calloc(count + 1, sizeof(*out->archive.entries));
	pack->kernels = code ? NULL : calloc(count + 1, sizeof(*pack->kernels));
	if (!code && (!out->packed || !pack->kernels))
		code = error_errno(err, -ENOMEM, "payload");
	for (i = 0; i < count && !code; i++) {
		const struct payload_kernel kernel = payload_kernel(payload, i);

		/* One that cannot be read has no BTF. */
		if (kernel.btf >= payload_btf_count(payload)) {
			code = error_set(err, -EBADMSG, "the payload is damaged; `btfpack verify` says where");
			break;
		}
		out->packed[i] = (struct btf_archive_entry){
			.key = { kernel.distro, kernel.version_id, kernel.arch, kernel.release },
			.build = kernel.build[0] ? kernel.build : NULL,
		};
		pack->kernels[i] = (struct pack_kernel){
			.entry = &out->packed[i],
			.full_btf = kernel.full_btf,
			.class = classes[kernel.btf],
		};
		pack->kernel_count++;
	}
	free(classes);
	return code;
}

void coverage_kernels_free(struct coverage_kernels *kernels)
{
	pack_free(&kernels->pack);
	btf_archive_free(&kernels->archive);
	free(kernels->packed);
	*kernels = (struct coverage_kernels){ 0 };
}

static int by_key(const void *a, const void *b)
{
	const struct btf_archive_key *key = a;
	const struct pack_kernel *kernel = b;

	return btf_archive_key_compare(key, &kernel->entry->key);
}

size_t *coverage_kernels_places(const struct coverage_kernels *kernels,
				const struct payload *payload)
{
	const struct pack *pack = &kernels->pack;
	size_t count = payload_kernel_count(payload), i;
	size_t *places = calloc(count + 1, sizeof(*places));

	for (i = 0; places && i < count; i++) {
		const struct payload_kernel kernel = payload_kernel(payload, i);
		const struct btf_archive_key key = { kernel.distro, kernel.version_id, kernel.arch,
						     kernel.release };
		const struct pack_kernel *found;

		/* Those that were taken from it stand in its order, the archive's in that of keys. */
		if (kernels->packed) {
			places[i] = i;
			continue;
		}
		found = bsearch(&key, pack->kernels, pack->kernel_count, sizeof(*pack->kernels), by_key);
		places[i] = found ? (size_t)(found - pack->kernels) : SIZE_MAX;
	}
	return places;
}
