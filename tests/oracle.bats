# SPDX-License-Identifier: BSD-2-Clause
# libbpf's own resolver finds no difference between a kernel's BTF and what `btfpack reduce` leaves
# of it: for every relocation of every object, asked alone and in the object's order.

load helpers

oracle=$B/tests/oracle/oracle
made=$B/tests/bpf

setup_file() {
	mkdir "$BATS_FILE_TMPDIR/kernels"
	"$repo/tests/oracle/objects.sh" "$B/tests/oracle/cutbpf" "$BATS_FILE_TMPDIR/objects" \
		>"$BATS_FILE_TMPDIR/packages"
	local kernel
	for kernel in 5.10.0-46-cloud-amd64 6.1.0-54-cloud-amd64 6.12.43+deb12-cloud-arm64 \
		7.3.4+deb13-cloud-amd64; do
		kernel_btf "$kernel" >"$BATS_FILE_TMPDIR/kernels/$kernel"
	done
}

# Reduces kernel $1 for the objects and compares each; prints what differs.
same_for_each() {
	local kernel=$1 object failed=0
	shift
	for object; do
		"$BTFPACK" reduce -o "$BATS_TEST_TMPDIR/reduced" "$kernel" "$object" || failed=1
		"$oracle" "$object" "$kernel" "$BATS_TEST_TMPDIR/reduced" || failed=1
	done
	return $failed
}

