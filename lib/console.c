/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "lib/console.h"
#include "lib/plain.h"

/* The only process-wide state of the tree: who speaks, and how loudly. */
static const char *program = "btferry";
static bool quiet;
static bool line_open;
static bool is_journal;

/* systemd names device and inode of the journal's stream; what was redirected since is another. */
static bool leads_to_journal(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 && fstat(fd, &st) == 0 &&
	       st.st_dev == device && st.st_ino == inode;
}

void console_init(const char *name, bool be_quiet)
{
	program = name;
	quiet = be_quiet;
	is_journal = leads_to_journal(STDERR_FILENO);
}

void console_set_quiet(bool be_quiet)
{
	quiet = be_quiet;
}

const char *console_program(void)
{
	return program;
}

static void close_line(void)
{
	if (line_open)
		fputs("\r\033[K", stderr);
	line_open = false;
}

/* Longer than any message: two paths and a sentence. */
enum { MESSAGE_SIZE = 3 * 4096 };

/* Steers no terminal, whatever the names in it are. */
static void put_plain(const char *format, va_list args)
{
	char text[MESSAGE_SIZE], plain[MESSAGE_SIZE];

	vsnprintf(text, sizeof(text), format, args);
	plain_copy(plain, sizeof(plain), text);
	fputs(plain, stderr);
}

static void say(int priority, const char *mark, const char *format, va_list args)
{
	close_line();
	/* sd-daemon(3) */
	if (is_journal)
		fprintf(stderr, "<%d>", priority);
	fprintf(stderr, "%s: %s", program, mark);
	put_plain(format, args);
	fputc('\n', stderr);
}

void console_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(LOG_ERR, "", format, args);
	va_end(args);
}

void console_warn(const char *format, ...)
{
	va_list args;

	if (quiet)
		return;
	va_start(args, format);
	say(LOG_WARNING, "warning: ", format, args);
	va_end(args);
}

void console_note(const char *format, ...)
{
	va_list args;

	if (quiet)
		return;
	va_start(args, format);
	say(LOG_INFO, "", format, args);
	va_end(args);
}

enum exit_status console_fail(const char *step, const struct error *err)
{
	console_error("%s: %s", step, err->text);
	return error_status(err->code);
}

void console_progress(const char *what, size_t done, size_t total)
{
	if (quiet || !isatty(STDERR_FILENO))
		return;
	if (total == 0) {
		close_line();
		return;
	}
	fprintf(stderr, "\r\033[K%s: %s %zu/%zu", program, what, done, total);
	fflush(stderr);
	line_open = true;
}

static const char *colour(const char *code)
{
	const char *no_color = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) ? code : "";
}

const char *console_bold(void) { return colour("\033[1m"); }
const char *console_green(void) { return colour("\033[1;32m"); }
const char *console_red(void) { return colour("\033[1;31m"); }
const char *console_yellow(void) { return colour("\033[1;33m"); }
const char *console_plain(void) { return colour("\033[0m"); }
