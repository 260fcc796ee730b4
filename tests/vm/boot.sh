#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Boots a kernel in QEMU, without KVM, and runs one command in it as root.
#
#     boot.sh [OPTION]... KERNEL COMMAND
#         -a ARCH          x86_64 (default), i386 or arm64
#         -b BUSYBOX       a static one of that architecture; default: this host's
#         -f FILE[:PLACE]  a file or folder for the guest; may be given again, as -p and -d
#         -p PROGRAM       a program of this host, with the libraries that it is linked with
#         -d DISK          a raw image: /dev/vda, the next /dev/vdb
#         -M FOLDER        modules to load first, in the order that FOLDER/order has
#         -o FOLDER        gets what the command leaves in the guest's /out
#         -k WORDS         for the kernel's command line
#         -s SECONDS -m MEGABYTES -c CPUS
#         -i FILE          boots nothing: FILE becomes the initramfs
#
# The guest is an initramfs of a static busybox, with these files and what tests/vm/init mounts.
# Prints what COMMAND, a line for sh, prints, and ends with its status; 124: no end within SECONDS,
# 125: the kernel ended before the command did.
set -eu
here=$(dirname "$(realpath "$0")")
usage() { sed -n 's/^#     /usage: /p' "$0" | sed '2,$s/usage: /       /' >&2; exit 2; }

arch=x86_64 busybox=$(command -v busybox || true) seconds=600 megabytes=1024 cpus=2
modules='' out='' words='' initramfs='' files=() programs=() disks=()
while getopts a:b:f:p:d:M:o:k:s:m:c:i: option; do
	case $option in
	a) arch=$OPTARG ;;
	b) busybox=$OPTARG ;;
	f) files+=("$OPTARG") ;;
	p) programs+=("$OPTARG") ;;
	d) disks+=("$OPTARG") ;;
	M) modules=$OPTARG ;;
	o) out=$OPTARG ;;
	k) words=$OPTARG ;;
	s) seconds=$OPTARG ;;
	m) megabytes=$OPTARG ;;
	c) cpus=$OPTARG ;;
	i) initramfs=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 2 ] || usage
case $arch in
# A guest of a busy host may see no timer interrupt in time, and would take its timer for broken.
x86_64 | i386) machine=(qemu-system-x86_64 -cpu max) console="ttyS0 no_timer_check" ;;
arm64) machine=(qemu-system-aarch64 -M virt -cpu "max,pauth-impdef=on") console=ttyAMA0 ;;
*) usage ;;
esac
for tool in "${busybox:-busybox}" cpio "${machine[0]}"; do
	command -v "$tool" >/dev/null || {
		echo "boot: needs $tool: apt-get install qemu-system-x86 qemu-system-arm" \
			"busybox-static cpio" >&2
		exit 2
	}
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,etc,proc,sys,dev,tmp,root,run,modules}
put() { # FILE PLACE
	mkdir -p "$root$(dirname "$2")"
	cp -RL "$1" "$root$2"
}
put "$busybox" /bin/busybox
ln -s busybox "$root/bin/sh"
for file in "${files[@]}"; do
	put "${file%%:*}" "$(case $file in *:*) echo "${file#*:}" ;; *) realpath "$file" ;; esac)"
done
for program in "${programs[@]}"; do
	path=$(command -v "$program")
	put "$path" "$path"
	ldd "$path" | grep -o '/[^ ]*' | while read -r library; do
		[ -e "$root$library" ] || put "$library" "$library"
	done
done
[ -z "$modules" ] || cp -L "$modules"/* "$root/modules"
put "$here/init" /init
chmod +x "$root/init"
printf '%s\n' "$2" >"$root/command"
(cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) >"$work/initramfs"
if [ -n "$initramfs" ]; then
	mv "$work/initramfs" "$initramfs"
	exit 0
fi

drives=()
for disk in "${disks[@]}"; do drives+=(-drive "file=$disk,format=raw,if=virtio"); done
status=0
timeout -k 5 "$seconds" "${machine[@]}" -accel tcg,thread=multi -smp "$cpus" -m "$megabytes" \
	-display none -monitor none -serial stdio -no-reboot -nic none "${drives[@]}" \
	-kernel "$1" -initrd "$work/initramfs" \
	-append "console=$console quiet loglevel=1 panic=-1 $words" \
	</dev/null >"$work/raw" 2>&1 || status=$?
tr -d '\r' <"$work/raw" >"$work/console"
sed -n '/^boot: begin/,/^boot: end/p' "$work/console" | sed '1d; $d'
if [ -n "$out" ]; then
	mkdir -p "$out"
	sed -n '/^boot: files/,/^boot: no more/p' "$work/console" | sed '1d; $d' >"$work/files"
	[ ! -s "$work/files" ] || base64 -d "$work/files" | tar -xz -C "$out"
fi
end=$(sed -n 's/^boot: end \([0-9]*\).*/\1/p' "$work/console" | tail -n 1)
[ -z "$end" ] || exit "$end"
tail -n 15 "$work/console" >&2
if [ $status -eq 124 ] || [ $status -eq 137 ]; then
	echo "boot: $1: no end within $seconds seconds" >&2
	exit 124
fi
echo "boot: $1: ended before the command did" >&2
exit 125
