#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What `build` takes for a kernel without BTF, each way by itself, with the headers that Debian has
# for that kernel; and beside it the compiler alone, over the same headers.
#
#     tests/bench/build.sh RELEASE
set -eu
[ $# -eq 1 ] || { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$(dirname "$0")/common.bash"
RUNS=${RUNS_BUILD:-3}
release=$1
headers=$(tests/headers.sh get "$release")
common=$(realpath "$headers/common") build=$(realpath "$headers/build")

write_manifest "$work/app" "$B/tests/bpf/runtime/told_covered.bpf.o"
"$B/bin/btfpack" build -q -o "$work/execs.payload" "$work/app/bench.ini"
"$B/bin/btfpack" build -q -o "$work/proctrace.payload" "$B/bpf/proctrace.ini"

made() { # NAME PAYLOAD WAY
	measure "$work/$1" "$B/bin/btferry" --payload "$work/$2.payload" build --kernel "$release" \
		--headers "$headers" --way "$3" --out "$work/$1.out"
}

# What no way can do without: the widest header of them all, through clang once.
echo '#include <net/sock.h>' >"$work/alone.c"
alone() {
	measure "$work/alone" clang -target x86_64-linux-gnu -O2 -g -std=gnu11 -fms-extensions -w \
		-nostdlibinc -D__KERNEL__ -DKBUILD_MODNAME='"x"' -DCC_USING_FENTRY \
		-isystem "$common/arch/x86/include" -isystem "$build/arch/x86/include/generated" \
		-isystem "$common/include" -isystem "$build/include" \
		-isystem "$common/arch/x86/include/uapi" \
		-isystem "$build/arch/x86/include/generated/uapi" -isystem "$common/include/uapi" \
		-isystem "$build/include/generated/uapi" -include linux/kconfig.h \
		-include linux/compiler_types.h -emit-llvm -c "$work/alone.c" -o "$work/alone.bc"
}

for _ in $(seq "$RUNS"); do
	made headers execs headers
	made object proctrace object
	alone
done
echo "build for $release: medians of $RUNS"
printf '%-52s %8s %8s %10s\n' '' 'wall, s' 'CPU, s' 'peak, MiB'
of() { # FILE COLUMN UNIT
	awk -v value="$(median "$work/$1" "$2")" -v unit="$3" 'BEGIN { print value / unit }'
}
row() { # NAME FILE
	printf '%-52s %8.2f %8.2f %10.0f\n' "$1" "$(of "$2" 1 1e3)" "$(of "$2" 2 1e3)" \
		"$(of "$2" 3 1024)"
}
row 'headers: BTF for one program' headers
row 'object: proctrace, and BTF for its canary' object
row 'clang alone, on net/sock.h' alone
