#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# APP build, with a compiler and the headers that Debian ships for one of its kernels; and what is
# built or brought, as an install keeps it, on this host with its BTF hidden.

bats_require_minimum_version 1.5.0
load helpers

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	cp "$B/tests/bpf/runtime/told_covered.bpf.o" told.bpf.o
	pack told 1
	pack told 2
	"$BTFPACK" build -q -o proctrace.payload "$B/bpf/proctrace.ini"
	# Of a kernel that is not this machine's; what cannot be had is told by who needs it.
	if kernel=$("$repo/tests/vm/kernels.sh" get 6.1-cloud 2>headers.why); then
		"$repo/tests/headers.sh" get "$(cat "$kernel/release")" >headers 2>headers.why || true
	fi
	cat "$kernel/release" >release || true
}

pack() { # APP VERSION LINE...: APP-VERSION.payload of APP.bpf.o
	printf '%s\n' '[app]' "name = $1" "version = $2" '[object]' "path = $1.bpf.o" "${@:3}" >"$1.ini"
	"$BTFPACK" build -q -o "$1-$2.payload" "$1.ini"
}

# What compilers work in must be empty afterwards, however a build ended.
setup() {
	unset BTFERRY_BTF_FILE BTFERRY_BPF_FILE
	work=$(mktemp -d)
	chmod 755 "$work"
	mkdir -m 1777 "$work/tmp"
	mkdir "$work/root"
	cd "$work"
	export TMPDIR=$work/tmp
	state=$work/root/var/lib/told
	payload=$BATS_FILE_TMPDIR/told-1.payload
	release=$(cat "$BATS_FILE_TMPDIR/release")
}

teardown() {
	local left
	left=$(ls -A "$work/tmp")
	cd /
	rm -rf "$work"
	[ -z "$left" ] || { echo "left over: $left"; return 1; }
}

needs_headers() { # in $headers their folder
	headers=$(cat "$BATS_FILE_TMPDIR/headers")
	[ -n "$headers" ] || { cat "$BATS_FILE_TMPDIR/headers.why"; false; }
}

needs_root() { [ "$(id -u)" -eq 0 ] || skip "not root"; }

needs_bpf() {
	needs_root
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF to copy and then to hide"
	unshare -m true || skip "no mount namespaces"
}

# With the headers, for their kernel.
build_for() { # PAYLOAD OPTION...
	"$BTFERRY" build --payload "$1" --root root --kernel $release --arch x86_64 \
		--headers "$headers" --out built.o "${@:2}"
}

attempt() { jq -c ".attempts[] | select(.way == \"$1\") | $2" report.json; }

section() { # NAME FILE
	llvm-objcopy --dump-section "$1=section" "$2" /dev/null
	cat section
}

@test "headers suffice: the CO-RE object with BTF of them, which an install of that kernel takes" {
	needs_headers
	build_for "$payload" --json >report.json
	matches_schema report.json build.json
	jq -e --arg r $release '.status == 0 and .made == "headers" and .out == "built.o"
		and .app == "told" and .release == $r and .instructions == null and .install == null' report.json
	[ "$(attempt debug-info .outcome)" = '"lacks"' ]
	[ "$(attempt headers .outcome)" = '"done"' ]
	[ "$(attempt headers .unresolved)" = '[]' ]
	[ "$(attempt object .outcome)" = '"not-tried"' ]
	[[ $(attempt headers .canary) = *"this kernel does not run here"* ]]
	section .btferry.build built.o | jq -e --arg r $release \
		'.schema == 1 and .way == "headers" and .release == $r and (.build | test("Debian 6.1"))'
	section .btferry.btf built.o >built.btf
	bpftool btf dump file built.btf format c | grep -q '^struct task_struct {'

	needs_root
	run -2 "$BTFERRY" install --payload "$payload" --root root --kernel 6.66.6 --object built.o
	[[ $output = *"built.o: was built for kernel $release, and not for 6.66.6"* ]]
	run -0 "$BTFERRY" install --payload "$payload" --root root --kernel $release --object built.o
	jq -e --arg r $release '.kernels[0].release == $r and .kernels[0].source == "built"
		and .kernels[0].covered' "$state/current/plan.json"
	cmp built.btf "$state/current/build/$release/kernel.btf"
	bpftool btf dump file "$state/current/btf/$release.btf" | grep -q "STRUCT 'task_struct'"
}

