/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/faults/replay.h"

/* With as many steps at stake all combinations are tried, with more of them a choice. */
enum { EXHAUSTIVE = 8, RANDOM_CHOICES = 64 };

void replay_begin(struct replay *replay, const char *root, const struct fs *start)
{
	snprintf(replay->root, sizeof(replay->root), "%s", root);
	fs_copy(&replay->now, start);
	replay->count = 0;
	fs_copy(&replay->before, start);
}

/* The path below the root; NULL for what is not there. */
static const char *below(const struct replay *replay, const char *path)
{
	size_t length = strlen(replay->root);

	if (strncmp(path, replay->root, length) != 0 || (path[length] && path[length] != '/'))
		return NULL;
	return path[length] ? path + length + 1 : "";
}

/* Splits a path below the root into the folder's node and the name. */
static int folder_of(const struct replay *replay, const char *path, const char **name)
{
	const char *rest = below(replay, path), *slash;
	char folder[PATH_MAX];
	int node;

	slash = rest ? strrchr(rest, '/') : NULL;
	*name = slash ? slash + 1 : rest;
	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - rest) : 0, rest ? rest : "");
	node = rest ? fs_find(&replay->now, folder) : -1;
	if (node < 0)
		give_up("replay: %s: its folder is not known", path);
	return node;
}

static int node_of(const struct replay *replay, const char *path)
{
	const char *rest = below(replay, path);
	int node = rest ? fs_find(&replay->now, rest) : -1;

	if (node < 0)
		give_up("replay: %s: is not known", path);
	return node;
}

static void apply(struct fs *fs, const struct step *step)
{
	if (step->kind == STEP_NAMES) {
		if (step->from_folder >= 0)
			fs_set(fs, step->from_folder, step->from_name, -1);
		fs_set(fs, step->folder, step->name, step->node);
	} else if (step->kind == STEP_BYTES) {
		fs->nodes[step->node].bytes = step->bytes;
		fs->nodes[step->node].size = step->size;
	} else if (step->kind == STEP_MODE) {
		fs->nodes[step->node].mode = step->mode;
	}
}

static void add_step(struct replay *replay, const struct call *call, struct step step)
{
	const char *path = below(replay, call->path2[0] ? call->path2 : call->path);

	if (replay->count == REPLAY_STEPS)
		give_up("replay: more than %d steps", REPLAY_STEPS);
	if (step.name && !(step.name = strdup(step.name)))
		give_up("no memory");
	if (step.from_name && !(step.from_name = strdup(step.from_name)))
		give_up("no memory");
	snprintf(step.text, sizeof(step.text), "%s %.100s", call->name, path ? path : "");
	apply(&replay->now, &step);
	replay->steps[replay->count++] = step;
}

static void set_name(struct replay *replay, const struct call *call, const char *path, int node)
{
	struct step step = { .kind = STEP_NAMES, .node = node, .from_folder = -1 };

	step.folder = folder_of(replay, path, &step.name);
	add_step(replay, call, step);
}

static void make_node(struct replay *replay, const struct call *call, struct node node)
{
	struct stat st;
	int number;

	if (lstat(call->path, &st) < 0)
		give_up("replay: %s: %s", call->path, strerror(errno));
	node.mode = st.st_mode & 07777;
	number = fs_add(&replay->now, node);
	if (fs_add(&replay->before, node) != number)
		give_up("replay: nodes are numbered differently");
	set_name(replay, call, call->path, number);
}

static void open_file(struct replay *replay, const struct call *call)
{
	struct step step = { .kind = STEP_BYTES, .bytes = "" };
	const char *name;
	int folder = folder_of(replay, call->path, &name);

	step.node = fs_lookup(&replay->now, folder, name);
	if (step.node < 0)
		make_node(replay, call, (struct node){ .kind = NODE_FILE, .bytes = "" });
	else if (call->args[2] & O_TRUNC)
		add_step(replay, call, step);
}

static void write_bytes(struct replay *replay, const struct call *call, size_t size)
{
	struct step step = { .kind = STEP_BYTES, .node = node_of(replay, call->path) };
	const struct node *node = &replay->now.nodes[step.node];
	char *bytes = malloc(node->size + size);

	if (!bytes)
		give_up("no memory");
	if (node->size)
		memcpy(bytes, node->bytes, node->size);
	if (!tracer_read(call->pid, call->args[1], bytes + node->size, size))
		give_up("replay: what is written to %s cannot be read", call->path);
	step.bytes = bytes;
	step.size = node->size + size;
	add_step(replay, call, step);
}

static void rename_node(struct replay *replay, const struct call *call)
{
	struct step step = { .kind = STEP_NAMES, .node = node_of(replay, call->path) };

	step.from_folder = folder_of(replay, call->path, &step.from_name);
	step.folder = folder_of(replay, call->path2, &step.name);
	add_step(replay, call, step);
}

static void link_text(struct replay *replay, const struct call *call)
{
	char *target = strdup(call->text);

	if (!target)
		give_up("no memory");
	make_node(replay, call, (struct node){
		.kind = NODE_LINK, .bytes = target, .size = strlen(target),
	});
}

static void change_mode(struct replay *replay, const struct call *call)
{
	add_step(replay, call, (struct step){
		.kind = STEP_MODE, .node = node_of(replay, call->path),
		.mode = (mode_t)call->args[1],
	});
}

static bool is_one_of(int number, const int *numbers)
{
	while (*numbers >= 0 && *numbers != number)
		numbers++;
	return *numbers >= 0;
}

#ifdef SYS_mkdir
#define OLD(...) __VA_ARGS__,
#else
#define OLD(...)
#endif
#ifdef SYS_renameat
#define RENAMEAT SYS_renameat,
#else
#define RENAMEAT
#endif

