#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# btfpack coverage --html: one page without a network, in a real browser (tests/browser).

load helpers
load coverage
load browser

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	make_fields
	"$BTFPACK" build -q -a "$archive" -o 1.payload 1/fields.ini
	"$BTFPACK" coverage -q -a "$archive" --since 1.payload --html page.html 2/fields.ini ||
		[ $? -eq 1 ]
	cat >hosts.csv <<-'EOF'
		host,id,version_id,arch,release,btf
		"</script><img src=x onerror=""document.title=1"">",debian,11,x86_64,5.10.0-46-cloud-amd64,no
		web2,debian,12,arm64,6.12.43+deb12-cloud-arm64,
		db1,debian,12,x86_64,6.1.0-99-cloud-amd64,no
		db2,debian,12,x86_64,6.1.0-98-cloud-amd64,
	EOF
	"$BTFPACK" coverage -q -a "$archive" --inventory hosts.csv --html hosts.html 2/fields.ini ||
		[ $? -eq 1 ]
	browser_missing >no-browser || return 0
	node "$repo/tests/browser/many.mjs" page.html 10000 >many.html
	node "$repo/tests/browser/page.mjs" page.html hosts.html many.html >cases 2>cases.err ||
		echo "failed the browser: $(tail -n 5 cases.err)" >>cases
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

in_browser() { # CASE
	[ ! -s no-browser ] || skip "$(cat no-browser)"
	grep -xF "ok $1" cases || { sed -n "/^failed \(the browser\|$1\)/,/^ok /p" cases; false; }
}

@test "the page refers to nothing outside of itself, and lets nothing else run" {
	sed 's/<script type="application.*//' page.html >without-data
	run grep -oE '(src|href)="[^#"][^"]*"|@import|url\(' without-data
	[ "$status" -eq 1 ]
	for element in style script; do
		hash=$(perl -0777 -MDigest::SHA=sha256_base64 -ne \
			"print sha256_base64(\$1) if m{<$element>(.*?)</$element>}s" page.html)
		[ ${#hash} -eq 43 ]
		grep -qF "$element-src 'sha256-$hash='" page.html
	done
}

@test "no name ends the script that the data is in" {
	[ "$(grep -o '</script>' hosts.html | wc -l)" -eq 2 ]
	perl -0777 -ne 'print $1 if m{id="data">(.*?)</script>}s' hosts.html >document
	matches_schema document coverage.json
	jq -e '.inventory.hosts[0].name == "</script><img src=x onerror=\"document.title=1\">"' document
}

@test "each kernel is shown in its cell" {
	in_browser 'shows each kernel in its cell'
}

@test "a click tells which program and which field" {
	in_browser 'a click tells which program and which field'
}

@test "kernels that share an outcome are named, and can be had alone" {
	in_browser 'kernels that share the outcome are named, and can be had alone'
}

@test "the keyboard alone is enough" {
	in_browser 'the keyboard alone is enough'
}

@test "a search finds releases, programs and fields" {
	in_browser 'a search finds releases, programs and fields'
}

@test "filters narrow the map, and say how far" {
	in_browser 'filters narrow the map, and say how far'
}

@test "a screen reader is told what is where" {
	in_browser 'a screen reader is told what is where'
}

@test "light and dark can be read, as the system says or as the button does" {
	in_browser 'light and dark can be read, as the system says or as the button does'
}

@test "a state is not told by colour alone" {
	in_browser 'a state is not told by colour alone'
}

@test "a small screen shows all of it" {
	in_browser 'a small screen shows all of it'
}

@test "hosts are told what to do, and names are text, whatever they are" {
	in_browser 'hosts are told what to do, and names are text, whatever they are'
}

@test "ten thousand kernels are as many elements as fit in sight" {
	in_browser 'ten thousand kernels are as many elements as fit in sight'
}
