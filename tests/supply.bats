#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What is handed out, and whether others can make the same: `make dist` in two folders, and what the
# document beside the packages says of them.

bats_require_minimum_version 1.5.0
load helpers

export SOURCE_DATE_EPOCH=1700000000

setup_file() {
	! nm -D "$BTFERRY" | grep -q __asan || return 0
	(unset MAKEFLAGS MAKELEVEL && make -s -C "$repo" B="$B" dist) >"$BATS_FILE_TMPDIR/log" 2>&1 ||
		{ cat "$BATS_FILE_TMPDIR/log"; return 1; }
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	! nm -D "$BTFERRY" | grep -q __asan || skip "instrumented: nobody gets these"
	sbom=$(echo "$B"/dist/proctrace-*-"$(uname -m)".spdx.json)
}

# The document, asked by jq; $file and $package find things in it.
ask() { # PROGRAM [ARGUMENT...]
	jq -e 'def id($name): (.files[] | select(.fileName == "./" + $name) | .SPDXID),
			(.packages[] | select(.name == $name) | .SPDXID);
		def related($from; $kind): id($from) as $id | . as $all | .relationships[] |
			select(.spdxElementId == $id and .relationshipType == $kind) | .relatedSpdxElement;
		def named($id): (.packages[] | select(.SPDXID == $id) | .name),
			(.files[] | select(.SPDXID == $id) | .fileName | ltrimstr("./"));'"$1" "${@:2}" "$sbom"
}

# Names of what a file has a relationship with.
names() { # FILE KIND
	ask '[related($from; $kind)] as $ids | [$ids[] as $id | named($id)] | sort | .[]' \
		-r --arg from "$1" --arg kind "$2"
}

@test "built again, in another folder, date, umask, locale and time zone: the same bytes" {
	local other=$PWD/a-much/longer/name name
	mkdir -p "$other"
	(cd "$repo" && git ls-files -z | xargs -0 cp -P --parents -t "$other")
	find "$other" -exec touch -h -d '2031-02-03 04:05:06' {} +
	(
		umask 077
		unset MAKEFLAGS MAKELEVEL
		LC_ALL=C.UTF-8 LANG=de_DE.UTF-8 TZ=Asia/Kathmandu HOME=/nonexistent USER=somebody \
			make -s -C "$other" -j "$(nproc)" B=else dist >log 2>&1
	) || { tail -n 20 log; return 1; }
	for name in bin/btfpack bin/btferry bin/btferry-static bpf/proctrace.bpf.o bpf/canary.bpf.o; do
		cmp "$B/$name" "$other/else/$name"
	done
	[ "$(ls "$other/else/dist" | grep -cE '\.(run|deb|rpm|payload|spdx\.json)$')" -eq 5 ]
	for name in "$other"/else/dist/*; do
		cmp "$B/dist/$(basename "$name")" "$name"
	done
}

@test "the document is SPDX 2.3 as docs/schema has it, and each name in it is somebody's" {
	matches_schema "$sbom" spdx.json
	ask '[.SPDXID, .packages[].SPDXID, .files[].SPDXID] as $ids |
		($ids | length) == ($ids | unique | length) and
		all($ids[]; test("^SPDXRef-[A-Za-z0-9.-]+$")) and
		([.relationships[] | .spdxElementId, .relatedSpdxElement] - $ids == [])'
	[ "$(ask .creationInfo.created -r)" = 2023-11-14T22:13:20Z ]
	ask '.documentNamespace | test("^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")'
}

@test "sums of all files are right, and what is handed out is all there" {
	ask '.files[] | select(.fileTypes != ["SOURCE"]) |
		(.checksums[] | select(.algorithm == "SHA256") | .checksumValue) + "  " + .fileName' -r >sums
	(cd "$B" && sha256sum --quiet -c -) <sums
	ask '.files[] | select(.fileTypes == ["SOURCE"] and .fileName != "./bpf/vmlinux.h") |
		(.checksums[] | select(.algorithm == "SHA256") | .checksumValue) + "  " + .fileName' -r >sources
	(cd "$repo" && sha256sum --quiet -c -) <sources
	[ "$(wc -l <sources)" -gt 10 ]
	local name
	for name in bin/btfpack bin/btferry bin/btferry-static bpf/proctrace.bpf.o bpf/canary.bpf.o; do
		grep -q "  ./$name\$" sums
	done
	[ "$(grep -cE ' ./dist/proctrace.*\.(run|deb|rpm|payload)$' sums)" -eq 4 ]
}

@test "libraries that programs want, and those inside the static one, with their versions" {
	local program library package
	for program in btferry btfpack; do
		# As the loader finds them.
		ldd "$B/bin/$program" | awk '{ print $1, $3 }' >found
		readelf -dW "$B/bin/$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' >needed
		while read -r library; do
			library=$(realpath "$(awk -v name="$library" '$1 == name { print $2 }' found)")
			package=$(dpkg-query -S "$library" 2>/dev/null || dpkg-query -S "${library#/usr}")
			echo "${package%%:*}"
		done <needed | sort -u >packages
		diff packages <(names "bin/$program" DYNAMIC_LINK)
	done
	[ -z "$(names bin/btferry-static DYNAMIC_LINK || :)" ]
	names bin/btferry-static STATIC_LINK >inside
	# What it calls is in it.
	for package in libbpf-dev libc6-dev libelf-dev libjansson-dev liblz4-dev nettle-dev zlib1g-dev; do
		grep -qx "$package" inside
	done
	! grep -x libarchive-dev inside || false
	while read -r package; do
		ask 'any(.packages[]; .name == $name and .versionInfo == $version)' --arg name "$package" \
			--arg version "$(dpkg-query -W -f '${Version}\n' "$package" | head -n 1)"
	done <inside
	ask 'any(.packages[]; .name == "libjansson-dev" and .licenseDeclared == "MIT")'
}

@test "packages hold the objects, which have sources; a .run is the static program" {
	names bpf/proctrace.bpf.o GENERATED_FROM >sources
	grep -qx bpf/proctrace.bpf.c sources
	grep -qx bpf/vmlinux.h sources
	grep -qx libbpf-dev sources
	local made
	for made in "$B"/dist/*.{run,deb,rpm,payload}; do
		names "dist/$(basename "$made")" CONTAINS | grep -qx bpf/proctrace.bpf.o
	done
	[ "$(names "dist/$(basename "$B"/dist/*.run)" GENERATED_FROM)" = bin/btferry-static ]
	[ "$(names "dist/$(basename "$B"/dist/*.deb)" GENERATED_FROM)" = bin/btferry ]
}
