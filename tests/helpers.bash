# SPDX-License-Identifier: BSD-2-Clause
# What every bats file shares: where the programs and the fixtures are.  `load helpers`.

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
B=${B:-$repo/build}
[[ $B = /* ]] || B=$repo/$B
BTFPACK=$B/bin/btfpack
BTFERRY=$B/bin/btferry
BTFERRY_STATIC=$B/bin/btferry-static
files=$repo/tests/files
archive=$files/btf # four real kernels in BTFHub's layout
export BTFPACK BTFERRY BTFERRY_STATIC

# Unpacks a fixture kernel's BTF: kernel_btf 6.1.0-54-cloud-amd64 >FILE
kernel_btf() {
	local found
	found=$(find "$archive" -name "$1.btf.tar.xz" -print -quit)
	[ -n "$found" ] || { echo "no fixture for kernel $1" >&2; return 1; }
	tar -xJOf "$found"
}

# Runs a command in a mount namespace in which the kernel exposes no BTF.
without_btf() {
	local empty status=0
	empty=$(mktemp -d)
	unshare -m sh -c 'mount --bind "$0" /sys/kernel/btf && exec "$@"' "$empty" "$@" || status=$?
	rmdir "$empty"
	return $status
}
