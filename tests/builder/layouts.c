/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Holds BTF that is made of a kernel's headers against the kernel's own: whatever it claims to know
 * must be so.
 *
 *     layouts FULL.btf RELEASE ARCH HEADERS OBJECT...
 *
 * Prints a line for each relocation whose answer is another one, a line with the numbers, and,
 * with VERBOSE in the environment, what is not known.  Exit 1: there are wrong answers; 2: nothing
 * could be compared.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "builder/stub.h"
#include "core/candidates.h"
#include "core/partial.h"
#include "lib/file.h"

enum { MAX_OBJECTS = 256, MAX_SIZE = 256 * 1024 * 1024 };

static struct buffer files[MAX_OBJECTS];
static struct object *objects[MAX_OBJECTS];

static int die(const struct error *err)
{
	fprintf(stderr, "layouts: %s\n", err->text);
	return 2;
}

/* BTF of the headers, as `build` makes it. */
static int make(const struct reloset *set, const char *release, const char *arch,
		const char *folder, struct buffer *btf, struct buffer *notes, struct error *err)
{
	struct workshop workshop;
	struct toolchain toolchain;
	struct kernel_headers headers;
	const struct stub_request request = {
		.compile = {
			.workshop = &workshop, .toolchain = &toolchain, .headers = &headers,
			.architecture = architecture_find(arch),
		},
		.set = set,
	};
	int code = workshop_open(&workshop, err);

	if (!code)
		code = headers_find(folder, release, "", &headers, err);
	if (!code && (workshop_give(&workshop, 0, headers.build) ||
		      workshop_give(&workshop, 1, headers.source)))
		code = error_set(err, -EIO, "%s: cannot be opened", headers.build);
	if (!code)
		code = toolchain_find(NULL, &toolchain, err);
	if (!code)
		code = stub_compile(&request, btf, notes, err);
	workshop_close(&workshop);
	return code;
}

static size_t compare(const struct reloset *set, const struct candidates *part,
		      const struct candidates *full, const bool *known)
{
	size_t i, column, wrong = 0;
	char text[256];

	for (i = 0; i < set->group_count; i++)
		for (column = 0; column < set->groups[i].count; column++) {
			size_t question = set->groups[i].first + column;

			if (!known[question] && getenv("VERBOSE"))
				printf("not known: %s\n",
				       reloset_describe(set, question, text, sizeof(text)));
			if (!known[question] || candidates_agree(&part[i], &full[i], column))
				continue;
			printf("wrong: %s\n", reloset_describe(set, question, text, sizeof(text)));
			wrong++;
		}
	return wrong;
}

int main(int argc, char **argv)
{
	struct buffer full_bytes = { 0 }, part_bytes = { 0 }, notes = { 0 };
	struct candidates *full_tables, *part_tables;
	struct btf_view full, part;
	struct answers answers;
	struct error err = ERROR_NONE;
	struct reloset *set;
	size_t count = 0, unknown, wrong;
	bool *known;
	int i;

	if (argc < 6 || argc - 5 > MAX_OBJECTS)
		return 2;
	for (i = 5; i < argc; i++, count++)
		if (file_read(AT_FDCWD, argv[i], MAX_SIZE, &files[count], &err) ||
		    object_open(buffer_slice(&files[count]), argv[i], &objects[count], &err))
			return die(&err);
	if (reloset_create(objects, count, &set, &err) ||
	    file_read(AT_FDCWD, argv[1], MAX_SIZE, &full_bytes, &err) ||
	    make(set, argv[2], argv[3], argv[4], &part_bytes, &notes, &err) ||
	    btf_view_open(&full, buffer_slice(&full_bytes), &err) ||
	    btf_view_open(&part, buffer_slice(&part_bytes), &err) ||
	    answers_resolve(set, &part, &answers, &err) ||
	    candidates_find(set, &full, &full_tables, &err) ||
	    candidates_find(set, &part, &part_tables, &err))
		return die(&err);
	known = calloc(answers.count + 1, sizeof(*known));
	if (!known)
		return 2;
	unknown = partial_known(set, &part, &answers, known);
	wrong = compare(set, part_tables, full_tables, known);
	if (getenv("VERBOSE"))
		fwrite(notes.data, 1, notes.size, stdout);
	printf("%s: %zu questions, %zu known, %zu wrong\n", argv[2], answers.count,
	       answers.count - unknown, wrong);
	free(known);
	candidates_free(full_tables, partial_root_count(set));
	candidates_free(part_tables, partial_root_count(set));
	answers_free(&answers);
	btf_view_close(&full);
	btf_view_close(&part);
	reloset_destroy(set);
	buffer_free(&full_bytes);
	buffer_free(&part_bytes);
	buffer_free(&notes);
	while (count-- > 0) {
		object_close(objects[count]);
		buffer_free(&files[count]);
	}
	return wrong > 0;
}
