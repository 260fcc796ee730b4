/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/owner.h"
#include "host/root.h"
#include "lib/file.h"
#include "payload/inifile.h"

#include "host/trust.h"

#define FOLDER "etc/btferry"
#define CONF_FILE FOLDER "/btferry.conf"
#define KEYS FOLDER "/trusted.d"
#define KEY_SUFFIX ".pub"

enum {
	CONF_MAX_SIZE = 64 * 1024,
	PATH_SIZE = sizeof(KEYS) + 1 + NAME_MAX,
	NAME_SIZE = PATH_MAX + PATH_SIZE, /* for messages, behind the root */
};

static const char *const POLICIES[] = {
	[TRUST_PREFER] = "prefer",
	[TRUST_REQUIRE] = "require",
	[TRUST_OFF] = "off",
};

enum { POLICY_COUNT = sizeof(POLICIES) / sizeof(POLICIES[0]) };

/* Where we read: the root, and its name in messages, which is "" for "/". */
struct place {
	int root_fd;
	const char *root;
};

/* What the file is called for those who read about it. */
static void name_of(const struct place *place, const char *path, char name[static NAME_SIZE])
{
	snprintf(name, NAME_SIZE, "%s/%s", place->root, path);
}

/* A file or folder that only root can change; -ENOENT when there is none, and that is no error. */
static int open_safe(const struct place *place, const char *path, struct error *err)
{
	char name[NAME_SIZE], link[PATH_MAX];
	int fd = root_open_file(place->root_fd, path), code;

	name_of(place, path, name);
	if (fd == -ENOENT) {
		code = root_readlink(place->root_fd, path, link, sizeof(link));
		/* A link to nowhere: somebody meant something to be there. */
		if (!code || code == -ENAMETOOLONG)
			return error_set(err, -EBADMSG, "%s: leads to no file", name);
		return code == -ENOENT ? code : error_errno(err, code, "%s", name);
	}
	if (fd < 0)
		return error_errno(err, fd, "%s", name);
	code = owner_check(fd, name, err);
	if (!code)
		return fd;
	close(fd);
	return code;
}

static int read_safe(const struct place *place, const char *path, size_t max_size,
		     struct buffer *out, struct error *err)
{
	char name[NAME_SIZE];
	struct stat st;
	int fd = open_safe(place, path, err), code;

	if (fd < 0)
		return fd;
	name_of(place, path, name);
	if (fstat(fd, &st) < 0)
		code = error_errno(err, -errno, "%s", name);
	else if (!S_ISREG(st.st_mode))
		code = error_set(err, -EBADMSG, "%s: is no regular file", name);
	else
		code = file_read_fd(fd, name, max_size, out, err);
	close(fd);
	/* A key or a configuration is no directory, and not that large. */
	return code == -EFBIG || code == -EISDIR ?
	       error_set(err, -EBADMSG, "%s: is no such file", name) : code;
}

/* While it is read. */
struct conf {
	struct trust *trust;
	bool has_policy;
};

static int take_section(struct inifile *file, const char *name)
{
	return strcmp(name, "trust") ? inifile_refuse(file, "section [%s] is not known; [trust] is", name)
				     : 0;
}

static int take_key(struct inifile *file, const char *key, const char *value)
{
	struct conf *conf = file->user;
	size_t i;

	if (strcmp(key, "policy") != 0)
		return inifile_refuse(file, "key %s is not known; policy is", key);
	if (conf->has_policy)
		return inifile_refuse(file, "policy is set twice");
	conf->has_policy = true;
	for (i = 0; i < POLICY_COUNT; i++)
		if (strcmp(value, POLICIES[i]) == 0) {
			conf->trust->policy = (enum trust_policy)i;
			return 0;
		}
	return inifile_refuse(file, "policy = %s: is not require, prefer or off", value);
}

