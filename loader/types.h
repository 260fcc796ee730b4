/* SPDX-License-Identifier: BSD-2-Clause */
/* What the types in an object's BTF are called and mean, for settings and for events. */
#ifndef LOADER_TYPES_H
#define LOADER_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bpf/btf.h>

enum { ENUM_SHORT_SIZE = 128 };

/* The text at an offset of the BTF's strings; "" where there is none. */
const char *type_text(const struct btf *btf, uint32_t offset);

/* True for `char`, which strings are made of; `__u8` and the like are bytes. */
bool type_is_char(const struct btf *btf, const struct btf_type *type);

/* The enumerators of an enum of up to 8 bytes; a value has as many bits as the enum. */
const char *enum_name(const struct btf *btf, const struct btf_type *type, uint16_t i);
uint64_t enum_value(const struct btf_type *type, uint16_t i);

/*
 * How many characters at the start of their names all enumerators share, up to and with an
 * underscore.  Of `enum event_type` it is "EVENT_", so that a short name is the event's.  Names
 * that begin with two underscores do not count.
 */
size_t enum_prefix(const struct btf *btf, const struct btf_type *type);

/* An enumerator's name without that prefix where it has it, in lower case; returns text. */
char *enum_short(const char *name, size_t prefix, char text[static ENUM_SHORT_SIZE]);

#endif
