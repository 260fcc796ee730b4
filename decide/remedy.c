/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "decide/remedy.h"

void remedy_no_btf(const struct facts *facts, const char *app, char *text, size_t size)
{
	snprintf(text, size,
		 "Build for it on its host: `%s build --kernel %s`, and where that lacks something, `%s "
		 "build --print --kernel %s` says what to type. Or pack it for all hosts that have it: "
		 "with its debug information, on the build host, `btfpack import -o ARCHIVE VMLINUX`, "
		 "then `btfpack build -a ARCHIVE -o %s.run MANIFEST`; here, `%s install` of that. Or name "
		 "a file: BTFERRY_BTF_FILE=FILE with BTF of exactly this kernel, or BTFERRY_BPF_FILE=FILE "
		 "with an object compiled for it without CO-RE.",
		 app, facts->release, app, facts->release, app, app);
}

void remedy_wrong_btf(enum plan_btf btf, const char *path, const char *release, char *text,
		      size_t size)
{
	switch (btf) {
	case BTF_GIVEN:
		snprintf(text, size, "Name the BTF of this very kernel (%s), or none: %.500s is another "
			 "one's.", release, path);
		break;
	case BTF_STORED:
		snprintf(text, size, "Pack the BTF of this very build of %s, or name it: "
			 "BTFERRY_BTF_FILE=FILE.", release);
		break;
	default:
		snprintf(text, size, "Put this kernel's own in the place of %.500s, or name it: "
			 "BTFERRY_BTF_FILE=FILE.", path);
		break;
	}
}

void remedy_wrong_build(const char *app, char *text, size_t size)
{
	snprintf(text, size, "Build it again, with headers of the very kernel that runs: `%s build`.",
		 app);
}
