/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <csv.h>

#include "lib/file.h"

#include "btfpack/inventory.h"

enum { INVENTORY_MAX_SIZE = 1024 * 1024 * 1024, VALUE_SIZE = 512 };

enum column { HOST, ID, VERSION_ID, ARCH, RELEASE, BUILD, BTF, COLUMNS };

static const char *const NAMES[COLUMNS] = {
	[HOST] = "host", [ID] = "id", [VERSION_ID] = "version_id", [ARCH] = "arch",
	[RELEASE] = "release", [BUILD] = "build", [BTF] = "btf",
};

/* One file that is read. */
struct reading {
	const char *path;
	inventory_take take;
	void *context;
	struct error *err;       /* with a code in it reading ends */
	size_t row;              /* in CSV the line of the table, in JSON the number of the document */
	size_t header_columns, column; /* of CSV */
	int *columns;            /* of CSV: what each column of the file is; -1: something else */
	size_t column_capacity;
	char values[COLUMNS][VALUE_SIZE]; /* of one host; "" where it says nothing */
};

static int fail(struct reading *reading, int code, const char *what, const char *value)
{
	return error_set(reading->err, code, "%s: %s %zu: %s%.100s", reading->path,
			 reading->columns ? "row" : "host", reading->row, what, value);
}

static bool is_word(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strcasecmp(text, *words) == 0)
			return true;
	return false;
}

/* Whether /sys/kernel/btf/vmlinux is there; "" says nothing. */
static int read_btf(struct reading *reading, const char *text, struct facts *facts)
{
	static const char *const YES[] = { "yes", "true", "1", NULL };
	static const char *const NO[] = { "no", "false", "0", NULL };

	if (!*text)
		return 0;
	if (!is_word(text, YES) && !is_word(text, NO))
		return fail(reading, -EBADMSG, "btf is neither yes nor no: ", text);
	facts->kernel_has_btf = is_word(text, YES) ? probe_yes() : probe_no(ENOENT);
	facts->btf_source = facts->kernel_has_btf;
	if (is_word(text, YES))
		snprintf(facts->btf_source_path, sizeof(facts->btf_source_path),
			 "/sys/kernel/btf/vmlinux");
	return 0;
}

static int copy(struct reading *reading, enum column column, char *out, size_t size)
{
	const char *value = reading->values[column];

	if (strlen(value) >= size)
		return fail(reading, -EBADMSG, "too long: ", value);
	strcpy(out, value);
	return 0;
}

/* Names of kernels stand in commands that people copy: nothing in them may mean something there. */
static bool is_name(const char *text)
{
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+~-")] ==
	       '\0' && text[0] != '-';
}

static int hand_over(struct reading *reading, const struct inventory_host *host)
{
	if (!is_name(host->facts->arch))
		return fail(reading, -EBADMSG, "is no architecture: ", host->facts->arch);
	if (!is_name(host->facts->release))
		return fail(reading, -EBADMSG, "is no kernel release: ", host->facts->release);
	return reading->take(host, reading->context, reading->err);
}

static int take_plain(struct reading *reading)
{
	struct facts facts = { .scope = FACTS_FILES, .recorded = true };
	const struct inventory_host host = { reading->values[HOST], true, &facts, NULL };
	struct inventory_host unnamed = host;
	char arch[sizeof(facts.arch)], name[512];
	int code;

	code = copy(reading, ID, facts.os.id, sizeof(facts.os.id));
	if (!code)
		code = copy(reading, VERSION_ID, facts.os.version_id, sizeof(facts.os.version_id));
	if (!code)
		code = copy(reading, ARCH, arch, sizeof(arch));
	if (!code)
		code = copy(reading, RELEASE, facts.release, sizeof(facts.release));
	if (!code)
		code = copy(reading, BUILD, facts.build, sizeof(facts.build));
	if (!code)
		code = read_btf(reading, reading->values[BTF], &facts);
	if (code)
		return code;
	if (!arch[0] || !facts.release[0])
		return fail(reading, -EBADMSG, "has no ", NAMES[arch[0] ? RELEASE : ARCH]);
	snprintf(facts.arch, sizeof(facts.arch), "%s", facts_arch_of_machine(arch));
	snprintf(facts.machine, sizeof(facts.machine), "%s", facts_machine_of_arch(facts.arch));
	if (*host.name)
		return hand_over(reading, &host);
	snprintf(name, sizeof(name), "%.400s:%zu", reading->path, reading->row);
	unnamed.name = name;
	unnamed.has_name = false;
	return hand_over(reading, &unnamed);
}

