/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/elf_image.h"

#include "builder/complaint.h"
#include "builder/stub.h"
#include "builder/types.h"

#define SOURCE "types.c"

/*
 * A first try tells all types that are not declared; headers that do not go together may take some
 * more, each of which leaves one out at least.
 */
enum { MAX_TRIES = 12, LINE_SIZE = 512 };

enum line_sort { LINE_TEXT, LINE_HEADER, LINE_TYPE };

struct line {
	enum line_sort sort;
	bool is_off;
	char text[LINE_SIZE];
};

struct stub {
	const struct stub_request *request;
	struct line *lines;
	size_t count, capacity;
	struct buffer *notes;
};

/*
 * Tracepoints' records are structs that macros make (include/trace/stages, before 6.0
 * include/trace/trace_events.h): these here make the same of the same descriptions, and nothing
 * else.
 */
static const char *const EVENT_MACROS[] = {
	"#undef TRACE_EVENT",
	"#undef TRACE_EVENT_FN",
	"#undef TRACE_EVENT_FN_COND",
	"#undef TRACE_EVENT_CONDITION",
	"#undef TRACE_EVENT_NOP",
	"#undef TRACE_EVENT_SYSCALL",
	"#undef TRACE_EVENT_FLAGS",
	"#undef TRACE_EVENT_PERF_PERM",
	"#undef DECLARE_EVENT_CLASS",
	"#undef DECLARE_EVENT_NOP",
	"#undef DECLARE_TRACE",
	"#undef DECLARE_TRACE_CONDITION",
	"#undef DECLARE_TRACE_EVENT",
	"#undef DECLARE_TRACE_EVENT_CONDITION",
	"#undef DEFINE_EVENT",
	"#undef DEFINE_EVENT_FN",
	"#undef DEFINE_EVENT_CONDITION",
	"#undef DEFINE_EVENT_PRINT",
	"#undef DEFINE_EVENT_NOP",
	"#undef DEFINE_EVENT_SCHEDULE_EXIT",
	"#undef TP_STRUCT__entry",
	"#undef TRACE_DEFINE_ENUM",
	"#undef TRACE_DEFINE_SIZEOF",
	"#define RECORD(name, fields) \\",
	"struct trace_event_raw_##name { struct trace_entry ent; fields char __data[]; };",
	"#define DECLARE_EVENT_CLASS(name, proto, args, fields, ...) RECORD(name, fields)",
	"#define TRACE_EVENT(name, proto, args, fields, ...) RECORD(name, fields)",
	"#define TRACE_EVENT_FN(name, proto, args, fields, ...) RECORD(name, fields)",
	"#define TRACE_EVENT_FN_COND(name, proto, args, cond, fields, ...) RECORD(name, fields)",
	"#define TRACE_EVENT_CONDITION(name, proto, args, cond, fields, ...) RECORD(name, fields)",
	"#define TRACE_EVENT_SYSCALL(name, proto, args, fields, ...) RECORD(name, fields)",
	"#define TRACE_EVENT_NOP(...)",
	"#define TRACE_EVENT_FLAGS(...)",
	"#define TRACE_EVENT_PERF_PERM(...)",
	"#define DECLARE_EVENT_NOP(...)",
	"#define DECLARE_TRACE(...)",
	"#define DECLARE_TRACE_CONDITION(...)",
	"#define DECLARE_TRACE_EVENT(...)",
	"#define DECLARE_TRACE_EVENT_CONDITION(...)",
	"#define DEFINE_EVENT(...)",
	"#define DEFINE_EVENT_FN(...)",
	"#define DEFINE_EVENT_CONDITION(...)",
	"#define DEFINE_EVENT_PRINT(...)",
	"#define DEFINE_EVENT_NOP(...)",
	"#define DEFINE_EVENT_SCHEDULE_EXIT(...)",
	"#define TRACE_DEFINE_ENUM(...)",
	"#define TRACE_DEFINE_SIZEOF(...)",
	"#define TP_STRUCT__entry(...) __VA_ARGS__",
	"#define __field(type, item) type item;",
	"#define __field_ext(type, item, filter) type item;",
	"#define __field_struct(type, item) type item;",
	"#define __field_struct_ext(type, item, filter) type item;",
	"#define __array(type, item, length) type item[length];",
	"#define __dynamic_array(type, item, length) u32 __data_loc_##item;",
	"#define __string(item, source) u32 __data_loc_##item;",
	"#define __string_len(item, source, length) u32 __data_loc_##item;",
	"#define __vstring(item, format, arguments) u32 __data_loc_##item;",
	"#define __bitmask(item, bits) u32 __data_loc_##item;",
	"#define __cpumask(item) u32 __data_loc_##item;",
	"#define __sockaddr(item, length) u32 __data_loc_##item;",
	"#define __rel_dynamic_array(type, item, length) u32 __rel_loc_##item;",
	"#define __rel_string(item, source) u32 __rel_loc_##item;",
	"#define __rel_string_len(item, source, length) u32 __rel_loc_##item;",
	"#define __rel_bitmask(item, bits) u32 __rel_loc_##item;",
	"#define __rel_cpumask(item) u32 __rel_loc_##item;",
	"#define __rel_sockaddr(item, length) u32 __rel_loc_##item;",
	"#define TRACE_HEADER_MULTI_READ",
};

