#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# btfpack package --deb: what dpkg does with it on a copy of this host.

bats_require_minimum_version 1.5.0
load helpers
load clone

setup_file() {
	command -v dpkg-deb >/dev/null && command -v dpkg-shlibdeps >/dev/null ||
		skip "no dpkg-deb and dpkg-shlibdeps"
	make_packages deb 1.0 2.0
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	cp "$PACKAGES"/*.deb .
	arch=$(dpkg --print-architecture)
}

# An empty folder in the place of the kernel's BTF.
hide_btf='mkdir /run/none; mount --bind /run/none /sys/kernel/btf'

@test "the package says what it is, needs and holds" {
	run -0 dpkg-deb -f proctrace_1.0_"$arch".deb Package Version Architecture Depends Maintainer
	[[ $output = *"Package: proctrace"*"Version: 1.0"*"Architecture: $arch"* ]]
	[[ $output = *"libbpf1 (>= "* && $output = *"libc6 (>= "* ]]
	dpkg-deb -R proctrace_1.0_"$arch".deb tree
	[ "$(find tree ! -type l -perm /022 | wc -l)" -eq 0 ]
	[ "$(find tree -name '*.payload' -printf '%P %m')" = "usr/share/proctrace/proctrace.payload 644" ]
	"$BTFPACK" verify tree/usr/share/proctrace/proctrace.payload
	(cd tree && md5sum --check --quiet DEBIAN/md5sums)
	[ "$(wc -l <tree/DEBIAN/md5sums)" -eq "$(find tree -type f ! -path '*/DEBIAN/*' | wc -l)" ]
	for file in tree/DEBIAN/p*; do sh -n "$file"; done
	# Only kernels of this architecture are of use in it.
	run -0 "$BTFPACK" list --json tree/usr/share/proctrace/proctrace.payload
	[ "$(jq -r '[.kernels[].arch] | unique[]' <<<"$output")" = "$(uname -m | sed s/aarch64/arm64/)" ]
}

@test "lintian has nothing to say" {
	needs_plain
	command -v lintian >/dev/null || skip "no lintian"
	run -0 lintian --allow-root --fail-on error,warning proctrace_1.0_"$arch".deb
	[[ ! $output =~ (^|$'\n')[EWO]: ]]
}

@test "installed, upgraded, downgraded, installed again: status is right each time" {
	needs_clone
	run in_clone '
		dpkg -i proctrace_1.0_*.deb 2>&1
		proctrace status; readlink /var/lib/proctrace/current
		dpkg --verify proctrace
		dpkg -i proctrace_2.0_*.deb 2>&1
		proctrace status; readlink /var/lib/proctrace/current
		dpkg -i proctrace_1.0_*.deb 2>&1
		proctrace status; readlink /var/lib/proctrace/current
		dpkg -i proctrace_1.0_*.deb 2>&1
		readlink /var/lib/proctrace/current
		dpkg --audit'
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(grep -o '^gen/.*' <<<"$output" | tr '\n' ' ')" = "gen/1 gen/2 gen/3 gen/3 " ]
	[ "$(grep -o '^proctrace ...: generation .' <<<"$output" | tr '\n' ' ')" = \
		"proctrace 1.0: generation 1 proctrace 2.0: generation 2 proctrace 1.0: generation 3 " ]
	[ "$(grep -c 'running kernel .*: covered' <<<"$output")" -eq 3 ]
	[[ $output = *"nothing was written"* ]]
}

@test "removing keeps the state, purging removes it" {
	needs_clone
	run in_clone '
		dpkg -i proctrace_1.0_*.deb 2>&1
		test -L /etc/systemd/system/multi-user.target.wants/proctrace.service
		dpkg -r proctrace
		test -e /var/lib/proctrace/current/plan.json
		not test -e /usr/bin/proctrace
		dpkg -i proctrace_2.0_*.deb 2>&1
		proctrace status
		dpkg -r proctrace
		dpkg -P proctrace 2>&1
		not test -e /var/lib/proctrace
		not test -e /etc/kernel/postinst.d/proctrace
		not test -L /etc/systemd/system/multi-user.target.wants/proctrace.service
		dpkg -P proctrace 2>&1
		not dpkg-query -W proctrace'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output != *"stays"* ]]
}

@test "purging leaves what no installation put there, and does not follow links" {
	needs_clone
	run in_clone '
		dpkg -i proctrace_1.0_*.deb 2>&1
		mkdir /var/lib/proctrace/gen/7notes /precious
		echo mine >/var/lib/proctrace/gen/7notes/text
		echo mine >/precious/text
		dpkg -P proctrace 2>&1
		test -e /var/lib/proctrace/gen/7notes/text
		not test -e /var/lib/proctrace/current && not test -e /var/lib/proctrace/gen/1
		rm -r /var/lib/proctrace
		dpkg -i proctrace_1.0_*.deb 2>&1
		rm -r /var/lib/proctrace
		ln -s /precious /var/lib/proctrace
		dpkg -P proctrace 2>&1
		test -e /precious/text'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output = *"/var/lib/proctrace stays"* ]]
}

@test "where no kernel is served, it installs, says so, and what to do" {
	needs_clone
	run in_clone "$hide_btf"'
		dpkg -i proctrace_1.0_*.deb 2>&1
		not test -e /var/lib/proctrace/current
		test "$(dpkg-query -W -f "\${db:Status-Status}" proctrace)" = installed
		dpkg -i proctrace_2.0_*.deb 2>&1
		dpkg -P proctrace 2>&1'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output = *"not installed: no kernel would be served"* ]]
	[[ $output = *"not every kernel is served (3)"*"proctrace check"* ]]
}

@test "a full and a read-only /var/lib/proctrace: dpkg is content, the message is not" {
	needs_clone
	run in_clone '
		mkdir /var/lib/proctrace
		mount -t tmpfs -o size=16k,mode=755 none /var/lib/proctrace
		dpkg -i proctrace_1.0_*.deb 2>&1
		mount -o remount,ro /var/lib/proctrace
		dpkg -i proctrace_2.0_*.deb 2>&1
		dpkg --audit'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output = *"No space left on device"* && $output = *"Read-only file system"* ]]
}

@test "a unit that was disabled stays so when the package is upgraded" {
	needs_clone
	in_clone '
		dpkg -i proctrace_1.0_*.deb
		systemctl disable proctrace.service
		dpkg -i proctrace_2.0_*.deb
		not test -L /etc/systemd/system/multi-user.target.wants/proctrace.service
		dpkg -r proctrace
		dpkg -i proctrace_1.0_*.deb
		not test -L /etc/systemd/system/multi-user.target.wants/proctrace.service'
}
