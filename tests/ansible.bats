#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# packaging/ansible, with three hosts to log in to: ready is served by its kernel's BTF; packed
# hides that and is served by the payload; other hides it, and nobody packed its kernel's name.

bats_require_minimum_version 1.5.0
load helpers
load fleet
load clone

setup_file() {
	load helpers
	load fleet
	export shared=$BATS_FILE_TMPDIR
	needs_fleet
	cd "$shared" || return
	make_runs
	make_keys
	for name in ready packed other; do
		case $name in
		ready) start_host ready no ;;
		packed) start_host packed yes ;;
		other) start_host other yes setarch --uname-2.6 ;;
		esac || no_host "$name"
	done
	[[ $(on other uname -r) != "$(uname -r)" ]]
	for name in ready other packed; do
		echo "$name ansible_host=127.0.0.1 ansible_port=$(cat "$name/port")"
	done >hosts
	cat >ansible.cfg <<-END
		[defaults]
		roles_path = $repo/packaging/ansible/roles
		inventory = $shared/hosts
		remote_user = root
		interpreter_python = /usr/bin/python3
		local_tmp = $shared/local
		retry_files_enabled = False
		nocows = True
		[ssh_connection]
		pipelining = True
		ssh_args = -F $shared/ssh_config -o ControlMaster=auto -o ControlPersist=30
		control_path_dir = $shared/cp
		transfer_method = piped
	END
}

# Version 1 and 2 for this kernel, signed; where it has no BTF to pack, another kernel's.
make_runs() {
	local arch version
	arch=$(uname -m)
	[ "$arch" != aarch64 ] || arch=arm64
	mkdir -p "here/test/1/$arch"
	cp /sys/kernel/btf/vmlinux "here/test/1/$arch/$(uname -r).btf" 2>/dev/null ||
		kernel_btf 6.1.0-54-cloud-amd64 >"here/test/1/$arch/6.1.0-54-cloud-amd64.btf"
	cp -r "$B/bpf" m
	minisign -G -W -p vendor.pub -s vendor.key >/dev/null
	for version in 1 2; do
		sed -i "s/^version = .*/version = $version.0/" m/proctrace.ini
		"$BTFPACK" build -q --sign vendor.key --epoch $version -a here -o $version.run \
			m/proctrace.ini
	done
}

teardown_file() {
	[ -z "$(ls "$shared"/*/pid 2>/dev/null)" ] || stop_hosts
}

setup() { cd "$shared"; }

needs_kernel() {
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF to be ready with"
}

play() { # PLAYBOOK OPTION...
	ANSIBLE_CONFIG=$shared/ansible.cfg ansible-playbook "$repo/packaging/ansible/playbooks/$1.yml" \
		-e btferry_app=proctrace "${@:2}" 3>&-
}

rollout() { # VERSION OPTION...
	play rollout -e btferry_run="$shared/$1.run" -e btferry_public_key="$shared/vendor.pub" "${@:2}"
}

# What the last line about a host says: "changed=0".
recap() { # HOST WHAT=COUNT
	grep -E "^$1 +: .*\b$2\b" <<<"$output" || { echo "$output"; return 1; }
}

version_on() { on "$1" proctrace status --json | jq -r .version; }
bare() { # HOST
	local found
	found=$(on "$1" \
		"find /var/lib /usr/local /etc -name '*btferry*' -o -name '*proctrace*'")
	[ -z "$found" ] || { echo "$1: $found"; return 1; }
}

