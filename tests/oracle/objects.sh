#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Cuts the BPF objects out of what Debian packages install.  On Debian 12 all are of libbpf-tools:
# its systemd 252 is built without BPF programs (-BPF_FRAMEWORK), and bpftrace 0.17 makes its code
# as it goes.  Where a later systemd holds some, they count, too.
#
#     tests/oracle/objects.sh CUTBPF DIR
set -eu -o pipefail
cutbpf=$1 folder=$2

is_elf() { [ -f "$1" ] && [ ! -L "$1" ] && LC_ALL=C grep -qam1 '^.ELF' "$1"; }

programs=()
while read -r file; do
	! is_elf "$file" || programs+=("$file")
done < <(for package in libbpf-tools systemd bpftrace; do
	dpkg -L "$package" 2>/dev/null | grep -E '/s?bin/.|/lib/systemd/.|\.so(\.|$)' || true
done)
mkdir -p "$folder"
"$cutbpf" "$folder" "${programs[@]}"
