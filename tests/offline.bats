#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# APP check about kernels and hosts that are not here: by files, by a mounted root, by facts that
# were taken elsewhere.  Nothing of the host that runs the tests may show in the answers.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR"
	chmod 755 .
	manifest=$B/bpf/proctrace.ini
	# Every kernel has what it needs.
	object=$B/tests/bpf/runtime/covered.bpf.o
	arch=$(uname -m)
	[ "$arch" != aarch64 ] || arch=arm64
	release=$(uname -r)
	unset BTFERRY_BTF_FILE BTFERRY_BPF_FILE
}

# A user that may read what everybody may, and nothing else.
as_nobody() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all "$@"
	else
		"$@"
	fi
}

needs_kernel() {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF to begin with"
}

pack_others() { # OUT
	"$BTFPACK" build -a "$archive" -o "$1" "$manifest" >/dev/null
}

compile() { # OUT, C from standard input
	{
		echo '#define SEC(name) __attribute__((section(name), used))'
		echo 'char LICENSE[] SEC("license") = "GPL";'
		cat
	} >"$1.c"
	clang -g -O2 -target bpf -c -o "$1" "$1.c"
}

# A configuration of that version, with lines of its own: config FILE VERSION LINE...
config() {
	local file=$1 version=$2
	shift 2
	{
		printf '#\n# Automatically generated file; DO NOT EDIT.\n'
		printf '# Linux/x86 %s Kernel Configuration\n#\n' "$version"
		printf '%s\n' CONFIG_BPF=y CONFIG_BPF_SYSCALL=y CONFIG_BPF_EVENTS=y CONFIG_CGROUPS=y \
			CONFIG_INET=y CONFIG_MODULES=y "$@"
	} >"$file"
}

# Hosts on which something is wrong.
damaged_btf() {
	head -c 1000 /dev/zero >zero.btf
	unshare -m sh -c 'mount --bind zero.btf /sys/kernel/btf/vmlinux && exec "$@"' sh "$@"
}
without_sys() { unshare -m sh -c 'umount -R /sys && exec "$@"' sh "$@"; }
without_tracefs() {
	unshare -m sh -c 'umount /sys/kernel/debug/tracing /sys/kernel/tracing 2>/dev/null
		[ ! -e /sys/kernel/tracing/events ] && exec "$@"' sh "$@"
}

# Exit code, verdict and row of the decision, which is what must not differ.
decided() { jq -c '[.exit, .verdict, .plan.row, .plan.btf, .reason]' "$1"; }

@test "by files: four kernels of two architectures, as nobody, for a payload and for an object" {
	local kernel of
	pack_others p.payload
	for kernel in 5.10.0-46-cloud-amd64 6.1.0-54-cloud-amd64 7.3.4+deb13-cloud-amd64 \
		6.12.43+deb12-cloud-arm64; do
		of=x86_64
		[[ $kernel != *arm64 ]] || of=arm64
		kernel_btf "$kernel" >kernel.btf
		run as_nobody "$BTFERRY" check --payload p.payload --release "$kernel" --arch "$of"
		[ "$status" -eq 4 ]
		[[ $output == "Nothing that is known keeps proctrace from running on $kernel;"* ]]
		as_nobody "$BTFERRY" check --json --object "$object" --btf kernel.btf \
			--release "$kernel" >out.json || [ $? -eq 4 ]
		matches_schema out.json
		jq -e --arg of "$of" --arg kernel "$kernel" '.verdict == "untried" and .exit == 4 and
			.facts.scope == "files" and .facts.arch == $of and .facts.release == $kernel and
			.relocations.resolved and .trial.outcome == "not_known"' out.json
	done
}

@test "by files: nothing of this host is asked, and no bpf(2) call is made" {
	command -v strace >/dev/null || skip "strace is not installed"
	! nm -D "$BTFERRY" | grep -q __asan || skip "the address sanitizer looks around by itself"
	kernel_btf 6.1.0-54-cloud-amd64 >kernel.btf
	config kernel.config 6.1.174 CONFIG_DEBUG_INFO_BTF=y CONFIG_X86_64=y
	echo ID=debian >os
	strace -f -o trace "$BTFERRY" check --object "$object" --btf kernel.btf \
		--config kernel.config --os-release os --release 6.1.0-54-cloud-amd64 --verbose >out ||
		[ $? -eq 4 ]
	grep -q kernel.btf trace
	! grep -E 'bpf\(|uname\(|perf_event_open|unshare|mount\(|fsopen|socket\(' trace || false
	# /proc/self/exe may carry a payload.
	! grep -v /proc/self/exe trace |
		grep -E '"/?(proc|sys|boot|etc/os-release|usr/lib/os-release|lib/modules|dev)'
}

