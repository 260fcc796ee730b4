/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a kernel's own BTF is: what it exposes itself, and where libbpf looks when it does not. */
#ifndef HOST_BTF_SOURCES_H
#define HOST_BTF_SOURCES_H

#include "host/facts.h"

/*
 * Fills kernel_has_btf, kernel_btf_problem, btf_source and btf_source_path; needs release and
 * build.
 */
void btf_sources_probe(int root_fd, struct facts *facts);

/*
 * The same for a kernel that does not run: it will expose its BTF if it was built for that, as its
 * configuration says.  root_fd negative: no place is looked at.
 */
void btf_sources_expect(int root_fd, struct facts *facts);

/*
 * The file with BTF of a kernel that does not run, in libbpf's places below a root: fills path,
 * without its leading slash, for btf_file_read_below().  -ENOENT: there is none.
 */
int btf_sources_find(int root_fd, const char *release, char *path, size_t size);

#endif
