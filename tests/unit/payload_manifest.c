/* SPDX-License-Identifier: BSD-2-Clause */
/* The manifest: what is accepted, and what each mistake is told. */
#include <errno.h>
#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "payload/manifest.h"

static int parse(const char *text, struct manifest *manifest, struct error *err)
{
	*err = ERROR_NONE;
	return manifest_parse(slice_of(text, strlen(text)), "m.ini", manifest, err);
}

static void a_whole_manifest(void **state)
{
	struct manifest m;
	struct error err;

	(void)state;
	assert_int_equal(parse("# comment\n"
			       "[app]\n"
			       "name = proctrace            # names the unit\n"
			       "version = 0.1.0~rc1+2\r\n"
			       "summary = traces C# too ; comment\n"
			       "\n"
			       "[object]\n"
			       "path = any.bpf.o\n"
			       "path.x86_64 = x86/proctrace.bpf.o\n"
			       "also = tools/execsnoop.bpf.o opensnoop.bpf.o\n"
			       "    tools/exitsnoop.bpf.o\n"
			       "also.arm64 = arm64/execsnoop.bpf.o\n"
			       "source = proctrace.bpf.c\n"
			       "    proctrace.h  include/common.h   # two more\n"
			       "[events]\n"
			       "map = events\n"
			       "struct = event\n"
			       "[set]\n"
			       "only_uid = 0,1000   # a list\n"
			       "name =\n"
			       "[package]\n"
			       "maintainer = Erika Muster <erika@example.org>\n"
			       "homepage = https://example.org/a\n"
			       "license = BSD-2-Clause OR GPL-2.0-only\n"
			       "license-file = doc/terms\n"
			       "copyright = 2020 Erika Muster\n"
			       "description = One line,\n"
			       "    two lines\n"
			       "    and a third one.\n"
			       "[program handle_exec_fentry]\n"
			       "alternative = handle_exec\n"
			       "[program an_unusually_long_name_of_a_program_beyond_what_libinih_keeps]\n"
			       "optional = yes",
			       &m, &err), 0);
	assert_string_equal(m.name, "proctrace");
	assert_string_equal(m.version, "0.1.0~rc1+2");
	assert_string_equal(m.summary, "traces C# too");
	assert_string_equal(manifest_object_path(&m, "x86_64"), "x86/proctrace.bpf.o");
	assert_string_equal(manifest_object_path(&m, "arm64"), "any.bpf.o");
	assert_int_equal(m.further_count, 4);
	assert_string_equal(m.further[0].path, "tools/execsnoop.bpf.o");
	assert_string_equal(m.further[2].path, "tools/exitsnoop.bpf.o");
	assert_string_equal(m.further[2].arch, "");
	assert_string_equal(m.further[3].arch, "arm64");
	assert_string_equal(manifest_file_name(m.further[3].path), "execsnoop.bpf.o");
	assert_string_equal(manifest_file_name(m.further[1].path), "opensnoop.bpf.o");
	assert_int_equal(m.source_count, 3);
	assert_string_equal(m.sources[0], "proctrace.bpf.c");
	assert_string_equal(m.sources[2], "include/common.h");
	assert_string_equal(m.events_map, "events");
	assert_string_equal(m.events_struct, "event");
	assert_int_equal(m.setting_count, 2);
	assert_string_equal(m.settings[0], "only_uid=0,1000");
	assert_string_equal(m.settings[1], "name=");
	assert_string_equal(m.maintainer, "Erika Muster <erika@example.org>");
	assert_string_equal(m.homepage, "https://example.org/a");
	assert_string_equal(m.license, "BSD-2-Clause OR GPL-2.0-only");
	assert_string_equal(m.license_file, "doc/terms");
	assert_string_equal(m.copyright, "2020 Erika Muster");
	assert_string_equal(m.description, "One line, two lines and a third one.");
	assert_int_equal(m.program_count, 2);
	assert_string_equal(manifest_program(&m, "handle_exec_fentry")->alternative, "handle_exec");
	assert_false(manifest_program(&m, "handle_exec_fentry")->optional);
	assert_true(m.programs[1].optional);
	assert_string_equal(m.programs[1].name,
			    "an_unusually_long_name_of_a_program_beyond_what_libinih_keeps");
	assert_null(manifest_program(&m, "other"));
	manifest_free(&m);
}

