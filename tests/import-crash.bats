#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# btfpack import killed at each of its system calls, and beside others of its kind.

load helpers
load images

# Small BTFs make it possible to die at every point.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
	need zstd
	mkdir -p tree/a/1/x86_64 tree/b/2/arm64 other/a/1/x86_64
	cp "$B/tests/bpf/long32.btf" tree/a/1/x86_64/r1.btf
	cp "$B/tests/bpf/enum64.btf" tree/a/1/x86_64/r2.btf
	cp "$B/tests/bpf/duplicates.btf" tree/b/2/arm64/r3.btf
	cp "$B/tests/bpf/duplicates.btf" other/a/1/x86_64/r1.btf
	cp "$B/tests/bpf/enum64.btf" other/a/1/x86_64/r2.btf
}

traced() { # an import that dies as it enters the COUNTth CALL: CALL COUNT ARGUMENT...
	local call=$1 count=$2
	shift 2
	# The leak detector of a sanitized program cannot work in a traced one.
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 \
		strace -f -qq -o /dev/null -e trace="$call" \
		-e inject="$call:signal=KILL:when=$count" \
		"$BTFPACK" import -q -o out "$@" >/dev/null 2>&1
}

# Imports "$@" into copies of the folder start, killed at each call, and again: then equal to the
# folder wanted.
dies_everywhere() {
	local call count deaths=0
	for call in mkdirat write fchmod fsync renameat unlink; do
		for ((count = 1; count < 200; count++)); do
			rm -rf out
			[ ! -d start ] || cp -r start out
			! traced $call $count "$@" || break
			deaths=$((deaths + 1))
			[ ! -d out ] || find out -name '*.btf.lz4' -exec lz4 -qtm {} +
			"$BTFPACK" import -q -o out "$@" >log 2>&1 ||
				{ echo "$call $count:" >&2; cat log >&2; return 1; }
			diff -r out wanted || { echo "$call $count" >&2; return 1; }
		done
		[ $count -lt 200 ]
	done
	echo "$deaths deaths"
	[ $deaths -gt 20 ]
}

@test "killed at any system call, the next import finishes and cleans up" {
	need strace
	strace -o /dev/null true || skip "strace may not trace here"
	"$BTFPACK" import -q -o wanted tree
	dies_everywhere tree
}

@test "the same while it replaces what is there" {
	need strace
	strace -o /dev/null true || skip "strace may not trace here"
	"$BTFPACK" import -q -o start other
	# Under another suffix, so that there is a file to remove.
	lz4 -qd --rm start/a/1/x86_64/r1.btf.lz4
	"$BTFPACK" import -q -o wanted tree
	dies_everywhere --replace tree
}

@test "what a killed pahole run left goes, what people put there stays" {
	mkdir -p out/a/1/x86_64
	: >out/.vmlinux.17.tmp
	: >out/.vmlinux.17.tmp.17.tmp
	: >out/.btf.17.tmp
	: >out/a/1/x86_64/r1.btf.lz4.17.tmp
	: >out/a/1/x86_64/r1.btf.json.17.tmp
	: >out/a/1/x86_64/notes.tmp
	: >out/mine.17.tmp
	: >out/x.btf.tmp
	import tree
	[ "$status" -eq 0 ]
	says "removed 5 left by an import that was killed"
	[ -e out/a/1/x86_64/notes.tmp ]
	[ -e out/mine.17.tmp ]
	[ -e out/x.btf.tmp ]
}

@test "another import's temporary files stay while it runs" {
	need flock
	mkdir -p out/a/1/x86_64
	: >out/a/1/x86_64/r9.btf.lz4.17.tmp
	# As an import at work holds it.
	flock --shared out "$BTFPACK" import -o out tree
	[ -e out/a/1/x86_64/r9.btf.lz4.17.tmp ]
	import tree
	[ ! -e out/a/1/x86_64/r9.btf.lz4.17.tmp ]
}

@test "imports beside each other, of the same and of different kernels" {
	local i pid pids=() failed=0
	for i in 1 2 3 4 5 6 7 8 9 10; do
		"$BTFPACK" import -q -o out tree >log.$i 2>&1 &
		pids+=($!)
		"$BTFPACK" import -q --replace -o out other >log.other.$i 2>&1 &
		pids+=($!)
		"$BTFPACK" import -q --replace -o out --id c --version-id $i --arch arm64 \
			tree/a/1/x86_64/r1.btf >log.one.$i 2>&1 &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || failed=$((failed + 1))
	done
	# Those without --replace may have found the other r1; nobody else has a reason to fail.
	for i in log.*; do
		! grep -q ' cannot \|No such\|exists' "$i" || { cat "$i" >&2; return 1; }
	done
	[ $failed -le 10 ]
	nothing_half
	[ "$(find out -name '*.btf.lz4' | wc -l)" -eq 13 ]
	# Every BTF is the one that its side file tells.
	run "$BTFPACK" import -o copy out
	[ "$status" -eq 0 ]
	says "copy: 13 taken, 0 already there, 0 skipped"
}

@test "both files of a kernel are written with its directory locked" {
	need strace
	strace -o /dev/null true || skip "strace may not trace here"
	rm tree/a/1/x86_64/r2.btf tree/b -r
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o trace -e trace=flock,renameat \
		"$BTFPACK" import -q -o out tree >/dev/null
	sed -n 's/.*flock([0-9]*, \([A-Z_|]*\)).*/\1/p; s/.*renameat(.*/renameat/p' trace >calls
	# The archive alone, then with others; the kernel's directory; the archive at the end.
	[ "$(tr '\n' ' ' <calls)" = "LOCK_EX|LOCK_NB LOCK_SH LOCK_EX renameat renameat LOCK_EX|LOCK_NB " ]
}

@test "an import of nothing leaves no archive" {
	: >empty.btf
	import empty.btf
	[ "$status" -eq 5 ]
	[ ! -e out ]
}
