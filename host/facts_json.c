/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "host/facts.h"

static json_t *probe_json(struct probe probe)
{
	static const char *const answers[] = {
		[TRUTH_UNKNOWN] = "unknown", [TRUTH_YES] = "yes", [TRUTH_NO] = "no",
	};
	const char *name = probe.error ? strerrorname_np(probe.error) : NULL;

	/* "s*" leaves a NULL out. */
	return json_pack("{s:s, s:s*}", "answer", answers[probe.truth], "errno", name);
}

static json_t *options_json(const struct facts *facts)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; list && i < FACTS_OPTIONS; i++) {
		const struct kconfig_option *option = &facts->options[i];
		json_t *item = json_pack("{s:s, s:o, s:s}", "name", option->name, "set",
					 probe_json(option->set), "value", option->value);

		if (json_array_append_new(list, item)) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

/* A string of bytes from outside: json_pack() refuses what is no UTF-8. */
static json_t *text_json(const char *text)
{
	json_t *string = json_string(text);

	return string ? string : json_string("");
}

static json_t *os_json(const struct os_release *os)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "id", text_json(os->id), "version_id",
			 text_json(os->version_id), "id_like", text_json(os->id_like), "pretty_name",
			 text_json(os->pretty_name));
}

json_t *facts_to_json(const struct facts *facts)
{
	return json_pack(
		"{s:s, s:s, s:s, s:s, s:o, s:{s:o, s:s, s:o, s:s}, s:{s:s, s:o},"
		" s:{s:o, s:o, s:o, s:o, s:o, s:o}}",
		"arch", facts->arch, "machine", facts->machine, "release", facts->release,
		"build", facts->build, "os", os_json(&facts->os),
		"btf", "kernel", probe_json(facts->kernel_has_btf),
		"kernel_problem", facts->kernel_btf_problem, "source", probe_json(facts->btf_source),
		"source_path", facts->btf_source_path,
		"kconfig", "path", facts->kconfig_path, "options", options_json(facts),
		"probes", "bpf_syscall", probe_json(facts->bpf_syscall),
		"ringbuf", probe_json(facts->ringbuf), "cap_bpf", probe_json(facts->cap_bpf),
		"lockdown", probe_json(facts->lockdown), "tracefs", probe_json(facts->tracefs),
		"secure_exec", probe_json(facts->secure_exec));
}
