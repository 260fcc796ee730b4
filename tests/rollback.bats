#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# APP rollback: the application version before, planned anew for the kernels of today; and which
# generations are kept for it.

bats_require_minimum_version 1.5.0
load helpers
load installed

setup_file() { make_payloads; }

setup() {
	use_payloads
	mkdir -p root/boot root/lib/modules/$old
}

version() { jq -r .version "$state/current/plan.json"; }
generations() { ls -A "$state/gen" | sort -n | tr '\n' ' '; }

@test "back to the version before, as a new generation; and back again" {
	install_payload v1 --kernel $old
	install_payload v2 --kernel $old
	run -0 ask rollback
	[[ $output = *"proctrace 1.0: rolled back from 2.0, in $state/gen/3"* ]]
	[[ $output = *"$old"*"stored BTF, chosen by release"* ]]
	[ "$(readlink "$state/current")" = gen/3 ]
	[ "$(version)" = 1.0 ]
	is_intact
	cmp "$state/gen/1/payload" "$state/gen/3/payload"
	[ ! "$state/gen/1" -ef "$state/gen/3" ]
	# What equal installs have, equal ways there have.
	cmp "$state/gen/1/plan.json" "$state/gen/3/plan.json"
	run -0 ask rollback
	[[ $output = *"proctrace 2.0: rolled back from 1.0, in $state/gen/4"* ]]
	[ "$(version)" = 2.0 ]
	is_intact
}

@test "for the kernels of today, not for those of its own time" {
	install_payload v1 --kernel $old
	install_payload v2 --kernel $old
	mkdir root/lib/modules/$new
	ask kernel-hook add $new
	rm -r root/lib/modules/$old
	run -0 ask rollback
	[[ $output = *"rollback: $old: left out: it is not below lib/modules any more"* ]]
	[ "$(version)" = 1.0 ]
	[ "$(kernels)" = "$new stored true" ]
	is_intact
}

@test "several generations of one version are one step" {
	install_payload v1 --kernel $old
	install_payload v2 --kernel $old
	mkdir root/lib/modules/$new
	ask kernel-hook add $new
	rm -r root/lib/modules/$new
	ask kernel-hook remove $new
	ask kernel-hook add $new
	[ "$(readlink "$state/current")" = gen/5 ]
	mkdir root/lib/modules/$new
	run -0 ask rollback
	[ "$(version)" = 1.0 ]
	[ "$(kernels | wc -l)" -eq 2 ]
}

@test "refused, and why, when a kernel that is served would not be any more" {
	mkdir root/lib/modules/$new
	install_payload less --kernel $old
	install_payload v2 --kernel $old --kernel $new
	snapshot >before
	run -1 --separate-stderr ask rollback
	[[ $output = *"proctrace 2.0: stays: 0.9 does not serve every kernel that is served now"* ]]
	[[ $stderr = *"rollback: $new: is served by proctrace 2.0, and would not be by 0.9: "* ]]
	[[ $stderr = *"none is stored for "*"btfpack build"* ]]
	[[ $stderr != *"$old"* ]]
	run -1 --separate-stderr ask rollback --dry-run
	run -1 --separate-stderr ask rollback --json
	echo "$output" >document
	matches_schema document rollback.json
	jq -e --arg new $new '.result == "refused" and .status == 1 and .generation == null
		and .path == null and [.lost[].release] == [$new]
		and .from == {"version": "2.0", "generation": 2}
		and .to == {"version": "0.9", "generation": 1}' document
	snapshot | grep -v "/lock " | diff <(grep -v "/lock " before) -
	# Where the kernel is gone, it is not missed.
	rm -r root/lib/modules/$new
	run -0 ask rollback
	[ "$(version)" = 0.9 ]
	[ "$(kernels)" = "$old stored true" ]
}

@test "without modules anywhere no kernel is taken for gone" {
	rm -r root/lib/modules
	install_payload less --kernel $old
	install_payload v2 --kernel $old --kernel $new
	run -1 ask rollback
	[[ $output = *"$new: is served by proctrace 2.0, and would not be by 0.9"* ]]
	ask kernel-hook remove $new
	run -0 ask rollback
}

@test "a kernel that was not served is no reason to stay" {
	mkdir root/lib/modules/9.9.9
	install_payload v1 --kernel $old
	install_payload v2 --kernel $old --all-kernels
	kernels | grep -q "9.9.9 none false"
	run -0 ask rollback
	[ "$(version)" = 1.0 ]
	kernels | grep -q "9.9.9 none false"
}

@test "that a kernel exposes its BTF is known still, without its configuration" {
	mkdir root/lib/modules/7.7.7
	echo CONFIG_DEBUG_INFO_BTF=y >root/boot/config-7.7.7
	install_payload v1 --kernel $old
	install_payload v2 --kernel 7.7.7
	rm root/boot/config-7.7.7
	run -0 ask rollback
	[ "$(kernels)" = "7.7.7 kernel true" ]
	[ "$(readlink "$state/current/btf/7.7.7.btf")" = /sys/kernel/btf/vmlinux ]
}

@test "--dry-run and --json" {
	install_payload v1 --kernel $old
	install_payload v2 --kernel $old
	snapshot >before
	run -0 ask rollback --dry-run
	[[ $output = *"proctrace 2.0: would be rolled back to 1.0; nothing was written"* ]]
	run -0 --separate-stderr ask rollback --dry-run --json
	echo "$output" >document
	matches_schema document rollback.json
	jq -e '.result == "dry-run" and .generation == null and .lost == [] and .plan.version == "1.0"' \
		document
	snapshot | diff before -
	run -0 --separate-stderr ask rollback --json
	echo "$output" >document
	matches_schema document rollback.json
	jq -e --arg path "$state/gen/3" '.result == "rolled-back" and .status == 0 and .generation == 3
		and .path == $path' document
	jq -S .plan document | diff - <(jq -S . "$state/current/plan.json")
}

