# SPDX-License-Identifier: BSD-2-Clause
# What the benchmarks share; sourced, with $work being a folder of their own.
# shellcheck shell=bash

B=${B:-build}
RUNS=${RUNS:-5}
BPFTOOL=${BPFTOOL:-$(PATH=$PATH:/usr/sbin:/sbin command -v bpftool)}

# Every BTF of an archive, bare, in one folder; names hold the path, for a release may come twice.
unpack_archive() { # ARCHIVE FOLDER
	local file out
	mkdir -p "$2"
	find -L "$1" -name '*.btf*' ! -name '*.json' | sort | while read -r file; do
		out=${file#"$1"}
		out=$2/$(tr / - <<<"${out#/}")
		out=${out%%.btf*}.btf
		case $file in
		*.tar.xz) tar -xJOf "$file" ;;
		*.lz4) lz4 -dc "$file" ;;
		*.zst) zstd -dcq "$file" ;;
		*.xz) xz -dc "$file" ;;
		*) cat "$file" ;;
		esac >"$out"
	done
}

# A manifest of all objects in FOLDER, which the objects are copied into.  Any name is an
# architecture; the first is the one that the benchmarks' kernels are filed under.
write_manifest() { # FOLDER OBJECT...
	local folder=$1 arch=x86_64 count=0 object
	shift
	mkdir -p "$folder"
	printf '[app]\nname = bench\nversion = 1\n[object]\n' >"$folder/bench.ini"
	for object in "$@"; do
		cp "$object" "$folder/$count.bpf.o"
		echo "path.$arch = $count.bpf.o" >>"$folder/bench.ini"
		count=$((count + 1))
		arch=a$count
	done
}

# Appends "wall ms, CPU ms, peak KiB" of a command to a file; one that fails ends the benchmark.
measure() { # FILE COMMAND...
	local file=$1
	shift
	"$B/tests/bench/measure" "$@" 3>>"$file" >/dev/null 2>"$work/log" || {
		echo "$*: exit status $?" >&2
		tail -n 5 "$work/log" >&2
		return 1
	}
}

median() { # FILE COLUMN
	cut -d' ' -f"$2" "$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
