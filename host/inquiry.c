/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/detached.h"
#include "host/inquiry.h"
#include "host/root.h"
#include "host/tracepoints.h"

struct inquiry *inquiry_new(void)
{
	struct inquiry *inquiry = calloc(1, sizeof(*inquiry));

	if (inquiry) {
		inquiry->root_fd = -1;
		inquiry->tracefs_fd = inquiry->debugfs_fd = -ENODEV;
		inquiry->btf.error = -ENOENT;
	}
	return inquiry;
}

void inquiry_start(struct inquiry *inquiry, int root_fd, bool mounts)
{
	inquiry->live = true;
	inquiry->root_fd = root_fd;
	inquiry->mounts = mounts;
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void inquiry_stop(struct inquiry *inquiry)
{
	inquiry->live = false;
	close_one(&inquiry->tracefs_fd);
	close_one(&inquiry->debugfs_fd);
	close_one(&inquiry->root_fd);
}

void inquiry_free(struct inquiry *inquiry)
{
	size_t i;

	if (!inquiry)
		return;
	for (i = 0; i < inquiry->count; i++) {
		free(inquiry->answers[i].name);
		free(inquiry->answers[i].symbol);
	}
	free(inquiry->answers);
	kernel_btf_close(&inquiry->btf);
	inquiry_stop(inquiry);
	free(inquiry);
}

/* An object has tens of questions, and an inventory some hundreds: no need for more than a list. */
const struct answer *inquiry_find(const struct inquiry *inquiry, enum question question,
				  const char *name)
{
	size_t i;

	for (i = 0; i < inquiry->count; i++)
		if (inquiry->answers[i].question == question &&
		    strcmp(inquiry->answers[i].name, name) == 0)
			return &inquiry->answers[i];
	return NULL;
}

static struct answer *add(struct inquiry *inquiry, enum question question, const char *name)
{
	struct answer *answer;
	char *copy;

	if (array_grow(&inquiry->answers, inquiry->count, &inquiry->capacity))
		return NULL;
	copy = strdup(name);
	if (!copy)
		return NULL;
	answer = &inquiry->answers[inquiry->count++];
	*answer = (struct answer){ .question = question, .name = copy };
	return answer;
}

struct probe inquiry_note(struct inquiry *inquiry, enum question question, const char *name,
			  struct probe probe)
{
	struct answer *answer = add(inquiry, question, name);

	if (answer)
		answer->probe = probe;
	return probe;
}

int inquiry_note_symbol(struct inquiry *inquiry, const struct symbol *symbol)
{
	struct symbol *copy = malloc(sizeof(*copy));
	struct answer *answer = copy ? add(inquiry, ASKED_SYMBOL, symbol->name) : NULL;

	if (!answer) {
		free(copy);
		return -ENOMEM;
	}
	*copy = *symbol;
	copy->name = answer->name;
	answer->symbol = copy;
	answer->probe = symbol->found;
	return 0;
}

int inquiry_tracefs(struct inquiry *inquiry)
{
	if (!inquiry->tracefs_tried && inquiry->live)
		inquiry->tracefs_fd = tracefs_open(inquiry->root_fd, inquiry->mounts);
	inquiry->tracefs_tried = true;
	return inquiry->tracefs_fd;
}

/* The mount point is there, and empty, where it is not mounted. */
static int open_debugfs(const struct inquiry *inquiry)
{
	static const char place[] = "sys/kernel/debug", content[] = "sys/kernel/debug/kprobes";

	if (inquiry->mounts && root_find(inquiry->root_fd, content) == -ENOENT)
		return detached_mount("debugfs");
	return root_open_file(inquiry->root_fd, place);
}

int inquiry_debugfs(struct inquiry *inquiry)
{
	if (!inquiry->debugfs_tried && inquiry->live)
		inquiry->debugfs_fd = open_debugfs(inquiry);
	inquiry->debugfs_tried = true;
	return inquiry->debugfs_fd;
}

const struct kernel_btf *inquiry_btf(struct inquiry *inquiry, uint32_t kind, int *error)
{
	int code = inquiry->btf.error;

	if (!code)
		code = kernel_btf_index(&inquiry->btf, kind);
	*error = -code;
	return code ? NULL : &inquiry->btf;
}
