# SPDX-License-Identifier: BSD-2-Clause
# Two versions of an application that some kernels lack a field for: `load coverage` after helpers.

# Makes 1/fields.ini to 3/fields.ini and their objects in the working directory.
make_fields() {
	local version include
	include=/usr/include/$(gcc -print-multiarch)
	for version in 1 2 3; do
		mkdir -p $version
		sed "s/^version = 1/version = $version/" "$repo/tests/coverage/fields.ini" \
			>$version/fields.ini
		"${CLANG:-clang}" -g -O2 -target bpf -Wall -Werror -I"$include" -DVERSION=$version \
			-c -o $version/fields.bpf.o "$repo/tests/coverage/fields.bpf.c"
	done
}
