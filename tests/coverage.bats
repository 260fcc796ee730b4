#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# btfpack coverage: which kernels objects fit, what a new version loses, which hosts are ready.

load helpers
load coverage

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	make_fields
	"$BTFPACK" build -q -a "$archive" -o 1.payload 1/fields.ini
	"$BTFPACK" build -q -a "$archive" -o 2.payload 2/fields.ini
}

setup() {
	cd "$BATS_FILE_TMPDIR"
	out=$BATS_TEST_TMPDIR
}

coverage() {
	"$BTFPACK" coverage -a "$archive" "$@"
}

# A configuration that says whether the kernel exposes BTF, and facts of a host that has it.
make_facts() { # RELEASE ARCH y|n >FACTS
	local machine=X86_64
	[ "$2" = arm64 ] && machine=ARM64
	{
		echo "CONFIG_$machine=y"
		[ "$3" = y ] && echo CONFIG_DEBUG_INFO_BTF=y || echo "# CONFIG_DEBUG_INFO_BTF is not set"
	} >"$out/config"
	printf 'ID=debian\nVERSION_ID="12"\n' >"$out/os-release"
	"$BTFERRY" check --facts --release "$1" --arch "$2" --config "$out/config" \
		--os-release "$out/os-release" 2>/dev/null
}