@test "ansible-lint and the syntax check have nothing against role and playbooks" {
	cd "$repo/packaging/ansible"
	local book
	for book in playbooks/*.yml; do ansible-playbook -i localhost, --syntax-check "$book"; done
	# The schema of 6.13 takes no template for max_fail_percentage; Ansible does.
	ansible-lint --offline --nocolor --profile production -x 'schema[playbook]'
}

@test "check: facts of each host are gathered, who is not ready is told, nothing is changed" {
	run -2 play check -e btferry_run="$shared/1.run" -e btferry_facts_dir="$shared/facts"
	[[ $output = *'other'*'exit '[1-4]*'Next: '* ]]
	[ "$(ls facts)" = $'other.json\npacked.json\nready.json' ]
	local name
	for name in ready packed other; do
		matches_schema "facts/$name.json" facts.json
		recap "$name" changed=0
	done
	needs_kernel
	[[ $output = *'other'*'exit 3: '*'proctrace build'* ]]
	recap other failed=1
	recap ready failed=0
	recap packed failed=0
	"$BTFERRY" check --json --payload 1.run --from facts/packed.json >verdict.json
	jq -e '.verdict == "will_run" and .plan.btf == "stored"' verdict.json
	local inventory=(--inventory facts/ready.json --inventory facts/packed.json
		--inventory facts/other.json)
	"$BTFPACK" coverage --json "${inventory[@]}" 1.run >coverage.json || [ $? -eq 3 ]
	[ "$(jq -c '.inventory | .groups as $groups | [.hosts[] | [.name, $groups[.group].group]] | sort' \
		coverage.json)" = '[["other","needs_build"],["packed","shipped_btf"],["ready","kernel_btf"]]' ]
}

@test "a .run that was changed behind its signature reaches no host" {
	cp 1.run changed.run
	cp 1.run.minisig changed.run.minisig
	printf x >>changed.run
	run -2 play rollout -e btferry_run="$shared/changed.run" \
		-e btferry_public_key="$shared/vendor.pub" -e btferry_serial=3
	[[ $output = *'Signature verification failed'* ]]
}

@test "no host has anything of it afterwards" {
	bare ready
	bare packed
	bare other
}

@test "rollout: who is not ready is told, its batch goes back, and no further one is begun" {
	run -2 rollout 1 -e btferry_serial=2
	[[ $output != *"packed "*": ok="* ]]
	bare packed
	needs_kernel
	[[ $output = *'other'*'exit 3: '* ]]
	recap other failed=1
	recap ready failed=1
	# Nothing was installed before.  The epoch stays, and the key.
	[ "$(on ready 'cd / && find var/lib usr/local -type f -o -type l')" = \
		var/lib/proctrace/epoch.json ]
	on ready test -s /etc/btferry/trusted.d/proctrace.pub
}

@test "rollout: with more failures allowed, it goes on; again, nothing changes" {
	needs_kernel
	run -2 rollout 1 -e btferry_serial=2 -e btferry_max_fail_percentage=60
	recap ready changed=2
	recap other failed=1
	recap packed changed=4
	[ "$(version_on packed)" = 1.0 ]
	on packed jq -e '".kernels[0].source == \"stored\""' /var/lib/proctrace/current/plan.json
	on packed test -s /etc/btferry/trusted.d/proctrace.pub
	run -0 rollout 1 --limit ready,packed -e btferry_serial=2
	recap ready changed=0
	recap packed changed=0
}

@test "check mode says what would change, and changes nothing" {
	needs_kernel
	run -0 rollout 2 --check --limit ready -e btferry_serial=2
	recap ready changed=2
	[ "$(version_on ready)" = 1.0 ]
	cmp "/proc/$(pgrep -P "$(cat ready/pid)")/root/usr/local/sbin/proctrace" 1.run
}

@test "a batch in which one fails behind the install goes back, all of it" {
	needs_kernel
	run -2 rollout 2 --limit ready,packed -e btferry_serial=2 \
		-e '{"btferry_smoke_test": "test {{ inventory_hostname }} = ready"}'
	[[ $output = *'Run the smoke test: '* ]]
	[[ $output = *'Too many others of its batch failed, so it went back, too.'* ]]
	recap packed failed=1
	recap ready failed=1
	[ "$(version_on ready)" = 1.0 ]
	[ "$(version_on packed)" = 1.0 ]
}

@test "rollback: from one version to the one before, once" {
	needs_kernel
	run -0 rollout 2 --limit ready,packed -e btferry_serial=2
	[ "$(version_on ready)" = 2.0 ]
	run -0 play rollback --limit ready,packed -e btferry_from_version=2.0 -e btferry_serial=2
	recap ready changed=1
	[ "$(version_on ready)" = 1.0 ]
	[ "$(version_on packed)" = 1.0 ]
	run -0 play rollback --limit ready,packed -e btferry_from_version=2.0 -e btferry_serial=2
	recap ready changed=0
	[ "$(version_on ready)" = 1.0 ]
}

# Into a copy of this host, which has apt and dpkg, without logging in.
@test "a .deb is installed in place of the .run; again, nothing changes; undone, it is gone" {
	needs_kernel
	needs_clone
	(make_packages deb 1.0 >/dev/null)
	cp -r "$repo/packaging/ansible" playbooks-for-deb
	cat >deb.sh <<-'END'
		cd /shared/playbooks-for-deb
		play() {
			ansible-playbook -i localhost, -c local playbooks/rollout.yml -e btferry_app=proctrace \
				-e ansible_python_interpreter=/usr/bin/python3 -e btferry_run=/shared/1.run \
				-e btferry_package="$(echo /shared/proctrace_1.0_*.deb)" "$@"
		}
		export HOME=/root
		not play -e btferry_smoke_test=false
		not test -e /var/lib/proctrace
		not test -e /usr/bin/proctrace
		play
		proctrace status
		dpkg-query -W proctrace
		play
	END
	run in_clone "$(cat deb.sh)"
	[ "$status" -eq 0 ] || { echo "$output"; return 1; }
	[ "$(sed -nE 's/^localhost +: .* changed=([0-9]+) .*/\1/p' <<<"$output" | xargs)" = "3 1 0" ] ||
		{ echo "$output"; return 1; }
}
