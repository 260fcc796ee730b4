/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/plain.h"

#include "core/question.h"

/* A record that was seen, by what it says: most records of a large object repeat an earlier one. */
struct seen {
	const char *access;
	uint32_t type, kind;
	uint32_t serial;         /* of the question that it asks */
};

struct builder {
	struct reloset *set;
	struct seen *seen;       /* open addressing; a power of two of slots */
	size_t slots;
	size_t capacity;
	struct error *err;
};

/* The place of such a record; its access is NULL when none was seen. */
static struct seen *find_seen(struct builder *b, const struct object_relo *relo)
{
	size_t at = ((size_t)(relo->type * 2654435761u) ^ (uintptr_t)relo->access * 40503u ^
		     relo->kind) & (b->slots - 1);

	for (; b->seen[at].access; at = (at + 1) & (b->slots - 1))
		if (b->seen[at].access == relo->access && b->seen[at].type == relo->type &&
		    b->seen[at].kind == relo->kind)
			break;
	return &b->seen[at];
}

static const char *program_name(const struct object *object, const struct object_relo *relo)
{
	return relo->program == OBJECT_SUBPROGRAM ? "a subprogram" : object->programs[relo->program].name;
}

static int add_question(struct builder *b, uint32_t object_index, uint32_t relo_index)
{
	struct reloset *set = b->set;
	const struct object *object = set->objects[object_index];
	const struct object_relo *relo = &object->relos[relo_index];
	struct btf_info root = btf_view_type(&object->btf, relo->type);
	const char *name = btf_view_string(&object->btf, root.name_off);
	struct question *question;
	int err;

	if (array_grow(&set->questions, set->question_count, &b->capacity))
		return error_errno(b->err, -ENOMEM, "%s", object->name);
	question = &set->questions[set->question_count];
	*question = (struct question){
		.object = object_index,
		.relo = relo_index,
		.serial = (uint32_t)set->question_count,
	};
	err = spec_parse(&object->btf, relo->type, relo->kind, relo->access, &question->spec);
	if (err || !*name)
		return error_set(b->err, -EBADMSG,
				 "%s: program %s: relocation %u (%s %s, access '%s'): %s", object->name,
				 program_name(object, relo), relo_index, btf_kind_name(root.kind),
				 *name ? name : "without a name", relo->access,
				 err ? "leads nowhere in the object's own BTF"
				     : "libbpf finds no candidates for a type without a name");
	question->local_error = spec_value(&question->spec, &question->local);
	err = question_identify(question);
	if (err)
		return error_errno(b->err, err, "%s", object->name);
	set->question_count++;
	return 0;
}

static int add_record(struct builder *b, uint32_t index, uint32_t relo_index)
{
	const struct object_relo *relo = &b->set->objects[index]->relos[relo_index];
	struct seen *seen;
	int err;

	b->set->asked[index][relo_index] = RELOSET_NONE;
	/* ids of the object's own types are the object's own matter */
	if (relo->kind == BPF_CORE_TYPE_ID_LOCAL)
		return 0;
	seen = find_seen(b, relo);
	if (!seen->access) {
		err = add_question(b, index, relo_index);
		if (err)
			return err;
		*seen = (struct seen){ relo->access, relo->type, relo->kind,
				       (uint32_t)(b->set->question_count - 1) };
	}
	b->set->asked[index][relo_index] = seen->serial;
	return 0;
}

static int add_object(struct builder *b, uint32_t index)
{
	const struct object *object = b->set->objects[index];
	size_t i;
	int err = 0;

	for (b->slots = 64; b->slots < object->relo_count * 2; b->slots *= 2)
		;
	b->seen = calloc(b->slots, sizeof(*b->seen));
	b->set->asked[index] = calloc(object->relo_count + 1, sizeof(**b->set->asked));
	if (!b->seen || !b->set->asked[index])
		err = error_errno(b->err, -ENOMEM, "%s", object->name);
	for (i = 0; i < object->relo_count && !err; i++)
		err = add_record(b, index, (uint32_t)i);
	b->set->record_count += object->relo_count;
	free(b->seen);
	return err;
}