@test "program and field of what fails are named, and the exit status tells" {
	run coverage 1/fields.ini
	[ "$status" -eq 1 ]
	[[ $output == *"fields 1: 4 kernels, 2 different outcomes"* ]]
	[[ $output =~ fails\ +3 ]]
	[[ $output == *"debian 12 arm64: 6.12.43+deb12-cloud-arm64"* ]]
	[[ $output == *"unguarded of 1/fields.bpf.o
      struct task_struct___before_5_14.state (byte offset): not there, and the program comes"* ]]
	run coverage -q 1/fields.ini
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	run coverage -q "$B/bpf/proctrace.ini"
	[ "$status" -eq 0 ]
}

@test "the manifest says what an object can do without; without it, each program counts" {
	run coverage -v 1/fields.ini
	[[ $output == *"optional_one of 1/fields.bpf.o, optional: left out"* ]]
	[[ $output == *"replaced of 1/fields.bpf.o, its alternative takes its place"* ]]
	[[ $output == *"struct no_such_struct (type size): not there, and the program is told so"* ]]
	[[ $output == *"__state (byte offset): not there, and a test keeps the program away"* ]]
	run coverage 1/fields.bpf.o
	[ "$status" -eq 1 ]
	[[ $output =~ fails\ +4 ]]
	coverage --json 1/fields.ini >"$out/json" || [ $? -eq 1 ]
	[ "$(jq -c '[.outcomes[] | select(.state == "fallbacks").programs[] | [.program, .role]]' \
		"$out/json")" = '[["guarded","required"],["optional_one","optional"],["replaced","replaced"]]' ]
}

@test "the document is as its schema says, the same on however many threads" {
	coverage --json -j 1 --since 1.payload 2/fields.ini >"$out/one" || [ $? -eq 1 ]
	coverage --json -j 5 --since 1.payload 2/fields.ini >"$out/five" || [ $? -eq 1 ]
	cmp "$out/one" "$out/five"
	matches_schema "$out/one" coverage.json
	coverage --json "$B"/bpf/{proctrace,canary}.bpf.o >"$out/two"
	matches_schema "$out/two" coverage.json
	[ "$(jq -c '[.objects[].name | split("/")[-1]]' "$out/two")" = \
		'["proctrace.bpf.o","canary.bpf.o"]' ]
}

@test "a program fails here where check says that it reads what the kernel has not" {
	coverage --json 2/fields.bpf.o >"$out/json" || [ $? -eq 1 ]
	for file in "$archive"/*/*/*/*.btf.tar.xz; do
		release=$(basename "$file" .btf.tar.xz)
		kernel_btf "$release" >"$out/btf"
		"$BTFERRY" check --json --release "$release" --arch "$(basename "$(dirname "$file")")" \
			--btf "$out/btf" --object 2/fields.bpf.o >"$out/check" || [ $? -eq 4 ] || [ $? -eq 1 ]
		jq -c '[.programs[] | select(.levels.relocates.answer != "yes" and
			.levels.relocates.answer != "skip").name] | sort' "$out/check" >"$out/theirs"
		jq -c --arg release "$release" '.outcomes[.kernels[] | select(.release == $release).outcome] |
			[.programs[] | select(.state == "fails").program] | sort' "$out/json" >"$out/ours"
		diff "$out/ours" "$out/theirs"
	done
}

@test "a payload tells of its own kernels what the archive told" {
	coverage --json 1/fields.ini | jq '[.outcomes, .summary]' >"$out/archive"
	"$BTFPACK" coverage --json 1.payload | jq '[.outcomes, .summary]' >"$out/payload"
	diff "$out/archive" "$out/payload"
	[ "$("$BTFPACK" coverage --json 1.payload | jq '[.kernels[].release] | length')" -eq 4 ]
}

@test "--since names what is won and lost, with program and field, and fails where something is" {
	run coverage --since 1.payload 2/fields.ini
	[ "$status" -eq 1 ]
	[[ $output == *"Since fields 1: 1 kernel lost, 3 won, 0 changed, 0 unchanged"* ]]
	[[ $output == *"lost: 1 kernel
    debian 11 x86_64: 5.10.0-46-cloud-amd64
  fails now:
    unguarded of 2/fields.bpf.o
      struct task_struct___since_5_14.__state (byte offset)"* ]]
	[[ $output == *"failed before:
    unguarded of fields.bpf.o
      struct task_struct___before_5_14.state (byte offset)"* ]]
	# What failed all along is no loss.
	run coverage --since 2.payload 2/fields.ini
	[ "$status" -eq 0 ]
	[[ $output == *"0 kernels lost, 0 won, 0 changed, 4 unchanged"* ]]
}

@test "a lost program is a loss, too, where the kernel is still served" {
	sed '/program optional_one/i [program unguarded]\noptional = yes' 2/fields.ini >2/optional.ini
	sed '/program optional_one/i [program unguarded]\noptional = yes' 1/fields.ini >1/optional.ini
	"$BTFPACK" build -q -a "$archive" -o "$out/old.payload" 1/optional.ini
	coverage --json --since "$out/old.payload" 2/optional.ini >"$out/json" || [ $? -eq 1 ]
	[ "$(jq -c '[.summary.fails, .since.summary.lost, .since.summary.won]' "$out/json")" = '[0,1,3]' ]
	[ "$(jq -r '.since.changes[0] | [.before, .after, .programs[0].program] | join(" ")' \
		"$out/json")" = "fallbacks fallbacks unguarded" ]
}

@test "an object for an architecture that is gone is a loss of its kernels" {
	sed 's/^path = .*/path.x86_64 = fields.bpf.o/' 1/fields.ini >1/fewer.ini
	coverage --json --since 2.payload 1/fewer.ini >"$out/json" || [ $? -eq 1 ]
	[ "$(jq -c '.since.changes[] | select(.after == null) | [.change, .before]' "$out/json")" = \
		'["lost","fallbacks"]' ]
	matches_schema "$out/json" coverage.json
}

@test "the summary for a pull request is added to what is in the file" {
	echo before >"$out/summary"
	coverage -q --markdown "$out/summary" --since 1.payload 2/fields.ini || [ $? -eq 1 ]
	[ "$(head -n 1 "$out/summary")" = before ]
	grep -qF '## BTF coverage of fields 2' "$out/summary"
	grep -qF '| 1 | 3 | 0 | 0 |' "$out/summary"
	# shellcheck disable=SC2016 # Markdown's quotes
	grep -qF '| **lost** | `debian 11 x86_64 5.10.0-46-cloud-amd64` | `unguarded` fails: `struct' \
		"$out/summary"
	run coverage -q --markdown "$out/no/such/folder" 2/fields.ini
	[ "$status" -eq 6 ]
}

@test "programs that need the kernel's own BTF are told apart from fields" {
	run coverage "$B/tests/bpf/runtime/programs.bpf.o"
	[ "$status" -eq 0 ]
	[[ $output == *"Only where the kernel exposes its own BTF"*"with_btf of "*"(fentry)"* ]]
}

@test "what stands in for such a program has to fit, too" {
	coverage -q 3/fields.bpf.o || [ $? -eq 1 ]
	printf '\n[program %s]\n%s\n' by_kernel_btf 'alternative = without_kernel_btf' >>3/fields.ini
	coverage --json 3/fields.ini >"$out/json" || [ $? -eq 1 ]
	[ "$(jq -c '[.outcomes[] | select(.state == "fails") | .kernels, (.programs[] |
		select(.role == "required" and .state == "fails").program)]' "$out/json")" = \
		'[3,"without_kernel_btf",1,"unguarded"]' ]
	run coverage 3/fields.ini
	[[ $output == *"by_kernel_btf of 3/fields.bpf.o (fentry): elsewhere without_kernel_btf stands"* ]]
}

@test "what cannot be used is named, and left out with --keep-going" {
	mkdir -p "$out/damaged/debian/12/x86_64"
	cp "$archive"/debian/12/x86_64/* "$out/damaged/debian/12/x86_64"
	echo nonsense >"$out/damaged/debian/12/x86_64/6.1.0-1-amd64.btf"
	run "$BTFPACK" coverage -a "$out/damaged" 2/fields.ini
	[ "$status" -eq 5 ]
	[[ $output == *"6.1.0-1-amd64.btf"*"1 of 2 BTF files cannot be used"* ]]
	"$BTFPACK" coverage -k --json -a "$out/damaged" 2/fields.ini 2>/dev/null >"$out/json"
	[ "$(jq -c .summary "$out/json")" = \
		'{"kernels":1,"resolves":0,"fallbacks":1,"fails":0,"not_used":1}' ]
}

@test "a command line that does not say enough, or too much" {
	run "$BTFPACK" coverage 1/fields.ini
	[ "$status" -eq 2 ]
	[[ $output == *"no kernels: name an archive"* ]]
	run "$BTFPACK" coverage --since 1.payload 2.payload
	[ "$status" -eq 2 ]
	run "$BTFPACK" coverage --arch arm64 2.payload
	[ "$status" -eq 2 ]
	run coverage --since 1.payload --inventory x 2/fields.ini
	[ "$status" -eq 2 ]
	run coverage --since 1/fields.ini 2/fields.ini
	[ "$status" -eq 5 ]
	[[ $output == *"1/fields.ini: is no payload"* ]]
	run coverage 1/fields.ini 1/fields.bpf.o
	[ "$status" -eq 5 ]
	[[ $output == *"1/fields.ini: is no BPF object"* ]]
	run coverage
	[ "$status" -eq 2 ]
}

@test "hosts of a list: ready, to be built for, blocked and not known, with what to type" {
	cat >"$out/hosts.csv" <<-'EOF'
		owner,host,id,version_id,arch,release,btf
		"Smith, ""Jo""",web1,debian,11,x86_64,5.10.0-46-cloud-amd64,no
		,web2,debian,12,aarch64,6.12.43+deb12-cloud-arm64,
		,db1,debian,12,x86_64,6.1.0-54-cloud-amd64,yes
		,db2,debian,12,x86_64,6.1.0-99-cloud-amd64,no
		,db3,debian,12,x86_64,6.1.0-98-cloud-amd64,
	EOF
	run coverage --inventory "$out/hosts.csv" 2/fields.ini
	[ "$status" -eq 1 ]
	[[ $output == *"ready by kernel BTF: 1 host"*" db1"*"ready by shipped BTF: 1 host"*" web2"* ]]
	[[ $output == *"needs a build: 1 host"*" db2"*"fields build --kernel 6.1.0-99-cloud-amd64"* ]]
	[[ $output == *"blocked: 1 host
    program unguarded: struct task_struct___since_5_14.__state (byte offset): not in this kernel
    web1"* ]]
	[[ $output == *"unknown: 1 host"*" db3"*"fields check --facts"* ]]
	coverage --json --inventory "$out/hosts.csv" 2/fields.ini >"$out/json" || [ $? -eq 1 ]
	matches_schema "$out/json" coverage.json
	# The payload answers as the archive does.
	"$BTFPACK" coverage --json --inventory "$out/hosts.csv" 2.payload >"$out/packed" || [ $? -eq 1 ]
	diff <(jq .inventory.groups "$out/json") <(jq .inventory.groups "$out/packed")
}

@test "the exit status is that of the host that is furthest from ready" {
	local status
	check() { # STATUS RELEASE BTF
		printf 'arch,release,btf\nx86_64,%s,%s\n' "$2" "$3" >"$out/one.csv"
		status=0
		coverage -q --inventory "$out/one.csv" 2/fields.ini || status=$?
		[ "$status" -eq "$1" ]
	}
	check 0 6.1.0-54-cloud-amd64 no
	check 3 6.1.0-99-cloud-amd64 no
	check 4 6.1.0-99-cloud-amd64 ""
	check 1 5.10.0-46-cloud-amd64 no
}

@test "facts of hosts, one or many in a file, are judged as check --from judges them" {
	make_facts 6.1.0-54-cloud-amd64 x86_64 n >"$out/web1.json"
	make_facts 6.1.0-99-cloud-amd64 x86_64 n >"$out/web2.json"
	make_facts 6.1.0-99-cloud-amd64 x86_64 y >"$out/web3.json"
	cat "$out/web2.json" "$out/web3.json" >"$out/two.json"
	coverage --json --inventory "$out/web1.json" --inventory "$out/two.json" 2/fields.ini \
		>"$out/json" || [ $? -eq 3 ]
	[ "$(jq -c '.inventory | .groups as $groups | [.hosts[] | [.name, $groups[.group].group]]' \
		"$out/json")" = \
		'[["web1","shipped_btf"],["two:1","needs_build"],["two:2","kernel_btf"]]' ]
	jq -s . "$out"/web?.json | coverage --json --inventory - 2/fields.ini >"$out/json" || [ $? -eq 3 ]
	[ "$(jq .inventory.summary.hosts "$out/json")" -eq 3 ]
}

@test "a trial that went with the facts counts, for the object that was tried" {
	digest=$(sha256sum <2/fields.bpf.o | cut -d ' ' -f 1)
	make_facts 6.1.0-54-cloud-amd64 x86_64 n | jq --arg digest "$digest" '.object = {
		name: "fields", sha256: $digest, load: "", questions: "", trial: {
			outcome: "blocked", without_optional: false, reason: "lockdown stands between",
			canary: { outcome: "match", reason: "", matched: 1, count: 1 } } }' >"$out/web1.json"
	run coverage --inventory "$out/web1.json" 2/fields.ini
	[ "$status" -eq 1 ]
	[[ $output == *"blocked: 1 host
    tried: lockdown stands between
    web1"* ]]
	jq '.object.sha256 = "of another one"' "$out/web1.json" >"$out/other.json"
	coverage -q --inventory "$out/other.json" 2/fields.ini
}

@test "names of hosts do not steer the terminal" {
	printf 'host,arch,release\n\033[31mweb\a,x86_64,5\n\302\233mdb,x86_64,5\n' >"$out/list"
	run coverage --inventory "$out/list" 2/fields.ini
	[ "$status" -eq 4 ]
	[[ $output == *" ?[31mweb?"*" ??mdb"* ]]
	! grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' <<<"$output"
}

@test "what is no inventory is refused, with its row" {
	bad() { # MESSAGE TEXT
		printf '%b' "$2" >"$out/bad"
		run coverage --inventory "$out/bad" 2/fields.ini
		[ "$status" -eq 5 ]
		[[ $output == *"$1"* ]] || { echo "$output"; false; }
	}
	bad "is no inventory: a JSON document, or CSV whose first line" 'a,b\nx86_64,5\n'
	bad "bad: row 2: has no release" 'arch,release\nx86_64,\n'
	bad "bad: row 3: is no CSV" 'arch,release\nx86_64,5\nx86_64,"5'
	bad "bad: row 2: btf is neither yes nor no: maybe" 'arch,release,btf\nx86_64,5,maybe\n'
	bad "bad: row 2: has more fields than the header, from this on: 6" 'arch,release\nx86_64,5,6\n'
	# It stands in commands that people copy.
	bad 'bad: row 2: is no kernel release: 5; reboot' 'arch,release\nx86_64,5; reboot\n'
	bad 'bad: host 1: is no architecture: $(x)' '{"arch": "$(x)", "release": "5"}'
	bad "bad: row 2: too long" "arch,release\nx86_64,$(printf '5%.0s' {1..80})\n"
	bad "bad: host 1: is no string: arch" '{"arch": 5}'
	bad "bad: host 2: is no JSON object" '[{"arch": "x86_64", "release": "5"}, 3]'
	bad "bad: host 1: schema: is 2, and this program knows 1" '{"schema": 2}'
	bad "is no JSON behind byte 0" '{"arch"'
	bad "bad: is empty" ''
}
