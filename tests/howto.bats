#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What docs/howto tells to type, typed: each block that begins with ```sh, in order, by one shell.
# Those marked bpf load BPF programs and install: in a copy of this host, whose kernel shows no BTF.

bats_require_minimum_version 1.5.0
load helpers
load clone

setup() {
	cd "$BATS_TEST_TMPDIR"
	cp -r "$archive" kernels
	mkdir path
	cp "$BTFPACK" "$BTFERRY" path/
	[ ! -x "$BTFERRY_STATIC" ] || cp "$BTFERRY_STATIC" path/
	# There may be none in a container, where everybody is root.
	printf '#!/bin/sh\nexec "$@"\n' >path/sudo
	chmod +x path/sudo
	unset BTFERRY_BTF_FILE BTFERRY_BPF_FILE
}

# Block N of the walk-through: 1 the object, 3 the manifest and the build.
block() { # N
	awk -v n="$1" '/^```$/ { inside = 0 } inside; /^```sh/ { inside = ++count == n }' \
		"$repo/docs/howto/own-object.md"
}

# The script of a page: $1 the page, $2 not empty: with what loads BPF programs.
typed() {
	printf 'set -eu\nPATH=%q:$PATH KERNELS=%q\ncd typed\n' "$PWD/path" "$PWD/kernels"
	awk -v bpf="$2" '
		/^```/ && inside { inside = 0; next }
		/^```sh$/ || (/^```sh bpf$/ && bpf) { inside = 1; next }
		/^```sh bpf$/ { skipped++ }
		inside
		END { if (skipped) print "echo skipped: " skipped " blocks that load BPF programs" }
	' "$repo/docs/howto/$1"
}

@test "package your own object: all that needs no privilege" {
	[ -x "$BTFERRY_STATIC" ] || skip "no static program with sanitizers"
	command -v dpkg-shlibdeps >/dev/null || skip "no dpkg-shlibdeps"
	mkdir typed
	run -0 bash <(typed own-object.md '')
	[[ $output = *"6.1.0-54-cloud-amd64"* && $output = *"./usr/bin/exits"* ]]
	[[ $output = *"skipped: 2 blocks"* ]]
}

@test "package your own object: checked, installed and run, as .run and .deb, without BTF" {
	needs_clone
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF to pack"
	command -v dpkg-shlibdeps >/dev/null || skip "no dpkg-shlibdeps"
	mkdir -p typed "kernels/here/1/$(uname -m)"
	cp /sys/kernel/btf/vmlinux "kernels/here/1/$(uname -m)/$(uname -r).btf"
	typed own-object.md bpf | sed "s|$PWD|/shared|g" >script
	run -0 in_clone 'mkdir /run/none; mount --bind /run/none /sys/kernel/btf
		bash script 2>&1'
	[[ $output = *"exits will run here."*"is running"*'"exit_code":1792'* ]]
	[[ $output = *"Setting up exits (1.0)"* ]]
	! [ -e /var/lib/exits ]
}

@test "from bpftool and BTFHub: the commands give what the page says" {
	mkdir typed
	kernel_btf 6.1.0-54-cloud-amd64 >typed/6.1.0-54-cloud-amd64.btf
	(cd typed && bash -eu <(block 1))
	run -0 bash <(typed migrate.md '')
	[[ $output = *"6.1.0-54-cloud-amd64.btf" ]]
	[ "$(stat -c %s typed/before.btf)" -eq 189 ]
	[ "$(stat -c %s typed/after.btf)" -eq 174 ]
}

# The walk-through's object installed in a root, and the BTF of this kernel, which is hidden then.
install_exits() {
	[ "$(id -u)" -eq 0 ] || skip "loading programs takes root"
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF to pack"
	[ "$(readlink /proc/self/ns/pid)" = "pid:[4026531836]" ] ||
		skip "events have the pids of the initial namespace, and this is another one"
	mkdir -p root "archive/here/1/$(uname -m)"
	cp /sys/kernel/btf/vmlinux "archive/here/1/$(uname -m)/$(uname -r).btf"
	{ block 1; block 3; } | sed 's/exits.run/exits.payload/' >script
	PATH=$PWD/path:$PATH bash -eu script
	without_btf "$BTFERRY" install --payload exits.payload --root root >/dev/null
	installed=root/var/lib/exits/current
	[ ! -L "$installed/btf/$(uname -r).btf" ]
}

# What PROGRAM prints of a process that ends with 9, its parent this shell.
loads() { # PROGRAM
	local ended
	without_btf "$1" "$installed/exits.bpf.o" "$installed/btf/$(uname -r).btf" >told 2>log &
	for _ in $(seq 100); do
		! grep -q running log || break
		sleep 0.05
	done
	sh -c 'exit 9' &
	ended=$!
	wait "$ended" || true
	wait %1 || { cat log; return 1; }
	grep -qx "$ended $BASHPID 2304 [a-z]*" told || { cat log told; return 1; }
}

@test "the installed BTF serves a loader of one's own: libbpf" {
	install_exits
	"${CC:-cc}" -O2 -Wall -Wextra -Werror -o exits "$repo/docs/howto/loaders/exits.c" -lbpf
	loads ./exits
}

@test "the installed BTF serves a loader of one's own: cilium/ebpf" {
	[ -d /usr/share/gocode/src/github.com/cilium/ebpf ] && command -v go >/dev/null ||
		skip "golang-go and golang-github-cilium-ebpf-dev are not installed"
	install_exits
	GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$PWD/cache \
		go build -o exits "$repo/docs/howto/loaders/exits.go"
	loads ./exits
}

@test "bpftrace takes the whole BTF of BPFTRACE_BTF; a reduced one is not enough for it" {
	command -v bpftrace >/dev/null || skip "bpftrace is not installed"
	install_exits
	local tracer whole
	whole=$(echo "$PWD"/archive/here/1/*/*.btf)
	cat >script.bt <<-'END'
		tracepoint:sched:sched_process_exit {
			$task = (struct task_struct *)curtask;
			printf("%d %d\n", $task->real_parent->tgid, $task->exit_code);
		}
	END
	trace() { # BTF
		without_btf unshare -m sh -c 'mount -t tracefs nodev /sys/kernel/tracing
			BPFTRACE_BTF=$0 exec timeout -s INT 20 bpftrace script.bt' "$1"
	}
	run -1 trace "$PWD/$installed/btf/$(uname -r).btf"
	[[ $output = *"Can not access field"* ]]
	trace "$whole" >told 2>log &
	tracer=$!
	for _ in $(seq 100); do
		sh -c 'exit 9' || true
		! grep -qx "$BASHPID 2304" told || break
		kill -0 "$tracer" || break
		sleep 0.1
	done
	pkill -INT -P "$tracer" timeout || true
	wait "$tracer" || true
	grep -qx "$BASHPID 2304" told || { cat log told; return 1; }
}
