#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The target program's main paths in valgrind: no read of what was never written, none outside of
# what was allocated, no leak.  It sees what libraries do as well, which sanitizers do not.

bats_require_minimum_version 1.5.0
load helpers

setup_file() {
	local arch=$BATS_FILE_TMPDIR/here/test/1
	export payload=$BATS_FILE_TMPDIR/proctrace.payload
	arch+=/$(uname -m | sed 's/aarch64/arm64/')
	mkdir -p "$arch"
	# Any kernel's BTF will do for this one's: it is installed, and looked at.
	kernel_btf 6.1.0-54-cloud-amd64 >"$arch/$(uname -r).btf"
	"$BTFPACK" build -q -a "$BATS_FILE_TMPDIR/here" -o "$payload" "$B/bpf/proctrace.ini"
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	! nm -D "$BTFERRY" | grep -q __asan || skip "instrumented: sanitizers look themselves"
	command -v valgrind >/dev/null || skip "valgrind is not installed"
	valgrind -q --error-exitcode=99 true >/dev/null 2>&1 || skip "valgrind does not run here"
	mkdir root
	via=()
}

# Runs the target program in valgrind: exit status 99, or findings, are valgrind's.  What it forks
# has a log of its own, and an exit status that may be lost.  via=(...) is what it is run in.
watched() { # STATUS ARGUMENT...
	local expected=$1
	shift
	rm -f log.*
	run "-$expected" --separate-stderr "${via[@]}" valgrind -q --error-exitcode=99 --leak-check=full \
		--show-leak-kinds=definite,indirect,possible --errors-for-leak-kinds=definite,indirect,possible \
		--suppressions="$repo/tests/valgrind.supp" --log-file=log.%p "$BTFERRY" "$@"
	if grep -h '^==' log.*; then return 1; fi
}

@test "a leak and a value that was never written are found" {
	cat >bad.c <<-'END'
		#include <stdlib.h>
		int main(int argc, char **argv)
		{
			char *lost = malloc(16);
			return argc > 1 ? lost[3] == 7 : 0;
		}
	END
	gcc -O0 -o bad bad.c
	BTFERRY=$PWD/bad run -1 watched 99
	[[ $output = *"definitely lost"* ]]
	BTFERRY=$PWD/bad run -1 watched 99 x
	[[ $output = *"uninitialised value"* ]]
}

@test "what a payload holds: list, info, verify, extract; and one that is damaged" {
	watched 0 --payload "$payload" list
	watched 0 --payload "$payload" info --json
	jq -e .schema <<<"$output"
	watched 0 --payload "$payload" verify
	watched 0 --payload "$payload" extract all
	[ -n "$(find all -name proctrace.bpf.o -size +1k)" ]
	local size at
	size=$(stat -c %s "$payload")
	for at in 20 $((size / 2)) $((size - 40)); do
		cp "$payload" damaged
		printf '\xa5\x5a\xa5' | dd of=damaged bs=1 seek="$at" conv=notrunc status=none
		watched 5 --payload damaged verify
	done
	head -c $((size / 2)) "$payload" >cut
	watched 5 --payload cut list
}

@test "check: of this host, and of a kernel that is described" {
	kernel_btf 6.1.0-54-cloud-amd64 >kernel.btf
	run "$BTFERRY" --payload "$payload" check --json
	watched "$status" --payload "$payload" check --json
	matches_schema - <<<"$output"
	run "$BTFERRY" --payload "$payload" check --btf kernel.btf --release 6.1.0-54-cloud-amd64
	watched "$status" --payload "$payload" check --btf kernel.btf --release 6.1.0-54-cloud-amd64
}

@test "install, status, path, run, rollback, uninstall, in a root" {
	watched 0 --payload "$payload" --root root install --dry-run
	watched 0 --payload "$payload" --root root install
	watched 0 --payload "$payload" --root root install
	watched 0 --app proctrace --root root status --json
	jq -e .schema <<<"$output"
	watched 0 --app proctrace --root root path btf
	watched 0 --app proctrace --root root path object
	run "$BTFERRY" --app proctrace --root root run --dry-run
	watched "$status" --app proctrace --root root run --dry-run
	watched 1 --app proctrace --root root rollback
	watched 0 --app proctrace --root root uninstall
	[ -z "$(find root -mindepth 1 -not -path root/var -not -path root/var/lib)" ]
}

@test "two versions: the second is taken back" {
	sed 's/^version = .*/version = 0.2.0/' "$B/bpf/proctrace.ini" >"$B/bpf/next.$$.ini"
	"$BTFPACK" build -q -a "$BATS_FILE_TMPDIR/here" -o next.payload "$B/bpf/next.$$.ini"
	rm "$B/bpf/next.$$.ini"
	"$BTFERRY" --payload "$payload" --root root install -q
	watched 0 --payload next.payload --root root install
	watched 0 --app proctrace --root root rollback
	[[ $("$BTFERRY" --app proctrace --root root status --json | jq -r .version) = 0.1.0 ]]
}

@test "where no BTF is in sight, what is packed is installed and used" {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	unshare -m true || skip "no mount namespaces here"
	[ -d /sys/kernel/btf ] || skip "there is none here to hide: the tests above were without"
	via=(without_btf)
	watched 0 --payload "$payload" --root root install
	[ -s root/var/lib/proctrace/current/btf/"$(uname -r)".btf ]
	watched 0 --app proctrace --root root status --json
	watched 0 --app proctrace --root root path btf
}
