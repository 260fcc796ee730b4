#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Cuts the BPF objects out of what Debian packages install, and says how many each had.  On Debian
# 12 all are of libbpf-tools: its systemd 252 is built without BPF programs (-BPF_FRAMEWORK), and
# bpftrace 0.17 makes its code as it goes.  Where a later one holds some, they count, too.
#
#     tests/oracle/objects.sh CUTBPF DIR [PACKAGE...]
set -eu -o pipefail
cutbpf=$1 folder=$2
shift 2
[ $# -gt 0 ] || set -- libbpf-tools systemd bpftrace

is_elf() { [ -f "$1" ] && [ ! -L "$1" ] && LC_ALL=C grep -qam1 '^.ELF' "$1"; }

mkdir -p "$folder"
for package; do
	programs=()
	while read -r file; do
		! is_elf "$file" || programs+=("$file")
	done < <(dpkg -L "$package" 2>/dev/null | grep -E '/s?bin/.|/lib/systemd/.|\.so(\.|$)' || true)
	if [ ${#programs[@]} -eq 0 ]; then
		echo "$package: not installed"
		continue
	fi
	before=$(find "$folder" -name '*.bpf.o' | wc -l)
	"$cutbpf" "$folder" "${programs[@]}"
	count=$(($(find "$folder" -name '*.bpf.o' | wc -l) - before))
	echo "$package: $count objects in ${#programs[@]} programs"
done