@test "headers do not tell all: what they hide is named, and the object is compiled" {
	needs_headers
	build_for "$BATS_FILE_TMPDIR/proctrace.payload" --json >report.json
	matches_schema report.json build.json
	[ "$(jq -r .made report.json)" = object ]
	[ "$(attempt headers .outcome)" = '"incomplete"' ]
	[[ $(attempt headers .unresolved) = *"struct mount.mnt_parent (byte offset), used in "* ]]
	[ "$(attempt object .outcome)" = '"done"' ]
	section .btferry.build built.o | jq -e '.way == "object" and (.sources | test("^[0-9a-f]{64}$"))'
	[ "$("$BTFERRY" run --settings --object built.o)" = \
		"$("$BTFERRY" run --settings --object "$B/bpf/proctrace.bpf.o")" ]
}

@test "nothing there: exit 3, and what to type" {
	run -3 --separate-stderr "$BTFERRY" build --payload "$payload" --root root \
		--kernel 6.66.6-none-amd64 --out built.o
	[[ $output = *"lacks"*"no headers of 6.66.6-none-amd64"* ]]
	[[ $output = *" build --kernel 6.66.6-none-amd64"* ]]
	[[ $stderr = *"nothing could be made; what to type:"* ]]
	[ ! -e built.o ]
	run -3 --separate-stderr "$BTFERRY" build --payload "$payload" --root root \
		--kernel 6.66.6-none-amd64 --out built.o --json
	echo "$output" >report.json
	matches_schema report.json build.json
	jq -e '.status == 3 and .made == null and .instructions.release == "6.66.6-none-amd64"' report.json
	mkdir nothing
	run -3 --separate-stderr "$BTFERRY" build --payload "$payload" --root root \
		--kernel 6.66.6-none-amd64 --out built.o --headers nothing
	[[ $output = *"nothing: has no kernel's headers"* ]]
}

@test "usage" {
	local args
	while read -r args; do
		# shellcheck disable=SC2086 # words
		run -2 "$BTFERRY" build --payload "$payload" --root root $args
		[[ $output = *"build: --"* ]] || [[ $output = *"no kernel release"* ]] ||
			{ echo "$args: $output"; false; }
	done <<-END
		--way guess
		--arch arm64
		--arch arm64 --kernel 6.1
		--container
		--print --out x
		--print --headers x
		--print --way object
		--kernel ../6.1 --out x
	END
}

@test "not root: into a file only" {
	needs_root
	chmod 777 .
	cp "$payload" told.payload
	chmod 644 told.payload
	run -4 setpriv --reuid 65534 --regid 65534 --clear-groups "$BTFERRY" build \
		--payload told.payload --root root --kernel 6.66.6
	[[ $output = *"only root can install what is made: sudo "*" build; or have it written"* ]]
	needs_headers
	mkdir headers
	unshare -m sh -c 'mount --bind "$0" headers && exec setpriv --reuid 65534 --regid 65534 \
		--clear-groups "$@"' "$headers" "$BTFERRY" build --payload told.payload --root root \
		--kernel $release --arch x86_64 --headers headers --out built.o
	[ "$(stat -c %u built.o)" = 65534 ]
}

# A tree with nothing but what tells whose headers they are.
tree() { # RELEASE BUILD OPTION
	mkdir -p tree/include/generated tree/include/linux
	echo "#define $3 1" >tree/include/generated/autoconf.h
	echo "#define UTS_RELEASE \"$1\"" >tree/include/generated/utsrelease.h
	echo "#define UTS_VERSION \"$2\"" >tree/include/generated/utsversion.h
	touch tree/include/linux/kconfig.h
}

refused() { # KERNEL WORDS
	local way
	run -3 --separate-stderr "$BTFERRY" build --payload "$payload" --root root --kernel "$1" \
		--headers tree --out built.o --json
	echo "$output" >report.json
	for way in headers object; do
		[ "$(attempt $way .outcome)" = '"refused"' ]
		[[ $(attempt $way .why) = *"$2"* ]] || { cat report.json; false; }
	done
	[ ! -e built.o ]
}

@test "headers of another release, another build, with randomised structs are refused" {
	tree 6.1.0-51-cloud-amd64 "#1 SMP" CONFIG_SMP
	refused $release "tree: is of 6.1.0-51-cloud-amd64, and not of $release"
	tree "$(uname -r)" "#1 of another day" CONFIG_SMP
	refused "$(uname -r)" "tree: is of another build of $(uname -r) (#1 of another day) than"
	tree $release "#1 SMP" CONFIG_RANDSTRUCT
	refused $release "this kernel's structs are randomised (CONFIG_RANDSTRUCT)"
	tree $release "#1 SMP" CONFIG_GCC_PLUGIN_RANDSTRUCT
	refused $release "(CONFIG_GCC_PLUGIN_RANDSTRUCT)"
}

