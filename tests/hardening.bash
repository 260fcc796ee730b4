# SPDX-License-Identifier: BSD-2-Clause
# What ELF files say about how they are protected.  `load hardening`.

# A program has all that the Makefile asks compiler and linker for; what is missing is said.
# dynamic: it names an interpreter; static: it needs none.
hardened() { # dynamic|static FILE
	local file=$2 bad='' elf calls
	elf=$(readelf -hldW "$file") || return
	# A stripped program still has the names that it wants of libraries.
	calls=$(readelf -sW "$file" | awk '{ sub(/@.*/, "", $8); print $8 }' | sort -u)
	says() { grep -qE "$1" <<<"$elf"; }
	says '^ +Type: +DYN' || bad+=' position-independent'
	if [ "$1" = static ]; then
		! says '^ +INTERP' || bad+=' static'
		! says '\(NEEDED\)' || bad+=' without-libraries'
	else
		says '^ +INTERP' || bad+=' dynamic'
	fi
	says '^ +GNU_RELRO' || bad+=' relro'
	says '\(FLAGS\).*BIND_NOW|\(BIND_NOW\)' || bad+=' bind-now'
	says '^ +GNU_STACK.* RW +0x' || bad+=' stack-not-executable'
	! says '^ +LOAD.* .WE +0x' || bad+=' no-segment-writable-and-executable'
	! says 'TEXTREL' || bad+=' code-without-relocations'
	! says '\((RPATH|RUNPATH)\)' || bad+=' no-search-path-of-libraries'
	grep -qx '__stack_chk_fail' <<<"$calls" || bad+=' stack-protector'
	# The stack protector's own name ends likewise.
	grep -qxE '__(v?s?n?printf|v?fprintf|mem[a-z]+|st[rp][a-z]+|read|readlink|realpath|fgets)_chk' \
		<<<"$calls" || bad+=' fortified'
	[ -z "$bad" ] || { echo "$file: not:$bad"; return 1; }
}

# Objects are compiled with what the architecture has: marks that the linker may drop again, since
# the C library's have none.
branches_protected() { # FOLDER OF OBJECTS, WORDS OF readelf -n
	local file
	find "$1" -name '*.o' >objects
	[ "$(wc -l <objects)" -gt 100 ]
	while read -r file; do
		case $file in
		*/canary_object.o | */templates.o) continue ;; # data
		esac
		readelf -nW "$file" | grep -qF "$2" || { echo "$file: not $2"; return 1; }
	done <objects
}
