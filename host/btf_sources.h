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

#endif
