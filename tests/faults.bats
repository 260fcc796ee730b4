#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Installs where something is in the way: the disk, another installer, the umask, the user.
# tests/faults/run.sh disturbs them at every system call.

bats_require_minimum_version 1.5.0
load helpers

# Two versions of a small application, for this kernel, whatever it is.
setup_file() {
	local arch
	arch=$(uname -m)
	[ "$arch" != aarch64 ] || arch=arm64
	cd "$BATS_FILE_TMPDIR" || return
	mkdir -p archive/debian/12/"$arch"
	kernel_btf 6.1.0-54-cloud-amd64 >archive/debian/12/"$arch/$(uname -r).btf"
	cp "$B/tests/bpf/runtime/covered.bpf.o" tiny.bpf.o
	pack 1
	pack 2
	export ONE=$PWD/1.payload TWO=$PWD/2.payload
}

pack() { # VERSION
	printf '[app]\nname = tiny\nversion = %s\n[object]\npath = tiny.bpf.o\n' "$1" >tiny.ini
	"$BTFPACK" build -q -a archive -o "$1.payload" tiny.ini
}

setup() {
	unset BTFERRY_BTF_FILE BTFERRY_BPF_FILE
	[ "$(id -u)" -eq 0 ] || skip "not root"
	cd "$BATS_TEST_TMPDIR" || return
	mkdir root
	root=$PWD/root
	state=$root/var/lib/tiny
}

install_one() { without_btf "$BTFERRY" install --payload "$ONE" --root root "$@"; }
install_two() { without_btf "$BTFERRY" install --payload "$TWO" --root root "$@"; }
ask() { "$BTFERRY" "$@" --app tiny --root root; }

# Runs the script on standard input in a mount namespace in which the kernel exposes no BTF.
in_namespace() {
	cat >script
	run -0 without_btf bash -eu script
}

# For these scripts: one install, and what is there then.
functions=$(cat <<-'END'
	try() { # PAYLOAD: sets status
		status=0
		"$BTFERRY" install --payload "$1" --root root >out 2>&1 || status=$?
		[ "$status" -eq 0 ] || [ "$status" -eq 6 ] || { cat out; exit 1; }
	}
	whole() { # VERSION: current is this one, by its plan and without a word of ours
		cd root/var/lib/tiny/current
		[ "$(jq -r .version plan.json)" = "$1" ]
		jq -r '.files[] | "\(.sha256)  \(.path)"' plan.json | sha256sum --check --quiet
		cd - >/dev/null
	}
	clean() { # GENERATION...
		[ "$(ls -A root/var/lib/tiny | tr '\n' ' ')" = "current gen lock " ]
		[ "$(ls -A root/var/lib/tiny/gen | tr '\n' ' ')" = "$* " ]
	}
END
)

@test "a disk of 1 MiB, with every amount of room that is too little" {
	in_namespace <<-END
		$functions
		mount -t tmpfs -o size=1m none root
		try "\$ONE"
		whole 1
		# As full as it gets, and one block less each time.
		dd if=/dev/zero of=root/ballast bs=4096 status=none 2>/dev/null || true
		blocks=\$((\$(stat -c %s root/ballast) / 4096))
		for freed in \$(seq 0 200); do
			truncate -s \$(((blocks - freed) * 4096)) root/ballast
			try "\$TWO"
			[ \$status -ne 0 ] || break
			grep -q 'No space left on device: it takes [0-9]* KiB' out
			whole 1
			clean 1
		done
		[ "\$freed" -gt 20 ]
		whole 2
		clean 1 2
		echo "room for \$freed blocks was enough"
	END
	[[ $output = *"blocks was enough" ]]
}

@test "a disk without room for names: each number of inodes that is too small" {
	in_namespace <<-END
		$functions
		for inodes in \$(seq 2 40); do
			mount -t tmpfs -o size=1m,nr_inodes=\$inodes none root
			try "\$ONE"
			[ \$status -ne 0 ] || break
			grep -q 'No space left on device' out
			[ ! -e root/var/lib/tiny/current ]
			[ ! -d root/var/lib/tiny/gen ] || [ -z "\$(ls -A root/var/lib/tiny/gen)" ]
			umount root
		done
		[ \$inodes -gt 10 ]
		whole 1
		clean 1
	END
}

@test "a read-only root: exit 6 and why; what reads still works" {
	install_one
	cp -a root before
	cat >script <<-'END'
		mount --bind root root && mount -o remount,bind,ro root
		for command in "install --payload $TWO" "install --payload $ONE" "uninstall --app tiny"; do
			"$BTFERRY" $command --root root 2>err
			[ $? -eq 6 ] || exit 9
			grep -q "$(realpath root/var/lib/tiny).*: Read-only file system" err || exit 8
		done
		"$BTFERRY" status --app tiny --root root && "$BTFERRY" path btf --app tiny --root root &&
			"$BTFERRY" path object --app tiny --root root
	END
	run -0 without_btf bash script
	diff -r --no-dereference before root
}

@test "a second installer says that it waits, and goes on when the first is done" {
	local command
	install_one
	for command in "install --payload $TWO" "uninstall --app tiny"; do
		mkfifo "held.${command%% *}"
		# Who has the lock gives it back when somebody is known to wait for it.
		flock "$state/lock" sh -c 'cat "$0" >/dev/null' "held.${command%% *}" 3>&- &
		until ! flock --nonblock "$state/lock" true; do sleep 0.02; done
		without_btf "$BTFERRY" $command --root root >out 2>&1 3>&- &
		until grep -q "another installer is at work there, waiting for it" out; do sleep 0.02; done
		[ "$(jq -r .version "$state/current/plan.json")" != "" ]
		kill -0 $!
		: >"held.${command%% *}"
		wait $!
		wait
	done
	[ ! -e "$state" ]
}

