/* SPDX-License-Identifier: BSD-2-Clause */
/* Parts of object_open(), each with what it reads; core/ only. */
#ifndef CORE_OBJECT_PARTS_H
#define CORE_OBJECT_PARTS_H

#include "core/elf_image.h"
#include "core/object.h"

/* Maps and externs, which BTF declares as variables of named sections. */
int object_read_declarations(struct object *object, const struct elf_image *image,
			     struct error *err);

/* Functions in .text, and what instructions refer to. */
int object_read_references(struct object *object, const struct elf_image *image,
			   struct error *err);

/* The CO-RE relocations of .BTF.ext; none when there is no such section. */
int object_read_relos(struct object *object, const struct elf_image *image, struct error *err);

#endif
