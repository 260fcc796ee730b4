/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/console.h"

#include "runtime/lines.h"
#include "runtime/log_file.h"
#include "runtime/output.h"
#include "runtime/uptime.h"

/* Milliseconds: between looks at the file's path, between warnings, and for a reader at the end. */
enum { LOOK_MS = 1000, TELL_MS = 10000, PATIENCE_MS = 2000 };

/* How often one batch is written anew because its file was removed meanwhile. */
enum { MAX_REMOVED = 3 };

struct output {
	struct log_file file;
	bool is_file;
	bool is_socket, is_stream;   /* standard output: a pipe or a terminal is a stream */
	struct lines lines;
	struct output_counts counts;
	off_t torn_size;             /* of the file, when its last line was left torn */
	int64_t looked;              /* when the file's path was */
	bool failing;
	int64_t told;                /* when a failure was */
	uint64_t unwritten_before;   /* this failure */
	int64_t told_reopen;         /* that the file cannot be opened anew; 0: never */
};

static int open_standard_output(struct output *output, struct error *err)
{
	struct stat st;

	if (fstat(STDOUT_FILENO, &st) < 0)
		return error_errno(err, -errno, "standard output");
	output->is_socket = S_ISSOCK(st.st_mode);
	output->is_stream = S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode);
	return 0;
}

int output_open(const char *path, struct output **out, struct error *err)
{
	struct output *output = calloc(1, sizeof(*output));
	int code;

	if (!output)
		return error_errno(err, -ENOMEM, "output");
	output->file.fd = -1;
	output->is_file = path != NULL;
	code = path ? log_file_open(path, &output->file, err) : open_standard_output(output, err);
	if (code) {
		output_close(output);
		return code;
	}
	output->looked = uptime_ms();
	*out = output;
	return 0;
}

void output_close(struct output *output)
{
	if (!output)
		return;
	log_file_close(&output->file);
	buffer_free(&output->lines.bytes);
	free(output);
}

struct buffer *output_buffer(struct output *output)
{
	return &output->lines.bytes;
}

size_t output_pending(const struct output *output)
{
	return output->is_file ? 0 : output->lines.bytes.size - output->lines.written;
}

int output_fd(const struct output *output)
{
	return output->is_file ? -1 : STDOUT_FILENO;
}

const char *output_file(const struct output *output)
{
	return output->is_file && !output->file.is_device ? output->file.path : NULL;
}

struct output_counts output_counts(const struct output *output)
{
	return output->counts;
}

/*
 * As much as goes without waiting.  A pipe that is ready takes PIPE_BUF bytes at once, whatever its
 * mode is; they end with a line, so that others may write to it, too.
 */
static ssize_t write_stream(const uint8_t *bytes, size_t size)
{
	struct pollfd fd = { .fd = STDOUT_FILENO, .events = POLLOUT };
	const uint8_t *newline;

	if (poll(&fd, 1, 0) == 0) {
		errno = EAGAIN;
		return -1;
	}
	if (size > PIPE_BUF) {
		newline = memrchr(bytes, '\n', PIPE_BUF);
		size = newline ? (size_t)(newline - bytes) + 1 : PIPE_BUF;
	}
	return write(STDOUT_FILENO, bytes, size);
}

