# SPDX-License-Identifier: BSD-2-Clause
# for: 5.10-cloud 6.1-cloud 6.1-arm64 6.12-cloud 7-cloud
#
# proctrace compiled for this very kernel with Debian's headers for it (tests/no_core/compile.sh):
# installed and run where nothing exposes BTF and none is packed.
app=/kit/no-core.run
mkdir -p /run/empty
mount --bind /run/empty /sys/kernel/btf
. /vm/steps/signatures.sh
umount /sys/kernel/btf
