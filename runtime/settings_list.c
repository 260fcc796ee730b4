/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/console.h"
#include "lib/plain.h"
#include "loader/libbpf_log.h"

#include "runtime/inventory.h"
#include "runtime/settings_list.h"
#include "runtime/text.h"

#define STEP "run: --settings"

enum { SCHEMA = 1 };

static json_t *text(const char *bytes)
{
	return text_to_json(slice_of(bytes, strlen(bytes)));
}

static json_t *setting_json(const struct settable *setting)
{
	return json_pack("{s:s, s:s, s:o, s:o}", "name", setting->name, "type", setting->type,
			 "value", text(setting->value), "doc", text(setting->doc));
}

static int print_json(const char *object, const struct settable *settings, size_t count,
		      struct error *err)
{
	json_t *list = json_array(), *document;
	int code = list ? 0 : -ENOMEM;
	size_t i;

	for (i = 0; i < count && !code; i++)
		code = json_array_append_new(list, setting_json(&settings[i])) ? -ENOMEM : 0;
	document = json_pack("{s:i, s:o, s:o}", "schema", SCHEMA, "object", text(object), "settings",
			     list);
	if (code || !document)
		code = error_errno(err, -ENOMEM, "settings");
	else if (json_dumpf(document, stdout, JSON_INDENT(2)) || putchar('\n') == EOF)
		code = error_errno(err, -EIO, "standard output");
	json_decref(document);
	return code;
}

/* "NAME = VALUE", and below it what it is. */
static int append_lines(const struct settable *setting, struct buffer *out)
{
	const char *const parts[] = {
		setting->name, " = ", setting->value, "\n", "    ", setting->type,
		*setting->doc ? ": " : "", setting->doc, "\n",
	};
	size_t i;
	int code = 0;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]) && !code; i++)
		code = strcmp(parts[i], "\n") ?
		       plain_append_name(out, parts[i]) :
		       buffer_append(out, "\n", 1);
	return code;
}

static int print_text(const struct settable *settings, size_t count, struct error *err)
{
	struct buffer lines = { 0 };
	size_t i;
	int code = 0;

	for (i = 0; i < count && !code; i++)
		code = append_lines(&settings[i], &lines);
	if (code)
		error_errno(err, code, "settings");
	else if (lines.size && fwrite(lines.data, 1, lines.size, stdout) != lines.size)
		code = error_errno(err, -EIO, "standard output");
	buffer_free(&lines);
	return code;
}

static int list(const struct subject *subject, bool json, struct error *err)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = subject->name);
	const struct settings settings = request_settings(subject);
	struct bpf_object *object;
	struct settable *found = NULL;
	size_t count = 0;
	int code;

	object = bpf_object__open_mem(subject->bytes.data, subject->bytes.size, &opts);
	if (!object)
		return error_set(err, -EBADMSG, "%s: libbpf cannot read it: %s", subject->name,
				 strerror(errno));
	code = settings_apply(object, &settings, err);
	if (!code)
		code = settings_list(object, &found, &count, err);
	if (!code && count == 0)
		console_note(STEP ": %s: has none", subject->name);
	if (!code)
		code = json ? print_json(subject->name, found, count, err) :
		       print_text(found, count, err);
	settings_free(found, count);
	bpf_object__close(object);
	return code;
}

enum exit_status run_settings(const struct run_options *options, bool json)
{
	enum exit_status status = STATUS_DONE;
	struct error err = ERROR_NONE;
	struct inventory inventory;
	struct subject subject;
	int code;

	libbpf_log_start(LIBBPF_LOG_SILENT);
	code = inventory_gather(options, &inventory, &err);
	if (code) {
		status = inventory_status(&inventory, code, &err);
	} else {
		subject = inventory_subject(&inventory, NULL);
		code = list(&subject, json, &err);
		status = code == -EINVAL ? STATUS_USAGE : error_status(code);
	}
	inventory_free(&inventory);
	if (status)
		console_fail(STEP, &err);
	return status;
}
