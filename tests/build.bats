#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# btfpack build, list, info, verify, extract: from real kernels' BTF to one file, and back.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR"
	manifest=$B/bpf/proctrace.ini
}

build() {
	"$BTFPACK" build -a "$archive" -o "$@" "$manifest"
}

@test "four kernels become a payload that verifies, and the report says what is in it" {
	run build out.payload
	[ "$status" -eq 0 ]
	[[ $output == *"proctrace 0.1.0"* ]]
	[[ $output =~ kernels\ +4\ with\ 17.6\ MB ]]
	[[ $output =~ stored\ BTFs\ +[1-4], ]]
	run "$BTFPACK" verify out.payload
	[ "$status" -eq 0 ]
	[[ $output == *"intact: 4 kernels"* ]]
}

@test "list and info tell the same facts as text and as JSON" {
	build out.payload >/dev/null
	run "$BTFPACK" list out.payload
	[ "$(grep -c debian <<<"$output")" -eq 4 ]
	[[ $output == *"7.3.4+deb13-cloud-amd64"* ]]
	"$BTFPACK" list --json out.payload | jq -e '.schema == 1' >/dev/null
	for release in $("$BTFPACK" list --json out.payload | jq -r '.kernels[].release'); do
		grep -q -- "$release" <<<"$output"
	done
	"$BTFPACK" info --json out.payload | jq -e '.schema == 1' >/dev/null
	"$BTFPACK" info out.payload | grep -q 'application *proctrace 0.1.0'
}

@test "same inputs, same bytes, wherever, in whatever order and on however many threads" {
	build one.payload >/dev/null
	mkdir copy
	cp -r "$archive/debian/13" "$archive/debian/11" "$archive/debian/12" copy/
	mkdir elsewhere
	mv copy elsewhere/debian
	"$BTFPACK" build -q -a elsewhere/debian/13 -a elsewhere/debian/11 -a elsewhere/debian/12 \
		-o two.payload "$manifest"
	cmp one.payload two.payload
	"$BTFPACK" build -q -j 1 -a "$archive" -o three.payload "$manifest"
	"$BTFPACK" build -q -j 7 -a "$archive" -o four.payload "$manifest"
	cmp one.payload three.payload
	cmp one.payload four.payload
}

@test "a number of threads that is none is refused" {
	for jobs in 0 -1 x 2x 99999; do
		run "$BTFPACK" build -j "$jobs" -a "$archive" -o out.payload "$manifest"
		[ "$status" -eq 2 ]
		[[ $output == *"--jobs $jobs: not a number"* ]]
	done
}

@test "kernels that answer alike share one stored BTF" {
	mkdir -p a/debian/12/x86_64
	kernel_btf 6.1.0-54-cloud-amd64 >a/debian/12/x86_64/6.1.0-54-cloud-amd64.btf
	cp a/debian/12/x86_64/6.1.0-54-cloud-amd64.btf a/debian/12/x86_64/6.1.0-99-other.btf
	"$BTFPACK" build -q -a a -o out.payload "$manifest"
	run "$BTFPACK" verify out.payload
	[[ $output == *"2 kernels, 1 stored BTFs"* ]]
}

@test "a stored BTF is the one that reduce makes of that kernel" {
	mkdir -p a/debian/12/x86_64
	kernel_btf 6.1.0-54-cloud-amd64 >a/debian/12/x86_64/6.1.0-54-cloud-amd64.btf
	"$BTFPACK" build -q -a a -o out.payload "$manifest"
	"$BTFPACK" extract -o x out.payload
	"$BTFPACK" reduce -q -o reduced.btf a/debian/12/x86_64/6.1.0-54-cloud-amd64.btf \
		"$B/bpf/proctrace.bpf.o" "$B/bpf/canary.bpf.o"
	cmp reduced.btf "$(find x -name '6.1.0-54-cloud-amd64*.btf')"
	cmp "$B/bpf/proctrace.bpf.o" "$(find x -name proctrace.bpf.o)"
	cmp "$manifest" "$(find x -name manifest.ini)"
}

