#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# btfpack package --rpm: what rpm does with it on a copy of this host.

bats_require_minimum_version 1.5.0
load helpers
load clone

setup_file() {
	command -v rpmbuild >/dev/null || skip "no rpmbuild"
	make_packages rpm 1.0 2.0-3
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	cp "$PACKAGES"/*.rpm .
	one=$(echo proctrace-1.0-1.*.rpm)
	two=$(echo proctrace-2.0-3.*.rpm)
}

# Debian's rpm database knows no libraries, and its rpm asks to be sure.
rpm_here='rpm() { command rpm --nodeps --force-debian "$@" 2>&1; }'

@test "the package says what it is, needs and holds; rpm's own checksums agree" {
	local format='%{NAME} %{VERSION} %{RELEASE} %{ARCH} %{LICENSE} %{BUILDTIME} %{BUILDHOST}'
	run -0 rpm -qp --qf "$format" "$two"
	[ "$output" = "proctrace 2.0 3 $(uname -m) BSD-2-Clause 1700000000 reproducible" ]
	run -0 rpm -qp --requires "$one"
	[[ $output = *"libbpf.so.1()(64bit)"* ]]
	run -0 rpm -qp --qf '[%{FILEUSERNAME}:%{FILEGROUPNAME} %{FILEMODES:perms} %{FILEMTIMES}\n]' "$one"
	[ "$(awk '{ print $1, $3 }' <<<"$output" | sort -u)" = "root:root 1700000000" ]
	[ "$(awk '{ print $2 }' <<<"$output" | grep -cE '^-....w|w.$')" -eq 0 ]
	run -0 rpm -K --nosignature "$one"
	[[ $output = *"digests OK"* ]]
	for tag in prein postin preun postun; do
		rpm -qp --qf "%{${tag^^}}" "$one" | sed 's/^(none)$//' | sh -n
	done
}

@test "rpmlint finds no error in the package once it is signed" {
	needs_plain
	command -v rpmlint >/dev/null || skip "no rpmlint"
	command -v gpg >/dev/null && command -v rpmsign >/dev/null || skip "no gpg and rpmsign"
	export GNUPGHOME=$PWD/gnupg
	mkdir -m 700 gnupg
	gpg --batch --quiet --passphrase '' --quick-generate-key test@example.org rsa2048 sign never
	rpmsign --define '_gpg_name test@example.org' --define "__gpg $(command -v gpg)" --addsign "$one"
	gpg --batch --armor --export >key
	rpm --dbpath "$PWD/db" --import key
	# rpmlint asks the database of the system.
	echo "%_dbpath $PWD/db" >.rpmmacros
	gpgconf --kill all
	HOME=$PWD run rpmlint "$one"
	echo "$output"
	[[ ! $output =~ ' E: ' ]]
	[[ $output = *"1 packages and 0 specfiles checked; 0 errors"* ]]
}

@test "installed, upgraded, downgraded, installed again, erased" {
	needs_clone
	run in_clone "$rpm_here"'
		rpm -i '"$one"'
		proctrace status; readlink /var/lib/proctrace/current
		rpm -V proctrace
		test -L /etc/systemd/system/multi-user.target.wants/proctrace.service
		rpm -U '"$two"'
		proctrace status; readlink /var/lib/proctrace/current
		rpm -U --oldpackage '"$one"'
		proctrace status; readlink /var/lib/proctrace/current
		rpm -U --replacepkgs '"$one"'
		readlink /var/lib/proctrace/current
		test -L /etc/systemd/system/multi-user.target.wants/proctrace.service
		rpm -e proctrace
		not test -e /usr/bin/proctrace && not test -e /usr/share/proctrace
		not test -e /var/lib/proctrace
		not test -L /etc/systemd/system/multi-user.target.wants/proctrace.service'
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(grep -o '^gen/.*' <<<"$output" | tr '\n' ' ')" = "gen/1 gen/2 gen/3 gen/3 " ]
	[ "$(grep -o '^proctrace [^:]*: generation .' <<<"$output" | tr '\n' ' ')" = \
		"proctrace 1.0: generation 1 proctrace 2.0-3: generation 2 proctrace 1.0: generation 3 " ]
	[[ $output != *"scriptlet failed"* ]]
}

@test "into another root, which the scripts run in" {
	needs_clone
	run in_clone "$rpm_here"'
		mkdir /other
		for name in usr bin lib lib64 sbin proc sys dev; do
			mkdir -p /other/$name
			mount --rbind $(readlink -f /$name) /other/$name
		done
		mkdir -p /run/up /run/work && mount -t tmpfs none /run/up && mkdir /run/up/up /run/up/work
		umount -l /other/usr
		mount -t overlay -o lowerdir=/usr,upperdir=/run/up/up,workdir=/run/up/work none /other/usr
		for name in bin lib lib64 sbin; do
			umount -l /other/$name
			rmdir /other/$name
			ln -s usr/$name /other/$name
		done
		rpm --root /other -i '"$PWD/$one"' || rpm --root /other -i '"$one"'
		test -e /other/var/lib/proctrace/current/plan.json
		not test -e /var/lib/proctrace
		rpm --root /other -e proctrace
		not test -e /other/var/lib/proctrace'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output != *"scriptlet failed"* ]]
}

@test "where no kernel is served, or nothing can be written, it installs and erases all the same" {
	needs_clone
	run in_clone "$rpm_here"'
		mkdir /run/none; mount --bind /run/none /sys/kernel/btf
		rpm -i '"$one"'
		not test -e /var/lib/proctrace/current
		rpm -U '"$two"'
		rpm -e proctrace
		umount /sys/kernel/btf
		mkdir /var/lib/proctrace
		mount -t tmpfs -o ro,mode=755 none /var/lib/proctrace
		rpm -i '"$one"'
		rpm -e proctrace'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output = *"no kernel would be served"*"proctrace check"* ]]
	[[ $output = *"Read-only file system"* ]]
	[[ $output != *"scriptlet failed"* ]]
}