@test "by files: a field that an old kernel has not is named, with the program" {
	compile state.bpf.o <<-'EOC'
		struct task_struct { unsigned int __state; } __attribute__((preserve_access_index));
		SEC("raw_tp/sched_switch") int watch(unsigned long long *ctx)
		{
			struct task_struct *task = (void *)ctx[1];
			return (unsigned long)&task->__state == 1;
		}
	EOC
	kernel_btf 5.10.0-46-cloud-amd64 >old.btf
	kernel_btf 6.1.0-54-cloud-amd64 >new.btf
	run "$BTFERRY" check --object state.bpf.o --btf old.btf --release 5.10.0-46-cloud-amd64
	[ "$status" -eq 1 ] || [ "$status" -eq 4 ]
	[[ $output == *"struct task_struct.__state"*watch* ]]
	[[ $output != "Nothing that is known"* ]]
	run "$BTFERRY" check --object state.bpf.o --btf new.btf --release 6.1.0-54-cloud-amd64
	[[ $output == "Nothing that is known keeps"* ]]
}

@test "by files: a 32-bit kernel without BTF needs a build, and how is said" {
	local host=$repo/tests/hosts/debian11/root
	pack_others p.payload
	config i386.config 5.10.259 '# CONFIG_DEBUG_INFO_BTF is not set' CONFIG_X86_32=y
	"$BTFERRY" check --json --payload p.payload --config i386.config \
		--os-release "$host/usr/lib/os-release" --release 5.10.0-46-686 >out.json || [ $? -eq 3 ]
	matches_schema out.json
	jq -e '.exit == 3 and .facts.arch == "i386" and .facts.btf.kernel.answer == "no"' out.json
	jq -e '.remedy | contains("build --print --kernel 5.10.0-46-686")' out.json
	# Without the configuration nobody knows whether it has BTF.
	run "$BTFERRY" check --payload p.payload --arch i386 --release 5.10.0-46-686
	[ "$status" -eq 4 ]
	[[ $output == *"It is not known whether this kernel exposes BTF"* ]]
	[[ $output == *"--config"* ]]
}

@test "by files: what needs the kernel's own BTF is as the configuration says, or not known" {
	compile fast.bpf.o <<<'SEC("fentry/do_exit") int fast(void *ctx) { return 0; }'
	kernel_btf 6.1.0-54-cloud-amd64 >kernel.btf
	config with.config 6.1.174 CONFIG_DEBUG_INFO_BTF=y CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS=y
	config without.config 6.1.174 '# CONFIG_DEBUG_INFO_BTF is not set'
	run "$BTFERRY" check --object fast.bpf.o --release 6.1.0-54-cloud-amd64 --btf kernel.btf \
		--config with.config
	[ "$status" -eq 4 ]
	[[ $output == "Nothing that is known keeps"* ]]
	run "$BTFERRY" check --object fast.bpf.o --release 6.1.0-54-cloud-amd64 --btf kernel.btf \
		--config without.config
	[ "$status" -eq 1 ]
	[[ $output == *"Program fast needs the kernel's own BTF (fentry)"* ]]
	run "$BTFERRY" check --object fast.bpf.o --release 6.1.0-54-cloud-amd64 --btf kernel.btf
	[ "$status" -eq 4 ]
	[[ $output == *"it is not known whether this kernel exposes BTF"* ]]
}

