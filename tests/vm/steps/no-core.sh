# SPDX-License-Identifier: BSD-2-Clause
# for: 5.10-cloud 6.1-arm64 7-cloud
#
# proctrace compiled for this very kernel with its headers, carried here, installed and run where
# nothing exposes BTF and none is packed.
app=/kit/elsewhere.run
mkdir -p /run/empty
mount --bind /run/empty /sys/kernel/btf
record carried "$app" install --object /kit/proctrace.built
record path "$app" path object
. /vm/steps/signatures.sh
[ ! -e /sys/kernel/btf ] || umount /sys/kernel/btf
