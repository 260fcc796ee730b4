#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# --allow-nearest: for a kernel that is not packed, what all builds around it have; off unless it is
# asked for, and never without the canary.

bats_require_minimum_version 1.5.0
load helpers
load installed

# Names of builds around a release, by its last number: 6.1.0-54-cloud-amd64 -> 6.1.0-53-..., ...
neighbour() { # RELEASE DIFFERENCE
	awk -v by="$2" '{
		rest = $0
		while (match(rest, /(^|[-.+~])[0-9]+([-.+~]|$)/)) {
			at = done + RSTART; size = RLENGTH
			done += RSTART + RLENGTH - 2; rest = substr($0, done + 1)
		}
		part = substr($0, at, size); match(part, /[0-9]+/)
		number = substr(part, RSTART, RLENGTH) + by
		print substr($0, 1, at + RSTART - 2) number substr($0, at + RSTART + RLENGTH - 1)
	}' <<<"$1"
}

# An archive in which the kernels that are named have the BTF of a file.
archive_of() { # FOLDER BTF RELEASE...
	local arch folder=$1 btf=$2 id version release
	arch=$(uname -m)
	[ "$arch" != aarch64 ] || arch=arm64
	# shellcheck source=/dev/null
	id=$(. /etc/os-release && echo "${ID:-linux}")
	# shellcheck source=/dev/null
	version=$(. /etc/os-release && echo "${VERSION_ID:-}")
	mkdir -p "$folder/$id/${version:-any}/$arch"
	shift 2
	for release; do cp "$btf" "$folder/$id/${version:-any}/$arch/$release.btf"; done
}

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	own=$(uname -r)
	kernel_btf $old >old.btf
	# Installs look at names only: any BTF does for them.
	archive_of two old.btf "$(neighbour 6.1.0-50-cloud-amd64 -1)" "$(neighbour 6.1.0-50-cloud-amd64 2)"
	archive_of one old.btf "$(neighbour 6.1.0-50-cloud-amd64 -1)"
	"$BTFPACK" build -q -a two -o two.payload "$B/bpf/proctrace.ini"
	"$BTFPACK" build -q -a one -o one.payload "$B/bpf/proctrace.ini"
	[ -r /sys/kernel/btf/vmlinux ] || return 0
	archive_of right /sys/kernel/btf/vmlinux "$(neighbour "$own" -1)" "$(neighbour "$own" 1)"
	archive_of wrong old.btf "$(neighbour "$own" -1)" "$(neighbour "$own" 1)"
	archive_of unalike /sys/kernel/btf/vmlinux "$(neighbour "$own" -1)"
	archive_of unalike old.btf "$(neighbour "$own" 1)"
	for name in right wrong unalike; do
		"$BTFPACK" build -q -a $name -o $name.payload "$B/bpf/proctrace.ini"
	done
}

setup() {
	use_payloads
	mkdir -p root/boot root/etc root/lib/modules/6.1.0-50-cloud-amd64
	cp /etc/os-release root/etc
}

live() {
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF to pack under its neighbours' names"
	own=$(uname -r)
}
hide() { without_btf "$BTFERRY" "$@"; }

@test "check and install tell of the builds around, and use none of them" {
	run -3 install_payload two --kernel 6.1.0-50-cloud-amd64
	[ ! -e "$state/current" ]
	echo '# CONFIG_DEBUG_INFO_BTF is not set' >config
	local elsewhere=(--release 6.1.0-50-cloud-amd64 --config config --os-release root/etc/os-release)
	run -3 "$BTFERRY" check --payload "$BATS_FILE_TMPDIR/two.payload" "${elsewhere[@]}"
	[[ $output = *"the 2 builds around it (1 older, 1 newer: 6.1.0-49-cloud-amd64 to "* ]]
	[[ $output = *"6.1.0-52-cloud-amd64) have one BTF: --allow-nearest takes it"* ]]
	"$BTFERRY" check --payload "$BATS_FILE_TMPDIR/two.payload" --json "${elsewhere[@]}" \
		>check.json || true
	matches_schema check.json
	[ "$(jq -c '.stored.neighbours | [.agree, .older, .newer]' check.json)" = '[true,1,1]' ]
}

@test "asked for, an install takes it and the plan says so" {
	install_payload two --kernel 6.1.0-50-cloud-amd64 --allow-nearest
	[ "$(kernels)" = "6.1.0-50-cloud-amd64 stored true" ]
	[ "$(jq -r '.kernels[0].rule' "$state/current/plan.json")" = neighbours ]
	jq -r '.kernels[0].reason' "$state/current/plan.json" | grep -q 'the 2 builds around it'
	is_intact
	# A hook for another kernel keeps it.
	mkdir root/lib/modules/6.1.0-52-cloud-amd64
	ask kernel-hook add 6.1.0-52-cloud-amd64
	[ "$(jq -r '.kernels[] | select(.release == "6.1.0-50-cloud-amd64").rule' \
		"$state/current/plan.json")" = neighbours ]
}

@test "builds on one side only, or of another flavour, do not stand in" {
	run -3 install_payload one --kernel 6.1.0-50-cloud-amd64 --allow-nearest
	run -3 install_payload two --kernel 6.1.0-50-amd64 --allow-nearest
	run -3 install_payload two --kernel 6.1.0-50-rt-amd64 --allow-nearest
	run -3 install_payload two --kernel 6.2.0-50-cloud-amd64 --allow-nearest
	sed -i 's/^ID=.*/ID=other/; s/^ID_LIKE=.*//' root/etc/os-release
	run -3 install_payload two --kernel 6.1.0-50-cloud-amd64 --allow-nearest
}

@test "it runs, when the canary agrees" {
	live
	cp /sys/kernel/btf/vmlinux given.btf
	run -3 hide install --payload "$BATS_FILE_TMPDIR/right.payload" --root root
	hide install --payload "$BATS_FILE_TMPDIR/right.payload" --root root --allow-nearest >/dev/null
	run -0 hide run --app proctrace --root root --dry-run
	[[ $output = *"the 2 builds around it"*"which takes its place. (case 4)"* ]] ||
		[[ $output = *"stored for $own takes its place. (case 4)"* ]]
	[[ $output =~ canary:\ ([0-9]+)\ of\ [0-9]+\ fields\ agree ]]
	run -2 hide run --app proctrace --root root --dry-run --no-canary
	[[ $output = *"nothing but the canary tells whether it is right"* ]]
}

@test "run takes it out of what is installed, for this once" {
	live
	hide install --payload "$BATS_FILE_TMPDIR/right.payload" --root root \
		--kernel "$(neighbour "$own" 1)" >/dev/null
	run -3 hide run --app proctrace --root root --dry-run
	snapshot >before
	run -0 hide run --app proctrace --root root --dry-run --allow-nearest
	[[ $output = *"the 2 builds around it"*"which takes its place. (case 4)"* ]]
	snapshot | diff before -
}

@test "where all around it have the BTF of another kernel, the canary stops it" {
	live
	hide install --payload "$BATS_FILE_TMPDIR/wrong.payload" --root root --allow-nearest >/dev/null
	run -1 hide run --app proctrace --root root --dry-run
	[[ $output = *"canary"* ]]
}

@test "builds that differ are none to go by" {
	live
	run -3 hide install --payload "$BATS_FILE_TMPDIR/unalike.payload" --root root --allow-nearest
	hide install --payload "$BATS_FILE_TMPDIR/unalike.payload" --root root \
		--kernel "$(neighbour "$own" 1)" >/dev/null
	run -3 hide run --app proctrace --root root --dry-run --allow-nearest
}
