#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# /etc/kernel/postinst.d/@APP@: a kernel was installed, $1 its release, $2 its image.  It gets what
# @APP@ needs on it before it boots.  Whatever happens, the kernel's installation goes on.

# Removed, but not purged: then this file is still here.
command -v @APP@ >/dev/null 2>&1 || exit 0

# The program has a time limit of its own; this one is for the program.
limit=
command -v timeout >/dev/null 2>&1 && limit='timeout 30'

# Standard output may be debconf's.
# shellcheck disable=SC2086 # two words, or none
$limit @APP@ --app @APP@ kernel-hook -- add "${1-}" ${2:+"$2"} </dev/null >&2 || :
exit 0
