# SPDX-License-Identifier: BSD-2-Clause
# Payloads of proctrace with kernels that are packed, for tests of what is installed of them.
# `load installed` after helpers; make_payloads in setup_file, use_payloads in setup.

old=5.10.0-46-cloud-amd64
new=6.1.0-54-cloud-amd64

# The machine's own architecture, whatever the fixtures are of: an install looks at names only.
make_payloads() {
	local arch
	arch=$(uname -m)
	[ "$arch" != aarch64 ] || arch=arm64
	cd "$BATS_FILE_TMPDIR" || return
	mkdir -p "both/debian/12/$arch" "one/debian/12/$arch"
	kernel_btf $old >"both/debian/12/$arch/$old.btf"
	kernel_btf $new >"both/debian/12/$arch/$new.btf"
	cp "both/debian/12/$arch/$old.btf" "one/debian/12/$arch"
	cp -r "$B/bpf" manifests
	make_payload v1 1.0 both
	make_payload v2 2.0 both
	make_payload v3 3.0 both
	make_payload v4 4.0 both
	make_payload less 0.9 one
}

make_payload() { # NAME VERSION ARCHIVE
	sed -i "s/^version = .*/version = $2/" manifests/proctrace.ini
	"$BTFPACK" build -q -a "$3" -o "$1.payload" manifests/proctrace.ini
}

use_payloads() {
	unset BTFERRY_BTF_FILE BTFERRY_BPF_FILE DEB_MAINT_PARAMS
	cd "$BATS_TEST_TMPDIR" || return
	mkdir root
	root=$PWD/root
	state=$root/var/lib/proctrace
	[ "$(id -u)" -eq 0 ] || skip "not root"
}

install_payload() { # NAME OPTION...
	local name=$1
	shift
	"$BTFERRY" install --payload "$BATS_FILE_TMPDIR/$name.payload" --root root "$@" >/dev/null
}

ask() { "$BTFERRY" "$@" --app proctrace --root root; }

# Everything that a write would change: names, inodes, modes, sizes, times, targets.
snapshot() { find root -printf '%p %i %m %s %T@ %C@ %l\n' | sort; }

# "RELEASE SOURCE COVERED" for each kernel of the current generation.
kernels() { jq -r '.kernels[] | "\(.release) \(.source) \(.covered)"' "$state/current/plan.json"; }

# Whole, as `status` sees it; that the running kernel is not served (3) is another matter.
is_intact() {
	local status=0
	ask status --json >status.json 2>status.err || status=$?
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ] || { cat status.json status.err; return 1; }
	jq -e .intact status.json >/dev/null
}