static struct group root_of(const struct question *question)
{
	struct btf_info root = btf_view_type(question->spec.btf, question->spec.root);
	const char *name = btf_view_string(question->spec.btf, root.name_off);

	return (struct group){
		.name = name,
		.name_length = (uint32_t)essential_length(name),
		.kind = btf_kind_is_enum(root.kind) ? BTF_KIND_ENUM : root.kind,
	};
}

static int compare_groups(const struct group *a, const struct group *b)
{
	uint32_t shorter = a->name_length < b->name_length ? a->name_length : b->name_length;
	int order = memcmp(a->name, b->name, shorter);

	if (order)
		return order;
	if (a->name_length != b->name_length)
		return a->name_length < b->name_length ? -1 : 1;
	return a->kind < b->kind ? -1 : a->kind > b->kind;
}

static int by_group_and_id(const void *a, const void *b)
{
	const struct question *x = a, *y = b;
	struct group x_root = root_of(x), y_root = root_of(y);
	int order = compare_groups(&x_root, &y_root);

	if (!order)
		order = digest_compare(&x->id, &y->id);
	if (!order)
		order = x->object < y->object ? -1 : x->object > y->object;
	if (!order)
		order = x->relo < y->relo ? -1 : x->relo > y->relo;
	return order;
}

/* Sorts, folds equal questions and finds the groups; places[serial] is where a question went. */
static int arrange(struct reloset *set, uint32_t *places)
{
	struct digest_state state;
	size_t capacity = 0, kept = 0, i;

	digest_init(&state);
	if (set->question_count)
		qsort(set->questions, set->question_count, sizeof(*set->questions), by_group_and_id);
	for (i = 0; i < set->question_count; i++) {
		const struct question *question = &set->questions[i];
		struct group root = root_of(question);

		places[question->serial] = (uint32_t)kept;
		if (kept && digest_compare(&set->questions[kept - 1].id, &question->id) == 0) {
			places[question->serial]--;
			continue;
		}
		digest_update(&state, question->id.bytes, DIGEST_SIZE);
		if (!set->group_count || compare_groups(&set->groups[set->group_count - 1], &root)) {
			if (array_grow(&set->groups, set->group_count, &capacity))
				return -ENOMEM;
			root.first = kept;
			set->groups[set->group_count++] = root;
		}
		set->groups[set->group_count - 1].count++;
		if (kept != i)
			set->questions[kept] = *question;
		kept++;
	}
	set->question_count = kept;
	set->fingerprint = digest_final(&state);
	return 0;
}

/* Brings the questions into order, and the records' notes of them with them. */
static int settle(struct reloset *set)
{
	uint32_t *places = calloc(set->question_count + 1, sizeof(*places));
	size_t i, k;
	int code = places ? arrange(set, places) : -ENOMEM;

	for (i = 0; i < set->object_count && !code; i++)
		for (k = 0; k < set->objects[i]->relo_count; k++)
			if (set->asked[i][k] != RELOSET_NONE)
				set->asked[i][k] = places[set->asked[i][k]];
	free(places);
	return code;
}

int reloset_create(struct object *const *objects, size_t count, struct reloset **out,
		   struct error *err)
{
	struct reloset *set = calloc(1, sizeof(*set));
	struct builder builder = { .set = set, .err = err };
	size_t i;
	int code = 0;

	*out = NULL;
	if (!set)
		return error_errno(err, -ENOMEM, "relocations");
	set->object_count = count;
	set->objects = calloc(count ? count : 1, sizeof(*set->objects));
	set->asked = calloc(count ? count : 1, sizeof(*set->asked));
	if (!set->objects || !set->asked)
		code = error_errno(err, -ENOMEM, "relocations");
	for (i = 0; i < count && !code; i++) {
		set->objects[i] = objects[i];
		code = add_object(&builder, (uint32_t)i);
	}
	if (!code && settle(set))
		code = error_errno(err, -ENOMEM, "relocations");
	if (code) {
		reloset_destroy(set);
		return code;
	}
	*out = set;
	return 0;
}

