# SPDX-License-Identifier: BSD-2-Clause
# for: 6.1-arm64 5.10-686 5.10-cloud 6.1-cloud 6.12-cloud 7-cloud
#
# No BTF is exposed and none was packed: what was built for this kernel elsewhere, from its headers,
# is carried here and installed.
acts=4

record unserved without_btf /kit/proctrace.run --payload /kit/execs.payload install
record headers-install without_btf /kit/proctrace.run --payload /kit/execs.payload install \
	--object /kit/execs.built
trace headers without_btf /kit/proctrace.run --app execs run
record headers-status without_btf /kit/proctrace.run --app execs status
# The same install once more keeps it.
record headers-again without_btf /kit/proctrace.run --payload /kit/execs.payload install
record headers-uninstall /kit/proctrace.run --app execs uninstall
