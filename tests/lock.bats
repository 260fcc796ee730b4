#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The lock file of an archive: import --lock writes it, build --locked insists on it.

load helpers
load images

key=debian/12/x86_64/$release

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	import --lock lock.json "$archive"
	[ "$status" -eq 0 ]
}

locked() {
	run "$BTFPACK" build --locked lock.json -a out -o out.payload "$B/bpf/proctrace.ini" "$@"
}

refused() { # TEXT
	locked
	[ "$status" -eq 5 ] || { echo "$status $output" >&2; return 1; }
	says "$1"
	[ ! -e out.payload ]
}

@test "it has key, digest, source and build of each kernel, and is the same every time" {
	says "lock.json: 4 kernels locked"
	kernel_btf $release | sha256sum | cut -d' ' -f1 >sum
	[ "$(jq -r ".kernels[] | select(.release == \"$release\") | .sha256" lock.json)" = "$(cat sum)" ]
	jq -e '.schema == 1 and (.kernels | length) == 4' lock.json
	jq -e '[.kernels[] | .id + .version_id + .arch + .source] | all(length > 20)' lock.json
	"$BTFPACK" import -q -o other --lock other.json "$archive"
	cmp lock.json other.json
	# Without side files the digests are computed; source and build are not known then.
	find other -name '*.json' -delete
	"$BTFPACK" import -q -o other --lock other.json
	[ "$(jq -c '[.kernels[].sha256]' lock.json)" = "$(jq -c '[.kernels[].sha256]' other.json)" ]
}

@test "the archive as it was locked is built, also read from where it was imported from" {
	locked
	[ "$status" -eq 0 ]
	"$BTFPACK" build -q --locked lock.json -a "$archive" -o other.payload "$B/bpf/proctrace.ini"
	cmp out.payload other.payload
}

@test "missing, added, changed: each refused by name" {
	mv out/$key.btf.lz4 kept
	refused "lock.json: missing: $key"
	says "not as locked: 1 missing, 0 not locked, 0 changed"
	mv kept out/$key.btf.lz4
	cp out/$key.btf.lz4 out/debian/12/x86_64/6.1.0-99-other.btf.lz4
	refused "lock.json: not locked: debian/12/x86_64/6.1.0-99-other: out/"
	rm out/debian/12/x86_64/6.1.0-99-other.btf.lz4
	locked
	[ "$status" -eq 0 ]
	rm out.payload

	kernel_btf 5.10.0-46-cloud-amd64 >other.btf
	"$BTFPACK" import -q --replace -o out --id debian --version-id 12 --arch x86_64 \
		--release $release other.btf
	refused "lock.json: changed: $key: its sha256 is $(sha256sum other.btf | cut -d' ' -f1), locked is"
	# The same behind the back of the side file, and without one.
	rm out/$key.btf.json
	refused "lock.json: changed: $key: its sha256 is"
}

@test "a side file that lies about a file in the place of another" {
	kernel_btf 5.10.0-46-cloud-amd64 >other.btf
	"$BTFPACK" import -q -o other --id debian --version-id 12 --arch x86_64 --release $release \
		other.btf
	# Its own checksum, which is for speed, with the digest that was locked, which is for trust.
	jq --arg sha256 "$(jq -r .sha256 out/$key.btf.json)" '.sha256 = $sha256' \
		other/$key.btf.json >out/$key.btf.json
	cp other/$key.btf.lz4 out/$key.btf.lz4
	refused "not the BTF whose digest is in its side file"
	# A checksum that lies is noticed without a lock, too.
	cp other/$key.btf.json out/$key.btf.json
	jq '.xxh3 = "00000000000000000000000000000001"' other/$key.btf.json >out/$key.btf.json
	run "$BTFPACK" build -a out -o out.payload "$B/bpf/proctrace.ini"
	[ "$status" -eq 5 ]
	says "$key.btf.lz4: not the BTF whose digest is in its side file"
}

@test "a build that became known is a change: it would show in the payload" {
	kernel_btf $release >btf
	flat_kernel $release btf >kernel
	gzip -1 kernel && bzimage vmlinuz kernel.gz btf
	import vmlinuz
	says "1 already there"
	refused "lock.json: changed: $key: its build is '$build', locked is ''"
	import --lock lock.json
	[ "$status" -eq 0 ]
	locked
	[ "$status" -eq 0 ]
}

@test "what is damaged is refused, and --keep-going does not go with --locked" {
	truncate -s 1000 out/$key.btf.lz4
	refused "out/$key.btf.lz4"
	locked --keep-going
	[ "$status" -eq 2 ]
	says "--locked insists on every kernel"
}

@test "nothing is locked when not all was taken, unless --keep-going" {
	: >empty.btf
	import --lock new.json empty.btf "$archive"
	[ "$status" -eq 5 ]
	says "new.json: not written"
	[ ! -e new.json ]
	import --keep-going --lock new.json empty.btf "$archive"
	[ "$status" -eq 0 ]
	cmp new.json lock.json
}

@test "a lock file that is none" {
	refused_lock() { # JSON TEXT
		printf '%s' "$1" >lock.json
		refused "$2"
	}
	refused_lock '' "lock.json: line"
	refused_lock '[]' "lock.json: is no lock file of an archive"
	refused_lock '{"schema": 2}' "lock.json: schema 2 is newer than this program"
	refused_lock '{"schema": 1, "kernels": [{"id": "../x"}]}' "lock.json: kernel 1: its ID"
	refused_lock '{"schema": 1, "kernels": [{"id": "a", "version_id": "1", "arch": "arm64",
		"release": "r", "sha256": "00"}]}' "lock.json: kernel 1 (r): no sha256"
	rm lock.json
	locked
	[ "$status" -eq 6 ]
	says "lock.json: No such file"
}
