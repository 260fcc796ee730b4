#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Everything that changes the installed state, disturbed at every step: see sweep.c.  A new command
# is one more `sweep` line below.  Prints TAP, and the figures as `# faults: ...`.
#
# B is the build folder.  What is read fails with EIO only, unless SOAK=1: then it is killed,
# interrupted and cut short there, too.  For a look beside other tests, EVERY=N takes each N-th
# trial only and leaves the controls out.  BTFERRY is another program than the static one, which
# starts quickest.
set -u
cd "$(dirname "$0")/../.." || exit 1
B=$(realpath "${B:-build}")
skip() { echo "1..0 # skip $1"; exit 0; }
[ "$(id -u)" -eq 0 ] || skip "not root"

# In a mount namespace of its own: the kernel exposes no BTF, and syncing costs nothing.
if [ -z "${FAULTS_WORK:-}" ]; then
	FAULTS_WORK=$(mktemp -d) || exit 1
	export FAULTS_WORK B
	trap 'rmdir "$FAULTS_WORK"' EXIT
	unshare -m true 2>/dev/null || skip "no mount namespace of our own"
	unshare -m "$0" "$@"
	exit
fi
mount -t tmpfs none "$FAULTS_WORK" && mkdir "$FAULTS_WORK/none" || exit 1
[ ! -d /sys/kernel/btf ] || mount --bind "$FAULTS_WORK/none" /sys/kernel/btf || exit 1
faults=$B/tests/faults/faults btfpack=$B/bin/btfpack
btferry=$(realpath "${BTFERRY:-$B/bin/btferry-static}")
# Who is traced cannot look for leaks.
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
unset BTFERRY_BTF_FILE BTFERRY_BPF_FILE
archive=$PWD/tests/files/btf/debian/12/x86_64/6.1.0-54-cloud-amd64.btf.tar.xz
cd "$FAULTS_WORK" || exit 1
mkdir work
SECONDS=0

# Two versions for this kernel, one with equal BTF (a hard link), and one that exposes its own (a
# symbolic link): each kind of file that an install makes.
arch=$(uname -m)
[ "$arch" != aarch64 ] || arch=arm64
mkdir -p "archive/debian/12/$arch"
tar -xJOf "$archive" >"archive/debian/12/$arch/$(uname -r).btf"
cp "archive/debian/12/$arch/$(uname -r).btf" "archive/debian/12/$arch/6.1-twin.btf"
cp "$B/tests/bpf/runtime/covered.bpf.o" tiny.bpf.o
pack() { # VERSION
	printf '[app]\nname = tiny\nversion = %s\n[object]\npath = tiny.bpf.o\n' "$1" >tiny.ini
	"$btfpack" build -q -a archive -o "$1.payload" tiny.ini
}
pack 1 && pack 2 || exit 1
kernels=(--kernel "$(uname -r)" --kernel 6.1-twin --kernel 6.66-own)
install=("$btferry" install --root @ROOT@ "${kernels[@]}" --payload "$FAULTS_WORK")
install_one=("${install[@]:0:${#install[@]}-1}" "$FAULTS_WORK/1.payload")
install_two=("${install[@]:0:${#install[@]}-1}" "$FAULTS_WORK/2.payload")
in_root() { # ROOT COMMAND...
	local root=$1
	shift
	"${@//@ROOT@/$root}" >log 2>&1 || { cat log >&2; exit 1; }
}

# The roots that the commands start from.
mkdir -p empty/boot
echo CONFIG_DEBUG_INFO_BTF=y >empty/boot/config-6.66-own
cp -a empty full
in_root full "${install_one[@]}"
in_root full "${install_two[@]}"
in_root full "${install_one[@]}"
state=var/lib/tiny

cp -a full damaged
printf '\xa5' | dd of=damaged/$state/current/tiny.bpf.o bs=1 seek=99 conv=notrunc status=none

# The same with BTF that was built elsewhere, and is kept three folders deep.
"$btfpack" reduce -q -o built.btf "archive/debian/12/$arch/6.1-twin.btf" tiny.bpf.o \
	"$B/bpf/canary.bpf.o" || exit 1