packages_are_the_same_on() {
	same_for_each "$BATS_FILE_TMPDIR/kernels/$1" "$BATS_FILE_TMPDIR"/objects/*.bpf.o
}

# How many objects package $1 had, nothing where it is not installed.
objects_of() { sed -n "s/^$1: \([0-9]*\) objects.*/\1/p" "$BATS_FILE_TMPDIR/packages"; }

@test "libbpf-tools: every program of it had an object" {
	[ "$(objects_of libbpf-tools)" -ge 50 ]
	grep -qx 'libbpf-tools: \([0-9]*\) objects in \1 programs' "$BATS_FILE_TMPDIR/packages"
}

@test "systemd: its objects are among those judged, where it has any" {
	local version
	version=$(systemctl --version) || skip "systemd is not installed"
	if [[ $version == *-BPF_FRAMEWORK* ]]; then
		[ "$(objects_of systemd)" -eq 0 ]
		skip "$(awk 'NR == 1 { print $1, $2 }' <<<"$version") has none (-BPF_FRAMEWORK)"
	fi
	[ "$(objects_of systemd)" -gt 0 ]
}

@test "bpftrace: its objects are among those judged, where it has any" {
	[ -n "$(objects_of bpftrace)" ] || skip "bpftrace is not installed (0.17 has none)"
	[ "$(objects_of bpftrace)" -gt 0 ] || skip "$(bpftrace --version) has none"
}

@test "objects of Debian's packages, each reduced alone: 5.10 x86_64" {
	packages_are_the_same_on 5.10.0-46-cloud-amd64
}

@test "objects of Debian's packages, each reduced alone: 6.1 x86_64" {
	packages_are_the_same_on 6.1.0-54-cloud-amd64
}

@test "objects of Debian's packages, each reduced alone: 6.12 arm64" {
	packages_are_the_same_on 6.12.43+deb12-cloud-arm64
}

@test "objects of Debian's packages, each reduced alone: 7.3 x86_64" {
	packages_are_the_same_on 7.3.4+deb13-cloud-amd64
}

@test "objects of Debian's packages, reduced together for each kernel" {
	local kernel object failed=0
	for kernel in "$BATS_FILE_TMPDIR"/kernels/*; do
		"$BTFPACK" reduce -o "$BATS_TEST_TMPDIR/reduced" "$kernel" \
			"$BATS_FILE_TMPDIR"/objects/*.bpf.o
		for object in "$BATS_FILE_TMPDIR"/objects/*.bpf.o; do
			"$oracle" "$object" "$kernel" "$BATS_TEST_TMPDIR/reduced" || failed=1
		done
	done
	[ $failed -eq 0 ]
}

@test "the test objects ask every kind of question that libbpf knows" {
	local kind
	"$oracle" "$made/kinds.bpf.o" "$BATS_FILE_TMPDIR/kernels/6.1.0-54-cloud-amd64" \
		>"$BATS_TEST_TMPDIR/answers"
	for kind in byte_off byte_sz field_exists signed lshift_u64 rshift_u64 local_type_id \
		target_type_id type_exists type_size enumval_exists enumval_value type_matches; do
		grep -q ": $kind " "$BATS_TEST_TMPDIR/answers" || { echo "no $kind"; return 1; }
	done
	# And all sorts of answers, so that equality means something.
	grep -q 'poison' "$BATS_TEST_TMPDIR/answers"
	grep -q 'error' "$BATS_TEST_TMPDIR/answers"
	grep -q 'type_matches .*: 1 -> 1' "$BATS_TEST_TMPDIR/answers"
	grep -q 'type_matches .*: 1 -> 0' "$BATS_TEST_TMPDIR/answers"
	grep -q '9223372036854775808' "$BATS_TEST_TMPDIR/answers"
}

@test "every kind of question, on each fixture kernel" {
	local kernel failed=0
	for kernel in "$BATS_FILE_TMPDIR"/kernels/*; do
		same_for_each "$kernel" "$made/kinds.bpf.o" "$made/shapes.bpf.o" || failed=1
	done
	[ $failed -eq 0 ]
}

@test "arrays of structs, of arrays and flexible ones, unions three deep and typedefs are met" {
	local answers=$BATS_TEST_TMPDIR/answers
	for kernel in "$BATS_FILE_TMPDIR"/kernels/{5.10.0-46-cloud-amd64,7.3.4+deb13-cloud-amd64} \
		"$made/shapes.btf"; do
		"$oracle" "$made/shapes.bpf.o" "$kernel"
	done >"$answers"
	# In one of them at least.
	for what in signal_struct+0:0:7:1 mem_cgroup_per_node+0:0:2:3 pid+0:1:2:0 \
		bpf_prog_array+0:1:3:0 page+0:0:0:0:0:0 sk_buff+0:0:0:0:0 atomic_t+0:0 \
		kernel_siginfo_t+0:1 sigval+0:1; do
		grep -qE "byte_off ${what//+/\\+}: fresh: [0-9]+ -> [0-9]+, size" "$answers" ||
			{ echo "not met: $what"; return 1; }
	done
	grep -q 'type_size cpumask_var_t.* -> 2048' "$answers"
	grep -q 'enumval_value perf_event_state.* -> 18446744073709551613' "$answers"
	# One and the same question is yes and no.
	grep -q 'field_exists pid+0:1:2:0: fresh: 1 -> 0' "$answers"
	grep -q 'field_exists pid+0:1:2:0: fresh: 1 -> 1' "$answers"
}

@test "all test objects together, on each fixture and each made kernel" {
	local kernel object failed=0
	for kernel in "$BATS_FILE_TMPDIR"/kernels/* "$made"/*.btf; do
		"$BTFPACK" reduce -o "$BATS_TEST_TMPDIR/reduced" "$kernel" "$made"/*.bpf.o
		for object in "$made"/*.bpf.o; do
			"$oracle" "$object" "$kernel" "$BATS_TEST_TMPDIR/reduced" || failed=1
		done
	done
	[ $failed -eq 0 ]
}

@test "reducing a reduced BTF changes no answer" {
	local kernel
	for kernel in "$BATS_FILE_TMPDIR/kernels/7.3.4+deb13-cloud-amd64" "$made/duplicates.btf"; do
		"$BTFPACK" reduce -o "$BATS_TEST_TMPDIR/once" "$kernel" "$made"/*.bpf.o
		"$BTFPACK" reduce -o "$BATS_TEST_TMPDIR/twice" "$BATS_TEST_TMPDIR/once" \
			"$made"/*.bpf.o
		cmp "$BATS_TEST_TMPDIR/once" "$BATS_TEST_TMPDIR/twice"
	done
}

@test "a whole archive: a line a kernel, the sum, and what differs by name" {
	run env B="$B" "$repo/tests/oracle/corpus.sh" "$archive" "$made/kinds.bpf.o" "$made/shapes.bpf.o"
	[ "$status" -eq 0 ]
	[ "$(grep -c '^ok ' <<<"$output")" -eq 4 ]
	[[ ${lines[-1]} == '# 4 kernels, 2 objects: '*' relocations, '*' 0 differences' ]]
	# As `make corpus` writes them.
	"$BTFPACK" import -q -o "$BATS_TEST_TMPDIR/zst" "$archive/debian/12"
	run env B="$B" "$repo/tests/oracle/corpus.sh" "$BATS_TEST_TMPDIR/zst" "$made/kinds.bpf.o"
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == '1..2' ]]
	mkdir "$BATS_TEST_TMPDIR/none"
	run env B="$B" "$repo/tests/oracle/corpus.sh" "$BATS_TEST_TMPDIR/none" "$made/kinds.bpf.o"
	[ "$status" -eq 1 ]
	[[ $output == *'no kernels, so nothing was judged' ]]
	cp "$made/tag.btf" "$BATS_TEST_TMPDIR/none/cut.btf"
	truncate -s 100 "$BATS_TEST_TMPDIR/none/cut.btf"
	run env B="$B" "$repo/tests/oracle/corpus.sh" "$BATS_TEST_TMPDIR/none" "$made/kinds.bpf.o"
	[ "$status" -eq 1 ]
	[[ $output == *'not ok 1 cut.btf'* ]]
}

@test "the sign of an enum and of an array's elements" {
	same_for_each "$made/signs.btf" "$made/signs.bpf.o"
}

@test "a 32-bit kernel keeps its pointer size, an enum its 64 bits" {
	same_for_each "$made/long32.btf" "$made/narrow.bpf.o"
	same_for_each "$made/enum64.btf" "$made/wide.bpf.o"
}

# The defects of bpftool's reduction that btfpack was begun for.  What bpftool does is asserted for
# the version in which it was seen; a later one may have mended it.
bpftool_fails_on() {
	local kernel=$1 object=$2 bpftool
	bpftool=$(PATH=$PATH:/usr/sbin:/sbin command -v bpftool)
	"$bpftool" version | grep -q '^bpftool v7\.1\.' || return 0
	! { "$bpftool" gen min_core_btf "$kernel" "$BATS_TEST_TMPDIR/theirs" "$object" &&
		"$oracle" "$object" "$kernel" "$BATS_TEST_TMPDIR/theirs"; }
}

defect() { # OBJECT KERNEL
	bpftool_fails_on "$made/$2.btf" "$made/defect_$1.bpf.o"
	same_for_each "$made/$2.btf" "$made/defect_$1.bpf.o"
}

@test "defect 1: a typedef that ends at a forward declaration" {
	defect forward forward
}

@test "defect 2: type tags on the way" {
	defect tag tag
}

@test "defect 3: two types of one name, pruned as libbpf goes" {
	defect duplicates duplicates
}

@test "defect 3 on real kernels: struct irq_info is ambiguous and must stay so" {
	local kernel=$BATS_FILE_TMPDIR/kernels/6.1.0-54-cloud-amd64
	bpftool_fails_on "$kernel" "$made/kinds.bpf.o"
	same_for_each "$kernel" "$made/kinds.bpf.o"
}

@test "defect 4: an array of no elements that dropped members would make flexible" {
	defect flexible flexible
}

# The oracle itself: it must see what is wrong.
@test "the oracle sees a BTF that was reduced from another kernel" {
	local full=$BATS_FILE_TMPDIR/kernels/6.1.0-54-cloud-amd64
	"$BTFPACK" reduce -o "$BATS_TEST_TMPDIR/other" \
		"$BATS_FILE_TMPDIR/kernels/5.10.0-46-cloud-amd64" "$made/kinds.bpf.o"
	run "$oracle" "$made/kinds.bpf.o" "$full" "$BATS_TEST_TMPDIR/other"
	[ "$status" -eq 1 ]
	[[ $output == *'byte_off task_struct'*'differences' ]]
}

@test "the oracle sees one member that is one byte off" {
	local full=$BATS_FILE_TMPDIR/kernels/6.1.0-54-cloud-amd64
	"$BTFPACK" reduce -o "$BATS_TEST_TMPDIR/right" "$full" "$made/kinds.bpf.o"
	"$B/tests/oracle/makebtf" move "$BATS_TEST_TMPDIR/right" "$BATS_TEST_TMPDIR/wrong" \
		task_struct start_time
	run "$oracle" "$made/kinds.bpf.o" "$full" "$BATS_TEST_TMPDIR/wrong"
	[ "$status" -eq 1 ]
	# Asked alone and in order, and nothing else differs.
	[ "$(grep -c 'byte_off task_struct+0:14: ' <<<"$output")" -eq 2 ]
	[ "${lines[-1]}" = 'kinds.bpf.o: 140 relocations, 2 differences' ]
}

@test "the oracle says what it cannot read" {
	echo rubbish >"$BATS_TEST_TMPDIR/rubbish"
	run "$oracle" "$made/kinds.bpf.o" "$BATS_TEST_TMPDIR/rubbish" "$made/tag.btf"
	[ "$status" -eq 2 ]
	[[ $output == *rubbish* ]]
}

@test "a random trial is told by its seed" {
	run "$B/tests/oracle/random" --seed 42 --cases 50
	[ "$status" -eq 0 ]
	[[ ${lines[-1]} == 'ok 1 random 50 cases from seed 42' ]]
	run "$B/tests/oracle/random" --seed 4x
	[ "$status" -eq 2 ]
}

# random-broken has a mistake in it: what the random trials are worth is what they make of that.
@test "random trials find a mistake, tell its seed, and make the case small" {
	local broken=$B/tests/oracle/random-broken seed
	run "$broken" --seed 1 --cases 2000
	[ "$status" -eq 1 ]
	[[ ${lines[-1]} == 'not ok 1 random 2000 cases from seed 1' ]]
	seed=$(sed -n 's/^# seed \([0-9]*\): .*/\1/p' <<<"$output" | head -n 1)
	run "$broken" --seed "$seed" --cases 1
	[ "$status" -eq 1 ]
	[[ $output == *"# seed $seed: relocation "*': full BTF: '*reduced*'# at its smallest: '* ]]
	# One relocation, and of each side no more than the struct, its array, and int.
	[ "$(sed '1,/the relocations:/d' <<<"$output" | grep -c '^    ')" -eq 1 ]
	[[ $output == *'[0]'*'the relocations:'*'[1]'* ]]
	[ "$(grep -c '^    <' <<<"$output")" -le 12 ]
	run "$B/tests/oracle/random" --seed "$seed" --cases 1
	[ "$status" -eq 0 ]
}
