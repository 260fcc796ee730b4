#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# /etc/kernel/postrm.d/@APP@: a kernel was removed, $1 its release, $2 its image.  What @APP@ had for
# it goes.  Whatever happens, the kernel's removal goes on.

# Kernel packages call this also when one build of a release takes the place of another.
action=${DEB_MAINT_PARAMS-}
action=${action%% *}
case $action in
'' | remove | "'remove'" | purge | "'purge'") ;;
*) exit 0 ;;
esac

# Removed, but not purged: then this file is still here.
command -v @APP@ >/dev/null 2>&1 || exit 0

# The program has a time limit of its own; this one is for the program.
limit=
command -v timeout >/dev/null 2>&1 && limit='timeout 30'

# Standard output may be debconf's.
# shellcheck disable=SC2086 # two words, or none
$limit @APP@ --app @APP@ kernel-hook -- remove "${1-}" </dev/null >&2 || :
exit 0
