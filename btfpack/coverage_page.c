/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One page with everything in it: style, script and the same document that --json prints.  Its
 * policy names style and script by their hashes, so that nothing else in the page can ever run.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/base64.h>

#include "btfpack/coverage_report.h"
#include "btfpack/template.h"

enum { HASH_SIZE = BASE64_ENCODE_RAW_LENGTH(DIGEST_SIZE) + 1 };

/* Text that goes into the page as it is, with its hash as a policy names it. */
struct page_part {
	struct buffer text;      /* NUL-terminated */
	char hash[HASH_SIZE];
};

/* One behind the other. */
static int read_part(const char *const *names, struct page_part *out, struct error *err)
{
	static const struct template_value NO_GAPS[] = { { NULL, NULL } };
	struct digest digest;
	int code = 0;

	for (; *names && !code; names++)
		code = template_fill(*names, TEMPLATE_PLAIN, NO_GAPS, &out->text, err);
	if (code)
		return code;
	digest = digest_of(buffer_slice(&out->text));
	base64_encode_raw(out->hash, DIGEST_SIZE, digest.bytes);
	out->hash[HASH_SIZE - 1] = '\0';
	return buffer_append(&out->text, NULL, 1) ? error_errno(err, -ENOMEM, "page") : 0;
}

/*
 * In a JSON document `<` stands in strings only, where it may be escaped: so no name can end the
 * script element, or begin a comment in it.
 */
static int append_escaped(const char *text, size_t size, void *out)
{
	const char *end = text + size, *at;

	for (; text < end; text = at + 1) {
		at = memchr(text, '<', (size_t)(end - text));
		if (!at)
			return buffer_append(out, text, (size_t)(end - text));
		if ((at > text && buffer_append(out, text, (size_t)(at - text))) ||
		    buffer_append(out, "\\u003c", 6))
			return -1;
	}
	return 0;
}

static int write_data(const struct coverage_report *report, struct buffer *out, struct error *err)
{
	json_t *document = coverage_to_json(report);
	bool failed = !document ||
		      json_dump_callback(document, append_escaped, out, JSON_COMPACT) ||
		      buffer_append(out, NULL, 1);

	json_decref(document);
	return failed ? error_errno(err, -ENOMEM, "page") : 0;
}

int coverage_to_page(const struct coverage_report *report, struct buffer *out, struct error *err)
{
	static const char *const STYLE[] = { "btfpack/page/coverage.css", NULL };
	static const char *const SCRIPT[] = {
		"btfpack/page/model.js", "btfpack/page/map.js", "btfpack/page/details.js",
		"btfpack/page/sections.js", "btfpack/page/main.js", NULL,
	};
	struct page_part style = { .hash = "" }, script = { .hash = "" };
	struct buffer data = { 0 };
	int code = read_part(STYLE, &style, err);

	if (!code)
		code = read_part(SCRIPT, &script, err);
	if (!code)
		code = write_data(report, &data, err);
	if (!code) {
		const struct template_value values[] = {
			{ "STYLE", (const char *)style.text.data },
			{ "STYLE_HASH", style.hash },
			{ "SCRIPT", (const char *)script.text.data },
			{ "SCRIPT_HASH", script.hash },
			{ "DATA", (const char *)data.data },
			{ NULL, NULL },
		};

		code = template_fill("btfpack/page/coverage.html", TEMPLATE_PLAIN, values, out, err);
	}
	buffer_free(&style.text);
	buffer_free(&script.text);
	buffer_free(&data);
	return code;
}