void replay_log(struct replay *replay, const struct call *call, int64_t result)
{
	static const int OPENS[] = { SYS_openat, -1 };
	static const int MKDIRS[] = { OLD(SYS_mkdir) SYS_mkdirat, -1 };
	static const int RENAMES[] = { OLD(SYS_rename) RENAMEAT SYS_renameat2, -1 };
	static const int UNLINKS[] = { OLD(SYS_unlink, SYS_rmdir) SYS_unlinkat, -1 };
	static const int SYNCS[] = { SYS_fsync, SYS_fdatasync, -1 };

	if (result < 0 || !below(replay, call->path) || call->number == SYS_flock ||
	    call->number == SYS_close)
		return;
	if (is_one_of(call->number, OPENS))
		open_file(replay, call);
	else if (call->number == SYS_write)
		write_bytes(replay, call, (size_t)result);
	else if (call->number == SYS_fchmod)
		change_mode(replay, call);
	else if (is_one_of(call->number, MKDIRS))
		make_node(replay, call, (struct node){ .kind = NODE_FOLDER });
	else if (call->number == SYS_symlinkat)
		link_text(replay, call);
	else if (call->number == SYS_linkat)
		set_name(replay, call, call->path2, node_of(replay, call->path));
	else if (is_one_of(call->number, RENAMES))
		rename_node(replay, call);
	else if (is_one_of(call->number, UNLINKS))
		set_name(replay, call, call->path, -1);
	else if (is_one_of(call->number, SYNCS))
		add_step(replay, call, (struct step){
			.kind = STEP_SYNC, .node = node_of(replay, call->path),
		});
	else
		give_up("replay: %s of %s: this call is not modelled", call->name, call->path);
}

void replay_end(struct replay *replay)
{
	static struct fs disk;
	char why[256];

	fs_read(&disk, replay->root);
	if (!fs_equal(&replay->now, 0, &disk, 0, why, sizeof(why)))
		give_up("replay: the log does not come to what is there: %s", why);
	fs_free(&disk);
}

static bool is_synced(const struct replay *replay, int node, int from, int done)
{
	int i;

	for (i = from; i < done; i++)
		if (replay->steps[i].kind == STEP_SYNC && replay->steps[i].node == node)
			return true;
	return false;
}

static bool is_durable(const struct replay *replay, int i, int done)
{
	const struct step *step = &replay->steps[i];

	if (step->kind == STEP_SYNC)
		return true;
	if (step->kind != STEP_NAMES)
		return is_synced(replay, step->node, i, done);
	return is_synced(replay, step->folder, i, done) &&
	       (step->from_folder < 0 || is_synced(replay, step->from_folder, i, done));
}

struct cut {
	const struct replay *replay;
	void (*visit)(const struct fs *fs, int done, bool all_lost, void *context);
	void *context;
	int done;                /* steps before the cut */
	int stake[REPLAY_STEPS]; /* those of them that may be lost */
	int stake_count;
	bool kept[REPLAY_STEPS]; /* of stake */
	unsigned states;
};

static void visit_state(struct cut *cut)
{
	static struct fs fs;
	bool all_lost = true;
	int i, at = 0;

	fs_copy(&fs, &cut->replay->before);
	for (i = 0; i < cut->done; i++) {
		if (at < cut->stake_count && cut->stake[at] == i) {
			all_lost &= !cut->kept[at];
			if (!cut->kept[at++])
				continue;
		}
		apply(&fs, &cut->replay->steps[i]);
	}
	cut->states++;
	cut->visit(&fs, cut->done, all_lost, cut->context);
}

static void keep_all(struct cut *cut, bool keep)
{
	int i;

	for (i = 0; i < cut->stake_count; i++)
		cut->kept[i] = keep;
}

static void visit_all(struct cut *cut)
{
	unsigned choice;
	int i;

	for (choice = 0; choice < 1u << cut->stake_count; choice++) {
		for (i = 0; i < cut->stake_count; i++)
			cut->kept[i] = choice >> i & 1;
		visit_state(cut);
	}
}

/* All, none, all names without any bytes, each alone and all but each, and some at random. */
static void visit_some(struct cut *cut)
{
	unsigned seed = (unsigned)cut->done + 1;
	int i, n;

	for (n = 0; n < 2; n++) {
		keep_all(cut, n);
		visit_state(cut);
		for (i = 0; i < cut->stake_count; i++) {
			cut->kept[i] = !n;
			visit_state(cut);
			cut->kept[i] = n;
		}
	}
	for (i = 0; i < cut->stake_count; i++)
		cut->kept[i] = cut->replay->steps[cut->stake[i]].kind == STEP_NAMES;
	visit_state(cut);
	for (n = 0; n < RANDOM_CHOICES; n++) {
		for (i = 0; i < cut->stake_count; i++)
			cut->kept[i] = rand_r(&seed) >> 4 & 1;
		visit_state(cut);
	}
}

unsigned replay_cuts(const struct replay *replay, int first,
		     void (*visit)(const struct fs *fs, int done, bool all_lost, void *context),
		     void *context)
{
	static struct cut cut;
	int i;

	cut = (struct cut){ .replay = replay, .visit = visit, .context = context };
	for (cut.done = first; cut.done <= replay->count; cut.done++) {
		cut.stake_count = 0;
		for (i = 0; i < cut.done; i++)
			if (!is_durable(replay, i, cut.done))
				cut.stake[cut.stake_count++] = i;
		if (cut.stake_count <= EXHAUSTIVE)
			visit_all(&cut);
		else
			visit_some(&cut);
	}
	return cut.states;
}
