/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "btfpack/coverage.h"

const char *coverage_state_name(enum coverage_state state)
{
	static const char *const NAMES[] = {
		[COVERAGE_RESOLVES] = "resolves", [COVERAGE_FALLBACKS] = "fallbacks",
		[COVERAGE_FAILS] = "fails",
	};

	return NAMES[state];
}

const char *coverage_result_name(enum coverage_result result)
{
	static const char *const NAMES[] = {
		[RESULT_ABSENT] = "absent", [RESULT_GUARDED] = "guarded",
		[RESULT_POISONED] = "poisoned", [RESULT_REFUSED] = "refused",
	};

	return NAMES[result];
}

const char *coverage_role_name(enum coverage_role role)
{
	static const char *const NAMES[] = {
		[ROLE_REQUIRED] = "required", [ROLE_OPTIONAL] = "optional", [ROLE_OFF] = "off",
		[ROLE_REPLACED] = "replaced", [ROLE_ALTERNATIVE] = "alternative",
	};

	return NAMES[role];
}

const char *coverage_program_name(const struct coverage_subject *subject,
				  const struct coverage_program *program)
{
	return subject->objects[program->object].object->programs[program->program].name;
}

int coverage_subject_add(struct coverage_subject *subject, const struct object *object,
			 size_t place, const char *arch, bool further, struct error *err)
{
	struct coverage_object *objects = realloc(subject->objects,
						  (subject->count + 1) * sizeof(*objects));
	struct coverage_object *added;
	int code;

	if (!objects)
		return error_errno(err, -ENOMEM, "%s", object->name);
	subject->objects = objects;
	added = &objects[subject->count];
	*added = (struct coverage_object){
		.object = object, .place = place, .arch = arch, .further = further,
	};
	code = needs_of(object, further ? NULL : subject->manifest, &added->needs, err);
	if (code)
		return code;
	subject->count++;
	if (reach_open(object, subject->set, place, &added->reach))
		return error_errno(err, -ENOMEM, "%s", object->name);
	return 0;
}

void coverage_subject_free(struct coverage_subject *subject)
{
	size_t i;

	for (i = 0; i < subject->count; i++) {
		needs_free(&subject->objects[i].needs);
		reach_close(subject->objects[i].reach);
	}
	free(subject->objects);
	*subject = (struct coverage_subject){ 0 };
}

static bool is_for(const struct coverage_object *object, const char *arch)
{
	return !object->arch[0] || strcmp(object->arch, arch) == 0;
}

const struct coverage_object *coverage_object_for(const struct coverage_subject *subject,
						  const char *arch)
{
	const struct coverage_object *found = NULL;
	size_t i;

	for (i = 0; i < subject->count; i++) {
		const struct coverage_object *object = &subject->objects[i];

		/* As in the manifest: the one for this architecture comes before the one for all. */
		if (!object->further && is_for(object, arch) && (!found || object->arch[0]))
			found = object;
	}
	return found;
}

bool coverage_judges(const struct coverage_subject *subject, const struct coverage_object *object,
		     const char *arch)
{
	if (!subject->manifest || object->further)
		return is_for(object, arch);
	return object == coverage_object_for(subject, arch);
}

const char *coverage_kernel_btf(const struct coverage_subject *subject, size_t object,
				size_t program)
{
	const struct coverage_object *from = &subject->objects[object];
	size_t i;

	if (from->needs.programs[program].kernel_btf)
		return from->needs.programs[program].kernel_btf;
	for (i = 0; i < from->object->relo_count; i++) {
		uint32_t question = reloset_question_of(subject->set, from->place, i);

		if (from->object->relos[i].program == program && question != RELOSET_NONE &&
		    reloset_asks_kernel_id(subject->set, question))
			return "bpf_core_type_id_kernel";
	}
	return NULL;
}
