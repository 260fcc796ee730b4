#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The unit, under systemd as init of a copy of this host; and what `run` tells its starter.

bats_require_minimum_version 1.5.0
load helpers
load clone

setup_file() {
	make_packages deb 1.0 2.0
	dpkg-deb --fsys-tarfile proctrace_1.0_*.deb |
		tar -xO ./usr/lib/systemd/system/proctrace.service >proctrace.service
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	cp "$PACKAGES"/*.deb "$PACKAGES"/*.service .
}

boots() {
	needs_clone
	[ -x /lib/systemd/systemd ] || skip "no systemd"
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel exposes no BTF"
	unshare -mpfC true 2>/dev/null || skip "no namespaces"
}

@test "systemd-analyze: nothing unknown in the unit, exposure at most 1.5" {
	command -v systemd-analyze >/dev/null || skip "no systemd-analyze"
	run systemd-analyze verify --man=no ./proctrace.service
	# The program is not there, which is all that may be said.
	[ "$(grep -vc 'is not executable' <<<"$output")" -eq 0 ]
	run -0 systemd-analyze security --offline=true ./proctrace.service
	level=$(grep -oE 'exposure level for .*: [0-9.]+' <<<"$output" | grep -oE '[0-9.]+$')
	echo "exposure $level" >&3
	awk "BEGIN { exit !($level <= 1.5) }"
}

@test "after dpkg -i and a boot, events are in the journal, from when the unit is ready" {
	boots
	run boot_clone 'dpkg -i proctrace_1.0_*.deb' '
		systemctl is-active proctrace.service
		/bin/echo a-child-to-see >/dev/null
		for second in $(seq 20); do
			sleep 1
			journalctl -u proctrace -o cat --no-pager >events
			if grep -q a-child-to-see events; then break; fi
		done
		systemctl show proctrace -P StatusText -P NRestarts -P Result
		journalctl -u proctrace -o json --no-pager >journal.json
		proctrace status --live --json >live.json
		systemctl stop proctrace
		systemctl show proctrace -P Result
		journalctl -u proctrace -p err --no-pager -q -o cat >errors'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output = *"programs "*", events through the "* ]]
		seen='select(.event == "exec" and .args[1] == "a-child-to-see") | .comm'
	[ "$(grep '^{' events | jq -r "$seen")" = echo ]
	# "is running" comes before systemd's "Started".
	[ "$(jq -r .MESSAGE journal.json | grep -nE 'is running|^Started ' | cut -d: -f2- | head -1)" != \
		"$(jq -r .MESSAGE journal.json | grep '^Started ')" ]
	[ "$(jq -r 'select(.MESSAGE | test("is running")) | .PRIORITY' journal.json)" = 6 ]
	[ ! -s errors ]
	[[ $output = *success*success* ]]
	# The unit lets the run give up what it allows for loading.
	jq -e '.sandbox | .seccomp and .no_new_privs and .capabilities == []' live.json
	[ "$(jq -r 'select(.MESSAGE | test("landlock: |seccomp: ")) | .PRIORITY' journal.json |
		grep -cx 4)" -eq 0 ]
}

@test "/etc/default/APP adds to what the unit gives to run" {
	boots
	run boot_clone '
		dpkg -i proctrace_1.0_*.deb
		echo "OPTIONS=\"--format table --no-canary\"" >/etc/default/proctrace' '
		tr "\0" " " </proc/"$(systemctl show proctrace -P MainPID)"/cmdline; echo
		/bin/echo a-child-to-see >/dev/null
		for second in $(seq 20); do
			sleep 1
			journalctl -u proctrace -o cat --no-pager >events
			if grep -q a-child-to-see events; then break; fi
		done'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output = *"/usr/bin/proctrace run "*" --format table --no-canary"* ]]
	grep -qE '^[0-9:.]{12} exec .* echo .*args=\[/bin/echo a-child-to-see\]' events
}

@test "an upgrade restarts what ran, if the new version would run; what was stopped stays so" {
	boots
	run boot_clone 'dpkg -i proctrace_1.0_*.deb' '
		first=$(systemctl show proctrace -P MainPID)
		dpkg -i proctrace_2.0_*.deb
		second=$(systemctl show proctrace -P MainPID)
		[ "$first" != "$second" ]
		[ "$second" != 0 ]
		mkdir /run/none; mount --bind /run/none /sys/kernel/btf
		dpkg -i proctrace_1.0_*.deb
		[ "$(systemctl show proctrace -P MainPID)" = "$second" ]
		umount /sys/kernel/btf
		systemctl stop proctrace
		dpkg -i proctrace_2.0_*.deb
		not systemctl is-active proctrace
		systemctl start proctrace
		dpkg -r proctrace
		not systemctl is-active proctrace
		dpkg -i proctrace_1.0_*.deb
		systemctl is-active proctrace
		dpkg -P proctrace'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output = *"'proctrace check' says 3; proctrace.service is left as it is"* ]]
}

@test "a clear answer is given once; nothing installed shows as failed" {
	boots
	boots_after=basic.target run boot_clone '
		dpkg -i proctrace_1.0_*.deb
		systemctl disable proctrace' '
		mkdir /run/none; mount --bind /run/none /sys/kernel/btf
		not systemctl start proctrace
		sleep 6
		systemctl show proctrace -P NRestarts -P ExecMainStatus -P ActiveState
		umount /sys/kernel/btf
		proctrace uninstall
		not systemctl start proctrace
		systemctl show proctrace -P AssertResult'
	echo "$output"
	[ "$status" -eq 0 ]
	# Restarts, exit status and state; then the assertion.
	[[ $output = *$'\n0\n3\nfailed\n'*$'\nno'* ]]
}

# Datagrams that run sends, one a line, to a path or, with an at sign, an abstract name.
listens() { # NAME COMMAND...
	local name=$1
	shift
	python3 - "$name" "$@" <<-'END'
		import os, socket, subprocess, sys
		name = sys.argv[1]
		listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		listener.bind("\0" + name[1:] if name[0] == "@" else name)
		listener.settimeout(60)
		child = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL,
		                         env=dict(os.environ, NOTIFY_SOCKET=name))
		ready = listener.recv(4096).decode()
		alive = child.poll() is None
		stopping = listener.recv(4096).decode()
		print(repr(ready), repr(stopping), alive, child.wait())
	END
}

@test "run says READY when it is attached and STOPPING when it ends, to paths and abstract names" {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	command -v python3 >/dev/null || skip "no python3 to listen with"
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel exposes no BTF"
	mkdir root
	"$BTFPACK" build -o p.payload "$PACKAGES/m/proctrace.ini" >/dev/null
	"$BTFERRY" install --payload p.payload --root root >/dev/null
	local name
	for name in "$PWD/socket" "@btferry-test-$$"; do
		run -0 --separate-stderr listens "$name" "$BTFERRY" run --app proctrace --root root --duration 1
		[[ $output = "'READY=1\\nSTATUS=programs "*", events through the "*"' 'STOPPING=1' True 0" ]]
	done
	told() { NOTIFY_SOCKET=$1 "$BTFERRY" run --app proctrace --root root --duration 1; }
	run -0 --separate-stderr told "$PWD/nobody"
	[[ $stderr = *"NOTIFY_SOCKET=$PWD/nobody: the service manager was not told: No such file"* ]]
	run -0 --separate-stderr told vsock:2:1
	[[ $stderr = *"NOTIFY_SOCKET=vsock:2:1: "*"not supported"* ]]
}
