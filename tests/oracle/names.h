/* SPDX-License-Identifier: BSD-2-Clause */
/* Few names, so that types meet. */
#ifndef TESTS_ORACLE_NAMES_H
#define TESTS_ORACLE_NAMES_H

#include <stdint.h>

enum { TYPE_NAMES = 12, MEMBER_NAMES = 6, VALUE_NAMES = 4 };

/* The i-th name, counted round. */
const char *type_name(uint32_t i);
const char *member_name(uint32_t i);
const char *value_name(uint32_t i);

/* The name of a type without its flavour. */
const char *plain_name(const char *name);

#endif
