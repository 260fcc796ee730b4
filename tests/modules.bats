#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Split BTF, as modules have it: listed by name, and refused by name wherever a kernel's is wanted.

load helpers
load images

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p tree/debian/12/x86_64/$release
	kernel_btf $release >tree/debian/12/x86_64/$release.btf
	for module in bridge ext4 nf_nat veth; do
		"$B/tests/oracle/makebtf" split tree/debian/12/x86_64/$release.btf \
			tree/debian/12/x86_64/$release/$module.btf
	done
}

split="split (module) BTF, which is of use only with its base"

@test "beside its kernel in an archive it is named and left out" {
	import tree
	[ "$status" -eq 0 ]
	says "left out       tree/debian/12/x86_64/$release: split BTF of 4 modules (bridge, ext4, "
	says "1 taken"
	run "$BTFPACK" build -a tree -o out.payload "$B/bpf/proctrace.ini"
	[ "$status" -eq 0 ]
	says "build: tree/debian/12/x86_64/$release: left out: split BTF of 4 modules"
	run "$BTFPACK" import -o none tree/debian/12/x86_64/$release
	[ "$status" -eq 5 ]
	says "split BTF of 4 modules"
}

@test "alone it is refused by name" {
	import --id a --version-id 1 --arch x86_64 tree/debian/12/x86_64/$release/ext4.btf
	[ "$status" -eq 5 ]
	says "ext4.btf: BTF: $split"
	run "$BTFPACK" reduce -o r.btf tree/debian/12/x86_64/$release/ext4.btf "$B/bpf/proctrace.bpf.o"
	[ "$status" -eq 5 ]
	says "$split"
	[ ! -e r.btf ]
	# In the place of a kernel's.
	cp tree/debian/12/x86_64/$release/ext4.btf tree/debian/12/x86_64/6.1.0-1-amd64.btf
	import tree
	[ "$status" -eq 5 ]
	says "6.1.0-1-amd64.btf: BTF: $split"
	run "$BTFPACK" build -a tree -o no.payload "$B/bpf/proctrace.ini"
	[ "$status" -eq 5 ]
	says "6.1.0-1-amd64.btf: BTF: $split"
	[ ! -e no.payload ]
}

@test "a module itself (.ko) is refused by name" {
	echo 'int module_state;' >module.c
	"${CC:-cc}" -c -o module.o module.c
	objcopy --add-section .BTF=tree/debian/12/x86_64/$release/ext4.btf module.o ext4.ko
	import --id a --version-id 1 --release 1 ext4.ko
	[ "$status" -eq 5 ]
	says "ext4.ko: an object file (a BPF object, a kernel module), where a whole kernel is wanted"
}
