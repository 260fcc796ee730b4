/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "host/btf_arch.h"
#include "lib/console.h"

#include "btfpack/pack.h"

/* True when a is to be stored rather than b. */
static bool is_smaller(struct slice a, struct slice b)
{
	if (a.size != b.size)
		return a.size < b.size;
	return a.size && memcmp(a.data, b.data, a.size) < 0;
}

static bool is_class(const void *items, size_t place, const void *digest)
{
	const struct pack_class *classes = items;

	return digest_compare(&classes[place].class, digest) == 0;
}

int pack_file_under_class(struct pack *pack, struct buffer *reduced, struct answers *answers,
			  size_t *class)
{
	uint64_t hash = load_le64(answers->class.bytes);
	ptrdiff_t found = lookup_find(&pack->by_digest, hash, is_class, pack->classes, &answers->class);
	size_t i = found < 0 ? pack->class_count : (size_t)found;

	*class = i;
	if (found < 0) {
		if (array_grow(&pack->classes, pack->class_count, &pack->class_capacity) ||
		    lookup_add(&pack->by_digest, hash, i))
			return -ENOMEM;
		pack->classes[pack->class_count++] =
			(struct pack_class){ .class = answers->class, .btf = *reduced, .answers = *answers };
	} else {
		struct pack_class *stored = &pack->classes[i];

		if (is_smaller(buffer_slice(reduced), buffer_slice(&stored->btf))) {
			struct buffer larger = stored->btf;

			stored->btf = *reduced;
			*reduced = larger;
		}
		buffer_free(reduced);
		answers_free(answers);
	}
	pack->classes[i].kernels++;
	return 0;
}

/* What became of one entry of the archive. */
struct outcome {
	struct digest full_btf;
	size_t class;
	enum { NOT_WANTED, REDUCED, LEFT_OUT } state;
	char *why;               /* LEFT_OUT */
};

/* What the threads share; lock guards all but what is constant. */
struct work {
	pthread_mutex_t lock;
	struct pack *pack;
	const struct reloset *set;
	const struct btf_archive *archive;
	const struct pack_options *options;
	struct outcome *outcomes; /* one for each entry; a thread writes only those it took */
	size_t next, done, wanted;
	struct error *err;       /* with a code in it work ends */
};

/* The folder's architecture is the kernel's: a target host goes by it. */
static int check_arch(const struct btf_archive_key *key, const struct btf_view *view,
		      struct error *err)
{
	const char *other = btf_arch_other(view, key->arch);

	if (!other)
		return 0;
	return error_set(err, -EBADMSG, "is the BTF of a kernel for %s, and lies in a folder for %s: "
			 "move it into its own, ID/VERSION_ID/ARCH", other, key->arch);
}

/* The entry's full BTF in *reading, its reduced one appended to *reduced. */
static int reduce_entry(const struct work *work, const struct btf_archive_entry *entry,
			struct btf_archive_reading *reading, struct buffer *reduced,
			struct answers *answers, struct error *err)
{
	struct btf_view view = { 0 };
	int code;

	code = btf_archive_read(entry, work->options->exact, reading, err);
	if (code)
		return code;
	code = btf_view_open(&view, reading->btf, err);
	if (!code)
		code = check_arch(&entry->key, &view, err);
	if (!code)
		code = work->options->answers_only ? answers_resolve(work->set, &view, answers, err) :
		       reduce_kernel(work->set, &view, work->options->verify, reduced, answers, err);
	btf_view_close(&view);
	return code ? error_wrap(err, "%s", entry->path) : 0;
}

/* True for what only one input is to blame for, so that the others can be had without it. */
static bool is_fault_of_input(int code)
{
	return code != -ENOMEM && code != -EPROTO;
}

/* With the lock held: counts what came out of an entry, and files it. */
static void finish_entry(struct work *work, struct outcome *outcome, size_t full_size,
			 struct buffer *reduced, struct answers *answers, const struct error *problem)
{
	int code = 0;

	if (!problem->code) {
		work->pack->full_bytes += full_size;
		work->pack->reduced_bytes += reduced->size;
		outcome->state = REDUCED;
		code = pack_file_under_class(work->pack, reduced, answers, &outcome->class);
	} else if (is_fault_of_input(problem->code)) {
		outcome->state = LEFT_OUT;
		outcome->why = strdup(problem->text);
		code = outcome->why ? 0 : -ENOMEM;
	} else if (!work->err->code) {
		*work->err = *problem;
	}
	if (code)
		error_errno(work->err, code, "reducing");
	if (code || problem->code) {
		buffer_free(reduced);
		answers_free(answers);
	}
	console_progress(work->options->answers_only ? "resolving" : "reducing", ++work->done,
			 work->wanted);
}

static void *reduce_entries(void *context)
{
	struct work *work = context;
	struct btf_archive_reading reading = { 0 };

	pthread_mutex_lock(&work->lock);
	while (!work->err->code && work->next < work->archive->entry_count) {
		size_t i = work->next++;
		struct outcome *outcome = &work->outcomes[i];
		struct buffer reduced = { 0 };
		struct answers answers = { 0 };
		struct error problem = ERROR_NONE;

		if (outcome->state == NOT_WANTED)
			continue;
		pthread_mutex_unlock(&work->lock);
		if (!reduce_entry(work, &work->archive->entries[i], &reading, &reduced, &answers, &problem))
			outcome->full_btf = reading.sha256;
		pthread_mutex_lock(&work->lock);
		finish_entry(work, outcome, reading.btf.size, &reduced, &answers, &problem);
	}
	pthread_mutex_unlock(&work->lock);
	btf_archive_reading_free(&reading);
	return NULL;
}

