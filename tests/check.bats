#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# APP check: will it run here, and if not, why and what to do.  On the kernel that runs the tests,
# with its BTF in sight and out of it.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR"
	manifest=$B/bpf/proctrace.ini
	object=$B/bpf/proctrace.bpf.o
	arch=$(uname -m)
	[ "$arch" != aarch64 ] || arch=arm64
	release=$(uname -r)
	unset BTFERRY_BTF_FILE BTFERRY_BPF_FILE
}

# Most of what is asked here the kernel must answer.
needs_kernel() {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF to begin with"
}

# An archive that holds this very kernel, and the payload that is packed from it.
pack_this_kernel() { # OUT [MANIFEST]
	mkdir -p "here/test/1/$arch"
	cp /sys/kernel/btf/vmlinux "here/test/1/$arch/$release.btf"
	"$BTFPACK" build -a here -o "$1" "${2:-$manifest}" >/dev/null
}

# The archive's four kernels, of which none is the one that runs.
pack_others() { # OUT
	"$BTFPACK" build -a "$archive" -o "$1" "$manifest" >/dev/null
}

# Compiles BPF C from standard input.
compile() { # OUT
	{
		echo '#define SEC(name) __attribute__((section(name), used))'
		echo 'char LICENSE[] SEC("license") = "GPL";'
		cat
	} >"$1.c"
	clang -g -O2 -target bpf -c -o "$1" "$1.c"
}

# One program for the kernel's own BTF, one that does without; $1 is put into the manifest.
pack_fast_and_slow() {
	compile fast.bpf.o <<-'EOC'
		struct task_struct { int pid; } __attribute__((preserve_access_index));
		SEC("fentry/do_exit") int fast(void *ctx) { return 0; }
		SEC("raw_tp/sched_process_exit") int slow(unsigned long long *ctx)
		{
			struct task_struct *task = (void *)ctx[0];
			return (unsigned long)&task->pid == 1;
		}
	EOC
	printf '[app]\nname = fast\nversion = 1\n[object]\npath = fast.bpf.o\n%s\n' "$1" >fast.ini
	pack_this_kernel fast.payload fast.ini
}

verdict() { head -n 1 <<<"$output"; }

refused() { # DOCUMENT
	if matches_schema "$1"; then
		echo "taken for good: $(cat "$1")"
		return 1
	fi
}

@test "with the kernel's BTF: will run, exit 0, verdict first" {
	needs_kernel
	pack_others p.payload
	run "$BTFERRY" check --payload p.payload
	[ "$status" -eq 0 ]
	[ "$(verdict)" = "proctrace will run here." ]
	[[ $output == *"relocated with /sys/kernel/btf/vmlinux"* ]]
	[[ $output == *"trial load    The kernel loaded every program."* ]]
}

@test "without the kernel's BTF, but packed: will run with the stored one" {
	needs_kernel
	pack_this_kernel p.payload
	run without_btf "$BTFERRY" check --payload p.payload
	[ "$status" -eq 0 ]
	[ "$(verdict)" = "proctrace will run here." ]
	[[ $output == *"the reduced BTF stored for $release takes its place"* ]]
	[[ $output == *"chosen by this release"* ]]
	[[ $output == *"The kernel loaded every program."* ]]
}

@test "without /sys: what to do is to mount it" {
	needs_kernel
	pack_this_kernel p.payload
	run unshare -m sh -c 'umount -R /sys && exec "$@"' sh "$BTFERRY" check --payload p.payload
	[[ $output == *"/sys: is not mounted"* ]]
	[ "$status" -eq 0 ] || [[ $output == *"mount -t sysfs sysfs /sys"* ]]
}

