#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What APP build --print says is typed as it stands, on a copy of this host, which is a Debian.

bats_require_minimum_version 1.5.0
load helpers
load clone

setup_file() {
	command -v apt-cache >/dev/null && command -v dpkg-shlibdeps >/dev/null ||
		skip "no apt-cache and dpkg-shlibdeps: this is no Debian"
	make_packages deb 1.0
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	cp "$PACKAGES"/*.deb .
}

# Releases of cloud kernels, whose packages are small, for which apt has headers and this host none.
offered() {
	apt-cache search --names-only '^linux-headers-[0-9]+\.[0-9]+\.[0-9].*-cloud-' |
		sed 's/^linux-headers-\([^ ]*\) .*/\1/' | sort -V -r |
		while read -r release; do
			[ -e "/usr/src/linux-headers-$release" ] || echo "$release"
		done
}

# Since 6.12, the headers bring the kernel with them, and that an initramfs: three minutes more.
without_kernel() {
	sed 's/^/linux-headers-/' | xargs apt-cache depends | awk '
		/^[^ ]/ { say(); release = substr($1, 15); kernel = 0 }
		/Depends: linux-image-/ { kernel = 1 }
		END { say() }
		function say() { if (release != "" && !kernel) print release }'
}

pick_release() {
	local releases lean
	releases=$(offered)
	lean=$([ -z "$releases" ] || without_kernel <<<"$releases")
	head -n 1 <<<"${lean:-$releases}"
}

# What nobody typed must not be there before; clang and llvm are what bring the commands.
before='
	dpkg -i proctrace_1.0_*.deb >/dev/null
	dpkg --purge --force-depends clang llvm
	not test -e /usr/src/linux-headers-$release
	not command -v clang
	not command -v llc
'

# What is there when the last command has ended well.
after='
	test "$(dpkg-query -W -f "\${db:Status-Status}" linux-headers-$release)" = installed
	test -e "$(readlink -f /lib/modules/$release/build)/.config"
	clang --version
	llc --version
'

@test "the commands for this Debian are typed, and the last one finishes" {
	local release
	needs_clone
	release=$(pick_release)
	[ -n "$release" ] || skip "apt offers no headers of a cloud kernel (its lists may be empty)"
	run in_clone "release=$release
		$before"'
		proctrace build --print --kernel $release >typed
		bash -eu typed </dev/null'"
		$after"
	echo "$output"
	[ "$status" -eq 0 ]
	# It is what was to be typed, and the program's own command was among it.
	[ "$(grep -cv '^\(#.*\)\?$' typed)" -eq 3 ]
	[ "$(grep -v '^\(#.*\)\?$' typed | tail -n 1)" = "proctrace build --kernel $release" ]
}

@test "what is printed is a script for any shell, and goes on one page" {
	run -0 "$BTFERRY" build --print --kernel 6.1.0-56-cloud-amd64 --app proctrace
	sh -n <<<"$output"
	[ "$(wc -l <<<"$output")" -le 60 ]
	[[ ! $output =~ (^|$'\n')[^#]{200} ]]
}

@test "the same as JSON, and as a recipe for a container" {
	"$BTFERRY" build --print --json --kernel 6.1.0-56-cloud-amd64 --app proctrace >out.json
	matches_schema out.json instructions.json
	jq -e '.release == "6.1.0-56-cloud-amd64" and (.ways[0].steps | length) == 2' out.json
	run -0 "$BTFERRY" build --print --container --kernel 6.1.0-56-cloud-amd64 --app proctrace
	[ "$output" = "$(jq -r .containerfile out.json)" ]
	[ "$(grep -c '^FROM ' <<<"$output")" -eq 1 ]
}
