/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes are an os-release: what comes out is bounded, terminated and free of control
 * characters.
 */
#include <stdlib.h>
#include <string.h>

#include "builder/instructions.h"
#include "decide/select.h"
#include "host/os_release.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *value, size_t size)
{
	size_t i, length = strnlen(value, size);

	if (length == size)
		abort();
	for (i = 0; i < length; i++)
		if ((unsigned char)value[i] < ' ' || value[i] == 0x7f)
			abort();
}

static bool is_command(const char *line)
{
	static const char *const COMMANDS[] = {
		"app build ", "sudo app build ", "doas app build ", "sudo apt-get ", "sudo dnf ", "sudo yum ",
		"sudo zypper ", "sudo pacman ", "doas apk ", "tar -czf headers.tar.gz ", "make olddefconfig ",
		"test \"$(make -s kernelrelease)\" = ",
	};
	size_t i;

	for (i = 0; i < sizeof(COMMANDS) / sizeof(COMMANDS[0]); i++)
		if (strncmp(line, COMMANDS[i], strlen(COMMANDS[i])) == 0)
			return !strpbrk(line, ";&|`");
	return false;
}

/* A script in which nothing of another's words is run. */
static void check_instructions(const struct os_release *os)
{
	struct instructions_request request = {
		.app = "app", .command = "app", .os = os, .release = "6.1.0-1-amd64", .build = "#1",
		.machine = "x86_64",
	};
	struct error err = ERROR_NONE;
	char *text = NULL, *line, *next;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out || instructions_write(&request, out, &err))
		abort();
	fclose(out);
	for (line = strtok_r(text, "\n", &next); line; line = strtok_r(NULL, "\n", &next)) {
		check(line, strlen(line) + 1);
		if (line[0] != '#' && !is_command(line))
			abort();
	}
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct os_release release, *os = &release;

	os_release_parse(slice_of(data, size), os);
	check(os->id, sizeof(os->id));
	check(os->version_id, sizeof(os->version_id));
	check(os->id_like, sizeof(os->id_like));
	check(os->pretty_name, sizeof(os->pretty_name));
	/* What reads it next. */
	check_instructions(os);
	select_same_distro("rhel", "8", os);
	return 0;
}
