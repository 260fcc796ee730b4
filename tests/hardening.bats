#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What programs have against being taken over, as their ELF files tell; what is built for other
# architectures is looked at where it is built (cross.bats).

bats_require_minimum_version 1.5.0
load helpers
load hardening

setup() {
	cd "$BATS_TEST_TMPDIR"
	! nm -D "$BTFERRY" | grep -q __asan || skip "instrumented: built for tests"
}

@test "the three programs" {
	hardened dynamic "$BTFPACK"
	hardened dynamic "$BTFERRY"
	hardened static "$BTFERRY_STATIC"
}

@test "what packages carry: the .run with its payload, the stripped program of .deb and .rpm" {
	command -v dpkg-shlibdeps >/dev/null || skip "no dpkg-shlibdeps"
	"$BTFPACK" package --run --deb -a "$archive" -o out "$B/bpf/proctrace.ini"
	hardened static out/*.run
	dpkg-deb -x out/*.deb tree
	hardened dynamic tree/usr/bin/proctrace
	readelf -SW out/*.run | grep -F .btferry.payload | grep -q PROGBITS
	# The payload is never mapped as the program is.
	! readelf -lW out/*.run | sed -n '/Segment Sections/,$p' | grep -F .btferry.payload || false
}

@test "objects check where branches go, and keep a second stack, where the processor can" {
	case $(uname -m) in
	x86_64) branches_protected "$B/obj" "IBT, SHSTK" ;;
	aarch64) branches_protected "$B/obj" "BTI, PAC" ;;
	*) skip "$(uname -m) has no such thing" ;;
	esac
}

@test "the look at them finds what is missing" {
	cat >small.c <<-'END'
		#include <stdio.h>
		#include <string.h>
		#ifdef WRITABLE
		asm(".section .code, \"awx\"; .byte 0; .text");
		#endif
		#ifdef RELOCATED
		asm(".balign 8; .quad main");
		#endif
		int main(int argc, char **argv)
		{
			char text[16];
			snprintf(text, sizeof(text) - argc, "%s", argv[0]);
			return puts(text) < 0;
		}
	END
	all=(-O2 -fPIE -pie -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
		-Wl,-z,relro,-z,now,-z,noexecstack)
	gcc "${all[@]}" -o good small.c
	hardened dynamic good
	run -1 hardened static good
	[ "$output" = "good: not: static without-libraries" ]
	local flags words
	while IFS=: read -r flags words; do
		# shellcheck disable=SC2086 # words
		gcc "${all[@]}" $flags -o bad small.c
		run -1 hardened dynamic bad
		[ "$output" = "bad: not: $words" ] || { echo "$flags: $output"; return 1; }
	done <<-'END'
		-fno-pie -no-pie:position-independent
		-Wl,-z,norelro:relro
		-Wl,-z,lazy:bind-now
		-Wl,-z,execstack:stack-not-executable
		-Wl,-rpath,/opt:no-search-path-of-libraries
		-DWRITABLE:no-segment-writable-and-executable
		-DRELOCATED -Wl,-z,notext:code-without-relocations
		-fno-stack-protector:stack-protector
		-U_FORTIFY_SOURCE:fortified
		-D_FORTIFY_SOURCE=3 -O0:fortified
	END
}
