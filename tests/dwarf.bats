#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# btfpack import of a vmlinux that has debug information and no BTF: pahole makes it.

load helpers
load images

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	need pahole bpftool
	arch=$(uname -m | sed s/aarch64/arm64/)
	cat >kernel.c <<-END
		struct file { int flags; };
		struct task_struct { long state; int pid; struct file *files[4]; };
		const char banner[] __attribute__((used)) =
			"Linux version 4.19.99-dwarf (a@b) (gcc) #7 SMP Mon Jan 1 2024\n";
		struct task_struct init_task;
		int main(void) { return init_task.pid; }
	END
	"${CC:-cc}" -g -gdwarf-4 -o vmlinux kernel.c
	key=mine/1/$arch/4.19.99-dwarf
}

import_mine() { import --id mine --version-id 1 "$@"; }

has_task() { # the stored BTF knows the structs of kernel.c
	lz4 -qdc "out/$key.btf.lz4" >stored.btf
	bpftool btf dump file stored.btf format c >stored.h
	grep -q 'struct file \*files\[4\];' stored.h
}

no_leftovers() { [ -z "$(find out -name '*.tmp')" ]; }

@test "a vmlinux with DWARF only" {
	import_mine vmlinux
	[ "$status" -eq 0 ]
	says "vmlinux: has DWARF and no BTF, running pahole"
	says "taken          $key"
	has_task
	no_leftovers
	[ "$(stat -c %a "out/$key.btf.lz4")" = 644 ]
	[ "$(jq -r .build "out/$key.btf.json")" = '#7 SMP Mon Jan 1 2024' ]
	import_mine vmlinux
	says "1 already there"
}

@test "the same compressed, and in a debug package" {
	need gzip dpkg-deb
	gzip -k vmlinux
	import_mine vmlinux.gz
	[ "$status" -eq 0 ]
	has_task
	no_leftovers
	rm -r out
	mkdir -p tree/usr/lib/debug/boot
	cp vmlinux tree/usr/lib/debug/boot/vmlinux-4.19.99-dwarf
	debian_package linux-image-4.19.99-dwarf-dbg 4.19.99-1 "$(dpkg --print-architecture)"
	import_mine linux-image-4.19.99-dwarf-dbg.deb
	[ "$status" -eq 0 ]
	has_task
	no_leftovers
}

@test "BTF in a vmlinux is taken as it is, DWARF or not" {
	kernel_btf $release >btf
	objcopy --add-section .BTF=btf vmlinux both
	import_mine both
	[ "$status" -eq 0 ]
	[[ $output != *pahole* ]]
	holds "$key"
}

@test "without pahole it says how to get it" {
	mkdir path
	PATH=$PWD/path run "$BTFPACK" import -o out --id mine --version-id 1 vmlinux
	[ "$status" -eq 5 ]
	says "vmlinux: has DWARF and no BTF, which pahole makes of it: install it"
	says "(the package is named dwarves)"
	[ -z "$(find out -type f)" ]
}

@test "a pahole that fails, that says nothing, that makes nothing, that makes rubbish" {
	mkdir path
	pahole_is() { printf '#!/bin/sh\n%s\n' "$1" >path/pahole && chmod +x path/pahole; }
	broken() { PATH=$PWD/path:$PATH run "$BTFPACK" import -o out --id mine --version-id 1 vmlinux; }
	pahole_is 'echo "no type information" >&2; echo more; exit 1'
	broken
	[ "$status" -eq 5 ]
	says "vmlinux: pahole cannot make BTF of its DWARF: no type information"
	[[ $output != *more* ]]
	pahole_is 'kill -SEGV $$'
	broken
	[ "$status" -eq 5 ]
	says "vmlinux: pahole was killed by signal 11"
	pahole_is 'echo "die__process: got it" >&2'
	broken
	[ "$status" -eq 5 ]
	says "vmlinux: pahole made no BTF of its DWARF: die__process: got it"
	# shellcheck disable=SC2016 # the script's own $
	pahole_is 'for a; do case $a in --btf_encode_detached=*) echo rubbish >"${a#*=}" ;; esac; done'
	broken
	[ "$status" -eq 5 ]
	says "vmlinux: BTF that pahole made: "
	[ -z "$(find out -type f)" ]
}

@test "an ELF file with neither" {
	strip -o stripped vmlinux
	import_mine stripped
	[ "$status" -eq 5 ]
	says "stripped: a kernel without BTF (CONFIG_DEBUG_INFO_BTF is not set)"
}
