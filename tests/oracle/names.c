/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "tests/oracle/names.h"

/* Each row: a name, then what asks for it, or looks as if. */
static const char *const flavours[][3] = {
	{ "task", "task___old", "task___x___new" },
	{ "file", "file___v2", "file____no" },
	{ "list", "list___old", "list___" },
	{ "net", "net___x", "net___x_y" },
};

const char *type_name(uint32_t i)
{
	return flavours[i / 3 % 4][i % 3];
}

const char *member_name(uint32_t i)
{
	static const char *const names[MEMBER_NAMES] = { "p", "q", "r", "s", "t", "u" };

	return names[i % MEMBER_NAMES];
}

const char *value_name(uint32_t i)
{
	static const char *const names[VALUE_NAMES] = { "ONE", "TWO", "ONE___old", "FOUR" };

	return names[i % VALUE_NAMES];
}

const char *plain_name(const char *name)
{
	for (uint32_t i = 0; i < TYPE_NAMES; i++)
		if (strcmp(type_name(i), name) == 0)
			return type_name(i / 3 * 3);
	return name;
}
