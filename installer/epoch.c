/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <jansson.h>

#include "host/owner.h"
#include "lib/file.h"
#include "payload/statement.h"
#include "runtime/beneath.h"

#include "installer/epoch.h"
#include "installer/plan_text.h"

enum { EPOCH_SCHEMA = 1, EPOCH_MAX_SIZE = 4096 };

static int damaged(const struct state *state, struct error *err)
{
	return error_set(err, -EBADMSG, "%s/" STATE_EPOCH ": is damaged: `uninstall --purge` removes it, "
			 "and with it what was known of earlier installs", state->path);
}

static int parse(const struct state *state, struct slice text, uint64_t *epoch, struct error *err)
{
	json_t *document = json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, NULL);
	json_int_t schema = json_integer_value(json_object_get(document, "schema"));
	json_int_t number = json_integer_value(json_object_get(document, "epoch"));

	json_decref(document);
	if (schema > EPOCH_SCHEMA)
		return error_set(err, -ENOTSUP, "%s/" STATE_EPOCH ": is newer than this program",
				 state->path);
	if (schema < 1 || number < 1 || (uint64_t)number > STATEMENT_MAX_EPOCH)
		return damaged(state, err);
	*epoch = (uint64_t)number;
	return 0;
}

/* 0 where nothing signed was ever installed. */
static int read_epoch(const struct state *state, uint64_t *epoch, struct error *err)
{
	struct buffer text = { 0 };
	char name[4096];
	int fd, code;

	*epoch = 0;
	snprintf(name, sizeof(name), "%s/" STATE_EPOCH, state->path);
	fd = beneath_open(state->fd, STATE_EPOCH, O_RDONLY | O_NONBLOCK);
	if (fd == -ENOENT)
		return 0;
	if (fd == -ELOOP)
		return damaged(state, err);
	if (fd < 0)
		return error_errno(err, fd, "%s", name);
	code = owner_check(fd, name, err);
	if (!code)
		code = file_read_fd(fd, name, EPOCH_MAX_SIZE, &text, err);
	close(fd);
	if (code == -EFBIG || code == -EISDIR)
		code = damaged(state, err);
	if (!code)
		code = parse(state, buffer_slice(&text), epoch, err);
	buffer_free(&text);
	return code;
}

static int refuse(const struct signature_facts *signature, uint64_t highest, struct error *err)
{
	if (signature->state != SIGNATURE_GOOD)
		return error_set(err, -EKEYREJECTED, "what was installed here before was signed (epoch %llu), "
				 "and this has no signature that verifies: get a signed one, or ask for it "
				 "with --allow-older", (unsigned long long)highest);
	return error_set(err, -EKEYREJECTED, "is of epoch %llu, and epoch %llu was installed here before: "
			 "get a newer one, or ask for it with --allow-older",
			 (unsigned long long)signature->epoch, (unsigned long long)highest);
}

int epoch_check(const struct state *state, const struct signature_facts *signature,
		bool allow_older, struct buffer *text, struct error *err)
{
	uint64_t highest;
	int code;

	if (signature->state == SIGNATURE_UNSEEN)
		return 0;
	code = read_epoch(state, &highest, err);
	if (code)
		return code;
	if (signature->epoch < highest)
		return allow_older ? 0 : refuse(signature, highest, err);
	if (!text || signature->epoch == highest)
		return 0;
	return document_text(json_pack("{s:i, s:I}", "schema", EPOCH_SCHEMA,
				       "epoch", (json_int_t)signature->epoch), text, err);
}