@test "by files: an option that is off and that attaching takes is a no, and named" {
	compile probe.bpf.o <<<'SEC("kprobe/do_exit") int probe(void *ctx) { return 0; }'
	config off.config 6.1.174 '# CONFIG_KPROBES is not set'
	config on.config 6.1.174 CONFIG_KPROBES=y
	run "$BTFERRY" check --object probe.bpf.o --release 6.1.0-54-cloud-amd64 --config off.config
	[ "$status" -eq 1 ]
	[[ $output == *CONFIG_KPROBES* ]]
	run "$BTFERRY" check --object probe.bpf.o --release 6.1.0-54-cloud-amd64 --config on.config
	[ "$status" -eq 4 ]
	gzip -k off.config
	run "$BTFERRY" check --object probe.bpf.o --release 6.1.0-54-cloud-amd64 --config off.config.gz
	[ "$status" -eq 1 ]
}

@test "what contradicts itself is a usage error that says what" {
	kernel_btf 6.1.0-54-cloud-amd64 >x86.btf
	kernel_btf 6.12.43+deb12-cloud-arm64 >arm.btf
	config 6.1.config 6.1.174 CONFIG_X86_64=y
	pack_others p.payload
	while IFS='|' read -r options said; do
		# shellcheck disable=SC2086 # several options
		run "$BTFERRY" check --object "$object" $options
		[ "$status" -eq 2 ] || { echo "$options: $status"; false; }
		[[ $output == "btferry: check: "*"$said"* ]] || { echo "$options: $output"; false; }
		[ "${#lines[@]}" -eq 1 ]
	done <<-'EOF'
		--from facts.json --release 6.1.0|--release does not go with --from
		--from facts.json --kernel 6.1.0|--kernel does not go with --from
		--from facts.json --facts|--facts does not go with --from
		--from facts.json --host-root /|--host-root does not go with --from
		--kernel 6.1.0 --release 6.1.0|--release does not go with --kernel
		--kernel 6.1.0 --kernel 6.2.0|one --kernel at a time
		--root / --release 6.1.0|--release does not go with --root
		--release 6.1/0|is no kernel release
		--arch ../x --release 6.1.0|is no architecture
		--config 6.1.config|--release
		--payload p.payload --btf x86.btf --arch x86_64|--release
		--config 6.1.config --release 6.12.0-1-amd64|is the configuration of a 6.1.174
		--config 6.1.config --release 6.10.0|is the configuration of a 6.1.174
		--config 6.1.config --release 6.1.0 --arch arm64|is the configuration of a kernel for x86_64
		--btf arm.btf --release 6.12.0 --arch x86_64|is the BTF of a kernel for arm64
		--btf arm.btf --config 6.1.config --release 6.1.0|is the BTF of a kernel for arm64
		--kernel 6.1.0-no-such|is not installed here
	EOF
}

@test "the other byte order, and files that are none: damaged input" {
	printf '\xeb\x9f\x01\x00%020d' 0 >big.btf
	head -c 1000 /dev/zero >zero.btf
	run "$BTFERRY" check --object "$object" --btf big.btf --release 6.1.0
	[ "$status" -eq 5 ]
	[[ $output == *big-endian* ]]
	run "$BTFERRY" check --object "$object" --btf zero.btf --release 6.1.0
	[ "$status" -eq 5 ]
	run "$BTFERRY" check --object "$object" --config zero.btf --release 6.1.0
	[ "$status" -eq 5 ]
	[[ $output == *"is no kernel configuration"* ]]
}

@test "the environment names files of this host, not of another" {
	head -c 1000 /dev/zero >zero.btf
	kernel_btf 6.1.0-54-cloud-amd64 >kernel.btf
	export BTFERRY_BTF_FILE=zero.btf
	run "$BTFERRY" check --object "$object" --btf kernel.btf --release 6.1.0-54-cloud-amd64
	[ "$status" -eq 4 ]
	config kernel.config 6.1.174 CONFIG_DEBUG_INFO_BTF=y
	run "$BTFERRY" check --object "$object" --config kernel.config --release 6.1.0-54-cloud-amd64
	[ "$status" -eq 4 ]
	[[ $output == *"its BTF is not at hand"* ]]
}

