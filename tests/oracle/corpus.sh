#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Every kernel of an archive, reduced for all objects at once, with libbpf as the judge of each
# object.  Prints TAP, a line a kernel, and in the end what was compared.  B is the build folder,
# JOBS how many kernels at a time.
#
#     tests/oracle/corpus.sh ARCHIVE [OBJECT...]
#
# Without OBJECT: what Debian's packages hold, the tests' own, proctrace and the canary, and one as
# large as they come.  An archive without kernels is a failure: nothing was judged.
set -u
cd "$(dirname "$0")/../.." || exit 1
B=${B:-build}
[ $# -ge 1 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
archive=$1
shift
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

objects=("$@")
if [ $# -eq 0 ]; then
	tests/oracle/objects.sh "$B/tests/oracle/cutbpf" "$work/objects" >"$work/packages" || exit 1
	sed "s/^/# /" "$work/packages"
	objects=("$work"/objects/*.bpf.o "$B"/tests/bpf/*.bpf.o "$B"/bpf/*.bpf.o
		"$B/tests/bench/large.bpf.o")
fi

bare() { # FILE: the BTF in it
	case $1 in
	*.tar | *.tar.*) tar -xOf "$1" ;;
	*.zst) zstd -dcq "$1" ;;
	*.xz) xz -dc "$1" ;;
	*.lz4) lz4 -dcq "$1" ;;
	*.gz) gzip -dc "$1" ;;
	*.bz2) bzip2 -dc "$1" ;;
	*) cat "$1" ;;
	esac
}

# The kernel reduced into the folder, then each object's verdict: a line of TAP in the end.
judge() { # NUMBER KERNEL FOLDER
	local object failed=0
	mkdir "$3"
	if bare "$2" >"$3/full" &&
		"$B/bin/btfpack" reduce -q -o "$3/reduced" "$3/full" "${objects[@]}"; then
		for object in "${objects[@]}"; do
			"$B/tests/oracle/oracle" "$object" "$3/full" "$3/reduced" >"$3/one" || {
				failed=1
				head -n 5 "$3/one" | sed 's/^/# /'
			}
			tail -n 1 "$3/one" >>"$3/totals"
		done
	else
		failed=1
	fi
	rm -f "$3/full" "$3/reduced" "$3/one"
	[ $failed -eq 0 ] || printf 'not '
	printf 'ok %d %s\n' "$1" "${2#"$archive"/}"
	return $failed
}

mapfile -t kernels < <(find -L "$archive" -type f -name '*.btf*' ! -name '*.json' ! -name '*.tmp' |
	LC_ALL=C sort)
[ ${#kernels[@]} -gt 0 ] || { echo "$archive: no kernels, so nothing was judged" >&2; exit 1; }
echo "1..${#kernels[@]}"
for number in "${!kernels[@]}"; do
	while [ "$(jobs -rp | wc -l)" -ge "${JOBS:-$(nproc)}" ]; do wait -n; done
	{ judge $((number + 1)) "${kernels[number]}" "$work/$number" || touch "$work/failed"; } \
		>"$work/$number.tap" 2>&1 && cat "$work/$number.tap" &
done
wait
cat "$work"/*/totals 2>/dev/null | awk -v kernels=${#kernels[@]} -v objects=${#objects[@]} '
	{ relocations += $2; differences += $4 }
	END {
		printf "# %d kernels, %d objects: %d relocations, each asked alone and in its order, " \
			"%d differences\n", kernels, objects, relocations, differences
	}'
[ ! -e "$work/failed" ]
