# SPDX-License-Identifier: BSD-2-Clause
# In the guest of power.sh: says what the last power cut left on each disk, repairs it with an
# install, and then installs, upgrades, rolls back and uninstalls until the power goes again.
#
#     sh /power/guest.sh FS=DEVICE...
#
# The kernel's command line has power.commit=SECONDS: so long metadata may wait before it goes to
# the disk.  With power.refer as well, the guest first says what whole generations are.
#
# Everything that it has to say is a line `power: ...` on the console, and is out on the wire when
# say() returns: what the host has not read has not begun.

kernels="--kernel 5.10-old --kernel 6.1-new --kernel 6.1-twin --kernel 6.66-own"
say() {
	echo "power: $*" >/dev/console
	stty -onlcr </dev/console # waits until all is sent, as any change of a terminal's settings
}

make_root() { # ROOT; the kernel 6.66-own exposes its BTF
	mkdir -p "$1/boot"
	echo CONFIG_DEBUG_INFO_BTF=y >"$1/boot/config-6.66-own"
}

do_install() { # VERSION ROOT
	# shellcheck disable=SC2086 # the kernels are words
	"/power/v$1.run" install --root "$2" $kernels
}

# Names, modes, targets and bytes.
digest() { # GENERATION
	(
		cd "$1" || exit
		find . | sort | xargs stat -c '%f %N'
		find . -type f | sort | xargs sha256sum
	) | sha256sum | cut -c 1-16
}

# What whole generations are.
refer() {
	make_root /run/reference
	for version in 1 2; do
		do_install $version /run/reference >/dev/null 2>&1
		say "whole $(digest /run/reference/var/lib/proctrace/current) $version"
	done
}

# What is installed on a disk, with the name of the moment.
look() { # MOMENT
	state=$root/var/lib/proctrace
	[ ! -L "$state/current" ] || say "$fs $1 current $(readlink "$state/current")"
	for entry in "$state"/gen/* "$state"/gen/.tmp-* "$state"/current.tmp; do
		[ -e "$entry" ] || [ -L "$entry" ] || continue
		name=${entry##*/}
		case $name in
		*[!0-9]*) say "$fs $1 leftover $name" ;;
		*) say "$fs $1 generation $name $(digest "$entry" 2>/dev/null)" ;;
		esac
	done
	status=0
	/power/v1.run status --root "$root" --json >"$root.json" 2>/dev/null || status=$?
	say "$fs $1 status $status"
	grep -q '"problems": \[\]' "$root.json" || say "$fs said $(tr -d '\n' <"$root.json")"
}

perform() { # NAME COMMAND...
	name=$1
	shift
	say "$fs begin $name"
	status=0
	"$@" >"$root.log" 2>&1 || status=$?
	say "$fs end $name $status"
	[ $status -eq 0 ] || say "$fs said $(tr '\n' '|' <"$root.log")"
}

install_both() {
	do_install 1 "$root" &
	second=0
	do_install 2 "$root" || second=$?
	wait $! && return $second
}

rounds() {
	perform clear /power/v1.run uninstall --root "$root"
	while :; do
		perform install do_install 1 "$root"
		perform upgrade do_install 2 "$root"
		perform rollback /power/v1.run rollback --root "$root"
		perform uninstall /power/v1.run uninstall --root "$root"
		perform two-installs install_both
		perform rollback-of-two /power/v1.run rollback --root "$root"
		perform uninstall-of-two /power/v1.run uninstall --root "$root"
	done
}

# One disk.
on_disk() { # FS DEVICE
	fs=$1 root=/disk/$1
	mkdir -p "$root"
	options=noatime
	[ "$fs" != ext4 ] || options=noatime,commit=$commit
	mount -t "$fs" -o "$options" "$2" "$root" || {
		dmesg | tail -n 5 | while read -r line; do say "$fs said $line"; done
		say "$fs cannot be mounted"
		sleep 1000000 # what the other disk does goes on
	}
	[ -e "$root/boot" ] || { make_root "$root"; sync; }
	look cut
	perform repair do_install 2 "$root"
	look repaired
	say "$fs ready"
	rounds
}

# Where metadata goes to the disk early, data goes as late as can be, and the other way round.
commit=$(sed 's/.*power.commit=\([0-9]*\).*/\1/' /proc/cmdline)
echo "${commit}00" >/proc/sys/fs/xfs/xfssyncd_centisecs
if [ "$commit" -lt 5 ]; then
	echo 0 >/proc/sys/vm/dirty_writeback_centisecs
else
	echo 10 >/proc/sys/vm/dirty_expire_centisecs
	echo 10 >/proc/sys/vm/dirty_writeback_centisecs
fi
! grep -q power.refer /proc/cmdline || refer
for disk; do on_disk "${disk%%=*}" "${disk#*=}" & done
wait
