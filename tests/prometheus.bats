#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# packaging/prometheus: what comes into node_exporter's textfile folder, as promtool sees it, and
# the alerts made of it.

bats_require_minimum_version 1.5.0
load helpers
load flood

samples=$repo/packaging/prometheus

setup_file() {
	load helpers
	load flood
	get_promtool
	install_flood 1.23
}

# Debian has it in prometheus, whose server nobody wants to have started for a test.
get_promtool() {
	export PATH=$PATH:$B/tests/prometheus
	! command -v promtool >/dev/null || return 0
	cd "$BATS_FILE_TMPDIR" || return
	mkdir -p "$B/tests/prometheus"
	apt-get -q download prometheus >/dev/null 2>&1 || return 0
	dpkg-deb --fsys-tarfile prometheus_*.deb | tar -xO ./usr/bin/promtool >promtool
	chmod 755 promtool
	mv promtool "$B/tests/prometheus/"
}

setup() { cd "$BATS_TEST_TMPDIR"; }

textfile() { PATH=$PWD/bin:$PATH "$samples/btferry-textfile" "$@"; }
needs_promtool() {
	command -v promtool >/dev/null || skip "no promtool, and apt has no package prometheus"
}

@test "promtool: the rules are well-formed, and each alert comes when it should, and not before" {
	needs_promtool
	run -0 promtool check rules "$samples/alerts.yml"
	cp "$samples/alerts.yml" "$repo/tests/prometheus/alerts.test.yml" .
	promtool test rules alerts.test.yml
	# Every alert is tried.
	local name
	for name in $(sed -n 's/^ *- alert: //p' alerts.yml); do
		grep -A 1 "alertname: $name" alerts.test.yml | grep -q exp_alerts
	done
	# A rule that asks for something else is found out.
	sed -i 's/_lost_total/_sent_total/' alerts.yml
	run ! promtool test rules alerts.test.yml
}

@test "every metric of the alerts is one that check or run has" {
	local name
	for name in $(grep -oE 'btferry_[a-z_]+' "$samples/alerts.yml" | sort -u); do
		case $name in
		btferry_check_*) grep -q "\"${name#btferry_check_}\"" "$repo"/checker/report_lines.c ;;
		*) grep -q "\`$name[\`{]" "$repo/docs/metrics.md" ;;
		esac || { echo "$name"; return 1; }
	done
}

@test "check: the answer of this host, whatever it is, is a file that promtool takes" {
	needs_promtool
	mkdir bin out
	"$BTFPACK" build -q -a "$archive" -o proctrace.run "$B/bpf/proctrace.ini"
	mv proctrace.run bin/proctrace
	run -0 textfile check proctrace out
	[ "$(ls -A out)" = proctrace-check.prom ]
	promtool check metrics <out/proctrace-check.prom
	grep -q '^btferry_check_ready{app="proctrace"} [01]$' out/proctrace-check.prom
	# No answer: the old one stays.
	printf '#!/bin/sh\nexit 6\n' >bin/proctrace
	run ! textfile check proctrace out
	[ -s out/proctrace-check.prom ]
}

@test "run: metrics with the application's name, none of node_exporter's own; gone with the run" {
	enter
	needs_promtool
	local socket=$ROOT/run/flood/metrics.sock
	mkdir -p out
	start --metrics "$socket"
	textfile run flood out "$socket"
	stop
	cat out/flood-run.prom
	promtool check metrics <out/flood-run.prom
	grep -q '^btferry_events_lost_total{app="flood"} 0$' out/flood-run.prom
	grep -q '^btferry_info{app="flood",version="1.23",' out/flood-run.prom
	! grep -q process_ out/flood-run.prom
	[ -z "$(grep '^btferry' out/flood-run.prom | grep -v '{.*app="flood"')" ]
	textfile run flood out "$socket" 2>/dev/null
	[ -z "$(ls -A out)" ]
}

@test "systemd takes the units and timers" {
	command -v systemd-analyze >/dev/null || skip "no systemd-analyze"
	local what
	for what in check metrics; do
		cp "$samples/btferry-$what@.service" "btferry-$what@x.service"
		cp "$samples/btferry-$what@.timer" "btferry-$what@x.timer"
		run systemd-analyze verify --man=no "./btferry-$what@x.service" "./btferry-$what@x.timer"
		[ "$(grep -vc 'is not executable' <<<"$output")" -eq 0 ] || { echo "$output"; return 1; }
	done
}
