# SPDX-License-Identifier: BSD-2-Clause
# for: 6.1-nobtf 5.10-nobtf
# slow: the source tree of a kernel takes a minute and a half to be prepared
#
# The kernel has no BTF, and whoever built it has its whole source tree, with the headers that no
# package has (fs/mount.h): BTF that was made of these carries proctrace's CO-RE object as it is.
# And the object that was compiled against them.
acts=4

record unserved /kit/elsewhere.run install
record install /kit/elsewhere.run install --object /kit/tree.built
trace run /kit/elsewhere.run run
record status /kit/elsewhere.run status
record btf /kit/elsewhere.run path btf
record object-install /kit/elsewhere.run install --object /kit/proctrace.built
trace object /kit/elsewhere.run run
record uninstall /kit/elsewhere.run uninstall