static int add(struct stub *stub, enum line_sort sort, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int add(struct stub *stub, enum line_sort sort, const char *format, ...)
{
	int code = array_grow(&stub->lines, stub->count, &stub->capacity);
	struct line *line;
	va_list arguments;

	if (code)
		return code;
	line = &stub->lines[stub->count++];
	*line = (struct line){ .sort = sort };
	va_start(arguments, format);
	vsnprintf(line->text, sizeof(line->text), format, arguments);
	va_end(arguments);
	return 0;
}

static bool has_line(const struct stub *stub, const char *text)
{
	size_t i;

	for (i = 0; i < stub->count; i++)
		if (!strcmp(stub->lines[i].text, text))
			return true;
	return false;
}

/* A header that this kernel does not have is left out without a word: it moved, or came later. */
static int include(struct stub *stub, const char *header)
{
	const struct compile_request *compile = &stub->request->compile;
	char text[LINE_SIZE];

	snprintf(text, sizeof(text), "#include <%s>", header);
	if (!headers_have(compile->headers, compile->architecture->source, header) ||
	    has_line(stub, text))
		return 0;
	return add(stub, LINE_HEADER, "%s", text);
}

/* The header of a tracepoint's record; NULL where it is none, or the kernel lacks it. */
static const char *event_header(const struct stub *stub, const struct partial_root *root)
{
	const struct event_place place = types_event(root->name, root->name_length);
	const struct kernel_headers *headers = stub->request->compile.headers;

	if (!place.option || headers_have_option(headers, place.option))
		return place.header;
	return NULL;
}

static int include_headers(struct stub *stub, bool *has_events)
{
	const struct stub_request *request = stub->request;
	int code = include(stub, "linux/types.h");
	size_t i;

	*has_events = false;
	for (i = 0; !code && i < request->header_count; i++)
		code = include(stub, request->headers[i]);
	for (i = 0; !code && i < partial_root_count(request->set); i++) {
		struct partial_root root = partial_root(request->set, i);
		const char *header = types_header(root.name, root.name_length);

		*has_events |= event_header(stub, &root) != NULL;
		if (header)
			code = include(stub, header);
	}
	return code;
}

/* The same header is read a second time, with macros of our own. */
static int include_events(struct stub *stub)
{
	const struct reloset *set = stub->request->set;
	size_t i, first = stub->count, last;
	int code = include(stub, "linux/trace_events.h");

	for (i = 0; !code && i < partial_root_count(set); i++) {
		struct partial_root root = partial_root(set, i);
		const char *header = event_header(stub, &root);

		if (header)
			code = include(stub, header);
	}
	last = stub->count;
	for (i = 0; !code && i < sizeof(EVENT_MACROS) / sizeof(EVENT_MACROS[0]); i++)
		code = add(stub, LINE_TEXT, "%s", EVENT_MACROS[i]);
	for (i = first; !code && i < last; i++)
		if (strstr(stub->lines[i].text, "/events/") || strstr(stub->lines[i].text, "asm/trace/"))
			code = add(stub, LINE_HEADER, "%s", stub->lines[i].text);
	return code;
}

/* What C calls the kind; "" for what has one word, as a typedef; NULL: cannot be declared. */
static const char *keyword(uint32_t kind)
{
	switch (kind) {
	case BTF_KIND_STRUCT: return "struct ";
	case BTF_KIND_UNION: return "union ";
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64: return "enum ";
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_INT: return "";
	default: return NULL;
	}
}

static int declare_types(struct stub *stub)
{
	/* A pointer's size is taken from the first integer of this name. */
	int code = add(stub, LINE_TEXT, "unsigned long variable_long;");
	size_t i;

	for (i = 0; !code && i < partial_root_count(stub->request->set); i++) {
		struct partial_root root = partial_root(stub->request->set, i);
		const char *word = keyword(root.kind);

		if (word && root.name_length < LINE_SIZE / 2)
			code = add(stub, LINE_TYPE, "%s%.*s variable_%zu;", word,
				   (int)root.name_length, root.name, i);
	}
	return code;
}

static int write_source(const struct stub *stub, struct error *err)
{
	struct buffer text = { 0 };
	int code = 0;
	size_t i;

	for (i = 0; !code && i < stub->count; i++) {
		const struct line *line = &stub->lines[i];

		/* One that is off leaves its number, so that lines keep theirs. */
		if (!line->is_off)
			code = buffer_append(&text, line->text, strlen(line->text));
		if (!code)
			code = buffer_append(&text, "\n", 1);
	}
	if (code)
		error_errno(err, code, SOURCE);
	else
		code = workshop_put(stub->request->compile.workshop, SOURCE, buffer_slice(&text), err);
	buffer_free(&text);
	return code;
}

static int note(struct stub *stub, const char *what, const char *why)
{
	int code = buffer_append(stub->notes, what, strlen(what));

	if (!code)
		code = buffer_append(stub->notes, why, strlen(why));
	return code ? code : buffer_append(stub->notes, "\n", 1);
}

/* "struct mount" of "struct mount variable_3;" */
static int note_type(struct stub *stub, const struct line *line)
{
	char name[LINE_SIZE];

	snprintf(name, sizeof(name), "%s", line->text);
	*strstr(name, " variable_") = '\0';
	return note(stub, name, ": is not declared in the kernel's headers");
}

/*
 * Switches off what the compiler complained about, and returns the number of lines; a type's error
 * that a header's may have caused waits until headers are in order.
 */
static int leave_out(struct stub *stub, const char *said)
{
	struct complaint complaint;
	struct complaint_reader reader;
	int count = 0, pass;

	for (pass = 0; pass < 2 && !count; pass++) {
		const enum line_sort sort = pass ? LINE_TYPE : LINE_HEADER;

		complaint_start(&reader, said, SOURCE);
		while (complaint_next(&reader, &complaint)) {
			struct line *line = complaint.line && complaint.line <= stub->count ?
					    &stub->lines[complaint.line - 1] : NULL;

			if (!line || line->sort != sort || line->is_off)
				continue;
			line->is_off = true;
			count++;
			if (sort == LINE_HEADER ? note(stub, line->text, complaint.text) :
						  note_type(stub, line))
				return -ENOMEM;
			/* The rest may be this header's fault: only the first one is known. */
			if (sort == LINE_HEADER)
				break;
		}
	}
	return count;
}

static int compile_until_right(struct stub *stub, struct buffer *object, struct error *err)
{
	struct compile_request request = stub->request->compile;
	struct buffer said = { 0 };
	int code = -EBADMSG, count = 1, tries;

	request.source = SOURCE;
	request.for_bpf = false;
	for (tries = 0; code == -EBADMSG && count > 0 && tries < MAX_TRIES; tries++) {
		code = write_source(stub, err);
		if (!code)
			code = compile(&request, object, &said, err);
		if (code == -EBADMSG)
			count = leave_out(stub, (const char *)said.data);
	}
	buffer_free(&said);
	if (count < 0)
		return error_errno(err, count, SOURCE);
	return code;
}

/* The section is within the object, whose bytes are copied out of it. */
static int take_btf(const struct buffer *object, struct buffer *btf, struct error *err)
{
	struct elf_section section;
	struct elf_image image;
	int code;

	code = elf_image_open(&image, buffer_slice(object), "what llc wrote", err);
	if (code)
		return code;
	code = elf_image_find(&image, ".BTF", &section, err);
	if (!code && !section.index)
		code = error_set(err, -EBADMSG, "llc wrote no BTF: it is too old, or not of clang's "
				 "version");
	if (!code && buffer_append(btf, section.data.data, section.data.size))
		code = error_errno(err, -ENOMEM, "BTF");
	elf_image_close(&image);
	return code;
}

int stub_compile(const struct stub_request *request, struct buffer *btf, struct buffer *notes,
		 struct error *err)
{
	struct stub stub = { .request = request, .notes = notes };
	struct buffer object = { 0 };
	bool has_events;
	int code;

	code = include_headers(&stub, &has_events);
	if (!code && has_events)
		code = include_events(&stub);
	if (!code)
		code = declare_types(&stub);
	if (code)
		error_errno(err, code, SOURCE);
	else
		code = compile_until_right(&stub, &object, err);
	if (!code)
		code = take_btf(&object, btf, err);
	buffer_free(&object);
	free(stub.lines);
	return code;
}