@test "--kernel: installed and not booted, by its configuration and the packed BTF" {
	local kernel=6.1.0-54-cloud-amd64
	pack_others p.payload
	mkdir -p root/boot "root/lib/modules/$kernel" root/lib/modules/6.1.0-99-none
	config "root/boot/config-$kernel" 6.1.174 CONFIG_DEBUG_INFO_BTF=y
	mkdir -p root/sys/kernel/security root/sys/kernel/tracing/events root/proc/sys/kernel
	echo 'none [integrity] confidentiality' >root/sys/kernel/security/lockdown
	echo 2 >root/proc/sys/kernel/perf_event_paranoid
	"$BTFERRY" check --json --payload p.payload --root root --kernel "$kernel" >out.json ||
		[ $? -eq 4 ]
	matches_schema out.json
	jq -e '.trial.outcome == "not_known"' out.json
	jq -e '.verdict == "untried" and .facts.scope == "installed" and .plan.btf == "kernel" and
		.relocations.resolved and .facts.kconfig.path == "/boot/config-6.1.0-54-cloud-amd64"' out.json
	# What the running kernel says is not this one's.
	jq -e '.facts | .kernel.lockdown.mode == "unknown" and .tracefs.mounted.answer == "unknown" and
		.kernel.perf_event_paranoid.answer == "unknown" and
		.probes.bpf_syscall.answer == "unknown"' out.json
	config "root/boot/config-$kernel" 6.1.174 '# CONFIG_DEBUG_INFO_BTF is not set'
	run "$BTFERRY" check --payload p.payload --root root --kernel "$kernel"
	[ "$status" -eq 4 ]
	[[ $output == *"the reduced BTF stored for $kernel takes its place"* ]]
	# Neither a configuration nor BTF.
	run "$BTFERRY" check --payload p.payload --root root --kernel 6.1.0-99-none
	[ "$status" -eq 4 ]
	[[ $output == *"It is not known whether this kernel exposes BTF"* ]]
	# A vmlinux where debug packages put it.
	mkdir -p root/usr/lib/debug/boot
	kernel_btf "$kernel" >"root/usr/lib/debug/boot/vmlinux-6.1.0-99-none"
	run "$BTFERRY" check --object "$object" --root root --kernel 6.1.0-99-none
	[[ $output == "Nothing that is known keeps"* ]]
	[[ $output == *"usr/lib/debug/boot/vmlinux-6.1.0-99-none"* ]]
}

@test "--kernel of the one that runs is a check of the one that runs" {
	needs_kernel
	"$BTFERRY" check --json --object "$object" >here.json
	"$BTFERRY" check --json --object "$object" --kernel "$release" >named.json
	diff <(decided here.json) <(decided named.json)
	jq -e '.trial.outcome == "yes"' named.json
	# And it may be told which distribution it is of.
	echo ID=imaginary >os
	"$BTFERRY" check --json --object "$object" --os-release os >named.json
	jq -e '.trial.outcome == "yes" and .facts.os.id == "imaginary"' named.json
}

@test "--kernel of another one: nothing is loaded into the one that runs, not even by root" {
	local kernel=6.1.0-54-cloud-amd64
	needs_kernel
	command -v strace >/dev/null || skip "strace is not installed"
	pack_others p.payload
	config config 6.1.174 CONFIG_DEBUG_INFO_BTF=y
	# A traced program cannot look for its leaks.
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 \
		run unshare -m sh -c 'mount -t tmpfs none /boot && cp config "/boot/config-$2" &&
		exec strace -f -o trace -e trace=bpf "$0" check --payload "$1" --kernel "$2"' \
		"$BTFERRY" p.payload "$kernel"
	[ "$status" -eq 4 ]
	[[ $output == "Nothing that is known keeps proctrace from running on $kernel;"* ]]
	! grep -q 'bpf(' trace || false
}