@test "nothing to go back to, nothing installed: exit 1, and a sentence" {
	run -1 ask rollback
	[[ $output = *"rollback: proctrace: nothing is installed"* ]]
	[ ! -e "$state" ]
	install_payload v1 --kernel $old
	mkdir root/lib/modules/$new
	ask kernel-hook add $new
	snapshot | grep -v "/lock " >before
	local option
	for option in "" --dry-run --json; do
		run -1 --separate-stderr ask rollback $option
		[ -z "$output" ]
		[[ $stderr = *"rollback: proctrace 1.0: no generation of another version is left to go "* ]]
	done
	snapshot | grep -v "/lock " | diff before -
	run -2 ask rollback 1.0
	run -2 ask rollback --kernel $old
}

@test "a generation that is damaged is named and passed over" {
	install_payload v1 --kernel $old
	install_payload v2 --kernel $old
	install_payload v3 --kernel $old
	printf '\xa5' | dd of="$state/gen/2/payload" bs=1 seek=33 conv=notrunc status=none
	run -0 ask rollback
	[[ $output = *"warning: rollback: passed over: $state/gen/2/payload: is not what was installed"* ]]
	[ "$(version)" = 1.0 ]
	is_intact
	echo '{' >"$state/gen/2/plan.json"
	echo '{' >"$state/gen/3/plan.json"
	run -1 ask rollback
	[[ $output = *"gen/3/plan.json: line"*"gen/2/plan.json: line"*"no generation of another"* ]]
	echo '{' >"$state/current/plan.json"
	run -5 ask rollback
	[[ $output = *"rollback: $state/gen/4/plan.json: line"* ]]
}

@test "three versions are kept, however many generations one of them has" {
	local version i
	for version in v1 v2 v3; do install_payload $version --kernel $old; done
	[ "$(generations)" = "1 2 3 " ]
	for i in 1 2 3; do
		ask kernel-hook add $new
		ask kernel-hook remove $new
	done
	[ "$(readlink "$state/current")" = gen/9 ]
	[ "$(generations)" = "1 2 7 8 9 " ]
	# A fourth one pushes out the oldest.
	install_payload v4 --kernel $old
	[ "$(generations)" = "2 8 9 10 " ]
	run -0 ask rollback
	[ "$(version)" = 3.0 ]
	[ "$(generations)" = "2 9 10 11 " ]
	# A plan that nobody can read keeps nobody's place.
	echo '{' >"$state/gen/2/plan.json"
	install_payload v4 --kernel $old
	[ "$(generations)" = "10 11 12 " ]
}

@test "not root: exit 4, and what to do" {
	command -v setpriv >/dev/null || skip "no setpriv"
	local open
	open=$(mktemp -d)
	chmod 755 "$open"
	install_payload v1 --kernel $old
	install_payload v2 --kernel $old
	cp -r "$BTFERRY" root "$open"
	as_nobody() {
		setpriv --reuid 65534 --regid 65534 --clear-groups \
			"$open/btferry" --app proctrace --root "$open/root" "$@"
	}
	run -4 --separate-stderr as_nobody rollback
	[[ $stderr = *"/lock: Permission denied: only root can roll back there: sudo "*" rollback" ]]
	# What only reads is everybody's.
	run -0 as_nobody rollback --dry-run
	rm -r "$open"
}

@test "a full disk: exit 6, and what was there is whole" {
	cat >script <<-'END'
		mount -t tmpfs -o size=4m none root || exit 9
		"$BTFERRY" install --payload "$1" --root root --kernel "$3" || exit 8
		"$BTFERRY" install --payload "$2" --root root --kernel "$3" || exit 8
		head -c 4M /dev/zero >root/filler
		"$BTFERRY" --app proctrace --root root rollback
		[ $? -eq 6 ] || exit 7
		"$BTFERRY" --app proctrace --root root status
		[ "$(ls -A root/var/lib/proctrace/gen | tr '\n' ' ')" = "1 2 " ]
	END
	run -0 unshare -m bash script "$BATS_FILE_TMPDIR/v1.payload" "$BATS_FILE_TMPDIR/v2.payload" $old
	[[ $output = *"rollback: "*": it takes "*" KiB: free as much and roll back again; what was "* ]]
	[[ $output = *"proctrace 2.0: generation 2"*"files intact"* ]]
}

@test "killed at any step: the one version or the other, whole, and again leads on" {
	command -v strace >/dev/null || skip "no strace"
	strace -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
	local call n kills=0
	install_payload v1 --kernel $old
	install_payload v2 --kernel $old
	mv root base
	for call in mkdirat write fsync symlinkat renameat2 renameat; do
		for n in $(seq 1 100); do
			rm -rf root
			cp -a base root
			ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 \
				run strace -f -qq -o trace -e trace=$call \
				-e inject=$call:signal=KILL:when="$n" \
				"$BTFERRY" --app proctrace --root root rollback
			grep -q "killed by SIGKILL" trace || break
			kills=$((kills + 1))
			is_intact || { echo "$call number $n: torn"; return 1; }
			[[ $(version) = [12].0 ]]
			install_payload v1 --kernel $old
			is_intact
			[ "$(version)" = 1.0 ]
		done
	done
	echo "# $kills kills" >&3
	[ "$kills" -gt 20 ]
}
