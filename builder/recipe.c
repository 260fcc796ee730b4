/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder/recipe.h"

void recipe_command(struct recipe_commands *commands, bool as_root, const char *format, ...)
{
	struct recipe_command *command = &commands->items[commands->count];
	va_list args;

	if (commands->count == RECIPE_COMMANDS)
		return;
	command->as_root = as_root;
	va_start(args, format);
	vsnprintf(command->text, sizeof(command->text), format, args);
	va_end(args);
	commands->count++;
}

unsigned int recipe_major(const char *text)
{
	return *text >= '0' && *text <= '9' ? (unsigned int)strtoul(text, NULL, 10) : 0;
}

void recipe_before_last(const char *text, char c, char *out, size_t size)
{
	const char *last = strrchr(text, c);
	int length = (int)(last ? (size_t)(last - text) : strlen(text));

	snprintf(out, size, "%.*s", length, text);
}

bool recipe_is_plain(const char *text)
{
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			   ".+-_~:")] == '\0';
}

bool recipe_build_word(const char *build, const char *mark, char *out, size_t size)
{
	const char *word = strstr(build, mark);

	if (!word)
		return false;
	word += strlen(mark);
	snprintf(out, size, "%.*s", (int)strcspn(word, " "), word);
	return *out && recipe_is_plain(out);
}