@test "--host-root: fake hosts, of which the ones tell their kernel and others must be told" {
	local kernel=6.1.0-54-cloud-amd64
	mkdir -p host/etc host/boot host/lib/modules/$kernel
	echo -e 'ID=debian\nVERSION_ID=12' >host/etc/os-release
	config host/boot/config-$kernel 6.1.174 CONFIG_DEBUG_INFO_BTF=y
	as_nobody "$BTFERRY" check --json --object "$object" --host-root host >out.json || [ $? -eq 4 ]
	jq -e '.facts | .release == "6.1.0-54-cloud-amd64" and .os.version_id == "12" and
		.scope == "files" and .tracefs.mounted.answer == "unknown"' out.json
	jq -e '.reason | contains("its BTF is not at hand")' out.json
	# Its own /proc and /sys, as a snapshot of a running host has them.
	mkdir -p host/proc/sys/kernel host/sys/kernel/btf host/lib/modules/6.1.0-1-old
	echo $kernel >host/proc/sys/kernel/osrelease
	echo '#1 SMP Debian' >host/proc/sys/kernel/version
	echo x86_64 >host/proc/sys/kernel/arch
	kernel_btf $kernel >host/sys/kernel/btf/vmlinux
	as_nobody "$BTFERRY" check --json --object "$object" --host-root host >out.json || [ $? -eq 4 ]
	jq -e '.verdict == "untried" and .facts.build == "#1 SMP Debian" and .relocations.resolved' \
		out.json
	# Two kernels and nothing that says which.
	rm -r host/proc
	run "$BTFERRY" check --object "$object" --host-root host
	[ "$status" -eq 2 ]
	[[ $output == *"has several kernels"*--release* ]]
	run "$BTFERRY" check --object "$object" --host-root host --release $kernel
	[[ $output == "Nothing that is known keeps"* ]]
}

