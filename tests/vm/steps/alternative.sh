# SPDX-License-Identifier: BSD-2-Clause
# for: every kernel
#
# An application with a first choice that needs the kernel's own BTF, what stands in for it, and a
# program that is optional: the first choice where the kernel can, the others where it cannot.
btferry=/kit/btferry
record check $btferry check --payload /kit/forks.payload --json
record install $btferry install --payload /kit/forks.payload
trace run $btferry run --app forks
record truth /kit/really_load --btf "/var/lib/forks/current/btf/$release.btf" \
	/var/lib/forks/current/forks.bpf.o
record uninstall $btferry uninstall --app forks