@test "without the kernel's BTF and not packed: exit 3, with the commands that build" {
	needs_kernel
	pack_others p.payload
	mkdir -p root/etc root/sys/kernel
	echo 'ID=debian' >root/etc/os-release
	run "$BTFERRY" check --payload p.payload --root root
	[ "$status" -eq 3 ]
	[ "$(verdict)" = "proctrace needs a build for $release." ]
	[[ $output == *"proctrace build --print --kernel $release"* ]]
	[[ $output == *"proctrace install"* ]]
	[[ $output == *"BTFERRY_BTF_FILE=FILE"* ]]
	[[ $output == *"the nearest that are packed:"* ]]
}

@test "a given BTF takes the place of the kernel's; an option goes before the environment" {
	needs_kernel
	cp /sys/kernel/btf/vmlinux mine.btf
	pack_others p.payload
	run without_btf "$BTFERRY" check --payload p.payload --btf mine.btf
	[ "$status" -eq 0 ]
	[[ $output == *"relocated with mine.btf"* ]]
	BTFERRY_BTF_FILE=mine.btf run without_btf "$BTFERRY" check --payload p.payload
	[ "$status" -eq 0 ]
	[[ $output == *"relocated with mine.btf"* ]]
	BTFERRY_BTF_FILE=/nonexistent run without_btf "$BTFERRY" check --payload p.payload --btf mine.btf
	[ "$status" -eq 0 ]
}

@test "the BTF of another kernel: the canary names the field, and it will not run" {
	needs_kernel
	kernel_btf 6.1.0-54-cloud-amd64 >other.btf
	pack_others p.payload
	run "$BTFERRY" check --payload p.payload --btf other.btf
	[ "$status" -eq 1 ]
	[ "$(verdict)" = "proctrace will not run here." ]
	[[ $output =~ "The BTF in use is not this kernel's: task_struct."[a-z_]+" reads " ]]
	[[ $output == *"Next: Name the BTF of this very kernel ($release)"* ]]
	"$BTFERRY" check --json --payload p.payload --btf other.btf >out.json || [ $? -eq 1 ]
	matches_schema out.json
	jq -e '.verdict == "will_not_run" and .canary.outcome == "mismatch" and
		.trial.outcome == "not_known" and (.canary.mismatched | length) > 0 and
		any(.canary.mismatched[]; .field == "task_struct.pid" and .read != .expected)' out.json
	# Packed by mistake for this release.
	mkdir -p "wrong/test/1/$arch"
	cp other.btf "wrong/test/1/$arch/$release.btf"
	"$BTFPACK" build -a wrong -o wrong.payload "$manifest" >/dev/null
	run without_btf "$BTFERRY" check --payload wrong.payload
	[ "$status" -eq 1 ]
	[[ $output == *"The BTF in use is not this kernel's"*"Next: Pack the BTF of this very build"* ]]
}

@test "what the canary could not check is said" {
	needs_kernel
	pack_others p.payload
	run setarch --uname-2.6 "$BTFERRY" check --payload p.payload
	[[ $output == *"new_utsname.release was not checked: personality UNAME26"* ]]
	setarch --uname-2.6 "$BTFERRY" check --json --payload p.payload >out.json
	matches_schema out.json
	jq -e '.canary.outcome == "match" and .canary.matched > 0 and
		.canary.unchecked[0].field == "new_utsname.release"' out.json
}

@test "kernel options: weak ones are made up without a configuration, others are named" {
	needs_kernel
	mkdir -p root
	run "$BTFERRY" check --root root --object "$B/tests/bpf/runtime/kconfig.bpf.o"
	[ "$status" -eq 0 ]
	[[ $output == *"The kernel loaded every program."* ]]
	run "$BTFERRY" check --object "$B/tests/bpf/runtime/kconfig_needed.bpf.o"
	[ "$status" -eq 1 ]
	[[ $output == *"Needs CONFIG_BTFERRY_NO_SUCH_BOOL, which this kernel's configuration"* ]]
}

@test "kernel options on a host without /proc and /boot" {
	needs_kernel
	! nm -D "$BTFERRY" | grep -q __asan || skip "the address sanitizer itself needs /proc"
	run unshare -m sh -c 'umount -l /proc; mount -t tmpfs none /boot; exec "$@"' sh \
		"$BTFERRY" check --object "$B/tests/bpf/runtime/kconfig.bpf.o"
	[ "$status" -eq 0 ]
	[[ $output == *"The kernel loaded every program."* ]]
}

