#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# build --way debug-info: BTF out of a vmlinux with debug information, by pahole.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	release=4.19.99-dwarf
	cat >kernel.c <<-END
		struct file { int flags; };
		struct task_struct { long state; int pid; struct file *files[4]; };
		const char banner[] __attribute__((used)) =
			"Linux version $release (a@b) (gcc) #7 SMP Mon Jan 1 2024\n";
		struct task_struct init_task;
		int main(void) { return init_task.pid; }
	END
	mkdir debug
	"${CC:-cc}" -g -gdwarf-4 -o debug/vmlinux kernel.c
	"$BTFPACK" build -q -a "$archive" -o p.payload "$B/bpf/proctrace.ini"
}

build() { # RELEASE
	run "$BTFERRY" --payload p.payload build --kernel "$1" --headers debug --way debug-info --out built
}

says() { [[ $output = *"$1"* ]] || { echo "does not say: $1"; echo "$output"; return 1; }; }

@test "debug-info: what is carried away has the BTF that pahole makes of this vmlinux" {
	build "$release"
	[ "$status" -eq 0 ]
	says "1. debug-info"
	says "found: debug/vmlinux"
	llvm-objcopy --dump-section .btferry.btf=made.btf built
	pahole -J --btf_encode_detached=own.btf debug/vmlinux
	cmp made.btf own.btf
	llvm-objcopy --dump-section .btferry.build=made.json built
	[ "$(jq -r .way made.json)" = debug-info ]
}

@test "debug-info: the vmlinux of another kernel is refused, and nothing is written" {
	build 4.19.98-dwarf
	[ "$status" -eq 3 ]
	says "debug/vmlinux: is of another build of 4.19.98-dwarf"
	[ ! -e built ]
}

@test "debug-info: a vmlinux without debug information" {
	strip debug/vmlinux
	build "$release"
	[ "$status" -eq 3 ]
	says "debug/vmlinux: has neither debug information nor BTF"
	[ ! -e built ]
}

@test "debug-info: without pahole it names the package" {
	[ "$(id -u)" -eq 0 ] || skip "only root can hide pahole from a program"
	# shellcheck disable=SC2016 # the inner shell's
	run unshare -m sh -c '
		mount --bind /dev/null "$(realpath "$(command -v pahole)")" && exec "$@"' sh \
		"$BTFERRY" --payload p.payload build --kernel "$release" --headers debug --way debug-info \
		--out built
	[ "$status" -eq 3 ]
	says "pahole, which makes BTF of debug information, is not installed"
	says "(the package is named pahole or dwarves)"
	[ ! -e built ]
}
