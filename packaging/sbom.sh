#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Tells what is in the programs and in packages made of them, as an SPDX 2.3 document.
#
#     packaging/sbom.sh NAME VERSION B HOST_B ARCH FILE...   the document, on standard output
#
# NAME and VERSION are the application's, B is the build folder and HOST_B the one with btfpack and
# the BPF objects; a FILE is what was made of them.  SOURCE_DATE_EPOCH is the document's time.
# SYSROOT is the one that the programs were linked in, if it was not this system.
#
# All of it is asked for, none is listed by hand: the linker's maps (B/obj/*.map) tell which
# archives a program took members from, the program itself which libraries it wants, dpkg whose they
# are, the compiler's .d files which sources an object has.  packaging/sbom.jq makes the document.
set -eu
set -o pipefail
export LC_ALL=C

die() {
	printf 'sbom: %s\n' "$*" >&2
	exit 1
}

[ $# -ge 5 ] || { sed -n 's/^#     //p' "$0" >&2; exit 2; }
name=$1 version=$2 B=$3 host_B=$4 arch=$5
shift 5
sysroot=${SYSROOT:-}
for program in jq dpkg-query readelf; do
	command -v "$program" >/dev/null || die "$program is not installed: see packaging/deps.sh"
done
facts=$(mktemp -d)
trap 'rm -rf "$facts"' EXIT

fact() { # FIELD...: a line of what packaging/sbom.jq reads
	local line
	printf -v line '%s\t' "$@"
	printf '%s\n' "${line%$'\t'}"
}

# Whose a file is, of the system or of the sysroot: fills in owner, a package.
owner_of() { # FILE
	local path database=()
	path=$(realpath "$1")
	if [ -n "$sysroot" ] && [[ $path = "$(realpath "$sysroot")"/* ]]; then
		path=${path#"$(realpath "$sysroot")"}
		database=(--admindir="$sysroot/DEBIAN")
	fi
	# Packages name files as they were before /lib and /usr/lib became one.
	owner=$(dpkg-query "${database[@]}" -S "$path" 2>/dev/null ||
		dpkg-query "${database[@]}" -S "${path#/usr}" 2>/dev/null ||
		dpkg-query "${database[@]}" -S "/usr$path" 2>/dev/null) ||
		die "$1: belongs to no package: what is linked must be known"
	owner=${owner%%: *}
	owner=${owner%%,*}
	[ -e "$facts/package-$owner" ] || tell_package "${database[@]}" >"$facts/package-$owner"
}

tell_package() { # [--admindir=...] of $owner
	# shellcheck disable=SC2016 # dpkg-query fills it in
	local told copyright format='${Package}\t${Version}\t${Architecture}\t${source:Package}\t'\
'${source:Version}\t${Homepage}'
	told=$(dpkg-query "$@" -W -f "$format" "$owner")
	copyright=${1:+$sysroot}/usr/share/doc/${told%%$'\t'*}/copyright
	fact package "$owner" "$told" "$(licence_of "$copyright")"
}

# Licences that a machine-readable copyright file names, those of the packaging left out.
licence_of() { # FILE
	[ -r "$1" ] && head -n 1 "$1" | grep -q '^Format: .*/copyright-format/1\.0' || return 0
	awk '/^Files:/ { own = $2 !~ /^debian\// }
		/^$/ { own = 0 }
		own && /^License: *[^ ]/ { sub(/^License: */, ""); print }' "$1" | sort -u | paste -s -d ';'
}

# A file of ours: what it is called in the document, its sums, what it says about its licence.
tell_file() { # FILE NAME KIND
	[ ! -e "$facts/file-${2//\//:}" ] || return 0
	fact file "$2" "$3" "$(sha1sum <"$1" | cut -d' ' -f1)" "$(sha256sum <"$1" | cut -d' ' -f1)" \
		"$(head -n 3 "$1" | tr -d '\0' | grep -a -m 1 -oP 'SPDX-License-Identifier: \K[^*]*[^* ]' || :)" \
		>"$facts/file-${2//\//:}"
}

# Archives that a program took members from, and objects that every program starts and ends with.
linked_in() { # MAP
	{
		sed -nE 's/^(\/[^(]*\.a)\(.*/\1/p' "$1"
		sed -nE 's/^LOAD (\/.*\.o)$/\1/p' "$1"
	} | xargs -r realpath | sort -u
}

# Libraries that a program wants of the host that it starts on.
wanted() { # PROGRAM MAP
	local needed file soname
	needed=$(readelf -dW "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
	sed -nE 's/^LOAD (\/.*\.so[.0-9]*)$/\1/p' "$2" | xargs -r realpath | sort -u |
		while read -r file; do
			# What is called .so may be a text that names others.
			soname=$(readelf -dW "$file" 2>/dev/null |
				sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p') || continue
			! grep -qxF "${soname:-/}" <<<"$needed" || echo "$file"
		done
}

tell_program() { # FOLDER PROGRAM
	local map=$1/obj/$2.map file
	[ -e "$map" ] || die "$map: is not there; \`make\` writes it"
	tell_file "$1/bin/$2" "bin/$2" BINARY
	linked_in "$map" >"$facts/linked"
	while read -r file; do
		[[ $file != "$(realpath "$1")"/* ]] || continue # ours
		owner_of "$file"
		fact link "bin/$2" STATIC_LINK "$owner" >>"$facts/links"
	done <"$facts/linked"
	wanted "$1/bin/$2" "$map" >"$facts/linked"
	while read -r file; do
		owner_of "$file"
		fact link "bin/$2" DYNAMIC_LINK "$owner" >>"$facts/links"
	done <"$facts/linked"
}

link_source() { # OBJECT FILE NAME
	tell_file "$2" "$3" SOURCE
	fact link "$1" GENERATED_FROM "$3"
}

# What the compiler read for a BPF object.
tell_object() { # OBJECT
	local object=bpf/$1.bpf.o source built
	built=$(realpath "$host_B")
	tell_file "$host_B/$object" "$object" BINARY
	sed -e 's/\\$//' -e '/^$/q' "$host_B/${object%.o}.d" | tr -s ' \n' '\n' | sed 1d | grep . |
		sort -u >"$facts/sources"
	while read -r source; do
		source=$(realpath "$source")
		case $source in
		"$built"/*) link_source "$object" "$source" "${source#"$built"/}" ;;
		"$PWD"/*) link_source "$object" "$source" "${source#"$PWD"/}" ;;
		*)
			owner_of "$source"
			fact link "$object" GENERATED_FROM "$owner"
			;;
		esac
	done <"$facts/sources" >>"$facts/links"
}

# A package or payload, and what went into it.
tell_made() { # FILE
	local made
	made=dist/$(basename "$1")
	tell_file "$1" "$made" ARCHIVE
	{
		case $made in
		*.run) fact link "$made" GENERATED_FROM bin/btferry-static ;;
		*.deb | *.rpm) fact link "$made" GENERATED_FROM bin/btferry ;;
		esac
		fact link "$made" CONTAINS "bpf/$name.bpf.o"
		fact link "$made" CONTAINS bpf/canary.bpf.o
	} >>"$facts/links"
}

tell_program "$B" btferry
tell_program "$B" btferry-static
if [ "$B" = "$host_B" ]; then # else btfpack is another build's, and none of these packages'
	tell_program "$B" btfpack
	fact link bin/btfpack CONTAINS bpf/canary.bpf.o >>"$facts/links"
fi
tell_object "$name"
tell_object canary
for file; do tell_made "$file"; done

document() { # NAMESPACE
	cat "$facts"/file-* "$facts"/package-* "$facts/links" | sort -u |
		jq -R -s -S --arg name "$name" --arg version "$version" --arg arch "$arch" --arg namespace "$1" \
			--arg distribution "$(. /etc/os-release && echo "$ID|$NAME")" \
			--argjson time "${SOURCE_DATE_EPOCH:-$(date +%s)}" -f "$(dirname "$0")/sbom.jq"
}

# A document of other content has another name space, one of the same content has the same: it is
# made of the content, as a UUID of version 8.
sum=$(document '' | sha256sum | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-8\3-a\4-\5/')
document "urn:uuid:$sum"
