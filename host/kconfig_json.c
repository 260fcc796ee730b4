/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/kconfig_json.h"
#include "host/probe_json.h"

/* What loading, attaching and firing of BPF programs depend on. */
const char *const facts_options[] = {
	"CONFIG_BPF", "CONFIG_BPF_SYSCALL", "CONFIG_BPF_JIT", "CONFIG_BPF_JIT_ALWAYS_ON",
	"CONFIG_BPF_JIT_DEFAULT_ON", "CONFIG_HAVE_EBPF_JIT", "CONFIG_BPF_UNPRIV_DEFAULT_OFF",
	"CONFIG_BPF_EVENTS", "CONFIG_BPF_LSM", "CONFIG_BPF_KPROBE_OVERRIDE", "CONFIG_BPF_STREAM_PARSER",
	"CONFIG_CGROUP_BPF", "CONFIG_CGROUPS", "CONFIG_NET_CLS_BPF", "CONFIG_NET_ACT_BPF",
	"CONFIG_NET_CLS_ACT", "CONFIG_NET_SCH_INGRESS", "CONFIG_LWTUNNEL_BPF", "CONFIG_XDP_SOCKETS",
	"CONFIG_NETFILTER_BPF_LINK", "CONFIG_BPF_LIRC_MODE2", "CONFIG_INET", "CONFIG_NET",
	"CONFIG_IPV6", "CONFIG_DEBUG_INFO_BTF", "CONFIG_DEBUG_INFO_BTF_MODULES", "CONFIG_DEBUG_INFO",
	"CONFIG_KPROBES", "CONFIG_KRETPROBES", "CONFIG_KPROBE_EVENTS", "CONFIG_OPTPROBES",
	"CONFIG_UPROBES", "CONFIG_UPROBE_EVENTS", "CONFIG_FPROBE", "CONFIG_TRACING",
	"CONFIG_TRACEPOINTS", "CONFIG_FTRACE", "CONFIG_FTRACE_SYSCALLS", "CONFIG_FUNCTION_TRACER",
	"CONFIG_DYNAMIC_FTRACE", "CONFIG_DYNAMIC_FTRACE_WITH_ARGS",
	"CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS", "CONFIG_FUNCTION_ERROR_INJECTION",
	"CONFIG_PERF_EVENTS", "CONFIG_KALLSYMS", "CONFIG_KALLSYMS_ALL", "CONFIG_MODULES",
	"CONFIG_SECURITY", "CONFIG_SECURITYFS", "CONFIG_SECURITY_LOCKDOWN_LSM", "CONFIG_LSM",
	"CONFIG_SECCOMP_FILTER", "CONFIG_IKCONFIG", "CONFIG_IKCONFIG_PROC", "CONFIG_MEMCG",
	"CONFIG_HZ", "CONFIG_PREEMPT_RT", "CONFIG_X86_KERNEL_IBT", "CONFIG_LTO_CLANG",
	NULL,
};

struct writer {
	json_t *options;
	bool failed;
};

/* As Kconfig writes it: a text in quotes, with backslashes before quotes and backslashes. */
static json_t *value_to_json(const struct kconfig_option *option)
{
	const char *at = option->value;
	json_t *json = NULL;
	char *text, *out;

	if (option->state == KCONFIG_ABSENT)
		return json_null();
	if (option->state != KCONFIG_TEXT)
		return bytes_to_json(option->value);
	out = text = malloc(2 * strlen(at) + 3);
	if (!text)
		return NULL;
	*out++ = '"';
	for (; *at; at++) {
		if (*at == '"' || *at == '\\')
			*out++ = '\\';
		*out++ = *at;
	}
	*out++ = '"';
	*out = '\0';
	json = bytes_to_json(text);
	free(text);
	return json;
}

static int write_option(const char *name, const struct kconfig_option *option, void *context)
{
	struct writer *writer = context;

	writer->failed |= json_object_set_new(writer->options, name, value_to_json(option)) != 0;
	return writer->failed ? -ENOMEM : 0;
}

static void write_options(const struct facts *facts, bool whole, struct writer *writer)
{
	const char *const *name;

	if (whole) {
		kconfig_each(facts->kconfig, write_option, writer);
		return;
	}
	for (name = facts_options; facts->kconfig && *name; name++) {
		struct kconfig_option option = kconfig_find(facts->kconfig, *name);

		if (option.state != KCONFIG_UNKNOWN)
			write_option(*name, &option, writer);
	}
}

json_t *kconfig_to_json(const struct facts *facts, bool whole)
{
	struct writer writer = { .options = json_object() };
	char name[16];

	if (writer.options)
		write_options(facts, whole, &writer);
	if (!writer.options || writer.failed) {
		json_decref(writer.options);
		return NULL;
	}
	return json_pack("{s:o, s:s*, s:b, s:o}", "path", bytes_to_json(facts->kconfig_path), "errno",
			 errno_to_text(facts->kconfig_error, name), "complete",
			 whole && kconfig_is_complete(facts->kconfig), "options", writer.options);
}

/* Lets the parser of configurations read a value. */
static int add_option(struct kconfig *kconfig, const char *name, const json_t *value,
		      struct error *err)
{
	const char *text = json_string_value(value);
	int code;

	if (json_is_null(value))
		code = kconfig_add(kconfig, name, NULL);
	else
		code = text ? kconfig_add(kconfig, name, text) : -EBADMSG;
	if (code == -EBADMSG)
		return error_set(err, code, "kconfig.options.%s: is no value of an option", name);
	return code ? error_errno(err, code, "kconfig.options.%s", name) : 0;
}

int kconfig_from_json(const json_t *document, struct facts *out, struct error *err)
{
	const json_t *options = json_object_get(document, "options"), *value;
	const json_t *path = json_object_get(document, "path");
	const char *name;
	void *at;
	int code;

	if (!document)
		return 0;
	if (!json_is_object(document) || !json_is_object(options))
		return error_set(err, -EBADMSG, "kconfig.options: is no object");
	code = text_from_json(path, "kconfig.path", out->kconfig_path, sizeof(out->kconfig_path), err);
	if (!code)
		code = errno_from_json(json_object_get(document, "errno"), "kconfig",
				       &out->kconfig_error, err);
	if (code || out->kconfig_error)
		return code;
	out->kconfig = kconfig_new(json_is_true(json_object_get(document, "complete")));
	if (!out->kconfig)
		return error_errno(err, -ENOMEM, "kconfig");
	/* Iterating changes nothing, though jansson takes a pointer that could. */
	for (at = json_object_iter((json_t *)(uintptr_t)options); !code && at;
	     at = json_object_iter_next((json_t *)(uintptr_t)options, at)) {
		name = json_object_iter_key(at);
		value = json_object_iter_value(at);
		code = add_option(out->kconfig, name, value, err);
	}
	return code;
}
