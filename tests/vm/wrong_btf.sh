#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Finds, among tests/files/btf, BTFs that are wrong for a kernel: other kernels', which have the pid
# of a task at another place.
#
#     wrong_btf.sh KERNEL OUT      KERNEL: a folder that `kernels.sh get` printed
#
# OUT/near.btf is of the same series (another configuration or flavour) where there is one,
# OUT/far.btf of another series; the one that there is none of is a copy of the other.  Of the
# kernel's own architecture, if that has any.  Prints what they are of.
set -eu -o pipefail
cd "$(dirname "$0")/../.."
[ $# -eq 2 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
kernel=$1 out=$2 B=${B:-build}
arch=$(cat "$kernel/arch") release=$(cat "$kernel/release")
mkdir -p "$out"

# Where a BTF has task_struct.pid, in bits.  What is left for the canary is quick to read.
place_of_pid() { # BTF
	"$B/bin/btfpack" reduce -o "$out/reduced" "$1" "$B/bpf/canary.bpf.o" 2>/dev/null
	"${BPFTOOL:-bpftool}" btf dump file "$out/reduced" format raw | awk '
		/^\[/ { inside = $2 == "STRUCT" && $3 == "\047task_struct\047" }
		inside && $1 == "\047pid\047" { sub(/.*bits_offset=/, ""); print $1 }'
	rm "$out/reduced"
}

# "6.1" of 6.1.0-54-cloud-amd64
series() { cut -d. -f1,2 <<<"$1"; }

take() { # NAME
	[ ! -e "$out/$1.btf" ] || return 0
	mv "$out/candidate" "$out/$1.btf"
	echo "$1: $other"
}

own=$(place_of_pid "$kernel/btf")
rm -f "$out/near.btf" "$out/far.btf"
archived=(tests/files/btf/*/*/"$arch"/*.btf.tar.xz)
[ -e "${archived[0]}" ] || archived=(tests/files/btf/*/*/x86_64/*.btf.tar.xz)
for file in "${archived[@]}"; do
	other=$(basename "$file" .btf.tar.xz)
	[ "$other" != "$release" ] || continue
	tar -xJOf "$file" >"$out/candidate"
	[ "$(place_of_pid "$out/candidate")" != "$own" ] || continue
	if [ "$(series "$other")" = "$(series "$release")" ]; then
		take near
	else
		take far
	fi
done
rm -f "$out/candidate"
[ -e "$out/near.btf" ] || cp "$out/far.btf" "$out/near.btf"
[ -e "$out/far.btf" ] || cp "$out/near.btf" "$out/far.btf"