jq -n --arg r "$(uname -r)" '{schema: 1, way: "headers", release: $r, build: ""}' >build.json
llvm-objcopy --add-section .btferry.build=build.json \
	--add-section .btferry.btf=built.btf tiny.bpf.o built.o || exit 1
install_built=("$btferry" install --root @ROOT@ --kernel "$(uname -r)"
	--object "$FAULTS_WORK/built.o" --payload "$FAULTS_WORK/2.payload")

# Signed by somebody who is trusted there: the epoch is one more thing to write.
minisign -G -W -p vendor.pub -s vendor.key >log || { cat log >&2; exit 1; }
for version in 1 2; do
	cp $version.payload signed-$version.payload
	"$btfpack" sign --sign vendor.key --epoch $version signed-$version.payload || exit 1
done
cp -a empty trusting
mkdir -p trusting/etc/btferry/trusted.d
cp vendor.pub trusting/etc/btferry/trusted.d
install_signed_one=("${install_one[@]/%\/1.payload//signed-1.payload}")
install_signed_two=("${install_two[@]/%\/2.payload//signed-2.payload}")
cp -a trusting signed
in_root signed "${install_signed_one[@]}"

# What is left of a kill before `current` was renamed, of one while an old generation was being
# removed, and of one in the middle of writing.
cp -a full leftovers
cp -a leftovers/$state/gen/2 leftovers/$state/gen/4
ln -s gen/4 leftovers/$state/current.tmp
mkdir -p leftovers/$state/gen/.tmp-old-9/btf leftovers/$state/gen/.tmp-0badcafe/btf
cp leftovers/$state/gen/1/payload leftovers/$state/gen/.tmp-old-9
head -c 999 leftovers/$state/gen/1/payload >leftovers/$state/gen/.tmp-0badcafe/payload

# Independent of everything: what starts whole is what its plan says.
whole() { # GENERATION
	(cd "$1" && jq -r '.files[] | "\(.sha256)  \(.path)"' plan.json | sha256sum -c --quiet)
}

number=0 failed=0 total=0 torn=0
report() { # STATUS TEXT
	number=$((number + 1))
	[ "$1" -eq 0 ] || failed=1
	echo "$([ "$1" -eq 0 ] || echo 'not ')ok $number $2"
}

sweep() { # NAME START COMMAND...; REPAIR is what to run afterwards, if it is not the same again
	local status=0
	"$faults" -e "${EVERY:-1}" ${REPAIR:+-r "$REPAIR"} "$1" "$2" work tiny "${@:3}" \
		>out 2>&1 || status=$?
	sed -n 's/^[^#].*/# faults: &/p' out
	[ $status -eq 0 ] || grep '^#\|^faults' out
	total=$((total + $(sed -n 's/.* calls, \([0-9]*\) injections.*/\1/p' out)))
	torn=$((torn + $(sed -n 's/.* injections, \([0-9]*\) torn.*/\1/p' out)))
	torn=$((torn + $(sed -n 's/.* states, \([0-9]*\) torn.*/\1/p' out)))
	report $status "$1: old or new, whole, and the next run repairs"
}

# The same, disturbed at what it reads; -t before the command: it only tells.
reads() { # NAME START [-t] COMMAND...
	local name=$1 start=$2 status=0 how=(-i -e "${EVERY:-1}")
	shift 2
	if [ "$1" = -t ]; then
		how+=(-t)
		shift
	fi
	[ -n "${SOAK:-}" ] || how+=(-a EIO)
	"$faults" "${how[@]}" ${REPAIR:+-r "$REPAIR"} "$name, reading" \
		"$start" work tiny "$@" >out 2>&1 || status=$?
	sed -n 's/^[^#].*/# faults: &/p' out
	[ $status -eq 0 ] || grep '^#\|^faults' out
	total=$((total + $(sed -n 's/.* calls, \([0-9]*\) injections.*/\1/p' out)))
	torn=$((torn + $(sed -n 's/.* injections, \([0-9]*\) torn.*/\1/p' out)))
	report $status "$name, reading: old or new, whole, and what could not be read is named"
}

