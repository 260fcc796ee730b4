#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# packaging/kubernetes: the manifests fit the API, and what their containers run does what it is
# for, with the capabilities, the read-only root and the volumes that they get.

bats_require_minimum_version 1.5.0
load helpers

manifests=$repo/packaging/kubernetes

with_tracefs='[ -e /sys/kernel/tracing/events ] || mount -t tracefs none /sys/kernel/tracing;'

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	local arch
	arch=$(uname -m)
	[ "$arch" != aarch64 ] || arch=arm64
	mkdir -p "here/test/1/$arch" image/root/bin
	cp /sys/kernel/btf/vmlinux "here/test/1/$arch/$(uname -r).btf" 2>/dev/null ||
		kernel_btf 6.1.0-54-cloud-amd64 >"here/test/1/$arch/6.1.0-54-cloud-amd64.btf"
	"$BTFPACK" build -q -a here -o image/root/proctrace.run "$B/bpf/proctrace.ini"
	cp /bin/busybox image/root/bin/
	for name in sh sleep test mv; do ln -s busybox image/root/bin/$name; done
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir node
	hide=no
}

needs_container() {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	[ -x "$BTFERRY_STATIC" ] || skip "instrumented, the .run is not static"
	/usr/bin/python3 -c 'import yaml' 2>/dev/null || skip "no python3-yaml"
	busybox true 2>/dev/null || skip "no busybox for the image"
	[ -d /sys/kernel/tracing ] || skip "no /sys/kernel/tracing, which the pods mount"
	[ -r /proc/sys/kernel/cap_last_cap ] || skip "the kernel does not say which capabilities it has"
	unshare -mpf true 2>/dev/null || skip "no mount and PID namespaces here"
}

needs_kernel() {
	[ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF to be ready with"
	unshare -m sh -ec "$with_tracefs" || skip "no tracefs to be had here"
}

container() { # MANIFEST NAME
	# shellcheck disable=SC2016 # the inner shell expands it
	hide=$hide unshare -mpf --kill-child --propagation private sh -c "$with_tracefs"'
		[ "$hide" = no ] || mount -t tmpfs none /sys/kernel/btf
		exec /usr/bin/python3 "$@"' sh "$repo/tests/kubernetes/container.py" \
		"$manifests/$1" "$2" "$BATS_FILE_TMPDIR/image" "$PWD/node"
}

@test "every manifest fits the API's schema; one with a mistake does not" {
	/usr/bin/python3 -c 'import kubernetes, jsonschema' 2>/dev/null || skip "no python3-kubernetes"
	cd "$manifests"
	run -0 /usr/bin/python3 "$repo/tests/kubernetes/validate.py" base/namespace.yaml \
		base/daemonset.yaml nfd/features.yaml nfd/rule.yaml
	cd "$BATS_TEST_TMPDIR"
	sed 's/readOnlyRootFilesystem/readonlyRootFilesystem/; s/maxUnavailable/maxUnvailable/
		s/hostPath:/hostpath:/' "$manifests/base/daemonset.yaml" >bad.yaml
	sed 's/op: IsTrue/op: Yes/' "$manifests/nfd/rule.yaml" >rule.yaml
	run -1 /usr/bin/python3 "$repo/tests/kubernetes/validate.py" bad.yaml rule.yaml
	[[ $output = *'readonlyRootFilesystem: no such field'* ]]
	[[ $output = *'maxUnvailable: no such field'* ]]
	[[ $output = *'hostpath: no such field'* ]]
	[[ $output = *"rules[0].matchFeatures[0].matchExpressions"* ]]
}

@test "the kustomizations name what is there, and nothing is left over" {
	/usr/bin/python3 -c 'import yaml' 2>/dev/null || skip "no python3-yaml"
	/usr/bin/python3 - "$manifests" <<-'END'
		import os, sys, yaml
		for folder in ("base", "nfd"):
		    place = os.path.join(sys.argv[1], folder)
		    names = yaml.safe_load(open(os.path.join(place, "kustomization.yaml")))["resources"]
		    there = {n for n in os.listdir(place)} - {"kustomization.yaml"}
		    assert there == {n for n in names if not n.startswith("../")}, (there, names)
	END
}

@test "no container is privileged, each has a read-only root and names its capabilities" {
	/usr/bin/python3 -c 'import yaml' 2>/dev/null || skip "no python3-yaml"
	for manifest in base/daemonset.yaml nfd/features.yaml; do
		/usr/bin/python3 -c 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)' \
			<"$manifests/$manifest" | jq -e '.spec.template.spec |
			.securityContext.seccompProfile.type == "RuntimeDefault" and
			(has("hostPID") or has("hostNetwork") or has("hostIPC") | not) and
			all((.initContainers + .containers)[].securityContext; .privileged == false and
				.allowPrivilegeEscalation == false and .readOnlyRootFilesystem and
				.capabilities.drop == ["ALL"] and
				((.capabilities.add // []) - ["BPF", "PERFMON"]) == [])'
	done
}

@test "init containers check and install onto the node, and the main container runs from there" {
	needs_container
	needs_kernel
	run -0 container base/daemonset.yaml check
	[[ $output = *'proctrace will run here.'* ]]
	run -0 container base/daemonset.yaml install
	[ -s node/var/lib/proctrace/current/plan.json ]
	container base/daemonset.yaml run >events 2>log 3>&- &
	local pid=$!
	for _ in $(seq 100); do
		! grep -q 'is running' log || break
		sleep 0.1
	done
	/bin/echo seen-by-the-container >/dev/null
	sleep 1
	kill "$pid"
	wait "$pid" || true
	cat log
	jq -e -s 'any(.event == "exec" and .args[1] == "seen-by-the-container")' events
}

@test "with the kernel's BTF out of sight, the same through the packed one" {
	needs_container
	needs_kernel
	hide=yes
	run -0 container base/daemonset.yaml check
	run -0 container base/daemonset.yaml install
	jq -e '.kernels[0].source == "stored"' node/var/lib/proctrace/current/plan.json
}

@test "features: what the rule asks for is what check --nfd writes on the node" {
	needs_container
	run container nfd/features.yaml check
	echo "$output"
	[ "$status" -eq 0 ]
	local features=node/etc/kubernetes/node-feature-discovery/features.d/proctrace
	cat "$features"
	# Each name that a rule matches.
	grep -oE '^ +proctrace\.[a-z]+: \{op' "$manifests/nfd/rule.yaml" | sed 's/^ *//; s/: .*//' |
		sort -u >wanted
	[ "$(wc -l <wanted)" -ge 3 ]
	while read -r name; do grep -q "^$name=" "$features"; done <wanted
	needs_kernel
	grep -qx 'proctrace.ready=true' "$features"
	grep -qx 'proctrace.btf=kernel' "$features"
}
