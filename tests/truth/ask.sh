#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Asks `check` about each object, then finds out.  condition.sh runs this under a condition.
#
#     ask.sh BTF OBJECT...            prints one JSON line a case, for judge.jq
#
# BTF is handed to both, "-" for none.  A payload of covered.bpf.o counts as an object, too; what is
# packed for this kernel loads with the kernel's BTF, visible or not.
set -u
: "${B:?}" "${WORK:?}"
btf=()
[ "$1" = - ] || btf=(--btf "$1")
shift
# Where no configuration is to be found, `run` tells libbpf that the weak options are off.
no_config() { [ ! -e /proc/config.gz ] && [ ! -e "/boot/config-$(uname -r)" ]; }
weak_off=$'CONFIG_HZ=0\nCONFIG_NO_SUCH_OPTION=n\n'

here=$(mktemp -d "$WORK/ask.XXXXXX") || exit 1
for object in "$@"; do
	status=0 kconfig=() asked=(--object "$object") loaded=("${btf[@]}" "$object")
	case $object in
	*/kconfig_weak.bpf.o) ! no_config || kconfig=(--kconfig "$weak_off") ;;
	*.payload)
		asked=(--payload "$object") loaded=("${btf[@]}" "$WORK/covered.bpf.o")
		[[ $object != */packed_here.payload || ${#btf[@]} -gt 0 ]] ||
			loaded=(--btf "$WORK/right.btf" "${loaded[@]}")
		;;
	esac
	timeout 60 "$B/bin/btferry" check "${btf[@]}" "${asked[@]}" --json \
		>"$here/check" 2>"$here/error" </dev/null || status=$?
	"$B/tests/truth/load" "${kconfig[@]}" "${loaded[@]}" \
		>"$here/truth" 2>"$here/loader" </dev/null ||
		echo "failed	$?" >>"$here/truth"
	name=$(basename "$object" .bpf.o)
	jq -nc --arg object "${name%.payload}" --argjson status $status \
		--rawfile check "$here/check" --rawfile error "$here/error" \
		--rawfile truth "$here/truth" --rawfile loader "$here/loader" \
		'{ object: $object, status: $status, error: $error, loader: $loader,
		   truth: [$truth | splits("\n") | select(. != "") | split("\t")],
		   check: ($check | try fromjson catch null
		           | if . then { class, reason, remedy, programs, items, trial, canary } else . end) }'
done
rm -r "$here"