# The object of a source that goes with told's object; why it was not made, in $why.
compile() { # SOURCE HEADER
	cp "$BATS_FILE_TMPDIR/told.bpf.o" small.bpf.o
	printf '%s\n' "$1" >small.bpf.c
	printf '%s\n' "$2" >small.h
	pack small 1 'source = small.bpf.c small.h'
	run --separate-stderr build_for small-1.payload --way object --json
	echo "$output" >report.json
	why=$(attempt object .why | jq -r .)
}

fails() { # WORDS; the build said so, and what to type
	[ "$status" -eq 3 ]
	[ "$(attempt object .outcome)" = '"failed"' ]
	[[ $why = *"$1"* ]] || { echo "$why"; return 1; }
	[ ! -e built.o ]
	[ -z "$(ls -A tmp)" ]
}

@test "a source with a mistake: the compiler's first error, and the header that it is in" {
	needs_headers
	compile $'#include "small.h"\nint f(void) { return nothing; }\nint g(void) { return more; }' ''
	fails "small.bpf.c:2:22: error: use of undeclared identifier 'nothing'"
	compile $'\n#include "bpf/small.h"' 'int f(void) { return nothing; }'
	fails "small.h:1:22: error: use of undeclared identifier 'nothing' (included from small.bpf.c:2)"
	compile $'#include <linux/no_such.h>' ''
	fails "small.bpf.c:1:10: fatal error: 'linux/no_such.h' file not found"
}

@test "a source that reaches for more than its own: an error, and nothing hangs" {
	needs_headers
	needs_root
	compile '#include "/etc/shadow"' ''
	fails /etc/shadow
	! grep -qF "$(grep '^root:' /etc/shadow)" report.json
	[[ $why = *"small.bpf.c:1:10: fatal error: "* ]]
	compile '#include "small.h"' '#include "bpf/small.h"'
	fails "nested too deeply"
	compile '#include "small.h"' '#include_next <bpf/small.h>'
	[ "$status" -eq 3 ]
	[ "$(attempt object .outcome)" = '"failed"' ]
	# Standard input is nobody's.
	compile '#include "/dev/stdin"' ''
	fails "has no program"
}

@test "a source that has CO-RE relocations all the same is refused" {
	needs_headers
	compile '
		struct place { int number; } __attribute__((preserve_access_index));
		__attribute__((section("raw_tp/sched_process_exec")))
		int on_exec(struct place *place) { return place->number; }' ''
	fails "small.bpf.c:4:22: error: 'place' is unavailable: a type of CO-RE"
	compile '
		struct place { int number; };
		__attribute__((section("raw_tp/sched_process_exec")))
		int on_exec(struct place *place) { return *__builtin_preserve_access_index(&place->number); }' ''
	fails "small.bpf.c: still has CO-RE relocations when it is compiled with -DNO_CORE"
}

@test "the manifest names a header: a type that is not known becomes known" {
	needs_headers
	cat >other.bpf.c <<-'END'
		struct ihex_binrec { unsigned int addr; } __attribute__((preserve_access_index));
		__attribute__((section("raw_tp/sched_process_exec")))
		int on_exec(struct ihex_binrec *record) { return record->addr; }
		char LICENSE[] __attribute__((section("license"))) = "GPL";
	END
	clang -g -O2 -target bpf -c other.bpf.c -o other.bpf.o
	pack other 1
	run -3 --separate-stderr build_for other-1.payload --way headers --json
	echo "$output" >report.json
	[ "$(attempt headers .outcome)" = '"incomplete"' ]
	[[ $(attempt headers .unresolved) = *"struct ihex_binrec"* ]]
	[[ $(attempt headers .notes) = *"struct ihex_binrec: is not declared in the kernel's headers"* ]]
	pack other 2 'headers = linux/ihex.h'
	run -0 build_for other-2.payload --way headers
	[[ $output = *"written: built.o"*"install --object built.o"* ]]
	section .btferry.btf built.o >built.btf
	bpftool btf dump file built.btf | grep -q "STRUCT 'ihex_binrec'"
}

hidden() { without_btf "$BTFERRY" "$@"; }
ask() { hidden "$@" --app told --root root; }
snapshot() { find root -printf '%p %i %m %s %T@ %C@ %l\n' | sort; }

# Installed, for this kernel, with its BTF brought as a file.
install_btf() {
	needs_bpf
	running=$(uname -r)
	cat /sys/kernel/btf/vmlinux >own.btf
	hidden install --payload "$payload" --root root --btf own.btf
}

source_of() {
	jq -r ".kernels[] | select(.release == \"$running\") | .source" "$state/current/plan.json"
}

