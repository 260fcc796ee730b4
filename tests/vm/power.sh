#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The power goes, for real: kills QEMU at random moments of an install, upgrade, rollback or
# uninstall, or of two installs at once, on an ext4 and an xfs disk; boots again, and looks at what
# is left.
#
#     power.sh [-u files|folders|all] [KILLS]
#
# After each kill, on each disk: every generation is whole, and `current` leads to the one from
# before or after what was going on, and nowhere only where nothing was installed; what a command
# had done when it ended is there; the next install succeeds and leaves nothing behind of what was
# interrupted.  Prints TAP.
#
# -u is the control: a program that leaves those syncs out must be found on both disks, by the same.
#
# Two things are lost.  What the guest had not written to its disk goes with QEMU: that is what a
# sync left out would have written.  (In half of the boots metadata goes to the disk within a
# second, and data as late as can be: that shows what is torn.  In the others data goes at once and
# metadata after minutes: that shows what is not durable.)  What the guest had written survives
# QEMU, in this host's page cache: `cache=` has no mode that forgets it.  So, for the disk's own
# write cache, QEMU records writes and flushes (blklogwrites), and cut.c makes the disk anew with
# none, half or all of what was written after the last flush.
#
# SEED=N repeats the moments and choices of a run, but for what the machine's load changes.  Of what
# was found, the disk before the repair and both consoles stay in B/vm/power.
set -u -o pipefail
cd "$(dirname "$0")/../.." || exit 1
usage() { sed -n 's/^#     /usage: /p' "$0" >&2; exit 2; }
B=$(realpath "${B:-build}")
export B
unsynced=
while getopts u: option; do
	case $option in
	u) unsynced=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
kills=${1:-10}
[[ $kills =~ ^[1-9][0-9]*$ && $unsynced =~ ^(|files|folders|all)$ ]] || usage
[ "$(uname -m)" = x86_64 ] || {
	echo "1..0 # skip the guest is x86_64, and what was built here is not"
	exit 0
}

here=$PWD/tests/vm
work=$B/vm/power/run${unsynced:+-$unsynced}
filesystems=(ext4 xfs)
SEED=${SEED:-$((RANDOM * 32768 + RANDOM))}
RANDOM=$SEED
# Not printed, since bash seeds RANDOM anew in a subshell.
draw() { drawn=$(((RANDOM << 15 | RANDOM) * $1 >> 30)); } # BELOW

tests=0 failed=0 qemu=
ok() { echo "ok $((++tests)) $*"; }
not_ok() {
	failed=$((failed + 1))
	echo "not ok $((++tests)) $*"
}
comment() { sed 's/^/# /'; }
bail() { # TEXT [FILE]
	not_ok "$1"
	[ -z "${2:-}" ] || tail -n 20 "$2" | comment
	echo "1..$tests"
	exit 1
}
stop() {
	[ -z "$qemu" ] || kill -KILL "$qemu"
	wait "$qemu"
	qemu=
} 2>/dev/null
trap stop EXIT

# Two versions for kernels with stored BTF, with equal BTF (a hard link) and with BTF of their own
# (a symbolic link); and the guest around them.
prepare() {
	local archive=$work/archive/debian/12/x86_64 program=$B/bin/btferry-static version
	[ -z "$unsynced" ] || program=$B/tests/vm/btferry-unsynced
	mkdir -p "$archive"
	tar -xJOf tests/files/btf/debian/11/x86_64/*.btf.tar.xz >"$archive/5.10-old.btf" &&
		tar -xJOf tests/files/btf/debian/12/x86_64/*.btf.tar.xz >"$archive/6.1-new.btf" &&
		cp "$archive/6.1-new.btf" "$archive/6.1-twin.btf" &&
		cp -r "$B/bpf" "$work/bpf" || return
	for version in 1 2; do
		sed -i "s/^version = .*/version = $version/" "$work/bpf/proctrace.ini"
		"$B/bin/btfpack" build -q -a "$work/archive" --program "$program" \
			-o "$work/v$version.run" "$work/bpf/proctrace.ini" || return
	done
	kernel=$("$here/kernels.sh" get 6.1-cloud) &&
		"$here/boot.sh" -b "$("$here/kernels.sh" busybox x86_64)" -M "$kernel/modules" \
			-f "$work/v1.run:/power/v1.run" -f "$work/v2.run:/power/v2.run" \
			-f "$here/power-guest.sh:/power/guest.sh" -i "$work/initramfs" "$kernel/image" \
			"${unsynced:+UNSYNCED=$unsynced }sh /power/guest.sh ext4=/dev/vda xfs=/dev/vdb"
}

# Sectors of 4096 bytes: a disk keeps or loses a sector whole, and file systems count on that.
make_disks() {
	truncate -s 64M "$work/ext4.empty" && mkfs.ext4 -q -b 4096 "$work/ext4.empty" &&
		truncate -s 300M "$work/xfs.empty" && mkfs.xfs -q -s size=4096 "$work/xfs.empty"
}

