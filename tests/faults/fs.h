/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small file system in memory: what a folder on disk holds, or would hold after a power cut.
 * Files are nodes, and names are entries that lead to them, so that hard links are what they are.
 * Node 0 is the root.
 */
#ifndef TESTS_FAULTS_FS_H
#define TESTS_FAULTS_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { FS_NODES = 512, FS_ENTRIES = 512 };

enum node_kind { NODE_FOLDER, NODE_FILE, NODE_LINK };

struct node {
	enum node_kind kind;
	mode_t mode;
	const char *bytes;       /* of a file; of a link, its target */
	size_t size;
	bool is_own;             /* fs_free() frees bytes */
};

struct entry {
	int folder, node;
	const char *name;        /* lives as long as the program */
};

struct fs {
	struct node nodes[FS_NODES];
	struct entry entries[FS_ENTRIES];
	int node_count, entry_count;
};

/* Reads the folder at path.  A failure, and a file system too large for us, end the program. */
void fs_read(struct fs *fs, const char *path);

/* Makes the folder at path hold exactly this; what was there goes. */
void fs_write(const struct fs *fs, const char *path);

void fs_free(struct fs *fs);

/* The same nodes and entries; the copy borrows the bytes. */
void fs_copy(struct fs *to, const struct fs *from);

int fs_add(struct fs *fs, struct node node);

/* What folder/name leads to; -1 when there is nothing. */
int fs_lookup(const struct fs *fs, int folder, const char *name);

/* What a path without links from the root leads to; -1 when there is nothing. */
int fs_find(const struct fs *fs, const char *path);

/* Lets folder/name lead to node; to nothing when node is -1. */
void fs_set(struct fs *fs, int folder, const char *name, int node);

/*
 * Are two folders equal in names, kinds, modes, bytes, targets and the number of hard links?  When
 * not, why says where they differ.
 */
bool fs_equal(const struct fs *a, int folder_a, const struct fs *b, int folder_b, char *why,
	      size_t size);

/* Prints a message and ends the program with 2. */
void give_up(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
