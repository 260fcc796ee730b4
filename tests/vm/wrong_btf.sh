#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Makes BTFs that are wrong for a kernel.
#
#     wrong_btf.sh KERNEL OUT      KERNEL: a folder that `kernels.sh get` printed
#
# OUT/near.btf and OUT/far.btf are of other kernels of its architecture, which have a task's pid at
# another place: near.btf of the same series (another configuration or flavour), far.btf of
# another one.  Where there is none, both are the same; where there is no other kernel of the
# architecture, they are the kernel's own as another configuration would have made it.
# OUT/foreign.btf is of another architecture.  Prints what they are of.
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
rm -f "$out"/{near,far,foreign}.btf
for file in tests/files/btf/*/*/"$arch"/*.btf.tar.xz tests/vm/other-btf/*/*/"$arch"/*.btf.tar.xz; do
	[ -e "$file" ] || continue # no kernel of that architecture
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
if [ ! -e "$out/near.btf" ] && [ ! -e "$out/far.btf" ]; then
	"$B/tests/vm/shift_btf" "$kernel/btf" "$out/candidate"
	other="$release with a longer task_struct"
	take near
fi
[ -e "$out/near.btf" ] || cp "$out/far.btf" "$out/near.btf"
[ -e "$out/far.btf" ] || cp "$out/near.btf" "$out/far.btf"
for file in tests/files/btf/*/*/*/*.btf.tar.xz; do
	[ "$(basename "$(dirname "$file")")" != "$arch" ] || continue
	other=$(basename "$file" .btf.tar.xz)
	tar -xJOf "$file" >"$out/candidate"
	take foreign
	break
done
rm -f "$out/candidate"