void reloset_destroy(struct reloset *set)
{
	size_t i;

	if (!set)
		return;
	for (i = 0; set->asked && i < set->object_count; i++)
		free(set->asked[i]);
	free(set->asked);
	free(set->objects);
	free(set->questions);
	free(set->groups);
	free(set);
}

struct digest reloset_fingerprint(const struct reloset *set)
{
	return set->fingerprint;
}

size_t reloset_question_count(const struct reloset *set)
{
	return set->question_count;
}

uint32_t reloset_question_of(const struct reloset *set, size_t object, size_t relo)
{
	return set->asked[object][relo];
}

uint32_t reloset_kind(const struct reloset *set, size_t i)
{
	return set->questions[i].spec.kind;
}

size_t reloset_record_count(const struct reloset *set)
{
	return set->record_count;
}

static bool has_question(const struct reloset *set, const struct digest *id)
{
	size_t i;

	for (i = 0; i < set->question_count; i++)
		if (digest_compare(&set->questions[i].id, id) == 0)
			return true;
	return false;
}

bool reloset_covers(const struct reloset *set, const struct reloset *asked)
{
	size_t i;

	for (i = 0; i < asked->question_count; i++)
		if (!has_question(set, &asked->questions[i].id))
			return false;
	return true;
}

const char *reloset_kind_name(const struct reloset *set, size_t i)
{
	static const char *const texts[] = {
		[BPF_CORE_FIELD_BYTE_OFFSET] = "byte offset",
		[BPF_CORE_FIELD_BYTE_SIZE] = "byte size",
		[BPF_CORE_FIELD_EXISTS] = "field exists",
		[BPF_CORE_FIELD_SIGNED] = "signedness",
		[BPF_CORE_FIELD_LSHIFT_U64] = "left shift",
		[BPF_CORE_FIELD_RSHIFT_U64] = "right shift",
		[BPF_CORE_TYPE_ID_LOCAL] = "local type id",
		[BPF_CORE_TYPE_ID_TARGET] = "kernel type id",
		[BPF_CORE_TYPE_EXISTS] = "type exists",
		[BPF_CORE_TYPE_SIZE] = "type size",
		[BPF_CORE_ENUMVAL_EXISTS] = "enumerator exists",
		[BPF_CORE_ENUMVAL_VALUE] = "enumerator value",
		[BPF_CORE_TYPE_MATCHES] = "type matches",
	};

	return texts[set->questions[i].spec.kind];
}

/* Names of a BTF are anybody's. */
static void append_name(char *text, size_t size, const char *name)
{
	size_t used = strlen(text);

	plain_copy(text + used, size - used, name);
}

char *reloset_field(const struct reloset *set, size_t i, char *text, size_t size)
{
	const struct spec *spec = &set->questions[i].spec;
	struct btf_info root = btf_view_type(spec->btf, spec->root);
	size_t used;
	uint32_t step;

	snprintf(text, size, "%s ", btf_kind_name(root.kind));
	append_name(text, size, btf_view_string(spec->btf, root.name_off));
	for (step = 0; step < spec->length; step++) {
		const struct accessor *accessor = &spec->path[step];

		used = strlen(text);
		if (accessor->name) {
			snprintf(text + used, size - used, "%s", relo_is_enumerator(spec->kind) ? "::" : ".");
			append_name(text, size, accessor->name);
		} else if (step > 0 || accessor->index > 0) {
			snprintf(text + used, size - used, "[%u]", accessor->index);
		}
	}
	return text;
}

char *reloset_describe(const struct reloset *set, size_t i, char *text, size_t size)
{
	size_t used = strlen(reloset_field(set, i, text, size));

	snprintf(text + used, size - used, " (%s)", reloset_kind_name(set, i));
	return text;
}

bool reloset_asks_kernel_id(const struct reloset *set, size_t i)
{
	return set->questions[i].spec.kind == BPF_CORE_TYPE_ID_TARGET;
}

void reloset_first_use(const struct reloset *set, size_t i, const char **object,
		       const char **program)
{
	const struct question *question = &set->questions[i];
	const struct object *from = set->objects[question->object];

	*object = from->name;
	*program = program_name(from, &from->relos[question->relo]);
}