static ssize_t write_some(const struct output *output, const uint8_t *bytes, size_t size)
{
	if (output->is_file)
		return write(output->file.fd, bytes, size);
	if (output->is_socket)
		return send(STDOUT_FILENO, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (output->is_stream)
		return write_stream(bytes, size);
	return write(STDOUT_FILENO, bytes, size);
}

/* Writes all that is pending; a negative errno ends it early. */
static int write_lines(struct output *output)
{
	struct lines *lines = &output->lines;
	ssize_t count;

	while (!lines_done(lines)) {
		count = write_some(output, lines->bytes.data + lines->written,
				   lines->bytes.size - lines->written);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -errno;
		lines->written += (size_t)count;
		output->counts.bytes += (uint64_t)count;
	}
	return 0;
}

static int write_standard_output(struct output *output, struct error *err)
{
	int code = write_lines(output);

	output->counts.lines += lines_settle(&output->lines);
	if (code == 0 || code == -EAGAIN)
		return 0;
	output->counts.errors++;
	return error_errno(err, code, "standard output: cannot write events");
}

static void tell_failure(struct output *output, const char *reason)
{
	int64_t now = uptime_ms();

	if (!output->failing)
		output->unwritten_before = output->counts.unwritten;
	else if (now - output->told < TELL_MS)
		return;
	output->told = now;
	console_warn("run: %s: cannot write events: %s: they are lost until it can be written again "
		     "(%llu so far)", output->file.path, reason,
		     (unsigned long long)(output->counts.unwritten - output->unwritten_before));
	output->failing = true;
}

static void tell_recovery(struct output *output)
{
	if (output->failing)
		console_warn("run: %s: is written again; %llu events were not", output->file.path,
			     (unsigned long long)(output->counts.unwritten - output->unwritten_before));
	output->failing = false;
}

/* All that is pending cannot be written: it is lost, but for a line whose start is in the file. */
static void give_up(struct output *output, int code)
{
	output->counts.errors++;
	output->counts.lines += lines_settle(&output->lines);
	if (lines_torn(&output->lines))
		output->torn_size = log_file_size(&output->file);
	tell_failure(output, strerror(-code));
	output->counts.unwritten += lines_drop(&output->lines);
}

/* Who truncated the file has taken the start of the line with it: its rest belongs to nothing. */
static void forget_truncated(struct output *output)
{
	if (lines_torn(&output->lines) && log_file_size(&output->file) < output->torn_size)
		output->counts.unwritten += lines_drop_torn(&output->lines);
}

/* A line that somebody else left torn is ended before ours begin. */
static int end_foreign_line(struct output *output)
{
	ssize_t count;

	if (!output->file.ends_torn)
		return 0;
	do
		count = write(output->file.fd, "\n", 1);
	while (count < 0 && errno == EINTR);
	if (count < 0)
		return -errno;
	output->file.ends_torn = false;
	return 0;
}

/*
 * The file that we leave must not end within a line: it is completed, or else its start is cut off
 * and the whole line goes to the next file.
 */
static void leave_whole(struct output *output)
{
	struct lines *lines = &output->lines;
	size_t torn = lines_torn(lines), length = lines_first(lines);
	off_t size = log_file_size(&output->file);
	ssize_t count;

	forget_truncated(output);
	if (!torn || !lines_torn(lines))
		return;
	count = write(output->file.fd, lines->bytes.data + torn, length - torn);
	if (count == (ssize_t)(length - torn)) {
		output->counts.bytes += (uint64_t)count;
		lines->written = length;
		output->counts.lines += lines_settle(lines);
	} else if (ftruncate(output->file.fd, size - (off_t)torn) == 0) {
		lines->written = 0;
	} else {
		output->counts.unwritten += lines_drop_torn(lines);
	}
}

void output_reopen(struct output *output)
{
	int64_t now = uptime_ms();
	struct error err = ERROR_NONE;

	if (!output->is_file || output->file.is_device)
		return;
	output->looked = now;
	leave_whole(output);
	if (!log_file_reopen(&output->file, &err) ||
	    (output->told_reopen && now - output->told_reopen < TELL_MS))
		return;
	output->told_reopen = now;
	console_warn("run: %s: events go on to the file that was open (is the directory writable for "
		     "user %u?)", err.text, (unsigned)geteuid());
}

static void look_at_path(struct output *output)
{
	int64_t now = uptime_ms();

	if (now - output->looked < LOOK_MS)
		return;
	output->looked = now;
	if (log_file_has_moved(&output->file))
		output_reopen(output);
}

/*
 * What went to a file that was removed meanwhile is written again, to the next one.  1: it is to
 * be; a negative errno: there is none.
 */
static int went_to_removed(struct output *output, unsigned times)
{
	struct error err = ERROR_NONE;
	int code;

	if (times >= MAX_REMOVED || !log_file_is_removed(&output->file))
		return 0;
	code = log_file_reopen(&output->file, &err);
	output->lines.written = 0;
	return code ? code : 1;
}

static void write_file(struct output *output)
{
	unsigned times = 0;
	int code;

	look_at_path(output);
	if (output->lines.bytes.size == 0)
		return;
	forget_truncated(output);
	do {
		code = end_foreign_line(output);
		if (!code)
			code = write_lines(output);
		if (!code)
			code = went_to_removed(output, times++);
	} while (code > 0);
	if (code) {
		give_up(output, code);
		return;
	}
	output->counts.lines += lines_settle(&output->lines);
	tell_recovery(output);
}

int output_write(struct output *output, struct error *err)
{
	if (!output->is_file)
		return write_standard_output(output, err);
	write_file(output);
	return 0;
}

void output_check_folder(const struct output *output)
{
	if (output->is_file && !log_file_can_be_made(&output->file))
		console_warn("run: %s: its folder is not writable for user %u without privileges: when the "
			     "file is renamed and nobody makes another one, events go on to the old one",
			     output->file.path, (unsigned)geteuid());
}

/* Gives the reader of standard output time, as long as it takes some. */
static int wait_for_reader(struct output *output, struct error *err)
{
	struct pollfd fd = { .fd = STDOUT_FILENO, .events = POLLOUT };
	int code = write_standard_output(output, err);

	while (!code && output_pending(output)) {
		if (poll(&fd, 1, PATIENCE_MS) == 0)
			return error_set(err, -ETIMEDOUT, "standard output: its reader does not read: the "
					 "last events were not written");
		code = write_standard_output(output, err);
	}
	return code;
}

int output_finish(struct output *output, struct error *err)
{
	int code = 0;

	if (output->is_file) {
		output->looked = uptime_ms() - LOOK_MS;
		write_file(output);
	} else {
		code = wait_for_reader(output, err);
	}
	output->counts.unwritten += lines_drop(&output->lines) + lines_drop_torn(&output->lines);
	return code;
}
