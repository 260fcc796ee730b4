#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Man pages and completions: they know every command and option of the programs, and no other ones;
# completions are asked as shells ask them.

bats_require_minimum_version 1.5.0
load helpers

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	env -u MAKEFLAGS make -s -C "$repo" B="$B" DESTDIR="$PWD" PREFIX=/usr install-documents \
		>log 2>&1 || { cat log; return 1; }
	mkdir bin
	ln -s "$BTFPACK" "$BTFERRY" bin/
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	share=$BATS_FILE_TMPDIR/usr/share
	export PATH=$BATS_FILE_TMPDIR/bin:$PATH
}

commands() { "$1" help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'; }

options() { "$1" "$2" --help | sed 's/^ *-., /  /' | grep -oE '^ +--[a-z-]+' | tr -d ' '; }

@test "pages are what mandoc and groff like, and are there for each program and format" {
	local page
	[ "$(cd "$share/man" && echo */*)" = "man1/btfpack.1 man5/btferry-archive.5 \
man5/btferry-manifest.5 man5/btferry-payload.5 man5/btferry-state.5 man5/btferry.conf.5 \
man8/btferry.8" ]
	for page in "$share"/man/*/*; do
		mandoc -T lint -W warning "$page"
		[ -z "$(MANROFFOPT=-ww man --warnings -l "$page" 2>&1 >/dev/null)" ]
		! grep -nE '@[A-Z_]+@' "$page" || return 1
	done
}

@test "pages tell of each command and option of their program, and of no other option" {
	local program page name option
	for program in btfpack:1 btferry:8; do
		page=$share/man/man${program#*:}/${program%:*}.${program#*:}
		program=${program%:*}
		[ "$(commands $program | wc -l)" -ge 10 ]
		for name in $(commands $program); do
			sed -n '/^.SH COMMANDS/,/^.SH OPTIONS/p' "$page" | grep -qwF -- "${name//-/\\-}" ||
				{ echo "$program($page) lacks $name"; return 1; }
			[[ $name =~ ^(help|version)$ ]] || options $program "$name" >>options.$program
		done
		sort -u options.$program | sed 's/^/ /;s/$/ /' >known
		mandoc -T ascii -O width=500 "$page" | col -b >text
		for option in $(cat known); do
			grep -qE -- "$option([^a-z-]|\$)" text || { echo "$page lacks $option"; return 1; }
		done
		for option in $(sed '/^SEE ALSO/,$d; /unix-socket/d' text | grep -oE -- '--[a-z][a-z-]+'); do
			grep -qF -- " $option " known || [[ $option =~ ^--(help|version)$ ]] ||
				{ echo "$page: $program has no $option"; return 1; }
		done
	done
}

@test "the manifest's page has every section and key that docs/manifest.md explains" {
	local word
	sed -nE 's/^## `(\[.*\])`$/\1/p; s/^\| `([a-z-]+)(`|\.ARCH`) \|.*/\1/p' "$repo/docs/manifest.md" \
		>words
	[ "$(wc -l <words)" -ge 20 ]
	while read -r word; do
		grep -E '^\.(SH|B|BR) ' "$share/man/man5/btferry-manifest.5" | sed 's/\\-/-/g' |
			grep -qF -- "$word" || { echo "the page lacks $word"; return 1; }
	done <words
}

@test "the page of exit codes: those that the programs have" {
	local code
	for code in 0 1 2 3 4 5 6; do
		grep -qx ".B $code" "$share/man/man8/btferry.8"
		grep -qx ".B $code" "$share/man/man1/btfpack.1"
	done
}

# Completes each line as bash would; words behind each other, on a line for each.
in_bash() {
	bash -c '
		for file in "$0"/*; do . "$file"; done
		for line; do
			read -ra COMP_WORDS <<<"$line"
			[[ $line != *" " ]] || COMP_WORDS+=("")
			COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
			"_${COMP_WORDS[0]}" "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" \
				"${COMP_WORDS[COMP_CWORD - 1]}"
			echo "${COMPREPLY[*]}"
		done' "$share/bash-completion/completions" "$@"
}

some_files() {
	mkdir -p folder
	touch a.payload b.run c.ini d.btf e.bpf.o f.part g.txt
}

@test "bash completes commands, options, values that the help lists, files by what they are" {
	some_files
	run -0 in_bash "btferry in" "btferry install --all-" "btferry path " "btferry run --events " \
		"btferry run --format t" "btferry build --way = d" "btferry check --arch " \
		"btferry check --payload " "btferry run --btf " "btferry run --object " \
		"btferry run --duration " "btferry kernel-hook r"
	diff - <(echo "$output") <<-'END'
		install info
		--all-kernels
		btf object
		auto perf ringbuf
		table
		debug-info
		arm64 i386 x86_64
		a.payload b.run folder
		d.btf folder
		e.bpf.o folder

		remove
	END
	run -0 in_bash "btfpack me" "btfpack build --pass" "btfpack build " "btfpack build --archive " \
		"btfpack merge -o x " "btfpack list " "btfpack import --arch " "btfpack reduce " \
		"btfpack build --jobs " "btfpack extract -o " "btfpack coverage " \
		"btfpack coverage --since "
	diff - <(echo "$output") <<-'END'
		merge
		--password-file
		c.ini folder
		folder
		f.part folder
		a.payload b.run folder
		arm64 x86_64
		d.btf e.bpf.o folder

		folder
		a.payload b.run c.ini e.bpf.o folder
		a.payload b.run folder
	END
}

@test "bash completes every option of every command, and installed kernels" {
	local program name
	for program in btfpack btferry; do
		for name in $(commands $program); do
			[[ ! $name =~ ^(help|version)$ ]] || continue
			[ "$(in_bash "$program $name --")" = "$(options $program "$name" | xargs)" ] ||
				{ echo "$program $name"; return 1; }
		done
	done
	[ "$(in_bash "btferry install --kernel " | tr ' ' '\n')" = \
		"$(ls /lib/modules 2>/dev/null | sort -u)" ]
}

@test "zsh completes the same" {
	command -v zsh >/dev/null || skip "zsh is not installed"
	some_files
	run timeout 60 zsh -f "$repo/tests/completion.zsh" "$share/zsh/site-functions" \
		"btferry insta" "btferry install --all-k" "btferry path b" "btferry run --events ri" \
		"btferry run --format=t" "btferry check --arch arm" "btferry run --btf d" \
		"btferry kernel-hook re" "btfpack mer" "btfpack build --pass" "btfpack build -o x c" \
		"btfpack list a" "btfpack merge -o x f."
	[ "$status" -ne 77 ] || skip "no terminal can be had: $output"
	[ "$status" -eq 0 ]
	diff - <(sed 's/ $//' <<<"$output") <<-'END'
		btferry install
		btferry install --all-kernels
		btferry path btf
		btferry run --events ringbuf
		btferry run --format=table
		btferry check --arch arm64
		btferry run --btf d.btf
		btferry kernel-hook remove
		btfpack merge
		btfpack build --password-file
		btfpack build -o x c.ini
		btfpack list a.payload
		btfpack merge -o x f.part
	END
}
