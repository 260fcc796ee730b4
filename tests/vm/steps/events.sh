# SPDX-License-Identifier: BSD-2-Clause
# for: every kernel
#
# The main way: check, install, run, with the kernel's own BTF where it has one.
record check "$app" check
record check-json "$app" check --json
record install "$app" install
record status "$app" status
trace run "$app" run
record uninstall "$app" uninstall
