#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The layers import downward only (docs/architecture.md).  Reads every #include "FOLDER/..." line
# and says which one points the wrong way.  Prints TAP.
set -u
cd "$(dirname "$0")/.." || exit 1

# Folder: the folders that it may include from, besides itself.
layers='
lib
core      lib
payload   lib core
host      lib core payload
decide    lib core payload host
btfpack   lib core payload host decide
loader    lib core payload host decide bpf
builder   lib core payload host decide loader
checker   lib core payload host decide loader
runtime   lib core payload host decide loader
installer lib core payload host decide loader builder checker runtime
bpf
'

# Prints FILE:LINE for each quoted include of folder $1 that is not from one of $2...
wrong_includes() {
	local folder=$1 allowed
	shift
	allowed=$(IFS='|'; echo "$folder|$*" | tr ' ' '|')
	find "$folder" -name '*.[ch]' \
		-exec grep -HnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' {} + |
		grep -vE "\"($allowed)/[^\"]*\"" |
		if [ "$folder" = bpf ]; then grep -E '"[^"]*/' || true; else cat; fi
}

# Libraries that stay on the build host.
build_host_only() {
	grep -rnE '#[[:space:]]*include[[:space:]]*<(archive(_entry)?|csv|lzma)\.h>' --include='*.[ch]' \
		lib core payload host decide loader builder checker runtime installer
}

# What a library folder may not do: talk.  describe.c writes to the FILE it is given.
talking() {
	grep -rnE '\b(printf|puts|putchar|perror|console_[a-z]+) *\(|\b(stdout|stderr)\b' \
		--include='*.[ch]' core payload host decide lib | grep -vE '^lib/console\.[ch]:'
}

count=0 failed=0
report() { # NAME FINDINGS
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count $1"
	else
		failed=1
		echo "not ok $count $1"
		printf '%s\n' "$2" | sed 's/^/# /'
	fi
}

while read -r folder allowed; do
	[ -n "$folder" ] || continue
	if [ ! -d "$folder" ]; then
		report "$folder is there" "no folder $folder"
		continue
	fi
	# shellcheck disable=SC2086 # a list of words
	report "$folder includes from itself and: ${allowed:-nothing}" \
		"$(wrong_includes "$folder" $allowed)"
done <<<"$layers"
report "libarchive and libcsv stay in btfpack" "$(build_host_only)"
report "libraries do not print" "$(talking)"
echo "1..$count"
exit $failed
