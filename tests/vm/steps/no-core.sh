# SPDX-License-Identifier: BSD-2-Clause
# for: 6.1-nobtf 5.10-nobtf 5.10-cloud 6.1-cloud 6.1-arm64 6.12-cloud 7-cloud
#
# proctrace compiled for this very kernel with its headers, carried here, installed and run where
# nothing exposes BTF and none is packed.
app=/kit/elsewhere.run
if [ -e /sys/kernel/btf ]; then
	mkdir -p /run/empty
	mount --bind /run/empty /sys/kernel/btf
fi
record carried "$app" install --object /kit/proctrace.built
record path "$app" path object
. /vm/steps/signatures.sh
[ ! -e /sys/kernel/btf ] || umount /sys/kernel/btf