/* This thread works, too; where no other can be had, it works alone. */
static void run_threads(struct work *work, unsigned threads)
{
	pthread_t *others = calloc(threads, sizeof(*others));
	unsigned started = 0, i;

	while (others && started + 1 < threads &&
	       pthread_create(&others[started], NULL, reduce_entries, work) == 0)
		started++;
	reduce_entries(work);
	for (i = 0; i < started; i++)
		pthread_join(others[i], NULL);
	free(others);
}

/* Classes in the order in which the archive first has them, whichever thread was first. */
static int order_classes(struct pack *pack, struct outcome *outcomes, size_t count)
{
	size_t *places = calloc(pack->class_count + 1, sizeof(*places));
	struct pack_class *ordered = calloc(pack->class_count + 1, sizeof(*ordered));
	size_t placed = 0, i;

	if (!places || !ordered) {
		free(places);
		free(ordered);
		return -ENOMEM;
	}
	for (i = 0; i < count; i++) {
		size_t *place = &places[outcomes[i].class];

		if (outcomes[i].state != REDUCED)
			continue;
		if (!*place) {
			ordered[placed] = pack->classes[outcomes[i].class];
			*place = ++placed;
		}
		outcomes[i].class = *place - 1;
	}
	free(places);
	free(pack->classes);
	lookup_free(&pack->by_digest); /* all are filed */
	pack->classes = ordered;
	pack->class_capacity = pack->class_count + 1;
	return 0;
}

/* Moves the outcomes into the pack, in the archive's order. */
static int collect(struct pack *pack, const struct btf_archive *archive,
		   const struct pack_options *options, struct outcome *outcomes)
{
	size_t i;

	if (order_classes(pack, outcomes, archive->entry_count))
		return -ENOMEM;
	for (i = 0; i < archive->entry_count; i++) {
		const struct outcome *outcome = &outcomes[i];

		if (outcome->state == LEFT_OUT) {
			if (options->keep_going)
				console_warn("%s: %s: left out", options->step, outcome->why);
			else
				console_error("%s: %s", options->step, outcome->why);
			pack->skipped++;
		}
		if (outcome->state != REDUCED)
			continue;
		if (array_grow(&pack->kernels, pack->kernel_count, &pack->kernel_capacity))
			return -ENOMEM;
		pack->kernels[pack->kernel_count++] = (struct pack_kernel){
			.entry = &archive->entries[i],
			.full_btf = outcome->full_btf,
			.class = outcome->class,
		};
	}
	return 0;
}

int pack_reduce(struct pack *pack, const struct reloset *set, const struct btf_archive *archive,
		const struct pack_options *options, struct error *err)
{
	struct work work = {
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.pack = pack,
		.set = set,
		.archive = archive,
		.options = options,
		.outcomes = calloc(archive->entry_count + 1, sizeof(*work.outcomes)),
		.err = err,
	};
	size_t i;

	err->code = 0;
	if (!work.outcomes)
		return error_errno(err, -ENOMEM, "reducing");
	for (i = 0; i < archive->entry_count; i++) {
		if (options->wanted && !options->wanted(&archive->entries[i], options->context))
			continue;
		work.outcomes[i].state = REDUCED; /* until it turns out otherwise */
		work.wanted++;
	}
	run_threads(&work, options->threads);
	console_progress(NULL, 0, 0);
	if (!err->code && collect(pack, archive, options, work.outcomes))
		error_errno(err, -ENOMEM, "reducing");
	for (i = 0; i < archive->entry_count; i++)
		free(work.outcomes[i].why);
	free(work.outcomes);
	return err->code;
}

int pack_write(const struct pack *pack, struct payload_writer *writer, struct error *err)
{
	uint32_t *numbers = calloc(pack->class_count ? pack->class_count : 1, sizeof(*numbers));
	size_t i;
	int code = 0;

	if (!numbers)
		return error_errno(err, -ENOMEM, "payload");
	for (i = 0; i < pack->class_count && !code; i++)
		code = payload_writer_btf(writer, buffer_slice(&pack->classes[i].btf), &numbers[i], err);
	for (i = 0; i < pack->kernel_count && !code; i++) {
		const struct pack_kernel *kernel = &pack->kernels[i];
		const struct btf_archive_entry *entry = kernel->entry;
		struct payload_kernel packed = {
			.arch = entry->key.arch,
			.release = entry->key.release,
			.build = entry->build ? entry->build : "",
			.distro = entry->key.id,
			.version_id = entry->key.version_id,
			.full_btf = kernel->full_btf,
			.btf = numbers[kernel->class],
		};

		code = payload_writer_kernel(writer, &packed, err);
	}
	free(numbers);
	return code;
}

void pack_free(struct pack *pack)
{
	size_t i;

	for (i = 0; i < pack->class_count; i++) {
		buffer_free(&pack->classes[i].btf);
		answers_free(&pack->classes[i].answers);
	}
	free(pack->classes);
	free(pack->kernels);
	lookup_free(&pack->by_digest);
	*pack = (struct pack){ 0 };
}
