# SPDX-License-Identifier: BSD-2-Clause
# Debian packages of any suite and architecture, for scripts that source this.
#
#     apt_setup DIR "SUITES" "ARCHES"        says which; everything lies below DIR
#     apt_update                             fetches the package lists; they are good for a day
#     apt_lists                              a line for each list that is there: SUITE FILE
#     apt_packages FILE                      prints such a list
#     apt_fetch TO PACKAGE:ARCH[=VERSION]... puts .deb files into the folder TO, prints their paths,
#                                            in apt's order
#
# Packages come through apt, signatures checked, with sources, lists and cache of its own: the
# system's apt is only asked which mirror it uses.  No root needed.  MIRROR and SECURITY_MIRROR name
# other mirrors, KEYRING the file with the keys that sign them.  apt_fetch takes just the packages
# that are named, without what they depend on.
#
# A suite written SUITE:ARCH,ARCH is used for these architectures only: a mirror whose list of one
# architecture is broken gives none of that suite.
#
# Each function ends with 1 when it cannot do what it says, and has said why; `say` is the caller's.
# shellcheck shell=bash disable=SC2016 # $(SITE) and the like are apt's

apt_dir=

apt_private() { APT_CONFIG=$apt_dir/apt.conf "$@"; }

# The mirror as the system's apt has it, for Debian itself or its security updates.
apt_system_mirror() { # LABEL
	apt-get indextargets --format '$(LABEL)|$(SITE)' 'Created-By: Packages' |
		sed -n "s/^$1|//p" | sort -u | head -n 1
}

apt_setup() { # DIR "SUITES" "ARCHES"
	local mirror=${MIRROR:-} security=${SECURITY_MIRROR:-}
	command -v apt-get >/dev/null || {
		say "packages of Debian come through its apt-get, which this system does not have"
		return 1
	}
	[ -n "$mirror" ] || mirror=$(apt_system_mirror Debian)
	[ -n "$mirror" ] || {
		say "this system's apt knows no Debian mirror (its lists may be empty:" \
			"apt-get update); MIRROR=URL names one"
		return 1
	}
	[ -n "$security" ] || security=$(apt_system_mirror Debian-Security)
	mkdir -p "$1"
	apt_dir=$(cd "$1" && pwd)
	mkdir -p "$apt_dir/state/lists/partial" "$apt_dir/cache/archives/partial"
	apt_write_config "$3"
	apt_write_sources "$mirror" "$security" "$2" "$3"
}

# Lists of other suites or architectures are not the ones that were fetched before.
apt_write_sources() { # MIRROR SECURITY-MIRROR "SUITES" "ARCHES"
	local suite keyring=${KEYRING:-} file arches
	# Where it is installed, the keyring has the keys of all suites; apt's own may lack old ones.
	for file in /usr/share/keyrings/debian-archive-keyring.pgp \
		/usr/share/keyrings/debian-archive-keyring.gpg; do
		[ -n "${KEYRING:-}" ] || [ ! -e "$file" ] || keyring=$file
	done
	for suite in $3; do
		case $suite in *:*) arches=${suite#*:} ;; *) arches=${4// /,} ;; esac
		suite=${suite%%:*}
		case $suite in
		*-security)
			if [ -n "$2" ]; then
				echo "deb [arch=$arches${keyring:+ signed-by=$keyring}] $2 $suite main"
			else
				say "$suite: left out: this system's apt knows no mirror of Debian's" \
					"security updates; SECURITY_MIRROR=URL names one"
			fi ;;
		*) echo "deb [arch=$arches${keyring:+ signed-by=$keyring}] $1 $suite main" ;;
		esac
	done >"$apt_dir/sources.list.new"
	if ! cat "$apt_dir/sources.list.new" "$apt_dir/apt.conf" | cmp -s - "$apt_dir/asked"; then
		rm -f "$apt_dir/updated"
		cat "$apt_dir/sources.list.new" "$apt_dir/apt.conf" >"$apt_dir/asked"
	fi
	mv "$apt_dir/sources.list.new" "$apt_dir/sources.list"
}

