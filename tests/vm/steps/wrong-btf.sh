# SPDX-License-Identifier: BSD-2-Clause
# for: every kernel
#
# The BTF of another kernel, named by hand and packed by mistake as this kernel's: what check and
# run say, and what comes out where nobody asks the canary.
acts=4

record install "$app" install
record named-check "$app" check --btf /kit/wrong.btf
record named "$app" run --duration 1 --verbose --btf /kit/wrong.btf
(
	export BTFERRY_BTF_FILE=/kit/wrong.btf
	record environment-check "$app" check --json
	record environment "$app" run --duration 1
)
record foreign-check "$app" check --btf /kit/foreign.btf
record foreign "$app" run --duration 1 --no-canary --btf /kit/foreign.btf
trace named-unasked "$app" run --no-canary --btf /kit/wrong.btf
record uninstall "$app" uninstall

mistaken() { without_btf /kit/proctrace.run --payload /kit/mistaken.payload "$@"; }
record packed-check mistaken check
record packed-check-json mistaken check --json
record packed-install mistaken install
record packed mistaken run --duration 1 --verbose
trace packed-unasked mistaken run --no-canary
record packed-uninstall mistaken uninstall
