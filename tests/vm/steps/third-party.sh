# SPDX-License-Identifier: BSD-2-Clause
# for: kernels without BTF
#
# Objects of libbpf-tools, unchanged: with `run --object`, and with a loader that knows libbpf and a
# path (docs/other-loaders.md).
btferry=/kit/btferry
record install $btferry install --payload /kit/beside.payload
for tool in exitsnoop tcpstates tcplife; do
	trace "$tool-run" $btferry run --app proctrace --object "/kit/third/$tool.bpf.o"
	trace "$tool-watch" /kit/watch "/kit/third/$tool.bpf.o" \
		"/var/lib/proctrace/current/btf/$(uname -r).btf"
done
# Its outcome is a map.
record syscount-check $btferry check --payload /kit/beside.payload --object /kit/third/syscount.bpf.o
trace syscount-watch /kit/watch /kit/third/syscount.bpf.o \
	"/var/lib/proctrace/current/btf/$(uname -r).btf"
# This one was not packed.
record unpacked-check $btferry check --payload /kit/beside.payload \
	--object /kit/third/opensnoop.bpf.o
record unpacked-run $btferry run --app proctrace --object /kit/third/opensnoop.bpf.o --duration 1
record unpacked-watch /kit/watch /kit/third/opensnoop.bpf.o \
	"/var/lib/proctrace/current/btf/$(uname -r).btf"
record uninstall $btferry uninstall --app proctrace