@test "an installer that waits while the other one uninstalls starts anew" {
	install_one
	mkfifo held
	# Takes the lock as an uninstall does, and removes everything before it lets go.
	flock "$state/lock" sh -c 'cat held >/dev/null; rm -r "$0"' "$state" 3>&- &
	until ! flock --nonblock "$state/lock" true; do sleep 0.02; done
	install_two >out 2>&1 3>&- &
	until grep -q "waiting for it" out; do sleep 0.02; done
	: >held
	wait $!
	wait
	run -0 ask status --json
	jq -e '.version == "2" and .generation == 1 and .intact' <<<"$output"
}

# Names, modes and owners below the state directory.
modes() { (cd "$state" && find . -printf './%P %y %m %U %G\n' | sort); }

@test "with umask 000 and 077 everything has the mode that it should have" {
	local mask
	for mask in 000 077 777; do
		rm -rf root
		mkdir -m 755 root
		(umask $mask && without_btf "$BTFERRY" install --payload "$ONE" --root root)
		modes >"modes.$mask"
		[ "$(stat -c %a root/var root/var/lib | tr '\n' ' ')" = "755 755 " ]
	done
	diff modes.000 modes.077
	diff modes.000 modes.777
	diff - <(awk '{ print $2, $3, $4, $5 }' modes.000 | sort -u) <<-END
		d 755 0 0
		f 600 0 0
		f 644 0 0
		l 777 0 0
	END
	[ "$(awk '$3 == 600 { print $1 }' modes.000)" = ./lock ]
}

@test "not root: what reads works, what writes says that only root can, and changes nothing" {
	command -v setpriv >/dev/null || skip "no setpriv"
	local open command
	open=$(mktemp -d)
	chmod 755 "$open"
	cp "$BTFERRY" "$ONE" "$TWO" "$open"
	mkdir "$open/root"
	without_btf "$BTFERRY" install --payload "$ONE" --root "$open/root"
	cp -a "$open/root" before
	nobody() { without_btf setpriv --reuid 65534 --regid 65534 --clear-groups "$open/btferry" "$@"; }
	for command in status "path btf" "path object"; do
		run -0 nobody $command --app tiny --root "$open/root"
	done
	for command in list info verify; do
		run -0 nobody $command --payload "$open/1.payload"
	done
	run -0 nobody install --dry-run --payload "$open/2.payload" --root "$open/root"
	run -4 nobody install --payload "$open/2.payload" --root "$open/root"
	[[ $output = *"Permission denied: only root can install there"* ]]
	run -4 nobody uninstall --app tiny --root "$open/root"
	[[ $output = *"Permission denied: only root can uninstall"* ]]
	diff -r --no-dereference before "$open/root"
	rm -r "$open"
}

@test "what a crash left goes, and what is nobody's is left alone and named" {
	install_one
	install_two
	mkdir -p "$state/gen/.tmp-0badcafe/btf" "$state/gen/.tmp-old-7/kconfig"
	cp -a "$state/gen/2" "$state/gen/3"
	ln -s gen/3 "$state/current.tmp"
	run -0 install_two
	[[ $output = *"already installed"* ]]
	[ "$(ls -A "$state/gen" | tr '\n' ' ')" = "1 2 " ]
	[ ! -e "$state/current.tmp" ]
	mkdir "$state/gen/mine"
	run -5 install_one
	[[ $output = *"$state/gen/mine: was not put there by an install: move it away"* ]]
	[ -d "$state/gen/mine" ]
	[ "$(readlink "$state/current")" = gen/2 ]
}

# Holds the lock, lets an install wait for it with everything decided, does what comes on standard
# input to the payload that is being installed, and sets status to what the install ends with.
install_while() {
	install_one
	cp "$TWO" changing.payload
	mkfifo held
	flock "$state/lock" sh -c 'cat held >/dev/null' 3>&- &
	until ! flock --nonblock "$state/lock" true; do sleep 0.02; done
	without_btf "$BTFERRY" install --payload changing.payload --root root >out 2>&1 3>&- &
	until grep -q "waiting for it" out; do sleep 0.02; done
	bash -eu
	: >held
	status=0
	wait $! || status=$?
	wait
	cat out
}

@test "a payload that changes while it is being installed is not installed" {
	# A byte behind the index, which has been read by then.
	install_while <<<"printf '\xa5' | dd of=changing.payload bs=1 seek=999 conv=notrunc status=none"
	[ "$status" -eq 5 ]
	grep -q "$state: writing payload: it was changed meanwhile: install again" out
	[ "$(readlink "$state/current")" = gen/1 ]
	[ "$(ls -A "$state/gen")" = 1 ]
	run -0 ask status
}

@test "a payload that is cut short while it is being installed: told, and nothing is current" {
	install_while <<<"truncate -s 0 changing.payload"
	[ "$status" -eq 6 ]
	grep -q "changing.payload: cannot be read any more: it was cut short while in use" out
	[ "$(readlink "$state/current")" = gen/1 ]
	run -0 ask status
	run -0 install_two
	[ "$(ls -A "$state/gen" | tr '\n' ' ')" = "1 2 " ]
}