static void forget_values(struct reading *reading)
{
	memset(reading->values, 0, sizeof(reading->values));
}

/* Of two columns of one name the first counts. */
static int set_value(struct reading *reading, int column, const char *text)
{
	size_t length = strlen(text);

	if (column < 0 || reading->values[column][0])
		return 0;
	if (length >= VALUE_SIZE)
		return fail(reading, -EBADMSG, "too long: ", text);
	memcpy(reading->values[column], text, length + 1);
	return 0;
}

/* The column of this name; -1: none that counts. */
static int find_column(const char *name)
{
	size_t i;

	for (i = 0; i < COLUMNS; i++)
		if (strcasecmp(name, NAMES[i]) == 0)
			return (int)i;
	return -1;
}

/* libcsv calls these two; fields are terminated. */
static void take_field(void *field, size_t size, void *context)
{
	struct reading *reading = context;
	const char *text = field ? field : "";

	if (reading->err->code)
		return;
	if (size != strlen(text)) {
		fail(reading, -EBADMSG, "has a byte 0", "");
	} else if (reading->row == 1) {
		if (array_grow(&reading->columns, reading->header_columns, &reading->column_capacity))
			error_errno(reading->err, -ENOMEM, "%s", reading->path);
		else
			reading->columns[reading->header_columns++] = find_column(text);
	} else if (reading->column >= reading->header_columns) {
		fail(reading, -EBADMSG, "has more fields than the header, from this on: ", text);
	} else {
		set_value(reading, reading->columns[reading->column++], text);
	}
}

static bool has_column(const struct reading *reading, enum column column)
{
	size_t i;

	for (i = 0; i < reading->header_columns; i++)
		if (reading->columns[i] == (int)column)
			return true;
	return false;
}

static void take_row(int end, void *context)
{
	struct reading *reading = context;

	(void)end;
	if (reading->err->code)
		return;
	if (reading->row == 1) {
		if (!has_column(reading, ARCH) || !has_column(reading, RELEASE))
			error_set(reading->err, -EBADMSG, "%s: is no inventory: a JSON document, or CSV whose "
				  "first line names the columns, arch and release among them",
				  reading->path);
	} else {
		take_plain(reading);
	}
	forget_values(reading);
	reading->column = 0;
	reading->row++;
}

static int read_csv(struct reading *reading, struct slice text)
{
	struct csv_parser parser;
	int problem;

	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL))
		return error_errno(reading->err, -ENOMEM, "%s", reading->path);
	reading->row = 1;
	if (csv_parse(&parser, text.data, text.size, take_field, take_row, reading) == text.size)
		csv_fini(&parser, take_field, take_row, reading);
	problem = csv_error(&parser);
	if (!reading->err->code && problem)
		fail(reading, problem == CSV_ENOMEM ? -ENOMEM : -EBADMSG, "is no CSV: ",
		     csv_strerror(problem));
	if (!reading->err->code && reading->row == 1)
		error_set(reading->err, -EBADMSG, "%s: is empty", reading->path);
	csv_free(&parser);
	forget_values(reading);
	free(reading->columns);
	return reading->err->code;
}

/* "web1" of "facts/web1.json": documents of facts do not name their host. */
static void name_of_file(const struct reading *reading, bool alone, char *name, size_t size)
{
	const char *base = strrchr(reading->path, '/');
	size_t length;

	base = base ? base + 1 : reading->path;
	length = strlen(base);
	if (length > 5 && strcmp(base + length - 5, ".json") == 0)
		length -= 5;
	if (alone)
		snprintf(name, size, "%.*s", (int)length, base);
	else
		snprintf(name, size, "%.*s:%zu", (int)length, base, reading->row);
}

