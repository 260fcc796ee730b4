/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "tests/oracle/minimize.h"
#include "tests/oracle/relos.h"
#include "tests/oracle/verdict.h"

/* Something to leave out: returns false when there is no number i of its sort. */
typedef bool leave_out_fn(struct trial *trial, int i);

static struct graph *graph_number(struct trial *trial, int i)
{
	return i == 0 ? &trial->local : &trial->kernels[i - 1];
}

/* One is left: a trial asks something. */
static bool leave_out_relo(struct trial *trial, int i)
{
	if (i >= trial->relo_count || trial->relo_count == 1)
		return false;
	trial->relo_count--;
	memmove(trial->relos + i, trial->relos + i + 1,
		(size_t)(trial->relo_count - i) * sizeof(*trial->relos));
	return true;
}

static bool shorten_access(struct trial *trial, int i)
{
	if (i >= trial->relo_count)
		return false;
	if (trial->relos[i].step_count > 1)
		trial->relos[i].step_count--;
	return true;
}

static bool start_at_zero(struct trial *trial, int i)
{
	if (i >= trial->relo_count)
		return false;
	if (trial->relos[i].step_count > 1)
		trial->relos[i].steps[0] = 0;
	return true;
}

static bool is_root(const struct trial *trial, int id)
{
	for (int i = 0; i < trial->relo_count; i++)
		if (trial->relos[i].root == id)
			return true;
	return false;
}

static bool leave_out_type(struct trial *trial, int i)
{
	struct graph *graph = graph_number(trial, i / GRAPH_TYPES % 3);
	int id = i % GRAPH_TYPES;

	if (i >= 3 * GRAPH_TYPES)
		return false;
	if (id == 0 || id >= graph->count || graph->types[id].gone)
		return true;
	if (graph == &trial->local && is_root(trial, id))
		return true;
	if (id != 1)
		graph_drop(graph, id, 1);
	return true;
}

/* A typedef, qualifier, tag or array gives way to what is behind it. */
static bool see_through(struct trial *trial, int i)
{
	struct graph *graph = graph_number(trial, i / GRAPH_TYPES % 3);
	int id = i % GRAPH_TYPES;

	if (i >= 3 * GRAPH_TYPES)
		return false;
	if (id > 0 && id < graph->count && type_is_modifier(&graph->types[id]) &&
	    !(graph == &trial->local && is_root(trial, id)))
		graph_drop(graph, id, graph->types[id].to);
	return true;
}

/* Access strings count members: those behind the one that goes move up. */
static void follow(struct trial *trial, int owner, int part)
{
	for (int i = 0; i < trial->relo_count; i++) {
		struct relo *relo = &trial->relos[i];
		const struct type *root = &trial->local.types[graph_skip(&trial->local, relo->root)];
		if (type_is_enum(root) && graph_skip(&trial->local, relo->root) == owner &&
		    relo->steps[0] > part)
			relo->steps[0]--;
		for (int k = relo->step_count - 1; k > 0; k--)
			if (relo_step_owner(&trial->local, relo, k) == owner &&
			    relo->steps[k] > part)
				relo->steps[k]--;
	}
}

static bool leave_out_part(struct trial *trial, int i)
{
	struct graph *graph = graph_number(trial, i / (GRAPH_TYPES * TYPE_PARTS) % 3);
	int id = i / TYPE_PARTS % GRAPH_TYPES, part = i % TYPE_PARTS;

	if (i >= 3 * GRAPH_TYPES * TYPE_PARTS)
		return false;
	if (id < graph->count && part < graph->types[id].part_count) {
		if (graph == &trial->local)
			follow(trial, id, part);
		type_drop_part(&graph->types[id], part);
	}
	return true;
}

static bool one_kernel(struct trial *trial, int i)
{
	trial->kernels[1] = trial->kernels[0];
	return i == 0;
}

static bool same_kernel(struct trial *trial, int i)
{
	trial->kernels[i % 2] = trial->local;
	return i < 2;
}

/*
 * A step must lead to something that is there; a part that went may have taken it along.  What
 * core/ then refuses is no trial, either.
 */
static bool steps_exist(const struct trial *trial)
{
	for (int i = 0; i < trial->relo_count; i++) {
		const struct relo *relo = &trial->relos[i];
		for (int k = 1; k < relo->step_count; k++) {
			int owner = relo_step_owner(&trial->local, relo, k);
			const struct type *type = &trial->local.types[owner];
			if (type_is_composite(type) ? relo->steps[k] >= type->part_count
						    : type->kind != BTF_KIND_ARRAY)
				return false;
		}
	}
	return true;
}

static bool fails(const struct trial *trial)
{
	char why[512];

	return graph_is_valid(&trial->local) && graph_is_valid(&trial->kernels[0]) &&
	       graph_is_valid(&trial->kernels[1]) && steps_exist(trial) &&
	       judge_trial(trial, why, sizeof(why), NULL) == DIFFERED;
}

/* Tries each number; what is left out makes the next one take its place, so i stays after it. */
static bool leave_out(struct trial *trial, leave_out_fn *one, bool numbers_move)
{
	struct trial smaller;
	bool progress = false;

	for (int i = 0;; i++) {
		smaller = *trial;
		if (!one(&smaller, i))
			return progress;
		if (memcmp(&smaller, trial, sizeof(smaller)) == 0 || !fails(&smaller))
			continue;
		*trial = smaller;
		progress = true;
		i -= numbers_move;
	}
}

void trial_minimize(struct trial *trial)
{
	bool progress = true;

	/* Once: what is copied can be larger than what it takes the place of. */
	leave_out(trial, same_kernel, false);
	leave_out(trial, one_kernel, false);
	while (progress) {
		progress = leave_out(trial, leave_out_relo, true);
		progress |= leave_out(trial, leave_out_type, false);
		progress |= leave_out(trial, see_through, false);
		progress |= leave_out(trial, leave_out_part, true);
		progress |= leave_out(trial, shorten_access, true);
		progress |= leave_out(trial, start_at_zero, false);
	}
}

static void print_access(const struct graph *graph, const struct relo *relo, FILE *out)
{
	for (int i = 0; i < relo->step_count; i++) {
		const struct type *owner = &graph->types[relo_step_owner(graph, relo, i ? i : 1)];
		if (type_is_enum(owner))
			fprintf(out, "::%s", owner->parts[relo->steps[i]].name);
		else if (i > 0 && type_is_composite(owner))
			fprintf(out, ".%s", owner->parts[relo->steps[i]].name);
		else if (i > 0 || relo->steps[i])
			fprintf(out, "[%d]", relo->steps[i]);
	}
}

void trial_print(const struct trial *trial, FILE *out)
{
	static const char *const titles[] = { "the object", "the kernel", "another kernel" };
	bool alike = memcmp(&trial->kernels[0], &trial->kernels[1], sizeof(struct graph)) == 0;

	for (int i = 0; i < (alike ? 2 : 3); i++) {
		fprintf(out, "  %s:\n", titles[i]);
		graph_print(i == 0 ? &trial->local : &trial->kernels[i - 1], out);
	}
	fprintf(out, "  the relocations:\n");
	for (int i = 0; i < trial->relo_count; i++) {
		const struct relo *relo = &trial->relos[i];
		fprintf(out, "    %d: %s %s<%d>", i, relo_kind_name(relo->kind),
			trial->local.types[relo->root].name, relo->root);
		print_access(&trial->local, relo, out);
		fprintf(out, "\n");
	}
}