@test "a program that does not load and is optional is left out; standard error stays empty" {
	needs_kernel
	cp "$B/tests/bpf/runtime/missing.bpf.o" .
	printf '%s\n' '[app]' 'name = other' 'version = 1' '[object]' 'path = missing.bpf.o' \
		'[program reads_missing]' 'optional = yes' >other.ini
	pack_this_kernel other.payload other.ini
	"$BTFERRY" check --payload other.payload >out 2>err
	grep -q 'The kernel loaded every program but the optional ones.' out
	[ ! -s err ]
	# A refusal is told in the report, not beside it.
	"$BTFERRY" check --object missing.bpf.o >out 2>err || [ $? -eq 1 ]
	grep -q 'Program reads_missing: the BTF in use has no .*no_such_field' out
	[ ! -s err ]
}

@test "a given object needs no payload" {
	needs_kernel
	# No manifest says that programs without a place on this kernel are optional.
	object=$B/tests/bpf/runtime/uncovered.bpf.o
	run "$BTFERRY" check --object "$object"
	[ "$status" -eq 0 ]
	[[ $output == *"The given object"*"is relocated with /sys/kernel/btf/vmlinux"* ]]
	run without_btf "$BTFERRY" check --object "$object"
	[ "$status" -eq 3 ]
	[[ $output == *"no stored BTF covers them"* ]]
}

@test "a given object that asks what was packed runs with the stored BTF, another one does not" {
	needs_kernel
	pack_this_kernel p.payload
	run without_btf "$BTFERRY" check --payload p.payload --object "$object"
	[ "$status" -eq 0 ]
	[[ $output == *"which covers it"* ]]
	compile other.bpf.o <<-'EOC'
		struct task_struct { int policy; } __attribute__((preserve_access_index));
		SEC("raw_tp/sched_process_exit") int other(struct task_struct **task)
		{
			return (unsigned long)&task[0]->policy == 1;
		}
	EOC
	run without_btf "$BTFERRY" check --payload p.payload --object other.bpf.o
	[ "$status" -eq 3 ]
}

@test "an object without relocations needs no BTF at all" {
	needs_kernel
	compile plain.bpf.o <<<'SEC("raw_tp/sched_process_exit") int plain(void *ctx) { return 0; }'
	run without_btf "$BTFERRY" check --object plain.bpf.o
	[ "$status" -eq 0 ]
	[[ $output == *"it loads without"* ]]
}

@test "the kernel's own reason, when it refuses a program" {
	needs_kernel
	compile wild.bpf.o <<-'EOC'
		SEC("raw_tp/sched_process_exit") int wild(void *ctx) { return **(int **)ctx; }
	EOC
	run "$BTFERRY" check --object wild.bpf.o
	[ "$status" -eq 1 ]
	[[ $(verdict) == *"will not run here." ]]
	[[ $output == *"Program wild:"*"invalid mem access"* ]]
	run "$BTFERRY" check --object wild.bpf.o --verbose
	[[ $output == *"BEGIN PROG LOAD LOG"* ]]
}

@test "what loads and cannot be attached is a no, with the option that is missing" {
	needs_kernel
	[ -r /proc/config.gz ] || skip "the kernel does not say how it was built"
	zgrep -q '^CONFIG_KPROBES=y' /proc/config.gz && skip "this kernel has kprobes"
	compile probe.bpf.o <<<'SEC("kprobe/do_exit") int probe(void *ctx) { return 0; }'
	run "$BTFERRY" check --object probe.bpf.o
	[ "$status" -eq 1 ]
	[[ $output == *"Program probe (kprobe/do_exit) cannot be attached"*CONFIG_KPROBES* ]]
	[[ $output == *"The kernel loaded every program."* ]]
}

