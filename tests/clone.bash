# SPDX-License-Identifier: BSD-2-Clause
# A copy of this host to install packages into: its files through an overlay that is in memory, and
# gone with the command.  `load clone`, behind helpers.

# Instrumented programs are not what is handed out, and do not run in a service's confinement.
needs_plain() {
	! nm "$BTFERRY" | grep -q __asan_init || skip "the programs are instrumented"
}

needs_clone() {
	needs_plain
	[ "$(id -u)" -eq 0 ] || skip "not root"
	unshare -m --propagation private sh -c 'mount -t tmpfs none /mnt && cd /mnt &&
		mkdir up work root &&
		mount -t overlay -o lowerdir=/,upperdir=up,workdir=work none root' 2>/dev/null ||
		skip "no overlay of / can be mounted here"
}

# Packages of proctrace, in $PACKAGES: FORMAT VERSION...; in setup_file.
make_packages() {
	local format=$1
	shift
	export SOURCE_DATE_EPOCH=1700000000 PACKAGES=$BATS_FILE_TMPDIR
	cd "$PACKAGES" || return
	cp -r "$B/bpf" m
	for version in "$@"; do
		sed -i "s/^version = .*/version = $version/" m/proctrace.ini
		"$BTFPACK" package "--$format" -a "$archive" m/proctrace.ini || return
	done
}

# Makes the copy and stands in its root; $shared is /shared in there.  Runs in a namespace of its
# own, and leaves proc and sys to its caller.
enter_clone='
	set -e
	mount -t tmpfs none /mnt
	mkdir /mnt/up /mnt/work /mnt/root
	mount -t overlay -o lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work none /mnt/root
	cd /mnt/root
	mkdir shared
	mount --bind "$shared" shared
	mount -t tmpfs none run
	mount -t tmpfs none tmp
	find etc/systemd/system -mindepth 1 -maxdepth 1 -name "*.wants" -exec rm -rf {} +
	rm -rf var/lib/proctrace usr/sbin/policy-rc.d
'

# In a script, `set -e` does not look at what `!` turned round.
not='not() { if "$@"; then return 1; fi; }'

# Runs a script in the copy, with `set -e`; the current folder is /shared there.
in_clone() { # SCRIPT
	shared=$PWD unshare -m --propagation private sh -c "$enter_clone"'
		mount --rbind /proc proc
		mount --rbind /sys sys
		mount --rbind /dev dev
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
			chroot . sh -ec "cd /shared; $0"' "$not; $1"
}

# Boots the copy with systemd as its init after running BEFORE in it, runs the script when what is
# enabled was started, and powers off.  The script's output is the output.
boot_clone() { # BEFORE SCRIPT
	printf 'cd /shared\n%s\n%s\n' "$not" "$1" >before.sh
	printf 'cd /shared\n%s\n%s\n' "$not" "$2" >script.sh
	: >said
	cat >boot.service <<-'END'
		[Unit]
		After=multi-user.target
		[Service]
		Type=oneshot
		ExecStart=/bin/sh -ex /shared/script.sh
		StandardOutput=append:/shared/said
		StandardError=append:/shared/said
		ExecStopPost=/bin/sh -c 'echo "$EXIT_STATUS" >/shared/status'
		ExecStopPost=/bin/systemctl poweroff --force --no-block
	END
	rm -f status
	shared=$PWD timeout 120 unshare -mpfC --kill-child --propagation private sh -c "$enter_clone"'
		mount -t proc proc proc
		# Its systemd has no say in the settings of this kernel.
		mount --bind proc/sys proc/sys
		mount -o remount,bind,ro proc/sys
		mount --rbind /sys sys
		mount -t cgroup2 none sys/fs/cgroup
		mount -t tmpfs -o mode=755 none dev
		mkdir dev/pts dev/shm
		# Nodes of its own: systemd and getty change the modes of what they find there.
		while read -r name major minor; do
			mknod -m 666 dev/$name c $major $minor
		done <<-NODES
			null 1 3
			zero 1 5
			full 1 7
			random 1 8
			urandom 1 9
			tty 5 0
			console 1 3
		NODES
		mount -t devpts -o newinstance,ptmxmode=666 none dev/pts
		ln -s pts/ptmx dev/ptmx
		ln -s /proc/self/fd dev/fd
		cp shared/boot.service etc/systemd/system/
		chroot . sh -ex /shared/before.sh >>shared/said 2>&1
		mkdir -p etc/systemd/system/multi-user.target.wants
		ln -s ../boot.service etc/systemd/system/multi-user.target.wants/
		# multi-user.target waits for what it wants, so the service cannot wait for it.
		sed -i "s/^After=.*/After=$0/" etc/systemd/system/boot.service
		exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . \
			/lib/systemd/systemd --system --unit=multi-user.target' "${boots_after:-proctrace.service}" \
		>boot.log 2>&1
	cat said
	[ "$(cat status 2>/dev/null)" != 0 ] || return 0
	echo "the script did not end well"
	cat boot.log
	return 1
}
