#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# btfpack package: what it makes of any manifest, reproducibly, and what it refuses.

bats_require_minimum_version 1.5.0
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR"
	cp -r "$B/bpf" m
	export SOURCE_DATE_EPOCH=1700000000
}

needs_both() {
	command -v dpkg-shlibdeps >/dev/null || skip "no dpkg-shlibdeps"
	command -v rpmbuild >/dev/null || skip "no rpmbuild"
}

package() { "$BTFPACK" package -a "$archive" "$@"; }

@test "two builds in different folders, at different times, umasks: the same bytes" {
	needs_both
	mkdir -p elsewhere/deep
	cp -r m elsewhere/deep/n
	local run=--run count=3
	[ -x "$BTFERRY_STATIC" ] || run='' count=2 # instrumented
	package $run --deb --rpm -o one m/proctrace.ini
	(umask 077 && touch -d 2030-01-01 elsewhere/deep/n/* && cd elsewhere && TZ=Asia/Tokyo LC_ALL=C \
		package --rpm $run --deb -j 1 -o ../two deep/n/proctrace.ini)
	[ "$(ls -A one)" = "$(ls -A two)" ]
	[ "$(ls one | wc -l)" -eq $count ]
	local name
	for name in one/*; do cmp "$name" "two/${name#one/}"; done
	# The time does get in.
	SOURCE_DATE_EPOCH=1700086400 package --deb --rpm -o three m/proctrace.ini
	for name in three/*; do ! cmp -s "$name" "one/${name#three/}" || return 1; done
}

@test "an application of one's own: every word of its manifest, with signs of the formats" {
	needs_both
	cat >m/own.ini <<-'END'
		[app]
		name = own-app
		version = 3.1~rc2-4
		summary = Watches 100% of \fBall\fR things & "more"
		[object]
		path = proctrace.bpf.o
		[package]
		maintainer = Erika Muster <erika@example.org>
		homepage = https://example.org/own?a=%41
		license = GPL-2.0-only
		copyright = 2020-2026 Erika Muster
		description = First %{name} words \n of it,
		    and the second line.
	END
	run -0 --separate-stderr package --deb --rpm -o out m/own.ini
	deb=$(echo out/own-app_3.1~rc2-4_*.deb) rpm=$(echo out/own-app-3.1~rc2-4.*.rpm)
	[ "$output" = "$deb"$'\n'"$rpm" ]
	dpkg-deb -f "$deb" >control
	grep -qxF 'Maintainer: Erika Muster <erika@example.org>' control
	grep -qxF 'Homepage: https://example.org/own?a=%41' control
	grep -qxF 'Description: Watches 100% of \fBall\fR things & "more"' control
	grep -qxF ' First %{name} words \n of it, and the second line.' control
	dpkg-deb -x "$deb" tree
	grep -qF '/usr/share/common-licenses/GPL-2' tree/usr/share/doc/own-app/copyright
	grep -qxF 'Copyright: 2020-2026 Erika Muster' tree/usr/share/doc/own-app/copyright
	[ -e tree/usr/share/doc/own-app/changelog.Debian.gz ]
	zcat tree/usr/share/man/man8/own-app.8.gz >man
	grep -qF 'Watches 100% of \efBall\efR things' man
	[ "$(rpm -qp --qf '%{SUMMARY}|%{URL}|%{LICENSE}|%{DESCRIPTION}' "$rpm")" = \
		'Watches 100% of \fBall\fR things & "more"|https://example.org/own?a=%41|GPL-2.0-only|'\
'First %{name} words \n of it, and the second line.' ]
	[ -z "$(grep -rlE '@[A-Z_]+@|proctrace' tree/usr/lib tree/usr/share/doc man)" ]
}

@test "the least manifest there can be makes both packages; a license file is taken" {
	needs_both
	printf '[app]\nname = execs\nversion = 1.0\n[object]\npath = proctrace.bpf.o\n' >m/least.ini
	package --deb --rpm -o out m/least.ini
	[ "$(rpm -qp --qf '%{LICENSE}' out/*.rpm)" = LicenseRef-not-stated ]
	printf 'You may.\n\nOr not.\n' >m/terms
	printf '[package]\nlicense = LicenseRef-own\nlicense-file = terms\n' >>m/least.ini
	package --deb -o out m/least.ini
	dpkg-deb -x out/*.deb tree
	grep -A3 -xF 'License: LicenseRef-own' tree/usr/share/doc/execs/copyright >terms
	[ "$(cat terms)" = $'License: LicenseRef-own\n You may.\n .\n Or not.' ]
}

@test "the unit opens what the object needs" {
	command -v dpkg-shlibdeps >/dev/null || skip "no dpkg-shlibdeps"
	unit() {
		dpkg-deb --fsys-tarfile "$1"/*.deb |
			tar -xO --wildcards './usr/lib/systemd/system/*.service'
	}
	package --deb -o raw m/proctrace.ini
	unit raw >raw.service
	grep -qxF 'CapabilityBoundingSet=CAP_BPF CAP_PERFMON' raw.service
	grep -qxF 'ProtectKernelTunables=yes' raw.service
	grep -qxF 'PrivateNetwork=yes' raw.service
	local kind expected
	while read -r kind expected; do
		cp "$B/tests/truth/objects/$kind.bpf.o" m/
		printf '[app]\nname = kinds\nversion = 1\n[object]\npath = %s.bpf.o\n' "$kind" >m/kinds.ini
		package --deb -o kinds m/kinds.ini
		unit kinds >kinds.service
		grep -qxF "$expected" kinds.service || { echo "$kind: no $expected"; return 1; }
	done <<-'END'
		kprobe ProtectKernelTunables=no
		ksym ProtectKernelTunables=no
		xdp CapabilityBoundingSet=CAP_BPF CAP_PERFMON CAP_NET_ADMIN
		xdp PrivateNetwork=no
		uprobe ProtectHome=read-only
		cgroup_skb ProtectControlGroups=no
	END
}

@test "man page and completion know every command and option of the program" {
	command -v dpkg-shlibdeps >/dev/null || skip "no dpkg-shlibdeps"
	package --deb -o out m/proctrace.ini
	dpkg-deb -x out/*.deb tree
	zcat tree/usr/share/man/man8/proctrace.8.gz >man
	mandoc -T lint -W warning man
	if command -v man >/dev/null; then
		[ -z "$(MANROFFOPT=-ww man --warnings -l man 2>&1 >/dev/null)" ]
	fi
	commands=$("$BTFERRY" help | sed -n '/^commands:/,/^$/s/^  \([a-z-]\+\) .*/\1/p')
	[ "$(wc -w <<<"$commands")" -ge 12 ]
	local name option
	for name in $commands; do
		sed -n '/^.SH COMMANDS/,/^.SH OPTIONS/p' man | grep -qwF -- "${name//-/\\-}" ||
			{ echo "the man page lacks $name"; return 1; }
		for option in $("$BTFERRY" "$name" --help | grep -oE '^  --[a-z-]+'); do
			grep -qF -- "${option//-/\\-}" man || { echo "the man page lacks $option"; return 1; }
		done
	done
	for code in 0 1 2 3 4 5 6; do grep -qx ".B $code" man; done
	[ -e tree/usr/share/zsh/vendor-completions/_proctrace ]
	# As bash would ask it.
	mkdir bin && cp "$BTFERRY" bin/proctrace
	run -0 bash -c 'PATH=$PWD/bin:$PATH; . tree/usr/share/bash-completion/completions/proctrace
		ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _proctrace "$1"; echo "${COMPREPLY[*]}"; }
		ask proctrace in; ask proctrace install --all-; ask proctrace path b; ask proctrace status --js'
	[ "$output" = $'install info\n--all-kernels\nbtf\n--json' ]
}