# Starts the guest on a copy of the disks.  This host's own disk is not flushed: what is written
# here outlives QEMU without it.
start() { # CONSOLE WORDS
	local fs drives=() file=driver=file,cache.no-flush=on log
	local size=logical_block_size=4096,physical_block_size=4096
	for fs in "${filesystems[@]}"; do
		cp --sparse=always "$work/$fs.disk" "$work/$fs.running"
		: >"$work/$fs.log"
		log=driver=blklogwrites,log-sector-size=4096,file=$fs-file,log=$fs-log
		drives+=(-blockdev "$file,node-name=$fs-file,filename=$work/$fs.running"
			-blockdev "$file,node-name=$fs-log,filename=$work/$fs.log"
			-blockdev "$log,node-name=$fs"
			-device "virtio-blk-pci,drive=$fs,$size,discard=off,write-zeroes=off")
	done
	qemu-system-x86_64 -cpu max -accel tcg,thread=multi -smp 2 -m 512 -display none -monitor none \
		-serial stdio -no-reboot -nic none "${drives[@]}" -kernel "$kernel/image" \
		-initrd "$work/initramfs" -append "console=ttyS0 no_timer_check quiet loglevel=1 panic=-1 $2" \
		</dev/null >"$1" 2>&1 &
	qemu=$!
}

# Until each disk said it so many times, or that it cannot.
wait_for() { # CONSOLE TIMES TEXT
	local fs tries said
	for fs in "${filesystems[@]}"; do
		for ((tries = 0; tries < 3000; tries++)); do
			said=$(grep -cs "^power: $fs $3" "$1") # there may be no console yet
			[ "${said:-0}" -lt "$2" ] || continue 2
			! grep -qs "^power: $fs cannot" "$1" || continue 2
			kill -0 "$qemu" 2>/dev/null || return
			sleep 0.2
		done
		return 1
	done
}

# The power goes.  QEMU is stopped before it is killed, so that no record of its log is cut off.
kill_it() { # CONSOLE
	kill -STOP "$qemu" 2>/dev/null || bail "the guest runs until it is killed" "$1"
	while grep -L '^State:.T' "/proc/$qemu"/task/*/status | grep -q .; do :; done
	stop
}

# What is installed at a moment: `none`, NUMBER:VERSION, or what is wrong.
state_at() { # CONSOLE FS MOMENT
	awk -v fs="$2" -v moment="$3" '
		$1 != "power:" { next }
		$2 == "whole" { version[$3] = $4 } # in the first one
		$2 == fs && $3 == "cannot" { wrong = "the file system cannot be mounted" }
		$2 != fs || $3 != moment { next }
		$4 == "current" { current = $5; sub("^gen/", "", current) }
		$4 == "generation" {
			have[$5] = version[$6]
			if (!version[$6]) wrong = wrong "generation " $5 " is not whole; "
		}
		$4 == "status" { status = $5 }
		END {
			if (current && !(current in have)) wrong = wrong "current leads nowhere; "
			if (status != (current ? 3 : 1)) wrong = wrong "status ends with " status "; "
			print wrong ? "torn: " wrong : current ? current ":" have[current] : "none"
		}' <(grep '^power: whole' "$work/console.1") <(grep '^power: [^w]' "$1")
}

# The states that a kill may leave: those from before and after the command, and if it had ended,
# the ones from after.
allowed() { # CONSOLE FS
	local before after
	case $command in
	clear) before=$(state_at "$1" "$2" repaired) after=none ;;
	install) before=none after=1:1 ;;
	upgrade) before=1:1 after=2:2 ;;
	rollback) before=2:2 after=3:1 ;;
	uninstall) before=3:1 after=none ;;
	two-installs) before='none 1:1 1:2' after='2:1 2:2' ;;
	rollback-of-two) before='2:1 2:2' after='3:1 3:2' ;;
	uninstall-of-two) before='3:1 3:2' after=none ;;
	esac
	[ "$phase" = after ] || echo "$before"
	echo "$after"
}

# What was wrong with one kill, on one disk; nothing if all is well.
judge() { # KILL FS
	local console=$work/console.$1 next=$work/console.$(($1 + 1)) state
	read -r phase command < <(
		sed -nE "s/^power: $2 (begin|end) ([a-z-]+).*/\1 \2/p" "$console" | tail -n 1)
	phase=$([ "$phase" = end ] && echo after || echo in)
	sed -nE "s/^power: $2 end ([a-z-]+) ([1-9].*)/\1 ended with \2/p" "$console"
	state=$(state_at "$next" "$2" cut)
	left=$state
	case $state in
	torn:*) echo "$state" ;;
	*)
		allowed "$console" "$2" | tr ' ' '\n' | grep -qx "$state" ||
			echo "lost: $state is left," \
				"where $(allowed "$console" "$2" | xargs) would be right"
		;;
	esac
	grep -q "^power: $2 end repair 0" "$next" || echo "the next install fails"
	sed -n "s/^power: $2 repaired leftover /still there: /p" "$next"
	[[ $(state_at "$next" "$2" repaired) = *:2 ]] ||
		echo "after the next install: $(state_at "$next" "$2" repaired)"
}