@test "a relocation that the kernel does not have is named" {
	needs_kernel
	compile lost.bpf.o <<-'EOC'
		struct task_struct { int no_such_member; } __attribute__((preserve_access_index));
		SEC("raw_tp/sched_process_exit") int lost(struct task_struct **task)
		{
			return (unsigned long)&task[0]->no_such_member == 1;
		}
	EOC
	run "$BTFERRY" check --object lost.bpf.o
	[ "$status" -eq 1 ]
	[[ $output == *"struct task_struct.no_such_member"*"used in lost: not guarded"* ]]
}

@test "a program that needs the kernel's own BTF: alternative, optional, neither" {
	needs_kernel
	pack_fast_and_slow $'[program fast]\nalternative = slow'
	run without_btf "$BTFERRY" check --payload fast.payload
	[ "$status" -eq 0 ]
	[[ $output == *"fast: replaced by slow (fentry)"* ]]
	pack_fast_and_slow $'[program fast]\noptional = yes'
	run without_btf "$BTFERRY" check --payload fast.payload
	[ "$status" -eq 0 ]
	[[ $output == *"fast: left out (fentry)"* ]]
	pack_fast_and_slow ''
	run without_btf "$BTFERRY" check --payload fast.payload
	[ "$status" -eq 1 ]
	[[ $output == *"Program fast needs the kernel's own BTF (fentry)"* ]]
	[[ $output == *"[program fast]"* ]]
}

@test "without privilege: blocked, exit 4, never a no, and what is missing is named" {
	needs_kernel
	local nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	"${nobody[@]}" test -x "$BTFERRY" || skip "the build folder is closed to other users"
	pack_others p.payload
	chmod 644 p.payload
	# Through a descriptor: bats closes its folders to others.
	run "${nobody[@]}" "$BTFERRY" check --payload /proc/self/fd/9 9<p.payload
	[ "$status" -eq 4 ]
	[ "$(verdict)" = "It is not known whether proctrace will run here." ]
	[[ $output == *"as root"* ]]
	"${nobody[@]}" "$BTFERRY" check --json --payload /proc/self/fd/9 9<p.payload >out.json ||
		[ $? -eq 4 ]
	jq -e '.verdict == "not_known" and .exit == 4 and .class == "CAPABILITY_FAILURE" and
		.trial.outcome == "blocked" and (.reason | test("lacks CAP_BPF and CAP_PERFMON")) and
		all(.programs[]; .levels.loads.answer == "blocked")' out.json
	matches_schema out.json
}

@test "root that a policy keeps from bpf(2): blocked, exit 4, never a no" {
	needs_kernel
	unshare -Ur true || skip "no user namespaces here"
	pack_others p.payload
	chmod 644 p.payload
	# All capabilities, but in a user namespace, where bpf(2) does not count them.
	unshare -Ur "$BTFERRY" check --json --payload /proc/self/fd/9 9<p.payload \
		>out.json || [ $? -eq 4 ]
	jq -e '.verdict == "not_known" and .trial.outcome == "blocked" and .trial.errno == "EPERM" and
		.facts.probes.cap_bpf.answer == "yes"' out.json
	matches_schema out.json
}

@test "a kernel BTF that is there and damaged is reported, and the stored one is used" {
	needs_kernel
	pack_this_kernel p.payload
	mkdir -p broken && head -c 1000 /sys/kernel/btf/vmlinux >broken/vmlinux
	run unshare -m sh -c 'mount --bind broken /sys/kernel/btf && exec "$@"' sh \
		"$BTFERRY" check --payload p.payload
	[ "$status" -eq 0 ]
	[[ $output == *"kernel BTF    cannot be used: "* ]]
	[[ $output == *"the reduced BTF stored for"* ]]
}