@test "a program that is missing is named, and how to get it; nothing is left behind" {
	mkdir path out
	for name in strip dpkg-shlibdeps; do ln -s "$(command -v $name)" path/ || skip "no $name"; done
	without() { PATH=$PWD/path exec "$BTFPACK" package "$1" -o out m/proctrace.ini; }
	run -6 --separate-stderr without --rpm
	[[ $stderr = *"rpmbuild is not installed: apt-get install rpm"* ]]
	rm path/strip
	run -6 --separate-stderr without --deb
	[[ $stderr = *"strip is not installed: apt-get install binutils"* ]]
	[ -z "$(ls -A out)" ]
}

@test "what cannot be a package is refused, and nothing is left behind" {
	run -2 package -o out m/proctrace.ini
	[[ $output = *"which one? --deb, --rpm, --run"* ]]
	run -2 package --deb -o out
	run -2 package --deb --jobs 0 m/proctrace.ini
	run -2 package --deb --frobnicate m/proctrace.ini
	SOURCE_DATE_EPOCH=yesterday run package --deb -o out m/proctrace.ini
	[ "$status" -ne 0 ]
	[[ $output = *"SOURCE_DATE_EPOCH=yesterday: is no number of seconds"* ]]
	sed 's/^version = .*/version = beta/' m/proctrace.ini >m/beta.ini
	run -5 package --deb -o out m/beta.ini
	[[ $output = *"version \"beta\": Debian's begin with a digit"* ]]
	sed 's/^version = .*/version = 1-2-3/' m/proctrace.ini >m/dashes.ini
	run -5 package --rpm -o out m/dashes.ini
	[[ $output = *"version \"1-2-3\": an RPM's has one dash"* ]]
	sed 's/^path = /path.s390x = /' m/proctrace.ini >m/other.ini
	run package --deb -o out m/other.ini
	[ "$status" -ne 0 ]
	[[ $output = *"has no object for "* ]]
	run package --deb --program /etc/passwd -o out m/proctrace.ini
	[ "$status" -ne 0 ]
	[[ $output = *"/etc/passwd: is no program for x86_64, arm64 or i386"* ]]
	[ -z "$(ls -A out)" ]
}
