/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>

#include "decide/finding.h"

const char *failure_class_name(enum failure_class class)
{
	static const char *const NAMES[] = {
		[CLASS_NONE] = "NONE",
		[CLASS_MISSING_BTF] = "MISSING_BTF",
		[CLASS_CORE_RELOCATION] = "CORE_RELOCATION_FAILURE",
		[CLASS_MAP_TYPE] = "UNSUPPORTED_MAP_TYPE",
		[CLASS_PROGRAM_TYPE] = "UNSUPPORTED_PROGRAM_TYPE",
		[CLASS_ATTACH_TYPE] = "UNSUPPORTED_ATTACH_TYPE",
		[CLASS_CAPABILITY] = "CAPABILITY_FAILURE",
		[CLASS_POLICY] = "POLICY_DENIED",
		[CLASS_VERIFIER] = "VERIFIER_REJECTION",
		[CLASS_UNKNOWN] = "UNKNOWN",
	};

	return NAMES[class];
}

void finding_set(struct finding *finding, enum answer answer, enum failure_class class,
		 const char *format, ...)
{
	va_list args;

	finding->answer = answer;
	finding->class = class;
	va_start(args, format);
	vsnprintf(finding->reason, sizeof(finding->reason), format, args);
	va_end(args);
}

void finding_advise(struct finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(finding->remedy, sizeof(finding->remedy), format, args);
	va_end(args);
}
