#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# btfpack build --shard and merge: the work in parts, the result the same to the byte.

load helpers
load images

# Seven kernels of four BTFs, so that shards share classes.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
	manifest=$B/bpf/proctrace.ini
	cp -r "$archive" kernels
	chmod -R u+w kernels
	cp kernels/debian/12/x86_64/$release.btf.tar.xz kernels/debian/12/x86_64/6.1.0-98-a.btf.tar.xz
	cp kernels/debian/12/x86_64/$release.btf.tar.xz kernels/debian/12/x86_64/6.1.0-99-b.btf.tar.xz
	cp kernels/debian/13/x86_64/*.btf.tar.xz kernels/debian/11/x86_64/7.3.4-c.btf.tar.xz
}

whole() { "$BTFPACK" build -a kernels -o whole."${1:-payload}" "$manifest"; }
shard() { # I N [FILE]
	"$BTFPACK" build -q -j 1 -a kernels --shard "$1/$2" -o "${3:-$1.part}" "$manifest"
}
merge() { run "$BTFPACK" merge -o merged.payload "$@"; }
refused() { # TEXT
	[ "$status" -eq 5 ] || { echo "$status $output" >&2; return 1; }
	says "$1"
	[ ! -e merged.payload ]
}

@test "three shards, joined in any order, are the build without shards; so is its report" {
	whole >whole.report
	for i in 1 2 3; do shard $i 3; done
	local order
	for order in "1 2 3" "1 3 2" "2 1 3" "2 3 1" "3 1 2" "3 2 1"; do
		# shellcheck disable=SC2046,SC2086 # a list of names
		"$BTFPACK" merge -o merged.payload $(printf '%s.part ' $order) >merged.report
		cmp whole.payload merged.payload
		cmp <(sed 's/whole/X/' whole.report) <(sed 's/merged/X/' merged.report)
	done
}

@test "as a .run, without manifest and objects at hand" {
	whole run >whole.report
	cp "$B"/bpf/{proctrace,event,kernel_types,bpf_}* .
	manifest=proctrace.ini
	shard 1 2
	shard 2 2
	rm -r proctrace.* kernels
	"$BTFPACK" merge -q -o merged.run 2.part 1.part
	cmp whole.run merged.run
	run ./merged.run list
	[ "$status" -eq 0 ]
}

@test "one shard, more shards than kernels, the same part every time" {
	whole >/dev/null
	shard 1 1
	"$BTFPACK" merge -q -o merged.payload 1.part
	cmp whole.payload merged.payload
	shard 1 1 again.part
	cmp 1.part again.part
	for i in 1 2 3 4 5 6 7 8 9; do shard $i 9; done
	"$BTFPACK" merge -q -o merged.payload {9,8,7,6,5,4,3,2,1}.part
	cmp whole.payload merged.payload
}

@test "beside each other, by GNU parallel or xargs" {
	whole >/dev/null
	export manifest
	if command -v parallel >/dev/null; then
		parallel --will-cite -j 2 \
			"$BTFPACK" build -q -j 1 -a kernels --shard {}/4 -o {}.part "$manifest" ::: 1 2 3 4
	else
		printf '%s\n' 1 2 3 4 | xargs -P 2 -I {} \
			"$BTFPACK" build -q -j 1 -a kernels --shard {}/4 -o {}.part "$manifest"
	fi
	"$BTFPACK" merge -q -o merged.payload ./*.part
	cmp whole.payload merged.payload
}

@test "a missing shard, a doubled one, one of another count: refused by name" {
	for i in 1 2 3; do shard $i 3; done
	merge 1.part 3.part
	refused "shard 2 of 3 is missing"
	cp 2.part copy.part
	merge 1.part 2.part 3.part copy.part
	refused "copy.part: is shard 2 of 3, as 2.part is"
	shard 1 2 half.part
	merge 2.part 3.part half.part
	refused "half.part: is one of 2 shards, 2.part is one of 3"
}

@test "a part of other objects, of another manifest, of another archive: refused by name" {
	for i in 1 2; do shard $i 2; done
	cp "$B/tests/bpf/narrow.bpf.o" x.bpf.o
	printf '[app]\nname = x\nversion = 1\n[object]\npath = x.bpf.o\n' >x.ini
	"$BTFPACK" build -q -a kernels --shard 2/2 -o other.part x.ini
	merge 1.part other.part
	refused "other.part: was made for other objects than 1.part"

	"$BTFPACK" build -q -a kernels --shard 1/2 -o x1.part x.ini
	sed 's/version = 1/version = 2/' x.ini >y.ini
	"$BTFPACK" build -q -a kernels --shard 2/2 -o y2.part y.ini
	merge x1.part y2.part
	refused "y2.part: was made for another manifest"

	rm kernels/debian/12/x86_64/6.1.0-98-a.btf.tar.xz
	shard 2 2 fewer.part
	merge 1.part fewer.part
	refused "fewer.part: was made of other archives than 1.part"
}

@test "damage to a part is found, wherever it is" {
	for i in 1 2; do shard $i 2; done
	local size at byte
	size=$(stat -c %s 2.part)
	for at in 0 5 40 $((size / 4)) $((size / 2)) $((size * 3 / 4)) $((size - 600)); do
		cp 2.part bad.part
		byte=$(od -An -tu1 -j"$at" -N1 bad.part)
		# shellcheck disable=SC2059 # the inner printf makes the format
		printf "\\x$(printf %x $((byte ^ 1)))" | put bad.part "$at"
		merge 1.part bad.part
		# A bit that zstd has no use for changes nothing.
		if [ "$status" -eq 0 ]; then
			cmp <(zstd -dc 2.part) <(zstd -dc bad.part)
			rm merged.payload
			continue
		fi
		refused "bad.part: "
	done
	head -c $((size / 2)) 2.part >cut.part
	merge 1.part cut.part
	refused "cut.part: "
	: >empty.part
	merge 1.part empty.part
	refused "empty.part: "
	tar -cf none.part "$manifest" 2>/dev/null
	merge none.part
	refused "none.part: damaged, or no part that build --shard made"
	# Whole as a tar, but not what was written.
	mkdir x
	zstd -dc 2.part | tar -x -C x
	find x/btf -type f | head -n 1 | xargs -I {} sh -c 'printf x >>{}'
	(cd x && tar -cf - part-*.json application.payload btf) >changed.part
	merge 1.part changed.part
	refused "changed.part: damaged, or no part that build --shard made: a BTF is not what its name"
	merge nowhere.part
	[ "$status" -eq 6 ]
}

@test "a damaged BTF ends its shard; left out with --keep-going it is left out of the whole" {
	head -c 300000 "$archive/debian/11/x86_64/5.10.0-46-cloud-amd64.btf.tar.xz" \
		>kernels/debian/11/x86_64/5.10.0-46-cloud-amd64.btf.tar.xz
	run "$BTFPACK" build -a kernels --shard 1/2 -o 1.part "$manifest"
	[ "$status" -eq 5 ]
	says "5.10.0-46-cloud-amd64.btf.tar.xz"
	[ ! -e 1.part ]
	"$BTFPACK" build -q -k -a kernels -o whole.payload "$manifest" 2>/dev/null
	for i in 1 2; do
		"$BTFPACK" build -q -k -a kernels --shard $i/2 -o $i.part "$manifest" 2>/dev/null
	done
	"$BTFPACK" merge -q -o merged.payload 1.part 2.part
	cmp whole.payload merged.payload
}

@test "a lock file holds for shards, too" {
	import --lock lock.json kernels
	"$BTFPACK" build -q --locked lock.json -a kernels -o whole.payload "$manifest"
	for i in 1 2; do
		"$BTFPACK" build -q --locked lock.json -a kernels --shard $i/2 -o $i.part "$manifest"
	done
	merge 2.part 1.part
	[ "$status" -eq 0 ]
	cmp whole.payload merged.payload
	rm 1.part
	rm kernels/debian/12/x86_64/6.1.0-98-a.btf.tar.xz
	run "$BTFPACK" build --locked lock.json -a kernels --shard 1/2 -o 1.part "$manifest"
	[ "$status" -eq 5 ]
	says "missing: debian/12/x86_64/6.1.0-98-a"
	[ ! -e 1.part ]
}

@test "usage" {
	local bad
	for bad in 0/3 4/3 1 1/0 a/b 1/3x -1/-1 ' 1/3' 1/; do
		run "$BTFPACK" build -a kernels --shard "$bad" -o 1.part "$manifest"
		[ "$status" -eq 2 ] || { echo "$bad" >&2; return 1; }
		says "--shard $bad: not I/N"
	done
	run "$BTFPACK" build -a kernels --shard 1/3 -o 1.payload "$manifest"
	[ "$status" -eq 2 ]
	says "--shard makes a .part"
	run "$BTFPACK" build -a kernels -o 1.part "$manifest"
	[ "$status" -eq 2 ]
	run "$BTFPACK" merge -o out.part 1.part
	[ "$status" -eq 2 ]
	run "$BTFPACK" merge 1.part
	[ "$status" -eq 2 ]
	run "$BTFPACK" merge --help
	[ "$status" -eq 0 ]
	says "in any order"
}