@test "install --btf: the kernel's whole BTF runs, and lasts through upgrade and rollback" {
	needs_bpf
	run -3 hidden install --payload "$payload" --root root
	[ ! -e "$state/current" ]
	install_btf
	[ "$(source_of)" = built ]
	cmp own.btf "$state/current/build/$running/kernel.btf"
	run -0 ask status
	[[ $output = *"files intact"* ]]
	[ "$(ask path btf)" = "$state/gen/1/btf/$running.btf" ]
	run -0 ask run --duration 1
	[[ $output = *"canary: "*" agree"* ]]

	snapshot >before
	run -0 hidden install --payload "$payload" --root root
	[[ $output = *"already"* ]]
	snapshot | cmp before -

	hidden install --payload "$BATS_FILE_TMPDIR/told-2.payload" --root root
	[ "$(jq -r .version "$state/current/plan.json")" = 2 ]
	[ "$(source_of)" = built ]
	run -0 ask status
	run -0 ask rollback
	[ "$(jq -r .version "$state/current/plan.json")" = 1 ]
	[ "$(source_of)" = built ]
	cmp own.btf "$state/current/build/$running/kernel.btf"
	run -0 ask status
}

@test "what was built goes with its kernel, and with the application" {
	install_btf
	# Another kernel stays, so that there is something to install.
	hidden install --payload "$payload" --root root --kernel "$running" --btf own.btf
	hidden kernel-hook remove "$running" --app told --root root
	[ -z "$(source_of 2>/dev/null)" ] || [ ! -e "$state/current" ]
	[ ! -e "$state/current/build/$running" ]
	hidden install --payload "$payload" --root root --btf own.btf
	[ -e "$state/current/build/$running/kernel.btf" ]
	run -0 ask uninstall
	[ ! -e "$state" ]
}

@test "a reduced BTF is not taken, since nobody knows what for it is good" {
	install_btf
	run -2 hidden install --payload "$payload" --root root --btf "$(ask path btf)"
	[[ $output = *"is reduced, so nobody knows which objects it is good for"* ]]
}

@test "an object that was compiled for another kernel: the canary stops it, with its BTF" {
	needs_bpf
	kernel_btf 6.1.0-54-cloud-amd64 >other.btf
	jq -n --arg r "$(uname -r)" '{schema: 1, way: "object", release: $r, build: ""}' >build.json
	llvm-objcopy --add-section .btferry.build=build.json --add-section .btferry.btf=other.btf \
		"$B/tests/bpf/runtime/told_plain.bpf.o" brought.o
	run -0 hidden install --payload "$payload" --root root --object brought.o
	[[ $output != *"carries no BTF"* ]]
	cmp other.btf "$state/current/build/$(uname -r)/kernel.btf"
	run -1 ask run --duration 1
	[[ $output = *task_struct.*" reads "*", and is "* ]]
	[[ $output = *build* ]]
	run -0 --separate-stderr hidden install --payload "$payload" --root root \
		--object "$B/tests/bpf/runtime/told_plain.bpf.o"
	[[ $stderr = *"carries no BTF for the canary"* ]]
	run -0 ask run --duration 1
	run -2 hidden install --payload "$payload" --root root --object "$B/bpf/proctrace.bpf.o"
	[[ $output = *"it was compiled of something else"* ]]
}

@test "damage in what was built: status names it, and an install goes on without" {
	install_btf
	printf '\xa5' | dd of="$state/current/build/$running/kernel.btf" bs=1 seek=999 conv=notrunc \
		status=none
	run -5 ask status
	[[ $output = *"build/$running/kernel.btf"* ]]
	run -3 --separate-stderr hidden install --payload "$BATS_FILE_TMPDIR/told-2.payload" --root root
	[[ $stderr = *"build/$running/kernel.btf"*"build again for the kernel that it was built for"* ]]
	hidden install --payload "$BATS_FILE_TMPDIR/told-2.payload" --root root --btf own.btf
	run -0 ask status
}

@test "a kernel that is served needs no build" {
	needs_root
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel exposes no BTF"
	run -0 --separate-stderr "$BTFERRY" build --payload "$payload" --root root
	[[ $output = "told: kernel $(uname -r) needs no build: "* ]]
	[ -z "$(ls -A root)" ]
	run -0 --separate-stderr "$BTFERRY" build --payload "$payload" --root root --json
	echo "$output" >report.json
	matches_schema report.json build.json
	jq -e '.status == 0 and .made == null and .install == null' report.json
	install_btf
	snapshot >before
	run -0 hidden build --payload "$payload" --root root
	[[ $output = *"needs no build"* ]]
	snapshot | cmp before -
}
