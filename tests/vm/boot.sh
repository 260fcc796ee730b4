#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Boots a kernel in QEMU, without KVM, and runs one command in it as root.
#
#     boot.sh [-f FILE[:PLACE]]... [-p PROGRAM]... [-s SECONDS] [-m MEGABYTES] KERNEL COMMAND
#
# The guest is an initramfs of a static busybox, with these files and programs (those with the
# libraries that they are linked with), and proc, sysfs, devtmpfs, tracefs, debugfs, securityfs,
# bpffs and cgroup2 where the kernel has them.  Prints what COMMAND, a line for sh, prints, and ends
# with its status; 124: no end within SECONDS, 125: the kernel ended before the command did.
set -eu
usage() { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }

seconds=600 megabytes=1024 files=() programs=()
while getopts f:p:s:m: option; do
	case $option in
	f) files+=("$OPTARG") ;;
	p) programs+=("$OPTARG") ;;
	s) seconds=$OPTARG ;;
	m) megabytes=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 2 ] || usage
for tool in busybox cpio qemu-system-x86_64; do
	command -v $tool >/dev/null || {
		echo "boot: needs $tool: apt-get install qemu-system-x86 busybox-static cpio" >&2
		exit 2
	}
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,etc,proc,sys,dev,tmp,root}
put() { # FILE PLACE
	mkdir -p "$root$(dirname "$2")"
	cp -RL "$1" "$root$2"
}
put "$(command -v busybox)" /bin/busybox
ln -s busybox "$root/bin/sh"
for file in "${files[@]}"; do
	put "${file%%:*}" "$(case $file in *:*) echo "${file#*:}" ;; *) realpath "$file" ;; esac)"
done
for program in "${programs[@]}"; do
	path=$(command -v "$program")
	put "$path" "$path"
	ldd "$path" | grep -o '/[^ ]*' | while read -r library; do put "$library" "$library"; done
done
printf '%s\n' "$2" >"$root/command"
cat >"$root/init" <<-'EOF'
	#!/bin/sh
	# Programs of this machine stay what they are; busybox has the rest.
	for name in $(/bin/busybox --list); do
		[ -e "/bin/$name" ] || [ -e "/usr/bin/$name" ] || /bin/busybox ln -s busybox "/bin/$name"
	done
	export PATH=/bin:/sbin:/usr/bin:/usr/sbin HOME=/root
	mount -t proc proc /proc && mount -t sysfs sysfs /sys && mount -t devtmpfs devtmpfs /dev
	mount -t debugfs debugfs /sys/kernel/debug
	mount -t tracefs tracefs /sys/kernel/tracing
	mount -t securityfs securityfs /sys/kernel/security
	mount -t bpf bpf /sys/fs/bpf
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	ip link set lo up
	stty -onlcr </dev/console
	echo "boot: begin"
	{ setsid sh /command </dev/null; echo $? >/status; } 2>&1 | cat # no terminal
	status=$(cat /status)
	echo
	echo "boot: end $status"
	reboot -f
EOF
chmod +x "$root/init"
(cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) >"$work/initramfs"

status=0
timeout -k 5 "$seconds" qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 \
	-m "$megabytes" -display none -monitor none -serial stdio -no-reboot -nic none \
	-kernel "$1" -initrd "$work/initramfs" \
	-append "console=ttyS0 quiet loglevel=1 panic=-1" </dev/null >"$work/console" 2>&1 || status=$?
tr -d '\r' <"$work/console" | sed -n '/^boot: begin/,/^boot: end/p' | sed '1d; $d'
end=$(tr -d '\r' <"$work/console" | sed -n 's/^boot: end \([0-9]*\).*/\1/p' | tail -n 1)
[ -z "$end" ] || exit "$end"
tail -n 15 "$work/console" >&2
if [ $status -eq 124 ] || [ $status -eq 137 ]; then
	echo "boot: $1: no end within $seconds seconds" >&2
	exit 124
fi
echo "boot: $1: ended before the command did" >&2
exit 125
