/* SPDX-License-Identifier: BSD-2-Clause */
/* Hosts out of folders: tests/hosts, whose README.md says what is in them. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/facts.h"
#include "tests/unit/needs.h"
#include "tests/unit/schema.h"

#define FOLDER "tests/hosts"

enum { FEWEST_HOSTS = 12 };

struct host_names {
	char machine[65], release[65], build[65];
};

static FILE *open_in(const char *host, const char *name)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), FOLDER "/%s/%s", host, name);
	file = fopen(path, "re");
	if (!file)
		fail_msg("%s: cannot be read", path);
	return file;
}

static void read_line(FILE *file, char line[static 65])
{
	if (!fgets(line, 65, file))
		fail_msg("uname: has too few lines");
	line[strcspn(line, "\n")] = '\0';
}

static json_t *facts_of(const char *host)
{
	struct host_names names;
	char root[512];
	const struct facts_request request = {
		.scope = FACTS_FILES, .root = root, .machine = names.machine,
		.release = names.release, .build = names.build,
	};
	struct error err = ERROR_NONE;
	FILE *file = open_in(host, "uname");
	struct facts facts, again;
	json_t *document, *copy;

	read_line(file, names.machine);
	read_line(file, names.release);
	read_line(file, names.build);
	fclose(file);
	snprintf(root, sizeof(root), FOLDER "/%s/root", host);
	if (facts_read(&request, &facts, &err))
		fail_msg("%s: %s", host, err.text);
	document = facts_to_json(&facts, false);
	assert_non_null(document);
	/* Whatever the host, what was read can be judged elsewhere. */
	if (facts_from_json(document, &again, &err))
		fail_msg("%s: %s", host, err.text);
	copy = facts_to_json(&again, false);
	assert_true(json_equal(document, copy));
	json_decref(copy);
	facts_free(&again);
	facts_free(&facts);
	return document;
}

static const json_t *at(const json_t *document, const char *path)
{
	char key[128];
	size_t length;

	for (; document && *path; path += length + (path[length] == '.')) {
		length = strcspn(path, ".");
		snprintf(key, sizeof(key), "%.*s", (int)length, path);
		document = json_object_get(document, key);
	}
	return document;
}

/* A value as `expect` writes it. */
static void spell(const json_t *value, char *text, size_t size)
{
	const json_t *number = json_object_get(value, "value");
	const char *answer = json_string_value(json_object_get(value, "answer"));
	const char *error = json_string_value(json_object_get(value, "errno"));

	if (number) {
		spell(number, text, size);
	} else if (answer) {
		snprintf(text, size, "%s%s%s", answer, error ? " " : "", error ? error : "");
	} else if (json_is_string(value)) {
		snprintf(text, size, "%s", json_string_value(value));
	} else if (json_is_integer(value)) {
		snprintf(text, size, "%lld", (long long)json_integer_value(value));
	} else {
		snprintf(text, size, "%s", json_is_null(value) ? "null" : value ? "?" : "-");
	}
}

/* Gives how many values the host is known by. */
static int compare(const char *host, const json_t *document)
{
	FILE *file = open_in(host, "expect");
	char line[512], found[512], *value;
	int count = 0;

	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#')
			continue;
		value = strchr(line, ':');
		if (!value)
			fail_msg("%s: `%s` is no KEY: VALUE", host, line);
		*value++ = '\0';
		value += *value == ' ';
		spell(at(document, line), found, sizeof(found));
		if (strcmp(found, value) != 0)
			fail_msg("%s: %s: `%s`, and not `%s`", host, line, found, value);
		count++;
	}
	fclose(file);
	return count;
}

/* All but README.md, which has a dot in its name. */
static int is_host(const struct dirent *entry)
{
	return !strchr(entry->d_name, '.');
}

static void hosts(void **state)
{
	struct dirent **entries;
	struct misfit misfit;
	json_t *document;
	int i, count = scandir(FOLDER, &entries, is_host, alphasort);

	(void)state;
	needs_openat2();
	assert_true(count >= FEWEST_HOSTS);
	for (i = 0; i < count; i++) {
		document = facts_of(entries[i]->d_name);
		if (!schema_accepts("docs/schema/facts.json", document, &misfit))
			fail_msg("%s: %s", entries[i]->d_name, misfit.text);
		assert_true(compare(entries[i]->d_name, document) > 0);
		json_decref(document);
		free(entries[i]);
	}
	free(entries);
	print_message("%d hosts\n", count);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(hosts) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