# The same must find what is not done as it should be.
finds() { # NAME FIGURE START [-s WHAT] [-i] [-t] COMMAND...
	local name=$1 figure=$2 start=$3 how=() status=0
	shift 3
	while [[ $1 = -* ]]; do
		how+=("$1")
		[ "$1" != -s ] || { how+=("$2"); shift; }
		shift
	done
	"$faults" -e "${every:-10}" "${how[@]}" "$name" "$start" work tiny "$@" >out 2>&1 || status=$?
	sed -n 's/^[^#].*/# control: &/p' out
	if [ $status -ne 1 ] || ! grep -qE "$figure" out; then
		cat out
		status=2
	fi
	report $((status - 1)) "control: $name: is found"
}

for generation in full/"$state"/gen/* leftovers/"$state"/gen/[0-9]; do
	whole "$generation" || exit 1
done
report 0 "what starts whole is what its plan.json says"

sweep "fresh install" empty "${install_one[@]}"
sweep "the same install again" full "${install_one[@]}"
sweep "upgrade" full "${install_two[@]}"
sweep "install of something built" empty "${install_built[@]}"
sweep "fresh install, signed" trusting "${install_signed_one[@]}"
sweep "upgrade, signed" signed "${install_signed_two[@]}"
sweep "uninstall, signed" signed "$btferry" uninstall --app tiny --root @ROOT@
sweep "install over a damaged file" damaged "${install_one[@]}"
sweep "install over leftovers" leftovers "${install_two[@]}"
# Run again, it would lead back; so what is done must be left, and what is left over go.
cat >rolled-back <<-END
	#!/bin/sh -e
	[ "\$(jq .version "\$1/$state/current/plan.json")" = '"2"' ] ||
		"$btferry" rollback --app tiny --root "\$1"
	exec "$btferry" install --root "\$1" ${kernels[*]} --payload "$FAULTS_WORK/2.payload"
END
chmod +x rolled-back
REPAIR=$FAULTS_WORK/rolled-back sweep "rollback" full "$btferry" rollback --app tiny --root @ROOT@
sweep "uninstall" full "$btferry" uninstall --app tiny --root @ROOT@
sweep "uninstall of leftovers" leftovers "$btferry" uninstall --app tiny --root @ROOT@

reads "fresh install" empty "${install_one[@]}"
reads "the same install again" full "${install_one[@]}"
reads "upgrade" full "${install_two[@]}"
reads "upgrade, signed" signed "${install_signed_two[@]}"
reads "install over a damaged file" damaged "${install_one[@]}"
reads "install over leftovers" leftovers "${install_two[@]}"
REPAIR=$FAULTS_WORK/rolled-back reads "rollback" full "$btferry" rollback --app tiny --root @ROOT@
reads "uninstall" full "$btferry" uninstall --app tiny --root @ROOT@
reads "uninstall of leftovers" leftovers "$btferry" uninstall --app tiny --root @ROOT@
reads "status" full -t "$btferry" status --app tiny --root @ROOT@
reads "path object" full -t "$btferry" path object --app tiny --root @ROOT@
reads "path btf" full -t "$btferry" path btf --app tiny --root @ROOT@
echo "# faults: $total injections and the power cuts: $torn torn, $SECONDS s"

controls() {
	local cut_torn='states, [1-9][0-9]* torn'
	finds "no fsync of files" "$cut_torn" full -s files "${install_two[@]}"
	finds "no fsync of folders" "$cut_torn" full -s folders "${install_two[@]}"
	finds "no fsync of folders, uninstall" "$cut_torn" full -s folders \
		"$btferry" uninstall --app tiny --root @ROOT@
	finds "written in place" 'injections, [1-9][0-9]* torn' full \
		env LD_PRELOAD="$B/tests/faults/in_place.so" "$B/bin/btferry" "${install_two[@]:1}"
	every=1 finds "read errors not looked at" '[1-9][0-9]* wrong ends' full -i -t \
		env LD_PRELOAD="$B/tests/faults/swallow.so" "$B/bin/btferry" status --app tiny --root @ROOT@
}
[ -n "${EVERY:-}" ] || controls
echo "1..$number"
exit $failed