@test "--host-root: every host of tests/hosts gets an answer that is no false no" {
	local host name kernel
	compile plain.bpf.o <<<'SEC("raw_tp/sched_switch") int plain(void *ctx) { return 0; }'
	for host in "$repo"/tests/hosts/*/; do
		name=$(basename "$host")
		kernel=$(sed -n 2p "$host/uname")
		run "$BTFERRY" check --object plain.bpf.o --host-root "$host/root" --release "$kernel" \
			--arch "$(sed -n 1p "$host/uname")"
		[ "$status" -eq 4 ] || { echo "$name: $status $output"; false; }
		[[ $output == "Nothing that is known keeps"* ]] || { echo "$name: $output"; false; }
	done
}

@test "--host-root of the very kernel that runs, as a container sees its host: it is tried" {
	needs_kernel
	mkdir host
	run unshare -m sh -c 'mount --rbind / host && echo ID=image >os &&
		mount --bind os /etc/os-release && exec "$0" check --json --object "$1" --host-root host' \
		"$BTFERRY" "$object"
	[ "$status" -eq 0 ]
	jq -e '.trial.outcome == "yes" and .facts.scope == "running" and .facts.os.id != "image"' \
		<<<"$output"
}

@test "facts taken here and judged there: decision, verdict, exit code are those of here" {
	needs_kernel
	mkdir -p "here/test/1/$arch"
	cp /sys/kernel/btf/vmlinux "here/test/1/$arch/$release.btf"
	"$BTFPACK" build -a here -o this.payload "$manifest" >/dev/null
	pack_others others.payload
	compile probe.bpf.o <<<'SEC("kprobe/do_exit") int probe(void *ctx) { return 0; }'
	compile tracepoint.bpf.o <<<'SEC("tp/sched/sched_switch") int on(void *ctx) { return 0; }'
	compile wrong.bpf.o <<<'SEC("raw_tp/sched_switch") int wrong(long *ctx) { return *(int *)ctx[0]; }'
	compile field.bpf.o <<-'EOC'
		struct task_struct { int no_such_field; } __attribute__((preserve_access_index));
		SEC("raw_tp/sched_switch") int field(unsigned long long *ctx)
		{
			return (unsigned long)&((struct task_struct *)ctx[1])->no_such_field == 1;
		}
	EOC
	while read -r where what; do
		local taken=0 here=0 there=0
		# shellcheck disable=SC2086 # several options
		{
			$where "$BTFERRY" check --json $what >here.json || here=$?
			$where "$BTFERRY" check --facts $what >facts.json 2>note || taken=$?
			as_nobody "$BTFERRY" check --json $what --from - <facts.json >there.json || there=$?
		}
		echo "$where $what: $here $taken $there"
		[ "$taken" -eq 0 ]
		[ "$here" -eq "$there" ]
		diff <(decided here.json) <(decided there.json)
		diff <(jq '.relocations, .trial.outcome, .trial.errno, .canary.outcome, .class' here.json) \
			<(jq '.relocations, .trial.outcome, .trial.errno, .canary.outcome, .class' there.json)
		matches_schema facts.json facts.json
		matches_schema there.json
		grep -q -- --from note
	done <<-EOF
		env --object $object
		env --payload others.payload
		env --payload this.payload
		without_btf --payload this.payload
		without_btf --payload others.payload
		env --object probe.bpf.o
		env --object wrong.bpf.o
		env --object field.bpf.o
		as_nobody --object $object
		damaged_btf --payload this.payload
		damaged_btf --payload others.payload
		without_sys --payload others.payload
		without_tracefs --object tracepoint.bpf.o
	EOF
}

@test "facts without a trial of this object: not known, and why" {
	needs_kernel
	compile other.bpf.o <<-'EOC'
		struct task_struct { int pid; } __attribute__((preserve_access_index));
		SEC("raw_tp/sched_switch") int other(unsigned long long *ctx)
		{
			return (unsigned long)&((struct task_struct *)ctx[1])->pid == 1;
		}
	EOC
	"$BTFERRY" check --facts --object other.bpf.o >other.json 2>/dev/null
	run "$BTFERRY" check --object "$object" --from other.json
	[ "$status" -eq 4 ]
	[[ $output == *"its BTF is not at hand"* ]]
	# With that BTF, only the trial lacks.
	run "$BTFERRY" check --object "$object" --from other.json --btf /sys/kernel/btf/vmlinux
	[ "$status" -eq 4 ]
	[[ $output == "Nothing that is known keeps"*"a trial of another object"* ]]
	# The same object, but loaded in another way: the payload has a canary.
	cp "$object" .
	printf '%s\n' '[app]' 'name = covered' 'version = 1' '[object]' 'path = covered.bpf.o' \
		>covered.ini
	"$BTFPACK" build -q -a "$archive" -o p.payload covered.ini
	"$BTFERRY" check --facts --payload p.payload >packed.json 2>/dev/null
	jq -e '.object.trial.outcome == "yes"' packed.json
	run "$BTFERRY" check --object "$object" --from packed.json
	[ "$status" -eq 4 ]
	[[ $output == "Nothing that is known keeps"*"a trial under another plan"* ]]
	# Facts for any object.
	"$BTFERRY" check --facts >any.json 2>/dev/null
	matches_schema any.json facts.json
	jq -e '.object == null and .kconfig.complete and (.answers.program | length) > 20' any.json
	run "$BTFERRY" check --object other.bpf.o --from any.json
	[ "$status" -eq 4 ]
	[[ $output == *"its BTF is not at hand"* ]]
	compile plain.bpf.o <<<'SEC("raw_tp/sched_switch") int plain(void *ctx) { return 0; }'
	run "$BTFERRY" check --object plain.bpf.o --from any.json
	[ "$status" -eq 4 ]
	[[ $output == "Nothing that is known keeps"*"without a trial of the object"* ]]
}

@test "facts: what was not written down is not known, never no; what is no document is damaged" {
	needs_kernel
	"$BTFERRY" check --facts --object "$object" >facts.json 2>/dev/null
	jq '{schema, scope, arch, release}' facts.json >least.json
	"$BTFERRY" check --json --object "$object" --from least.json >out.json || [ $? -eq 4 ]
	jq -e '.exit == 4 and .verdict == "not_known"' out.json
	jq -e '[.facts | .. | objects | select(.answer == "no")] == []' out.json
	for damage in 'del(.release)' '.schema = "1"' '.scope = "moon"' '.probes.cap_bpf.answer = 7' \
		'.object.trial.outcome = "perhaps"' '.object.btf = "###"' '.object.btf = "AAAA"' \
		'.object.trial.canary.count = 99' '[.]' '.kernel = []'; do
		jq "$damage" facts.json >damaged.json
		run "$BTFERRY" check --object "$object" --from damaged.json
		[ "$status" -eq 5 ] || { echo "$damage: $status $output"; false; }
	done
	head -c 2000 facts.json >damaged.json
	run "$BTFERRY" check --object "$object" --from damaged.json
	[ "$status" -eq 5 ]
	jq '.schema = 2' facts.json >newer.json
	run "$BTFERRY" check --object "$object" --from newer.json
	[ "$status" -eq 5 ]
}
