/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/metrics.h"
#include "runtime/privileges.h"

#include "installer/live_sandbox.h"
#include "installer/samples.h"

enum { REASON_SIZE = 128 };

struct live_sandbox {
	char capabilities[PRIVILEGES_NAMES_SIZE];
	char kept_for[REASON_SIZE];
	bool no_new_privs, seccomp;
	int landlock;                /* ABI; 0: none */
};

static int number(const struct sample *sample, const char *label)
{
	char value[16];

	return atoi(sample_label(sample, label, value, sizeof(value)));
}

static bool read_sandbox(const char *metrics, struct live_sandbox *out)
{
	struct sample sample;

	if (!sample_find(metrics, METRIC_SANDBOX, &sample))
		return false;
	sample_label(&sample, "capabilities", out->capabilities, sizeof(out->capabilities));
	sample_label(&sample, "kept_for", out->kept_for, sizeof(out->kept_for));
	out->no_new_privs = number(&sample, "no_new_privs") == 1;
	out->seccomp = number(&sample, "seccomp") == 1;
	out->landlock = number(&sample, "landlock");
	return true;
}

static json_t *words_json(const char *words)
{
	json_t *list = json_array();
	size_t length;

	for (; *words; words += length + (words[length] == ' ')) {
		length = strcspn(words, " ");
		json_array_append_new(list, json_stringn(words, length));
	}
	return list;
}

void live_sandbox_add(const char *metrics, json_t *document)
{
	struct live_sandbox sandbox;
	json_t *object;

	if (!read_sandbox(metrics, &sandbox))
		return;
	object = json_pack("{s:o, s:b, s:b, s:o}", "capabilities", words_json(sandbox.capabilities),
			   "no_new_privs", sandbox.no_new_privs, "seccomp", sandbox.seccomp,
			   "landlock", sandbox.landlock ? json_integer(sandbox.landlock) : json_null());
	if (sandbox.kept_for[0])
		json_object_set_new(object, "kept_for", json_string(sandbox.kept_for));
	json_object_set_new(document, "sandbox", object);
}

void live_sandbox_print(const char *metrics)
{
	struct live_sandbox sandbox;

	if (!read_sandbox(metrics, &sandbox))
		return;
	printf("  kept: %s", sandbox.capabilities[0] ? sandbox.capabilities : "no capability");
	if (sandbox.kept_for[0])
		printf(" (%s)", sandbox.kept_for);
	printf("; no_new_privs %s, seccomp %s, ", sandbox.no_new_privs ? "on" : "off",
	       sandbox.seccomp ? "on" : "off");
	if (sandbox.landlock)
		printf("landlock ABI %d\n", sandbox.landlock);
	else
		printf("landlock off\n");
}