static void only_what_must_be(void **state)
{
	struct manifest m;
	struct error err;

	(void)state;
	assert_int_equal(parse("[app]\nname=a\nversion=1\n[object]\npath.arm64=o\n", &m, &err), 0);
	assert_string_equal(m.summary, "");
	assert_null(m.events_map);
	assert_null(m.events_struct);
	assert_int_equal(m.setting_count, 0);
	assert_null(m.maintainer);
	assert_null(m.description);
	assert_null(manifest_object_path(&m, "x86_64"));
	assert_string_equal(manifest_object_path(&m, "arm64"), "o");
	manifest_free(&m);
}

#define APP "[app]\nname = a\nversion = 1\n"
#define REST "[object]\npath = o\n"
#define LONG "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct {
	const char *text;
	const char *message;
} mistakes[] = {
	{ "", "m.ini: has no name in [app]" },
	{ "[app]\nname = a\n" REST, "m.ini: has no version in [app]" },
	{ APP, "m.ini: has no path in [object]" },
	{ APP "[objekt]\n", "line 4: unknown section [objekt]" },
	{ APP "color = red\n", "line 4: unknown key \"color\" in [app]" },
	{ APP "name = b\n", "line 4: duplicate key \"name\" in [app]" },
	{ APP REST "path = p\n", "line 6: duplicate key \"path\" in [object]" },
	{ APP REST "source = a\nsource = b\n", "line 7: duplicate key \"source\" in [object]" },
	{ APP REST "source = a b a\n", "line 6: source \"a\" is named twice" },
	{ APP REST "also = a\nalso = b\n", "line 7: duplicate key \"also\" in [object]" },
	{ APP REST "also = x/a y/b\n  y/a\n", "line 7: also \"y/a\": there are two files of that name" },
	{ APP REST "also.arm64 = /a\n", "line 6: also.arm64 \"/a\": must be relative" },
	{ APP REST "also = .a\n", "line 6: also \".a\": the file's name must be" },
	{ APP REST "also.= a\n", "line 6: \"also.\": what follows the dot" },
	{ APP REST "alsop = a\n", "line 6: unknown key \"alsop\" in [object]" },
	{ APP "[app]\nversion = 2\n", "line 5: duplicate key \"version\"" },
	{ "name = a\n", "line 1: key \"name\" stands before the first section" },
	{ "[app]\nname = A\n", "line 2: name \"A\": must be" },
	{ "[app]\nname = ../a\n", "line 2: name \"../a\": must be" },
	{ "[app]\nname =\n", "line 2: name \"\": must be" },
	{ "[app]\nname = " LONG "\n", "must be [a-z][a-z0-9-]*, at most 63 bytes" },
	{ "[app]\nversion = 1 2\n", "line 2: version \"1 2\": must be" },
	{ "[app]\nversion = .1\n", "line 2: version \".1\": must be" },
	{ "[app]\nname a\n", "line 2: is neither \"key = value\" nor \"[section]\"" },
	{ "[app\nname = a\n", "line 1: is neither" },
	{ " [app]\nname = a\n", "line 1: a section begins at the start of its line" },
	{ "[app]\nname = a\x01\n", "line 2: has a control character" },
	{ "[app]\nname = a\n  b\n", "line 3: an indented line continues" },
	{ "[app]\nsummary = " LONG LONG LONG "\n", "line 2: is longer than" },
	{ "[object]\npath = /etc/o\n", "line 2: path \"/etc/o\": must be relative" },
	{ "[object]\npath = a/../../o\n", "line 2: path \"a/../../o\": must be relative" },
	{ "[object]\npath = ..\n", "line 2: path \"..\": must be relative" },
	{ "[object]\npath =\n", "line 2: path \"\": must be relative" },
	{ "[object]\npath = a//o\n", "line 2: path \"a//o\": must be relative" },
	{ "[object]\npath.a/b = o\n", "line 2: \"path.a/b\": what follows the dot" },
	{ "[object]\nsource = a /b\n", "line 2: source \"/b\": must be relative" },
	{ "[events]\nmap = my map\n", "line 2: map \"my map\": is no name" },
	{ "[events]\nstruct = struct e\n", "line 2: struct \"struct e\": is no name of a struct" },
	{ "[events]\nstruct = e\nstruct = f\n", "line 3: duplicate key \"struct\" in [events]" },
	{ "[set]\na b = 1\n", "line 2: \"a b\" in [set]: is no name of a variable" },
	{ "[set]\na = 1\nab = 2\na = 1\n", "line 4: duplicate key \"a\" in [set]" },
	{ "[events]\nmaps = m\n", "line 2: unknown key \"maps\" in [events]" },
	{ "[package]\nmaintainer = Erika\n", "line 2: maintainer \"Erika\": must be NAME <ADDRESS>" },
	{ "[package]\nmaintainer = <e@x>\n", "line 2: maintainer \"<e@x>\": must be" },
	{ "[package]\nmaintainer = E <e@x> x\n", "line 2: maintainer \"E <e@x> x\": must be" },
	{ "[package]\nmaintainer = E <@x>\n", "line 2: maintainer \"E <@x>\": must be" },
	{ "[package]\nmaintainer = E <e@>\n", "line 2: maintainer \"E <e@>\": must be" },
	{ "[package]\nhomepage = example.org\n", "line 2: homepage \"example.org\": must begin" },
	{ "[package]\nhomepage = https://a b\n", "line 2: homepage \"https://a b\": must begin" },
	{ "[package]\nlicense = 100%\n", "line 2: license \"100%\": is no SPDX expression" },
	{ "[package]\nlicense-file = ../x\n", "line 2: license-file \"../x\": must be relative" },
	{ "[package]\ndescription = a\ndescription = b\n", "line 3: duplicate key" },
	{ "[package]\ncolor = red\n", "line 2: unknown key \"color\" in [package]" },
	{ "[program]\n", "line 1: unknown section [program]" },
	{ "[program a b]\n", "line 1: [program a b]: is no name of a program" },
	{ "[program p]\n[program p]\n", "line 2: duplicate section [program p]" },
	{ "[program p]\nalternative = p\n", "line 2: alternative \"p\": is no name of another" },
	{ "[program p]\noptional = maybe\n", "line 2: optional \"maybe\": must be yes or no" },
	{ "[program p]\noptional = yes\noptional = no\n", "line 3: duplicate key \"optional\"" },
	{ "[program p]\nfallback = q\n", "line 2: unknown key \"fallback\" in [program p]" },
};

static void mistakes_are_told(void **state)
{
	struct manifest m;
	struct error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		assert_int_equal(parse(mistakes[i].text, &m, &err), -EBADMSG);
		if (!strstr(err.text, mistakes[i].message))
			fail_msg("\"%s\" is told \"%s\", not \"%s\"", mistakes[i].text, err.text,
				 mistakes[i].message);
	}
}

static void nul_and_size_are_refused(void **state)
{
	static const char with_nul[] = "[app]\nname = a\0b\n";
	static char large[MANIFEST_MAX_SIZE + 1];
	struct manifest m;
	struct error err;

	(void)state;
	assert_int_equal(manifest_parse(slice_of(with_nul, sizeof(with_nul) - 1), "m.ini", &m, &err),
			 -EBADMSG);
	assert_non_null(strstr(err.text, "line 2: has a control character"));
	memset(large, '\n', sizeof(large));
	assert_int_equal(manifest_parse(slice_of(large, sizeof(large)), "m.ini", &m, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "larger than"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_manifest),
		cmocka_unit_test(only_what_must_be),
		cmocka_unit_test(mistakes_are_told),
		cmocka_unit_test(nul_and_size_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
