# SPDX-License-Identifier: BSD-2-Clause
# for: kernels without BTF
#
# Objects of libbpf-tools, unchanged and packed beside proctrace's: with `run --object`, and with a
# loader that knows libbpf and a path (docs/other-loaders.md).
btferry=/kit/btferry
record install $btferry install --payload /kit/beside.payload
for tool in exitsnoop execsnoop tcpstates syscount; do
	record $tool-check $btferry check --payload /kit/beside.payload \
		--object /kit/third/$tool.bpf.o
	# Where check says no, libbpf must come to the same.
	case $tool$(cat $tool-check.status) in
	syscount* | *[!0]) ;; # its outcome is a map, which `run` does not print
	*) trace $tool-run $btferry run --app proctrace --object /kit/third/$tool.bpf.o ;;
	esac
	case $tool$(cat $tool-check.status) in
	exitsnoop* | syscount* | *[!0])
		trace $tool-watch /kit/watch /kit/third/$tool.bpf.o \
			"/var/lib/proctrace/current/btf/$(uname -r).btf"
		;;
	esac
done
# This one was not packed.
record unpacked-check $btferry check --payload /kit/beside.payload \
	--object /kit/third/sigsnoop.bpf.o
record unpacked-run $btferry run --app proctrace --object /kit/third/sigsnoop.bpf.o --duration 1
trace unpacked-watch /kit/watch /kit/third/sigsnoop.bpf.o \
	"/var/lib/proctrace/current/btf/$(uname -r).btf"
record uninstall $btferry uninstall --app proctrace
