#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# A kernel is installed, and has its BTF before it boots: APP kernel-hook, and the hooks that call
# it, run by the programs that run them.

bats_require_minimum_version 1.5.0
load helpers
load installed

setup_file() { make_payloads; }

# A host that has proctrace installed for one kernel, and its hooks.
setup() {
	use_payloads
	mkdir -p bin etc/postinst.d etc/postrm.d plugins
	printf '#!/bin/sh\nexec "%s" --root "%s" "$@"\n' "$BTFERRY" "$root" >bin/proctrace
	chmod 755 bin/proctrace
	PATH=$PWD/bin:$PATH
	hook postinst.d etc/postinst.d/proctrace
	hook postrm.d etc/postrm.d/proctrace
	hook kernel-install plugins/50-proctrace.install
	mkdir -p root/boot root/lib/modules/$old
	install_payload v1 --kernel $old
}

hook() { # TEMPLATE FILE
	sed 's/@APP@/proctrace/g' "$repo/packaging/hooks/$1" >"$2"
	chmod 755 "$2"
}

# As linux-image packages do it; what comes behind has its turn, or the kernel is not bootable.
run_parts() { # FOLDER RELEASE
	printf '#!/bin/sh\necho "zz $1 $2"\n' >"etc/$1/zz-last"
	chmod 755 "etc/$1/zz-last"
	run-parts --report --exit-on-error --arg="$2" --arg="/boot/vmlinuz-$2" "etc/$1"
}