# Keeps what was found, and begins anew with an empty disk.
keep() { # KILL FS
	local found=$B/vm/power/found-$SEED-$1-$2
	spoiled[$2]=yes
	[ -z "$unsynced" ] || return 0
	mkdir -p "$found"
	cp --sparse=always "$work/$2.disk" "$found/disk"
	cp "$work/console.$1" "$found/console-before"
	cp "$work/console.$(($1 + 1))" "$found/console-after"
	echo "# SEED=$SEED; the disk and what the guest said: $found"
}

# Says how one kill went on one disk.
report() { # KILL FS
	judge "$1" "$2" >"$work/verdict"
	local text="$2, kill $1 $phase $command, commits within $committed s, ${sectors[$2]}: $left"
	cuts=$((cuts + 1)) hit[$command]=$((${hit[$command]:-0} + 1))
	torn=$((torn + $(grep -c '^torn' "$work/verdict")))
	lost=$((lost + $(grep -c '^lost' "$work/verdict")))
	if [ ! -s "$work/verdict" ]; then
		[ -n "$unsynced" ] || ok "$text"
		return
	fi
	if [ -n "$unsynced" ]; then
		echo "# $text"
		: "${first[$2]:="kill $1"}"
	else
		not_ok "$text"
	fi
	comment <"$work/verdict"
	keep "$1" "$2"
}

# What the power cut leaves of each disk, for the next start.
cut() {
	local fs percent chance unflushed kept
	for fs in "${filesystems[@]}"; do
		draw 3 && percent=$((drawn * 50))
		draw 1000000 && chance=$drawn
		unjudged[$fs]=${spoiled[$fs]}
		if [ -n "${spoiled[$fs]}" ]; then
			cp --sparse=always "$work/$fs.empty" "$work/$fs.disk"
			spoiled[$fs]=
			continue
		fi
		"$B/tests/vm/cut" "$work/$fs.log" "$work/$fs.disk" "$chance" $percent >"$work/sectors" ||
			bail "$fs: the disk that is left can be made"
		read -r unflushed kept <"$work/sectors"
		sectors[$fs]="$kept of $unflushed unflushed sectors kept"
		all_unflushed=$((all_unflushed + unflushed)) all_kept=$((all_kept + kept))
	done
}

# How long the commands take, all of them once.
measure() { # CONSOLE
	local begin
	! grep -q "^power: .* cannot" "$1" && wait_for "$1" 1 "begin install" &&
		begin=$(date +%s%3N) && wait_for "$1" 2 "begin install" || return
	round_ms=$(($(date +%s%3N) - begin))
}

rm -rf "$work" && mkdir -p "$work" || exit 1
prepare >"$work/prepare" 2>&1 || bail "the guest can be made" "$work/prepare"
make_disks >"$work/prepare" 2>&1 || bail "the disks can be made" "$work/prepare"
declare -A spoiled=() unjudged=() sectors=() hit=() first=()
for fs in "${filesystems[@]}"; do
	cp --sparse=always "$work/$fs.empty" "$work/$fs.disk"
	spoiled[$fs]='' unjudged[$fs]=yes
done
cuts=0 torn=0 lost=0 all_unflushed=0 all_kept=0 round_ms=0
for ((kill = 1; kill <= kills + 1; kill++)); do
	console=$work/console.$kill
	draw 2 && commit=$((drawn ? 300 : 1))
	start "$console" "power.commit=$commit $([ $kill -gt 1 ] || echo power.refer)"
	wait_for "$console" 1 ready || bail "the guest starts after kill $((kill - 1))" "$console"
	for fs in "${filesystems[@]}"; do
		[ -n "${unjudged[$fs]}" ] || report $((kill - 1)) "$fs"
	done
	if [ $kill -gt "$kills" ] || [ ${#first[@]} -eq 2 ]; then break; fi
	[ $kill -gt 1 ] || measure "$console" || bail "the commands can be run" "$console"
	draw 1000000 && sleep "$((drawn * round_ms / 1000000))e-3"
	kill_it "$console"
	cut
	committed=$commit
done
stop

if [ -n "$unsynced" ]; then
	for fs in "${filesystems[@]}"; do
		text="control: $fs: a program that leaves the syncs of $unsynced out is found"
		if [ -n "${first[$fs]:-}" ]; then ok "$text: ${first[$fs]}"; else not_ok "$text"; fi
	done
fi
for command in "${!hit[@]}"; do echo "$command ${hit[$command]}"; done | sort |
	xargs echo "# power: kills during:"
echo "# power: $((kill - 1)) kills, $cuts power cuts: $torn torn, $lost lost;" \
	"$all_kept of $all_unflushed unflushed sectors kept;" \
	"a round of commands takes $round_ms ms; SEED=$SEED; $SECONDS s"
echo "1..$tests"
[ $failed -eq 0 ]