@test "further objects are packed, named, and served; parts of the build have them, too" {
	kernel_btf 6.1.0-54-cloud-amd64 >kernel.btf
	mkdir -p m/tools a/debian/12/x86_64
	cp kernel.btf a/debian/12/x86_64/6.1.0-54-cloud-amd64.btf
	cp "$B"/bpf/{proctrace,event,kernel_types,bpf_}* m
	cp "$B/tests/bpf/runtime/uncovered.bpf.o" "$B/tests/bpf/runtime/programs.bpf.o" m/tools
	sed -i 's|^path = .*|&\nalso = tools/uncovered.bpf.o\n  tools/programs.bpf.o|' m/proctrace.ini
	run "$BTFPACK" build -a a -o out.payload m/proctrace.ini
	[ "$status" -eq 0 ]
	[[ $output == *"with_btf of tools/programs.bpf.o needs the kernel's own BTF (fentry)"* ]]
	"$BTFPACK" info --json out.payload >info
	matches_schema info info.json
	[ "$(jq -c '[.files[] | select(.role == "further").name]' info)" = \
		'["programs.bpf.o","uncovered.bpf.o"]' ]
	"$BTFPACK" extract -o x out.payload
	cmp "$B/tests/bpf/runtime/uncovered.bpf.o" x/further/uncovered.bpf.o
	"$BTFPACK" reduce -q -o reduced.btf kernel.btf "$B/bpf/proctrace.bpf.o" "$B/bpf/canary.bpf.o" \
		m/tools/*.bpf.o
	cmp reduced.btf x/btf/debian/12/x86_64/6.1.0-54-cloud-amd64.btf
	"$BTFPACK" build -q -a a --shard 1/1 -o 1.part m/proctrace.ini
	"$BTFPACK" merge -q -o merged.payload 1.part
	cmp out.payload merged.payload
}

@test "a .run is a program that carries its payload through strip" {
	build out.run >/dev/null
	build out.payload >/dev/null
	[ -x out.run ]
	readelf -SW out.run | grep -q btferry.payload
	objcopy --dump-section .btferry.payload=dumped out.run
	cmp dumped out.payload
	strip -o stripped.run out.run
	"$BTFPACK" verify stripped.run
	run ./stripped.run list
	[ "$status" -eq 0 ]
	[[ $output == *"5.10.0-46-cloud-amd64"* ]]
}

@test "a BTF in the folder of another architecture: named, and where it belongs" {
	mkdir -p mixed/debian/12/arm64
	cp "$archive"/debian/12/x86_64/*.btf.tar.xz mixed/debian/12/arm64
	cp -r "$archive/debian/13" mixed/debian
	run "$BTFPACK" build -q -a mixed -o out.payload "$manifest"
	[ "$status" -eq 5 ]
	[ ! -e out.payload ]
	[[ $output == *"arm64/6.1.0-54-cloud-amd64.btf.tar.xz: is the BTF of a kernel for x86_64"* ]]
	[[ $output == *"lies in a folder for arm64: move it into its own, ID/VERSION_ID/ARCH"* ]]
	"$BTFPACK" build -q --keep-going -a mixed -o out.payload "$manifest"
	[ "$("$BTFPACK" list --json out.payload | jq '.kernels | length')" -eq 1 ]
}

@test "one damaged file in the archive: named, and nothing is written unless --keep-going" {
	cp -r "$archive" damaged
	chmod -R u+w damaged
	head -c 300000 "$archive/debian/11/x86_64/5.10.0-46-cloud-amd64.btf.tar.xz" \
		>damaged/debian/11/x86_64/5.10.0-46-cloud-amd64.btf.tar.xz
	run "$BTFPACK" build -a damaged -o out.payload "$manifest"
	[ "$status" -eq 5 ]
	[[ $output == *"damaged/debian/11/x86_64/5.10.0-46-cloud-amd64.btf.tar.xz"* ]]
	[[ $output == *"--keep-going"* ]]
	[ ! -e out.payload ]
	run "$BTFPACK" build -k -a damaged -o out.payload "$manifest"
	[ "$status" -eq 0 ]
	[[ $output == *"5.10.0-46-cloud-amd64.btf.tar.xz"* ]]
	"$BTFPACK" verify out.payload | grep -q "3 kernels"
}

@test "a manifest with an unknown key is refused with its line" {
	cp "$B"/bpf/proctrace.* "$B"/bpf/*.h .
	printf '\n[app]\ncolour = blue\n' >>proctrace.ini
	run "$BTFPACK" build -a "$archive" -o out.payload proctrace.ini
	[ "$status" -eq 5 ]
	[[ $output == *"proctrace.ini"*"colour"* ]]
	[ ! -e out.payload ]
}

@test "a manifest whose object is missing, and one that is a directory" {
	printf '[app]\nname = x\nversion = 1\n[object]\npath = gone.bpf.o\n' >x.ini
	run "$BTFPACK" build -a "$archive" -o out.payload x.ini
	[ "$status" -eq 6 ]
	[[ $output == *"gone.bpf.o: No such file"* ]]
	run "$BTFPACK" build -a "$archive" -o out.payload .
	[ "$status" -eq 5 ]
	[[ $output == *"is a directory"* ]]
}

@test "an archive without a fitting kernel is an error, not an empty payload" {
	mkdir nothing
	run "$BTFPACK" build -a nothing -o out.payload "$manifest"
	[ "$status" -ne 0 ]
	[[ $output == *"no BTF"* ]]
	[ ! -e out.payload ]
}

@test "extract says where, and does not guess it" {
	build out.payload >/dev/null
	run "$BTFPACK" extract out.payload
	[ "$status" -eq 2 ]
	[[ $output == *"extract -o DIR FILE"* ]]
	run "$BTFPACK" extract -o '' out.payload
	[ "$status" -eq 2 ]
	run "$BTFPACK" extract -o there out.payload
	[ "$status" -eq 0 ]
	[[ $output == *"everything is below there"* ]]
}

@test "results that cannot be written are an error, whatever the command" {
	build out.payload >/dev/null
	run bash -c "'$BTFPACK' --help >/dev/full"
	[ "$status" -eq 6 ]
	[[ $output == *"standard output"* ]]
	run bash -c "'$BTFPACK' import -o copy '$archive' >/dev/full"
	[ "$status" -eq 6 ]
	run bash -c "'$BTFPACK' verify out.payload >/dev/full"
	[ "$status" -eq 6 ]
}

@test "an output of another kind is refused" {
	run "$BTFPACK" build -a "$archive" -o out.zip "$manifest"
	[ "$status" -eq 2 ]
	[[ $output == *".payload or .run"* ]]
}

@test "damage to a payload is found and placed" {
	build out.payload >/dev/null
	size=$(stat -c %s out.payload)
	for at in 3 40 200 $((size / 2)) $((size - 1)); do
		cp out.payload bad.payload
		byte=$(od -An -tu1 -j"$at" -N1 bad.payload)
		printf "\\x$(printf %x $((byte ^ 1)))" |
			dd of=bad.payload bs=1 seek="$at" conv=notrunc status=none
		run "$BTFPACK" verify bad.payload
		[ "$status" -eq 5 ] || { echo "byte $at: $status $output"; false; }
		[[ $output == "btfpack: verify: bad.payload: "* ]]
	done
	head -c $((size / 2)) out.payload >bad.payload
	run "$BTFPACK" list bad.payload
	[ "$status" -eq 5 ]
	: >empty.payload
	run "$BTFPACK" info empty.payload
	[ "$status" -eq 5 ]
	run "$BTFPACK" info "$B/bin/btferry-static"
	[ "$status" -ne 0 ]
	[[ $output == *".btferry.payload"* ]]
}

@test "an object that asks for the kernel's own type ids is named when it is packed" {
	cp "$B/tests/bpf/kinds.bpf.o" .
	printf '[app]\nname = x\nversion = 1\n[object]\npath = kinds.bpf.o\n' >ids.ini
	run "$BTFPACK" build -a "$archive" -o ids.payload ids.ini
	[ "$status" -eq 0 ]
	[[ $output == *"No shipped BTF can make these right"* ]]
	[[ $output == *"struct task_struct (kernel type id), in "*"kinds.bpf.o"* ]]
	[[ $output != *"not_in_any_kernel_t (kernel type id)"* ]]
	run build proctrace.payload
	[[ $output != *"No shipped BTF can make"* ]]
}

@test "programs that no shipped BTF can serve are named when packed, with what becomes of them" {
	local include compile
	include=/usr/include/$(clang -print-multiarch 2>/dev/null || cc -print-multiarch)
	compile=(clang -g -O2 -target bpf "-I$include" -c -o only.bpf.o only.bpf.c)
	cat >only.bpf.c <<-'END'
		#include <linux/bpf.h>
		#include <bpf/bpf_helpers.h>
		struct task_struct { int pid; } __attribute__((preserve_access_index));
		SEC("fentry/do_exit") int fast(void *ctx) { return 0; }
		SEC("tp_btf/sched_switch") int traced(void *ctx) { return 0; }
		SEC("lsm/bprm_check_security") int hook(void *ctx) { return 0; }
		SEC("kprobe/do_exit") int helped(void *ctx) { return bpf_get_current_task_btf() != 0; }
		SEC("raw_tp/sched_process_exit") int slow(unsigned long long *ctx)
		{
			struct task_struct *task = (void *)ctx[0];
			return (unsigned long)&task->pid == 1;
		}
		char LICENSE[] SEC("license") = "GPL";
	END
	"${compile[@]}"
	printf '[app]\nname = x\nversion = 1\n[object]\npath = only.bpf.o\n' >x.ini
	printf '[program fast]\nalternative = slow\n[program traced]\noptional = yes\n' >>x.ini
	run "$BTFPACK" build -a "$archive" -o x.payload x.ini
	[ "$status" -eq 0 ]
	local needs="needs the kernel's own BTF" without="on a kernel without it"
	[[ $output == *"fast $needs (fentry): $without slow stands in"* ]]
	[[ $output == *"traced $needs (tp_btf): $without it is left out"* ]]
	[[ $output == *"hook $needs (lsm): $without the application will not run"* ]]
	[[ $output == *"helped $needs (helper bpf_get_current_task_btf)"* ]]
	[[ $output != *"slow needs"* ]]

	sed -i 's|^SEC("fentry.*|extern void bpf_obj_drop_it(void *p) __ksym;\n&|
		s|{ return 0; }|{ bpf_obj_drop_it(ctx); return 0; }|' only.bpf.c
	"${compile[@]}"
	run "$BTFPACK" build -a "$archive" -o x.payload x.ini
	[[ $output == *"only.bpf.o $needs as a whole: kernel functions (kfuncs)"* ]]
}