@test "wrong, damaged, empty, missing files and directories: a sentence and exit 5 or 6" {
	mkdir folder
	: >empty
	echo text >text
	kernel_btf 6.1.0-54-cloud-amd64 >whole.btf
	head -c 100000 whole.btf >half.btf
	head -c 3000 "$object" >half.bpf.o
	local file expected
	for file in empty text half.bpf.o whole.btf "$BTFERRY"; do
		run "$BTFERRY" check --object "$file"
		[ "$status" -eq 5 ]
		[[ $output == *"check: $file: "* ]]
	done
	for file in empty text half.btf "$BTFERRY"; do
		run "$BTFERRY" check --object "$object" --btf "$file"
		[ "$status" -eq 5 ]
		[[ $output == *"check: $file: "* ]]
	done
	for file in folder nothing; do
		expected=$([ "$file" = folder ] && echo 5 || echo 6)
		run "$BTFERRY" check --object "$file"
		[ "$status" -eq "$expected" ]
		[[ $output == *"check: $file: "* ]]
		run "$BTFERRY" check --object "$object" --btf "$file"
		[ "$status" -eq "$expected" ]
		[[ $output == *"check: $file: "* ]]
	done
}

@test "a named BTF that is damaged is an error even where none would be used" {
	compile plain.bpf.o <<<'SEC("raw_tp/sched_process_exit") int plain(void *ctx) { return 0; }'
	echo text >text
	run "$BTFERRY" check --object plain.bpf.o --btf text
	[ "$status" -eq 5 ]
}

@test "--json holds the same facts, and is what docs/schema/check.json says" {
	needs_kernel
	pack_this_kernel p.payload
	"$BTFERRY" check --json --payload p.payload >with.json
	matches_schema with.json
	jq -e '.verdict == "will_run" and .exit == 0 and .schema == 1 and .remedy == "" and
		.plan.row == "3" and .plan.btf == "kernel" and .trial.outcome == "yes" and
		.canary.outcome == "match" and
		.app.name == "proctrace" and .stored.state == "selected"' with.json
	without_btf "$BTFERRY" check --json --payload p.payload >without.json
	matches_schema without.json
	jq -e '.plan.row == "4" and .plan.btf == "stored" and .stored.rule == "release" and
		.stored.kernel.release == .facts.release and .facts.btf.kernel.answer == "no"' without.json
	pack_others others.payload
	without_btf "$BTFERRY" check --json --payload others.payload >none.json || [ $? -eq 3 ]
	matches_schema none.json
	jq -e '.verdict == "needs_build" and .exit == 3 and .stored.state == "not_packed" and
		(.stored.candidates | length) > 0 and .remedy != ""' none.json
	# What a schema is for: it does not let just anything through.
	jq '.trial.outcome = "maybe"' with.json >bad.json
	refused bad.json
	jq 'del(.facts.release)' with.json >bad.json
	refused bad.json
	jq '.plan.more = 1' with.json >bad.json
	refused bad.json
}

@test "several stored BTFs: exit 3 with the candidates, unless os-release tells them apart" {
	needs_kernel
	mkdir -p here/ubuntu/20.04/"$arch" here/ubuntu/22.04/"$arch"
	cp /sys/kernel/btf/vmlinux "here/ubuntu/20.04/$arch/$release.btf"
	kernel_btf 5.10.0-46-cloud-amd64 >"here/ubuntu/22.04/$arch/$release.btf"
	"$BTFPACK" build -a here -o p.payload "$manifest" >/dev/null
	mkdir -p root/etc root/sys/kernel
	printf 'ID=alpine\nVERSION_ID=3\n' >root/etc/os-release
	run "$BTFERRY" check --payload p.payload --root root
	[ "$status" -eq 3 ]
	[[ $output == *"Candidates: "*"ubuntu 20.04"*"ubuntu 22.04"* ]]
	printf 'ID=ubuntu\nVERSION_ID="20.04"\n' >root/etc/os-release
	run "$BTFERRY" check --payload p.payload --root root
	[ "$status" -eq 0 ]
	[[ $output == *"chosen by this release and distribution"* ]]
}

@test "nothing to check is a usage error" {
	run "$BTFERRY" check
	[ "$status" -eq 2 ]
}
