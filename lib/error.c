/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/plain.h"

#include "lib/error.h"

static void record(struct error *err, int code, const char *format, va_list args)
{
	char text[sizeof(err->text)];

	err->code = code;
	vsnprintf(text, sizeof(text), format, args);
	plain_copy(err->text, sizeof(err->text), text);
}

int (error_set)(struct error *err, int code, const char *format, ...)
{
	va_list args;

	if (!err)
		return code;
	va_start(args, format);
	record(err, code, format, args);
	va_end(args);
	return code;
}

int (error_errno)(struct error *err, int code, const char *format, ...)
{
	va_list args;
	size_t used;

	if (!err)
		return code;
	va_start(args, format);
	record(err, code, format, args);
	va_end(args);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %s", strerror(-code));
	return code;
}

int error_wrap(struct error *err, const char *format, ...)
{
	struct error inner;
	va_list args;
	size_t used;

	if (!err)
		return -EIO;
	inner = *err;
	va_start(args, format);
	record(err, inner.code, format, args);
	va_end(args);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %s", inner.text);
	return inner.code;
}

enum exit_status error_status(int code)
{
	switch (-code) {
	case 0:
		return STATUS_DONE;
	case EBADMSG:
	case EKEYREJECTED: /* unsigned, by a policy that wants it signed */
	case ENOTSUP:
	case EISDIR: /* a directory where a file was wanted */
		return STATUS_DAMAGED;
	case EPERM:
	case EACCES:
		return STATUS_BLOCKED;
	default:
		return STATUS_SYSTEM;
	}
}
