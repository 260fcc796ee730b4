# SPDX-License-Identifier: BSD-2-Clause
# for: kernels without BTF
#
# What needs the kernel's own BTF: an object for each such thing, packed as well as can be, is asked
# about, run, and then loaded by libbpf with the installed BTF.
btferry=/kit/btferry
record install $btferry install --payload /kit/forks.payload
for object in /kit/own/*.bpf.o; do
	name=$(basename "$object" .bpf.o)
	record "$name-check" $btferry check --payload /kit/forks.payload --object "$object" --json
	record "$name-run" $btferry run --app forks --object "$object" --duration 1
	TRUTH_VERBOSE=1 record "$name-load" /kit/really_load \
		--btf "/var/lib/forks/current/btf/$release.btf" "$object"
done
# This one loads: what the helper returns tells.
trace called /kit/watch /kit/own/snprintf_btf.bpf.o "/var/lib/forks/current/btf/$release.btf"
# An application that needs it and whose manifest knows no way out.
record helpless $btferry check --payload /kit/helpless.payload
record uninstall $btferry uninstall --app forks