static int take_facts(struct reading *reading, const json_t *document, bool alone)
{
	struct inventory_host host = { .document = document };
	const char *named = json_string_value(json_object_get(document, "host"));
	struct facts facts;
	char name[512];
	int code;

	code = facts_from_json(document, &facts, reading->err);
	if (code)
		return error_wrap(reading->err, "%s: host %zu", reading->path, reading->row);
	name_of_file(reading, alone, name, sizeof(name));
	host.name = named ? named : name;
	host.has_name = named || alone;
	host.facts = &facts;
	code = hand_over(reading, &host);
	facts_free(&facts);
	return code;
}

static int take_object(struct reading *reading, const json_t *object, bool alone)
{
	const char *key;
	json_t *value;
	int code = 0;

	reading->row++;
	if (!json_is_object(object))
		return fail(reading, -EBADMSG, "is no JSON object", "");
	if (json_object_get(object, "schema"))
		return take_facts(reading, object, alone);
	json_object_foreach((json_t *)(uintptr_t)object, key, value) {
		int column = find_column(key);
		const char *text = json_is_boolean(value) ? (json_is_true(value) ? "yes" : "no") :
				   json_is_null(value) ? "" : json_string_value(value);

		if (column >= 0 && !code)
			code = text ? set_value(reading, column, text) :
			       fail(reading, -EBADMSG, "is no string: ", key);
	}
	if (!code)
		code = take_plain(reading);
	forget_values(reading);
	return code;
}

static size_t skip_space(struct slice text, size_t at)
{
	while (at < text.size && isspace(text.data[at]))
		at++;
	return at;
}

/* Documents one behind the other; one that is an array has a host in each item. */
static int read_json(struct reading *reading, struct slice text)
{
	size_t at = 0, i;
	int code = 0;

	while (!code && at < text.size) {
		json_error_t damage;
		json_t *document = json_loadb((const char *)text.data + at, text.size - at,
					      JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &damage);
		size_t end;

		if (!document)
			return error_set(reading->err, -EBADMSG, "%s: is no JSON behind byte %zu: line %d: %s",
					 reading->path, at, damage.line, damage.text);
		end = skip_space(text, at + (size_t)damage.position);
		if (json_is_array(document))
			for (i = 0; !code && i < json_array_size(document); i++)
				code = take_object(reading, json_array_get(document, i), false);
		else
			code = take_object(reading, document, at == skip_space(text, 0) && end == text.size);
		json_decref(document);
		at = end;
	}
	return code;
}

int inventory_parse(struct slice text, const char *name, inventory_take take, void *context,
		    struct error *err)
{
	static const uint8_t BOM[] = { 0xef, 0xbb, 0xbf };
	struct reading reading = { .path = name, .take = take, .context = context, .err = err };
	size_t start;

	err->code = 0;
	/* Spreadsheets put it in front of what they save. */
	if (text.size >= sizeof(BOM) && memcmp(text.data, BOM, sizeof(BOM)) == 0)
		text = slice_of(text.data + sizeof(BOM), text.size - sizeof(BOM));
	start = skip_space(text, 0);
	if (start < text.size && (text.data[start] == '{' || text.data[start] == '['))
		return read_json(&reading, text);
	return read_csv(&reading, text);
}

int inventory_read(const char *path, inventory_take take, void *context, struct error *err)
{
	bool standard = strcmp(path, "-") == 0;
	const char *name = standard ? "standard input" : path;
	struct buffer content = { 0 };
	int code;

	code = standard ? file_read_fd(STDIN_FILENO, name, INVENTORY_MAX_SIZE, &content, err) :
	       file_read(AT_FDCWD, path, INVENTORY_MAX_SIZE, &content, err);
	if (!code)
		code = inventory_parse(buffer_slice(&content), name, take, context, err);
	buffer_free(&content);
	return code;
}