static int read_conf(const struct place *place, struct trust *out, struct error *err)
{
	struct buffer text = { 0 };
	char name[NAME_SIZE];
	struct conf conf = { .trust = out };
	struct inifile file = { .path = name, .user = &conf, .on_section = take_section,
				.on_key = take_key };
	int code = read_safe(place, CONF_FILE, CONF_MAX_SIZE, &text, err);

	name_of(place, CONF_FILE, name);
	if (!code)
		code = inifile_parse(&file, buffer_slice(&text), err);
	/* One that was cut short says nothing, and must not be taken for one that says little. */
	if (!code && !conf.has_policy)
		code = error_set(err, -EBADMSG, "%s: says no policy: under [trust], policy = require, prefer or "
				 "off; or remove it", name);
	buffer_free(&text);
	return code == -ENOENT ? 0 : code;
}

static int read_key(const struct place *place, const char *file_name, struct trust *out,
		    struct error *err)
{
	char path[PATH_SIZE], name[NAME_SIZE];
	struct buffer text = { 0 };
	const struct trusted_key *twin;
	struct trusted_key key;
	int code;

	snprintf(path, sizeof(path), KEYS "/%s", file_name);
	name_of(place, path, name);
	code = read_safe(place, path, MINISIGN_MAX_FILE, &text, err);
	/* Somebody removed it just now, and means something by it. */
	if (code == -ENOENT)
		code = error_set(err, -EAGAIN, "%s: was removed meanwhile: try again", name);
	if (!code)
		code = minisign_key_read(buffer_slice(&text), name, &key.key, err);
	buffer_free(&text);
	if (code)
		return code;
	twin = trust_find(out, key.key.id);
	if (twin)
		return error_set(err, -EBADMSG, "%s: has the identity of %s: remove one of them", name,
				 twin->path);
	key.path = strdup(name);
	if (!key.path || array_grow(&out->keys, out->count, &out->capacity)) {
		free(key.path);
		return error_errno(err, -ENOMEM, "%s", name);
	}
	out->keys[out->count++] = key;
	return 0;
}

static bool is_key(const char *name)
{
	size_t length = strlen(name), suffix = strlen(KEY_SUFFIX);

	return length > suffix && name[0] != '.' && strcmp(name + length - suffix, KEY_SUFFIX) == 0;
}

static int read_keys(const struct place *place, struct trust *out, struct error *err)
{
	int fd = open_safe(place, KEYS, err), code = 0;
	struct dirent *entry;
	char name[NAME_SIZE];
	DIR *folder;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	name_of(place, KEYS, name);
	folder = fdopendir(fd);
	if (!folder) {
		code = error_errno(err, -errno, "%s", name);
		close(fd);
		return code;
	}
	while (!code && (errno = 0, entry = readdir(folder)))
		if (is_key(entry->d_name))
			code = read_key(place, entry->d_name, out, err);
	if (!code && errno)
		code = error_errno(err, -errno, "%s", name);
	closedir(folder);
	return code;
}

int trust_read(const char *root, struct trust *out, struct error *err)
{
	struct place place = { .root = root && strcmp(root, "/") != 0 ? root : "" };
	int fd, code;

	*out = (struct trust){ 0 };
	place.root_fd = root_open(root, err);
	if (place.root_fd < 0)
		return place.root_fd;
	/* Who can change the folder can change what is in it. */
	fd = open_safe(&place, FOLDER, err);
	code = fd == -ENOENT ? 0 : fd < 0 ? fd : read_conf(&place, out, err);
	if (!code && fd >= 0)
		code = read_keys(&place, out, err);
	if (fd >= 0)
		close(fd);
	close(place.root_fd);
	return code;
}

void trust_free(struct trust *trust)
{
	size_t i;

	for (i = 0; i < trust->count; i++)
		free(trust->keys[i].path);
	free(trust->keys);
	*trust = (struct trust){ 0 };
}

const struct trusted_key *trust_find(const struct trust *trust,
				     const uint8_t id[static MINISIGN_ID_SIZE])
{
	size_t i;

	for (i = 0; i < trust->count; i++)
		if (memcmp(trust->keys[i].key.id, id, MINISIGN_ID_SIZE) == 0)
			return &trust->keys[i];
	return NULL;
}
