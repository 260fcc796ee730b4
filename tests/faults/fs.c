/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/faults/fs.h"

void give_up(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("faults: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(2);
}

/* Trials see the same few names over and over. */
static const char *intern(const char *name)
{
	enum { NAMES = 1 << 16 };
	static char *names[NAMES];
	static size_t count;
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return names[i];
	if (count == NAMES || !(names[count] = strdup(name)))
		give_up("more than %d names", NAMES);
	return names[count++];
}

int fs_add(struct fs *fs, struct node node)
{
	if (fs->node_count == FS_NODES)
		give_up("more than %d files", FS_NODES);
	fs->nodes[fs->node_count] = node;
	return fs->node_count++;
}

int fs_lookup(const struct fs *fs, int folder, const char *name)
{
	int i;

	for (i = 0; i < fs->entry_count; i++)
		if (fs->entries[i].folder == folder && !strcmp(fs->entries[i].name, name))
			return fs->entries[i].node;
	return -1;
}

int fs_find(const struct fs *fs, const char *path)
{
	char copy[PATH_MAX], *name, *rest = copy;
	int node = 0;

	snprintf(copy, sizeof(copy), "%s", path);
	while (node >= 0 && (name = strsep(&rest, "/")))
		if (*name)
			node = fs_lookup(fs, node, name);
	return node;
}

void fs_set(struct fs *fs, int folder, const char *name, int node)
{
	int i;

	for (i = 0; i < fs->entry_count; i++)
		if (fs->entries[i].folder == folder && !strcmp(fs->entries[i].name, name))
			break;
	if (node < 0 && i < fs->entry_count) {
		fs->entries[i] = fs->entries[--fs->entry_count];
	} else if (node >= 0) {
		if (i == FS_ENTRIES)
			give_up("more than %d names", FS_ENTRIES);
		if (i == fs->entry_count)
			fs->entry_count++;
		fs->entries[i] = (struct entry){ folder, node, intern(name) };
	}
}

void fs_copy(struct fs *to, const struct fs *from)
{
	int i;

	to->node_count = from->node_count;
	to->entry_count = from->entry_count;
	memcpy(to->nodes, from->nodes, (size_t)from->node_count * sizeof(*from->nodes));
	memcpy(to->entries, from->entries, (size_t)from->entry_count * sizeof(*from->entries));
	for (i = 0; i < to->node_count; i++)
		to->nodes[i].is_own = false;
}

void fs_free(struct fs *fs)
{
	int i;

	for (i = 0; i < fs->node_count; i++)
		if (fs->nodes[i].is_own)
			free((char *)fs->nodes[i].bytes);
	fs->node_count = fs->entry_count = 0;
}

static char *read_file(int folder_fd, const char *name, size_t size)
{
	int fd = openat(folder_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	char *bytes = malloc(size + 1);

	if (fd < 0 || !bytes || read(fd, bytes, size + 1) != (ssize_t)size)
		give_up("%s: cannot be read: %s", name, strerror(errno));
	close(fd);
	return bytes;
}

static char *read_link(int folder_fd, const char *name, size_t size)
{
	char *target = malloc(size + 1);

	if (!target || readlinkat(folder_fd, name, target, size + 1) != (ssize_t)size)
		give_up("%s: cannot be read: %s", name, strerror(errno));
	return target;
}

/* Inode numbers of the nodes that were read, to find hard links. */
static ino_t inodes[FS_NODES];

static void read_folder(struct fs *fs, int folder, int fd);

static int read_node(struct fs *fs, int folder_fd, const char *name)
{
	struct node node = { .kind = NODE_FOLDER };
	struct stat st;
	int i, fd;

	if (fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		give_up("%s: %s", name, strerror(errno));
	for (i = 0; i < fs->node_count; i++)
		if (inodes[i] == st.st_ino)
			return i;
	node.mode = st.st_mode & 07777;
	node.is_own = !S_ISDIR(st.st_mode);
	node.size = node.is_own ? (size_t)st.st_size : 0;
	if (S_ISREG(st.st_mode)) {
		node.kind = NODE_FILE;
		node.bytes = read_file(folder_fd, name, node.size);
	} else if (S_ISLNK(st.st_mode)) {
		node.kind = NODE_LINK;
		node.bytes = read_link(folder_fd, name, node.size);
	} else if (!S_ISDIR(st.st_mode)) {
		give_up("%s: is of a kind that no installer makes", name);
	}
	i = fs_add(fs, node);
	inodes[i] = st.st_ino;
	if (node.kind == NODE_FOLDER) {
		fd = openat(folder_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		read_folder(fs, i, fd);
	}
	return i;
}

/* Takes fd. */
static void read_folder(struct fs *fs, int folder, int fd)
{
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!entries)
		give_up("a folder cannot be read: %s", strerror(errno));
	while ((entry = readdir(entries)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			fs_set(fs, folder, entry->d_name, read_node(fs, fd, entry->d_name));
	closedir(entries);
}

void fs_read(struct fs *fs, const char *path)
{
	fs->node_count = fs->entry_count = 0;
	read_node(fs, AT_FDCWD, path);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

static void write_node(const struct fs *fs, int node, const char *path,
		       char (*written)[PATH_MAX])
{
	const struct node *it = &fs->nodes[node];
	char below[PATH_MAX];
	int fd, i;

	if (written[node][0]) {
		if (link(written[node], path) < 0)
			give_up("%s: %s", path, strerror(errno));
		return;
	}
	snprintf(written[node], PATH_MAX, "%s", path);
	if (it->kind == NODE_FOLDER) {
		if (mkdir(path, it->mode) < 0)
			give_up("%s: %s", path, strerror(errno));
		for (i = 0; i < fs->entry_count; i++) {
			if (fs->entries[i].folder != node)
				continue;
			if (snprintf(below, sizeof(below), "%s/%s", path, fs->entries[i].name) >=
			    PATH_MAX)
				give_up("%s: path too long", path);
			write_node(fs, fs->entries[i].node, below, written);
		}
	} else if (it->kind == NODE_LINK) {
		snprintf(below, sizeof(below), "%.*s", (int)it->size, it->bytes);
		if (symlink(below, path) < 0)
			give_up("%s: %s", path, strerror(errno));
	} else {
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, it->mode);
		if (fd < 0 || write(fd, it->bytes, it->size) != (ssize_t)it->size ||
		    fchmod(fd, it->mode) < 0)
			give_up("%s: %s", path, strerror(errno));
		close(fd);
	}
}

void fs_write(const struct fs *fs, const char *path)
{
	static char written[FS_NODES][PATH_MAX];
	int i;

	if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) < 0 && errno != ENOENT)
		give_up("%s: cannot be removed: %s", path, strerror(errno));
	for (i = 0; i < fs->node_count; i++)
		written[i][0] = '\0';
	write_node(fs, 0, path, written);
}

static int names_of(const struct fs *fs, int node)
{
	int i, count = 0;

	for (i = 0; i < fs->entry_count; i++)
		count += fs->entries[i].node == node;
	return count;
}

static const char *difference(const struct fs *a, int node_a, const struct fs *b, int node_b)
{
	const struct node *left = &a->nodes[node_a], *right = &b->nodes[node_b];

	if (left->kind != right->kind)
		return "is of another kind";
	if (left->mode != right->mode)
		return "has another mode";
	if (left->size != right->size || (left->size && memcmp(left->bytes, right->bytes, left->size)))
		return left->kind == NODE_LINK ? "leads elsewhere" : "has other bytes";
	if (left->kind == NODE_FILE && names_of(a, node_a) != names_of(b, node_b))
		return "has another number of hard links";
	return NULL;
}

static bool names_equal(const struct fs *a, int folder_a, const struct fs *b, int folder_b,
			const char *verb, char *why, size_t size)
{
	int i;

	for (i = 0; i < a->entry_count; i++)
		if (a->entries[i].folder == folder_a &&
		    fs_lookup(b, folder_b, a->entries[i].name) < 0) {
			snprintf(why, size, "%s %s", a->entries[i].name, verb);
			return false;
		}
	return true;
}

bool fs_equal(const struct fs *a, int folder_a, const struct fs *b, int folder_b, char *why,
	      size_t size)
{
	const char *how;
	int i, other;

	if (!names_equal(a, folder_a, b, folder_b, "should not be there", why, size) ||
	    !names_equal(b, folder_b, a, folder_a, "is missing", why, size))
		return false;
	for (i = 0; i < a->entry_count; i++) {
		if (a->entries[i].folder != folder_a)
			continue;
		other = fs_lookup(b, folder_b, a->entries[i].name);
		how = difference(a, a->entries[i].node, b, other);
		if (how) {
			snprintf(why, size, "%s %s", a->entries[i].name, how);
			return false;
		}
		if (a->nodes[a->entries[i].node].kind == NODE_FOLDER &&
		    !fs_equal(a, a->entries[i].node, b, other, why, size))
			return false;
	}
	return true;
}