# The system's apt.conf.d is not read: it may remove caches (docker-clean), add targets (apt-file)
# or run hooks.  How to reach the network is kept.
apt_write_config() { # "ARCHES"
	local arch arches=''
	for arch in $1; do arches+="\"$arch\"; "; done
	: >"$apt_dir/status"
	apt-config dump | grep -i '^Acquire::[^:]*::\(proxy\|verify\|ca\)' >"$apt_dir/apt.conf" || true
	cat >>"$apt_dir/apt.conf" <<-END
		Dir::State "$apt_dir/state";
		Dir::State::status "$apt_dir/status";
		Dir::Cache "$apt_dir/cache";
		Dir::Cache::pkgcache "pkgcache.bin";
		Dir::Cache::srcpkgcache "";
		Dir::Etc::sourcelist "$apt_dir/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::parts "/dev/null";
		Dir::Etc::main "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		APT::Architecture "${1%% *}";
		APT::Architectures { $arches};
		// The user _apt may not write below DIR.
		APT::Sandbox::User "root";
		Acquire::Languages "none";
		Acquire::GzipIndexes "true";
		// Suites that are no longer updated.
		Acquire::Check-Valid-Until "false";
	END
}

# A list that cannot be had is said by apt and left out; it is tried again after an hour.  Others
# that share DIR wait.
apt_update() ( # [now]
	exec 9>"$apt_dir/lock"
	flock 9
	if [ -z "${1:-}" ] && [ -n "$(find "$apt_dir/updated" -mmin -1440 2>/dev/null)" ]; then
		exit 0
	fi
	say "fetching package lists"
	apt_private apt-get -q update >"$apt_dir/update.log" 2>&1 || true
	[ -n "$(apt_lists)" ] || {
		say "no package list could be had; see $apt_dir/update.log"
		exit 1
	}
	touch "$apt_dir/updated"
	! grep '^[WE]:' "$apt_dir/update.log" >&2 || touch -d '-23 hours' "$apt_dir/updated"
)

apt_lists() {
	apt_private apt-get indextargets --format '$(RELEASE) $(FILENAME)' 'Created-By: Packages'
}

apt_packages() { apt_private /usr/lib/apt/apt-helper cat-file "$1"; }

# What apt would fetch: URI FILE-NAME SIZE HASH, a line each, in apt's order.
apt_uris() { # PACKAGE:ARCH[=VERSION]...
	apt_private apt-get -q download --print-uris "$@" 2>"$apt_dir/fetch.log" | tr -d "'"
	[ "${PIPESTATUS[0]}" -eq 0 ] && return
	say "$*: $(apt_complaint); suites: $(apt_suites)"
	return 1
}

# Fetches what is not there yet; apt's helper compares the hash, and makes a link to what is on this
# machine (a mirror file:/...).
apt_fetch_uris() { # TO "URIS"
	local uri file size hash
	while read -r uri file size hash; do
		[ "$(stat -L -c %s "$1/$file" 2>/dev/null)" != "$size" ] || continue
		apt_private /usr/lib/apt/apt-helper download-file "$uri" "$1/$file" "$hash" \
			>"$apt_dir/fetch.log" 2>&1 </dev/null || {
			say "$file: cannot be had: $(apt_complaint)"
			return 1
		}
	done <<<"$2"
}

# What is gone from the mirror since the lists were fetched is looked for once more, with new lists.
apt_fetch() { # TO PACKAGE:ARCH[=VERSION]...
	local to uris
	mkdir -p "$1"
	to=$(cd "$1" && pwd)
	shift
	uris=$(apt_uris "$@") || return 1
	apt_fetch_uris "$to" "$uris" || {
		apt_update now && uris=$(apt_uris "$@") && apt_fetch_uris "$to" "$uris"
	} || return 1
	awk -v to="$to" '{ print to "/" $2 }' <<<"$uris"
}

apt_complaint() { sed -n 's/^[WE]: //p' "$apt_dir/fetch.log" | head -n 1; }
apt_suites() { awk '{ print $(NF - 1) }' "$apt_dir/sources.list" | paste -sd' '; }
