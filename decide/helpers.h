/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of the kernel's helper functions, which programs call by number. */
#ifndef DECIDE_HELPERS_H
#define DECIDE_HELPERS_H

#include <stdbool.h>
#include <stdint.h>

/* "helper NAME" where the verifier needs the kernel's own BTF for a call of it; else NULL. */
const char *helper_kernel_btf(uint32_t id);

/* True for a helper that every kernel keeps from programs whose licence is not GPL-compatible. */
bool helper_is_gpl_only(uint32_t id);

/* What the kernel takes for GPL-compatible (license_is_gpl_compatible()). */
bool license_is_gpl(const char *license);

#endif