# The hook went well, and nothing but the last script of the folder was on standard output.
was_quiet() { # FOLDER RELEASE
	[ "$output" = "etc/$1/zz-last:
zz $2 /boot/vmlinuz-$2" ] || { echo "output: $output"; return 1; }
}

# The setup code of an x86 kernel image, which says in plain text what is packed in it.
image() { # RELEASE BUILD
	head -c 4096 /dev/zero >image
	printf '\x07' | dd of=image bs=1 seek=$((0x1f1)) conv=notrunc status=none
	printf 'HdrS' | dd of=image bs=1 seek=$((0x202)) conv=notrunc status=none
	printf '\x00\x08' | dd of=image bs=1 seek=$((0x20e)) conv=notrunc status=none
	printf '%s (builder@host (x)) %s\0' "$1" "$2" |
		dd of=image bs=1 seek=$((0xa00)) conv=notrunc status=none
	mv image "root/boot/vmlinuz-$1"
}

@test "run-parts: a new kernel that is packed gets its BTF, and those before keep theirs" {
	local before
	before=$(jq -c '.kernels[0]' "$state/current/plan.json")
	run -0 --separate-stderr run_parts postinst.d $new
	was_quiet postinst.d $new
	[[ $stderr = *"btferry: kernel $new: ready for its first boot, generation 2: "* ]]
	[ "$(readlink "$state/current")" = gen/2 ]
	diff <(kernels) - <<-END
		$old stored true
		$new stored true
	END
	[ "$(jq -c '.kernels[0]' "$state/current/plan.json")" = "$before" ]
	cmp "$state/gen/1/btf/$old.btf" "$state/gen/2/btf/$old.btf"
	is_intact
	# It is what an install for this kernel gives.
	mkdir other
	"$BTFERRY" install --payload "$BATS_FILE_TMPDIR/v1.payload" --root other --kernel $new >/dev/null
	cmp "$state/current/btf/$new.btf" "other/var/lib/proctrace/current/btf/$new.btf"

	# linux-base and kernel-install call hooks once more: nothing is written, and nothing said.
	snapshot >before
	run -0 --separate-stderr run_parts postinst.d $new
	was_quiet postinst.d $new
	[ -z "$stderr" ]
	snapshot | diff before -
}

@test "run-parts: a kernel that exposes its BTF, as its configuration says" {
	echo CONFIG_DEBUG_INFO_BTF=y >root/boot/config-7.7.7-own
	run -0 run_parts postinst.d 7.7.7-own
	[[ $output = *"7.7.7-own: ready for its first boot"*"/sys/kernel/btf/vmlinux"* ]]
	[ "$(readlink "$state/current/btf/7.7.7-own.btf")" = /sys/kernel/btf/vmlinux ]
	# And one whose does not, and which is packed nowhere.
	echo "# CONFIG_DEBUG_INFO_BTF is not set" >root/boot/config-7.7.8-own
	snapshot >before
	run -0 --separate-stderr run_parts postinst.d 7.7.8-own
	was_quiet postinst.d 7.7.8-own
	snapshot | diff before -
	[[ $stderr = *"warning: kernel 7.7.8-own: proctrace will not run on it once it has booted: "* ]]
	[[ $stderr = *"none is stored for "*" 7.7.8-own."*"btfpack build"* ]]
}

@test "run-parts: a kernel is removed, and what it had goes" {
	run_parts postinst.d $new
	run -0 --separate-stderr run_parts postrm.d $old
	was_quiet postrm.d $old
	[[ $stderr = *"kernel $old: removed, generation 3"* ]]
	[ "$(kernels)" = "$new stored true" ]
	[ ! -e "$state/current/btf/$old.btf" ]
	is_intact
	snapshot >before
	run -0 --separate-stderr run_parts postrm.d $old
	[ -z "$stderr" ]
	run -0 run_parts postrm.d 9.9.9
	snapshot | diff before -
	# The last one, too.
	run -0 run_parts postrm.d $new
	[ -z "$(kernels)" ]
	is_intact
	run -0 run_parts postinst.d $new
	[ "$(kernels)" = "$new stored true" ]
}

@test "one build in the place of another is no removal" {
	local params
	snapshot >before
	for params in "upgrade 6.1.170-1" "'upgrade' '6.1.170-1'" "failed-upgrade 1" abort-install; do
		DEB_MAINT_PARAMS=$params run -0 --separate-stderr run_parts postrm.d $old
		was_quiet postrm.d $old
		[ -z "$stderr" ]
	done
	snapshot | diff before -
	DEB_MAINT_PARAMS="remove" run -0 run_parts postrm.d $old
	[ -z "$(kernels)" ]
}

@test "kernel-install: add and remove, and the plugins behind have their turn" {
	command -v kernel-install >/dev/null || skip "no kernel-install"
	printf '#!/bin/sh\necho "last: $1 $2"\n' >plugins/90-last.install
	chmod 755 plugins/90-last.install
	touch root/boot/vmlinuz-$new
	install_kernel() {
		KERNEL_INSTALL_PLUGINS="$PWD/plugins/50-proctrace.install $PWD/plugins/90-last.install" \
			MACHINE_ID=0123456789abcdef0123456789abcdef BOOT_ROOT=$root/boot \
			kernel-install "$@"
	}
	run -0 --separate-stderr install_kernel add $new "$root/boot/vmlinuz-$new"
	[ "$output" = "last: add $new" ]
	[[ $stderr = *"kernel $new: ready for its first boot, generation 2: "* ]]
	[ -s "$state/current/btf/$new.btf" ]
	run -0 --separate-stderr install_kernel add 9.9.9 "$root/boot/vmlinuz-$new"
	[ "$output" = "last: add 9.9.9" ]
	[[ $stderr = *"warning: kernel 9.9.9: proctrace will not run on it"* ]]
	run -0 --separate-stderr install_kernel remove $new
	[ "$output" = "last: remove $new" ]
	[ "$(kernels)" = "$old stored true" ]
	# What other versions of systemd may ask is not for us.
	run -0 --separate-stderr plugins/50-proctrace.install inspect $new
	[ -z "$output$stderr" ]
}

@test "the plan has the build that the image names, and another build is planned anew" {
	image $new "#1 SMP Debian 6.1.1-1 (2026-01-01)"
	run_parts postinst.d $new
	build() { jq -r ".kernels[] | select(.release == \"$new\") | .build" "$state/current/plan.json"; }
	[ "$(build)" = "#1 SMP Debian 6.1.1-1 (2026-01-01)" ]
	image $new "#1 SMP Debian 6.1.2-1 (2026-02-02)"
	run -0 run_parts postinst.d $new
	[[ $output = *"generation 3"* ]]
	[ "$(build)" = "#1 SMP Debian 6.1.2-1 (2026-02-02)" ]
	is_intact
	# An image that is of another kernel, or that tells nothing, is no news.
	snapshot >before
	image other "#1 SMP"
	mv root/boot/vmlinuz-other root/boot/vmlinuz-$new
	run -0 run_parts postinst.d $new
	head -c 100 /dev/urandom >root/boot/vmlinuz-$new
	run -0 run_parts postinst.d $new
	rm root/boot/vmlinuz-$new
	run -0 run_parts postinst.d $new
	snapshot | grep -v /boot | diff <(grep -v /boot before) -
}

# A payload that knows two builds of the running release, each with the BTF of a fixture.
two_builds() { # BTF-OF-THE-RUNNING-BUILD BTF-OF-THE-OTHER
	local arch number=12 build
	arch=$(uname -m)
	[ "$arch" != aarch64 ] || arch=arm64
	for build in "$(uname -v)" "#2 next"; do
		kernel_btf "$1" >this.btf
		"$BTFPACK" import -q -o archive --id debian --version-id $number --arch "$arch" \
			--release "$(uname -r)" this.btf
		jq --arg build "$build" '.build = $build' \
			archive/debian/$number/"$arch/$(uname -r).btf.json" >json
		mv json archive/debian/$number/"$arch/$(uname -r).btf.json"
		number=$((number + 1))
		shift
	done
	"$BTFPACK" build -q -a archive -o two.payload "$B/bpf/proctrace.ini"
	without_btf "$BTFERRY" install --payload two.payload --root root \
		--kernel "$(uname -r)" >/dev/null
	jq -e --arg build "$(uname -v)" '.kernels[0].build == $build and .kernels[0].source == "stored"' \
		"$state/current/plan.json"
	image "$(uname -r)" "#2 next"
}

# The package of the running release is installed once more.
add_running() {
	without_btf run-parts --exit-on-error --arg="$(uname -r)" \
		--arg="/boot/vmlinuz-$(uname -r)" etc/postinst.d
}

@test "another build in the place of the one that runs: one BTF serves both" {
	two_builds $old $old
	run -0 add_running
	[[ $output = *"$(uname -r): ready for its first boot"* ]]
	jq -e '.kernels[0] | .build == "" and .covered' "$state/current/plan.json"
	run -0 without_btf "$BTFERRY" status --app proctrace --root root
	snapshot >before
	run -0 --separate-stderr add_running
	[ -z "$stderr" ]
	snapshot | grep -v "/lock " | diff <(grep -v "/lock " before) -
}

@test "another build in the place of the one that runs, with another BTF: what runs keeps its own" {
	two_builds $old $new
	snapshot >before
	run -0 add_running
	[[ $output = *"warning: kernel $(uname -r): the build of it that runs now has another BTF, "* ]]
	[[ $output = *"which stays: run \`"*" install\` once this one has booted"* ]]
	run -0 without_btf "$BTFERRY" status --app proctrace --root root
	snapshot | diff before -
}

@test "no program (removed, not purged), or nothing installed: silence, and exit 0" {
	rm bin/proctrace
	run -0 --separate-stderr run_parts postinst.d $new
	was_quiet postinst.d $new
	[ -z "$stderr" ]
	run -0 --separate-stderr run_parts postrm.d $old
	[ -z "$stderr" ]
	run -0 --separate-stderr plugins/50-proctrace.install add $new /boot/x /boot/y
	[ -z "$output$stderr" ]
	ask uninstall
	find root | sort >before
	local action
	for action in add remove; do
		run -0 --separate-stderr ask kernel-hook $action $new
		[ -z "$output$stderr" ]
	done
	mkdir "$state"
	run -0 --separate-stderr ask kernel-hook add $new
	[ -z "$output$stderr" ]
	rmdir "$state"
	find root | sort | diff before -
}

@test "a release that is none, a command line that is none: a sentence, and exit 0" {
	local release
	snapshot >before
	for release in ../../etc/passwd .. . / '' 'a b' $'6.1\n2' "$(printf '%065d' 0)" '$(id)'; do
		run -0 --separate-stderr run-parts --report --exit-on-error --arg="$release" etc/postinst.d
		[ -z "$output" ]
		[[ $stderr = *"kernel-hook: \`"*"\`: is no kernel release"* ]]
		run -0 run-parts --exit-on-error --arg="$release" etc/postrm.d
	done
	# Options that are none.
	for release in -h --help --root=/ --version; do
		run -0 --separate-stderr run-parts --report --exit-on-error --arg="$release" etc/postinst.d
		[ -z "$output" ]
		[[ $stderr = *"$release"* ]]
	done
	run -0 run-parts --exit-on-error etc/postinst.d
	[[ $output = *"is no kernel release"* ]]
	snapshot | diff before -
	for args in "" add "add 1 2 3" "replace $new" "add $new --no-such-option" \
		"add $new --dry-run" "add $new --timeout soon"; do
		run -0 --separate-stderr ask kernel-hook $args
		[ -z "$output" ]
		[ -n "$stderr" ]
	done
	run -0 --separate-stderr "$BTFERRY" kernel-hook add $new --app ../x
	run -0 --separate-stderr "$BTFERRY" kernel-hook add $new
	[[ $stderr = *"--app NAME"* ]]
	run -0 "$BTFERRY" kernel-hook add $new --app proctrace --root missing
	snapshot | diff before -
}

@test "a lock that somebody holds is waited for, and not for ever" {
	flock "$state/lock" sleep 100 3>&- &
	local holder=$!
	until ! flock -n "$state/lock" true; do sleep 0.05; done
	run -0 --separate-stderr ask kernel-hook add $new --timeout 1
	[[ $stderr = *"another installer is at work there, waiting for it"* ]]
	[[ $stderr = *"kernel-hook: $new: not done within 1 seconds: given up"* ]]
	[[ $stderr = *"run \`"*" kernel-hook add $new\` again before it boots"* ]]
	[ "$(kernels)" = "$old stored true" ]
	# Nobody of ours waits on.
	pkill -P $holder
	wait $holder || true
	sleep 0.2
	[ "$(kernels)" = "$old stored true" ]

	flock "$state/lock" sleep 0.5 3>&- &
	until ! flock -n "$state/lock" true; do sleep 0.05; done
	run -0 --separate-stderr ask kernel-hook add $new
	[[ $stderr = *"waiting for it"*"ready for its first boot"* ]]
	wait
}

@test "two kernels at once: neither is lost" {
	local i pids=()
	echo CONFIG_DEBUG_INFO_BTF=y | tee root/boot/config-7.7.{1,2,3,4} >/dev/null
	for i in 1 2 3 4; do
		ask kernel-hook add 7.7.$i >/dev/null 2>&1 3>&- &
		pids+=($!)
	done
	ask kernel-hook add $new
	for i in "${pids[@]}"; do wait "$i"; done
	[ "$(kernels | wc -l)" -eq 6 ]
	is_intact
}

@test "what is installed for other kernels does not change with what runs, or what is known now" {
	echo CONFIG_DEBUG_INFO_BTF=y >root/boot/config-7.7.7
	install_payload v1 --kernel 7.7.7 --kernel $old
	rm root/boot/config-7.7.7
	run -0 ask kernel-hook add $new
	diff <(kernels) - <<-END
		$old stored true
		$new stored true
		7.7.7 kernel true
	END
	is_intact
}

@test "kconfig lines of the kernels before are kept" {
	[ -e "$B/tests/bpf/runtime/kconfig.bpf.o" ] || skip "the BPF objects of the tests are not built"
	cp "$B/tests/bpf/runtime/kconfig.bpf.o" .
	printf '[app]\nname = proctrace\nversion = 3\n[object]\npath = kconfig.bpf.o\n' >manifest.ini
	"$BTFPACK" build -q -a "$BATS_FILE_TMPDIR/both" -o kconfig.payload manifest.ini
	echo 'CONFIG_BTFERRY_NO_SUCH_TEXT="abc"' >root/boot/config-$old
	echo 'CONFIG_BTFERRY_NO_SUCH_TEXT="def"' >root/boot/config-$new
	"$BTFERRY" install --payload kconfig.payload --root root --kernel $old
	rm root/boot/config-$old
	ask kernel-hook add $new
	grep -q '"abc"' "$state/current/kconfig/$old"
	grep -q '"def"' "$state/current/kconfig/$new"
	is_intact
	ask kernel-hook remove $old
	[ "$(ls "$state/current/kconfig")" = $new ]
}

@test "a read-only disk: a sentence where something was to be done, silence where not" {
	read_only() {
		unshare -m sh -c 'mount --bind root root && mount -o remount,bind,ro root &&
			exec "$@"' sh "$BTFERRY" --app proctrace --root root "$@"
	}
	run -0 --separate-stderr read_only kernel-hook add $new
	[ -z "$output" ]
	[[ $stderr = *"kernel-hook: $new: "*": Read-only file system"* ]]
	[[ $stderr = *"again before it boots"* ]]
	run -0 --separate-stderr read_only kernel-hook add $old
	[ -z "$output$stderr" ]
	run -0 --separate-stderr read_only kernel-hook remove $new
	[ -z "$output$stderr" ]
	is_intact
}

@test "a full disk: a sentence, exit 0, and what was there is whole" {
	cat >script <<-'END'
		mount -t tmpfs -o size=4m none root && mkdir -p root/boot || exit 9
		"$BTFERRY" install --payload "$1" --root root --kernel "$2" || exit 8
		head -c 4M /dev/zero >root/filler
		"$BTFERRY" --app proctrace --root root kernel-hook add "$3" || exit 7
		"$BTFERRY" --app proctrace --root root status
		[ "$(ls -A root/var/lib/proctrace/gen)" = 1 ]
	END
	run -0 unshare -m bash script "$BATS_FILE_TMPDIR/v1.payload" $old $new
	[[ $output = *"kernel-hook: $new: "*"No space left on device"* ]]
	[[ $output = *"files intact"* ]]
}

@test "damaged: a sentence each, exit 0, and nothing is published" {
	printf '\xa5' | dd of="$state/gen/1/payload" bs=1 seek=33 conv=notrunc status=none
	run -0 --separate-stderr ask kernel-hook add $new
	[[ $stderr = *"gen/1/payload: is not what was installed"* ]]
	[ "$(readlink "$state/current")" = gen/1 ]
	install_payload v1 --kernel $old
	echo '{' >"$state/current/plan.json"
	run -0 ask kernel-hook add $new
	[[ $output = *"plan.json: line"* ]]
	run -0 ask kernel-hook remove $old
	[ "$(readlink "$state/current")" = gen/2 ]
	ln -sfn nowhere "$state/current"
	run -0 ask kernel-hook add $new
	[[ $output = *"points to \`nowhere\`"* ]]
	chmod 777 "$state"
	run -0 ask kernel-hook add $new
	[[ $output = *"others can write to it"* ]]
}

@test "a BTF that was damaged is put right when its kernel comes again" {
	printf '\xa5' | dd of="$state/gen/1/btf/$old.btf" bs=1 seek=33 conv=notrunc status=none
	run -0 ask kernel-hook add $old
	[[ $output = *"$old: ready for its first boot, generation 2"* ]]
	is_intact
}

@test "not root: a sentence, and exit 0" {
	command -v setpriv >/dev/null || skip "no setpriv"
	local open
	open=$(mktemp -d)
	chmod 755 "$open"
	cp -r "$BTFERRY" root "$open"
	run -0 setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$open/btferry" kernel-hook add $new --app proctrace --root "$open/root"
	rm -r "$open"
	[[ $output = *"kernel-hook: $new: "*"Permission denied"* ]]
}

# At the N-th call of a system call, strace kills who makes it: the child, which does the work, or
# the program before there is a child (137).
@test "killed at any step: exit 0, old or new, whole, and the next one does it" {
	command -v strace >/dev/null || skip "no strace"
	strace -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
	local call n kills=0 step
	mv root base
	for call in openat mkdirat write fchmod fsync linkat symlinkat renameat2 renameat unlinkat; do
		# Most files are opened before anything is written.
		[ $call = openat ] && step=7 || step=1
		for n in $(seq 1 $step 400); do
			rm -rf root
			cp -a base root
			# The leak detector of a sanitized program cannot work in a traced one.
			ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 \
				run strace -f -qq -o trace -e trace=$call \
				-e inject=$call:signal=KILL:when="$n" \
				"$BTFERRY" --app proctrace --root root kernel-hook add $new
			grep -q "killed by SIGKILL" trace || break
			[ "$status" -eq 0 ] || [ "$status" -eq 137 ]
			[ -e "$state/current/plan.json" ] && is_intact ||
				{ echo "$call number $n: torn"; return 1; }
			if [ "$status" -eq 0 ]; then
				kills=$((kills + 1))
				[[ $output = *"kernel-hook: $new: ended by signal 9"*"again before it boots"* ]]
			fi
			run -0 ask kernel-hook add $new
			kernels | grep -q "$new stored true"
			is_intact
		done
	done
	echo "# $kills kills" >&3
	[ "$kills" -gt 30 ]
}

@test "who kills the program kills its work, too" {
	flock "$state/lock" sleep 100 3>&- &
	local holder=$!
	until ! flock -n "$state/lock" true; do sleep 0.05; done
	"$BTFERRY" --app proctrace --root root kernel-hook add $new 2>err 3>&- &
	until grep -q "waiting for it" err; do sleep 0.05; done
	kill -KILL $!
	pkill -P $holder
	wait $holder || true
	sleep 0.3
	[ "$(kernels)" = "$old stored true" ]
}
