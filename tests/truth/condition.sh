#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs a command on this host under one condition.  Everything happens in a mount namespace that
# ends with the command; nothing that the rest of the host sees is changed.
#
#     condition.sh NAME COMMAND...
#
# WORK names a folder with other.btf, the BTF of another kernel; B the build folder.
set -eu
name=$1
shift
: "${B:?}" "${WORK:?}"
here=$(dirname "$0")
[ "${INSIDE:-}" ] || exec env INSIDE=1 unshare -m "$0" "$name" "$@"
unset INSIDE

NOBODY=(--reuid 65534 --regid 65534 --clear-groups)
tracing=/sys/kernel/tracing debug=/sys/kernel/debug security=/sys/kernel/security

unmount() {
	while mountpoint -q "$1"; do umount -l "$1"; done
}

# The same ground for all: tracefs, and nothing else that hosts differ in.
unmount $debug
unmount $security
unmount $tracing
mount -t tracefs nodev $tracing

# Capabilities as root that was given no more than these, and as another user that was given these.
as_root() {
	local caps=$1
	shift
	exec setpriv --inh-caps=-all --bounding-set="-all$caps" -- "$@"
}
as_nobody() {
	local caps=$1
	shift
	exec setpriv "${NOBODY[@]}" --inh-caps="-all$caps" --ambient-caps="-all$caps" \
		--bounding-set="-all$caps" -- "$@"
}

# A folder or a file of ours in the place of one of the host's.
cover() {
	mount --bind "$1" "$2"
}
hide_btf() {
	mkdir -p "$WORK/nothing"
	cover "$WORK/nothing" /sys/kernel/btf
}

# The host's tree as a container sees it that was given everything but the host's os-release.
enter_container() {
	local root=$WORK/container
	mkdir -p "$root" "$WORK/nothing"
	mount --rbind / "$root"
	printf 'ID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"\n' >"$WORK/os-release"
	cover "$WORK/os-release" "$root/$(realpath /etc/os-release)"
	cover "$WORK/nothing" "$root/boot"
	# shellcheck disable=SC2016 # the inner shell expands
	exec chroot "$root" sh -c 'cd "$1" && shift && exec "$@"' sh "$PWD" "$@"
}

case $name in
root | btf-right | btf-other) ;;
no-tracefs) unmount $tracing ;;
debugfs) # the older place only
	unmount $tracing
	mount -t debugfs nodev $debug
	;;
securityfs) mount -t securityfs nodev $security ;;
no-caps) as_root "" "$@" ;;
nobody) as_nobody "" "$@" ;;
only-bpf) as_root ,+bpf "$@" ;;
bpf-perfmon) as_root ,+bpf,+perfmon "$@" ;;
bpf-perfmon-nobody) as_nobody ,+bpf,+perfmon "$@" ;;
bpf-perfmon-dac-nobody) as_nobody ,+bpf,+perfmon,+dac_read_search "$@" ;;
bpf-net) as_root ,+bpf,+net_admin "$@" ;;
only-sys-admin) as_root ,+sys_admin "$@" ;;
user-namespace) exec unshare -Ur -- "$@" ;;
no-bpf-eperm) exec "$B/tests/truth/deny" bpf=EPERM -- "$@" ;;
no-bpf-enosys) exec "$B/tests/truth/deny" bpf=ENOSYS -- "$@" ;;
no-perf-eperm) exec "$B/tests/truth/deny" perf_event_open=EPERM -- "$@" ;;
no-perf-enosys) exec "$B/tests/truth/deny" perf_event_open=ENOSYS -- "$@" ;;
no-ringbuf) exec "$B/tests/truth/deny" map27=EINVAL -- "$@" ;;
no-raw-tp-eperm) exec "$B/tests/truth/deny" program17=EPERM -- "$@" ;;
no-btf | no-btf-given) hide_btf ;;
damaged-btf)
	head -c 1000000 /sys/kernel/btf/vmlinux >"$WORK/damaged.btf"
	cover "$WORK/damaged.btf" /sys/kernel/btf/vmlinux
	;;
no-config) [ ! -e /proc/config.gz ] || cover /dev/null /proc/config.gz ;;
no-kallsyms) cover /dev/null /proc/kallsyms ;;
no-proc) umount -l /proc ;;
no-sys | no-sys-given) umount -l /sys ;;
no-memlock) ulimit -l 0 ;;
container) enter_container "$@" ;;
*)
	echo "$here: $name: no such condition" >&2
	exit 2
	;;
esac
exec "$@"
