#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge

# Neither check nor run finds BTF, and the stored one serves.
serves_stored() { # CHECK RUN
	status_is "$1" 0
	says "$1.out" "proctrace will run here."
	status_is "$1-json" 0
	matches_schema "$1-json.out"
	[ "$(jq -r '"\(.verdict) \(.plan.row) \(.plan.btf) \(.canary.outcome)"' "$1-json.out")" = \
		"will_run 4 stored match" ]
	says "$2.err" "(case 4)"
	accounted "$2"
}

@test "hidden: /sys/kernel/btf covered: the stored BTF serves" {
	status_is install 0
	status_is status 0
	serves_stored check run
}

@test "hidden: installed with the kernel's own BTF, which is gone: exit 3, run install" {
	status_is exposed-install 0
	says exposed-install.out "the kernel's own BTF"
	status_is gone 3
	says gone.err "It was installed to use the BTF that kernel $RELEASE exposed"
	says gone.err "Run \`proctrace install\`"
	status_is gone-status 3
	status_is gone-path 3
	status_is gone-unmounted 3
	says gone-unmounted.err "mount -t sysfs sysfs /sys"
	says gone-unmounted.err "run \`proctrace install\`"
}

@test "hidden: and when it is back, it is used" {
	status_is exposed 0
	says exposed.err "(case 3)"
}

@test "hidden: a program that needs the kernel's own BTF: a clear no" {
	for name in fentry fentry-check; do
		status_is $name 1
		cat $name.out $name.err >said
		says said "Program with_btf needs the kernel's own BTF (fentry)"
	done
}

@test "hidden: /sys not mounted: the stored BTF serves" {
	serves_stored unmounted-check unmounted
}

@test "hidden: /sys not mounted: a program that needs the kernel's own BTF: mount it" {
	for name in unmounted-fentry unmounted-fentry-check; do
		status_is $name 1
		cat $name.out $name.err >said
		says said "Program with_btf needs the kernel's own BTF (fentry)"
		says said "mount -t sysfs sysfs /sys"
	done
	status_is uninstall 0
}
