#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Installs what building and testing btferry needs on Debian, and does nothing when all is there.
# Elsewhere it says what is wanted.
#
#     packaging/deps.sh            says what is missing and why, and installs it (root)
#     packaging/deps.sh --dry-run  only says it; exit status 1 when something is missing
#     packaging/deps.sh --list     the whole table
set -eu

# Debian package | Fedora package | what for
table() {
	cat <<'EOF'
make            | make                  | the build
gcc             | gcc                   | the programs
libc6-dev       | glibc-static          | the C library, also as an archive for the static program
linux-libc-dev  | kernel-headers        | BPF and BTF definitions
clang           | clang                 | BPF objects, sanitized builds, fuzz targets
llvm            | llvm                  | llvm-strip, llvm-objcopy for BPF objects; opt, llc
bpftool         | bpftool               | vmlinux.h from a BTF
libbpf-dev      | libbpf-devel libbpf-static   | BTF, loading; libbpf.a for the .run, the oracle
libelf-dev      | elfutils-libelf-devel | ELF files
zlib1g-dev      | zlib-devel zlib-static       | kernel configuration (/proc/config.gz)
liblz4-dev      | lz4-devel lz4-static  | the payload
libjansson-dev  | jansson-devel         | JSON documents
libinih-dev     | inih-devel            | the manifest
nettle-dev      | nettle-devel          | SHA-256 with the processor's own instructions
libsodium-dev   | libsodium-devel libsodium-static | signatures
libseccomp-dev  | libseccomp-devel libseccomp-static | what a run may still ask the kernel for
libxxhash-dev   | xxhash-devel          | checksums of the archive's files, on the build host only
libarchive-dev  | libarchive-devel      | archives of BTFs, on the build host only
libcsv-dev      | libcsv-devel          | inventories of hosts, on the build host only
liblzma-dev     | xz-devel              | how much memory an archive claims, on the build host only
binutils        | binutils              | the linker; tests look into the .run with it
git             | git                   | the list of files that lint reads
libcmocka-dev   | libcmocka-devel       | unit tests
bats            | bats                  | tests of the commands
jq              | jq                    | the SPDX document; tests read JSON with it
libclang-rt-14-dev | compiler-rt        | libFuzzer and the sanitizers of clang
libbpf-tools    | bcc-tools libbpf-tools | its objects test the reduction; execsnoop in the demo
tar             | tar                   | unpacks test kernels
xz-utils        | xz                    | unpacks test kernels
zstd            | zstd                  | tests of compressed input
lz4             | lz4                   | tests of compressed input
gzip            | gzip                  | tests of compressed input
bzip2           | bzip2                 | tests of compressed input
util-linux      | util-linux            | unshare: a host without BTF, for tests and the demo
procps          | procps-ng             | ps, which the demo compares events with
strace          | strace                | tests that count system calls
time            | time                  | peak memory in benchmarks
rpm             | rpm-build             | rpmbuild makes the .rpm; tests build packages with it
dpkg-dev        | dpkg-dev              | dpkg-shlibdeps finds the .deb's dependencies
lintian         | lintian               | tests: what Debian has against the .deb
rpmlint         | rpmlint               | tests: what RPM distributions have against the .rpm
minisign        | minisign              | tests make keys, and verify signatures with it
valgrind        | valgrind              | tests run the target program in it
clang-tidy      | clang-tools-extra     | lint
cppcheck        | cppcheck              | lint
shellcheck      | ShellCheck            | lint
gnupg           | gnupg2                | tests sign the .rpm, as rpmlint wants it
man-db          | man-db                | tests read the man page
mandoc          | mandoc                | tests: what it has against the man pages
bsdextrautils   | util-linux            | col: tests read a man page as text
zsh             | zsh                   | tests complete command lines in it
logrotate       | logrotate             | tests rotate a file of events with it
curl            | curl                  | tests ask for metrics with it
chromium        | chromium              | tests look at the page of `btfpack coverage` in it
nodejs          | nodejs                | tests drive that browser with playwright-core
npm             | nodejs-npm            | fetches playwright-core for the tests
python3-prometheus-client | python3-prometheus_client | tests parse the metrics
dwarves         | dwarves               | pahole makes BTF of DWARF, for import and its tests
ansible-core    | ansible-core          | tests roll out to three hosts with it
ansible-lint    | ansible-lint          | tests: what it has against the role
dropbear-bin    | dropbear              | tests: hosts to log in to; openssh-server would start one
openssh-client  | openssh-clients       | tests log in to hosts
python3-apt     | python3-apt           | tests: Ansible's apt installs a .deb
python3-yaml    | python3-pyyaml        | tests read Kubernetes manifests
python3-kubernetes | python3-kubernetes | tests hold manifests against its models of the API
python3-jsonschema | python3-jsonschema | tests hold rules for node features against their schema
parallel        | parallel              | tests of builds in shards
qemu-system-x86 | qemu-system-x86-core  | tests boot kernels in it
qemu-system-arm | qemu-system-aarch64-core | tests boot arm64 kernels in it
busybox-static  | busybox               | the user space of guests
cpio            | cpio                  | the initramfs of guests
kmod            | kmod                  | modinfo: what a guest's module depends on
flex            | flex                  | builds of kernels for tests: Kconfig
bison           | bison                 | builds of kernels for tests: Kconfig
bc              | bc                    | builds of kernels for tests: constants of its clock
patch           | patch                 | builds of kernels for tests: the one without ring buffer
e2fsprogs       | e2fsprogs             | tests: a disk whose power is cut
xfsprogs        | xfsprogs              | tests: a disk whose power is cut
binutils-aarch64-linux-gnu | binutils-aarch64-linux-gnu | programs and packages for arm64
binutils-i686-linux-gnu | binutils-x86_64-linux-gnu | programs and packages for i386
qemu-user-static | qemu-user-static-x86 qemu-user-static-aarch64 | tests run foreign programs
EOF
}

say() { printf '%s\n' "deps: $*"; }

rows() {
	table |
		sed -n 's/^\([^ |][^|]*[^ |]\) *| *\([^|]*[^ |]\) *| *\(.*\)$/\1|\2|\3/p'
}

usage() {
	sed -n 's/^#     //p' "$0"
}

mode=install
case ${1:-} in
'') ;;
--dry-run | -n) mode=dry-run ;;
--list | -l) mode=list ;;
--help | -h) usage; exit 0 ;;
*) usage >&2; exit 2 ;;
esac

if [ "$mode" = list ]; then
	rows | while IFS='|' read -r debian fedora why; do
		printf '%-26s %-38s %s\n' "$debian" "$fedora" "$why"
	done
	exit 0
fi

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	say "this is no Debian; install the like of these, then run make:" >&2
	rows | while IFS='|' read -r debian fedora why; do
		printf '    %-38s %s (Debian: %s)\n' "$fedora" "$why" "$debian" >&2
	done
	exit 1
fi

# Other packages than Debian's may provide what it has under this name: NodeSource's nodejs has npm.
provided=$(dpkg-query -W -f '${db:Status-Status}, ${Provides}\n' | sed -n 's/^installed, *//p' |
	tr ',' '\n' | sed 's/^ *//; s/ .*//')

installed() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ||
		grep -qxF "$1" <<<"$provided"
}

missing=()
while IFS='|' read -r debian _ why; do
	installed "$debian" && continue
	say "missing: $debian: $why"
	missing+=("$debian")
done < <(rows)

if [ ${#missing[@]} -eq 0 ]; then
	say "all $(rows | wc -l) packages are there, nothing to do"
	exit 0
fi
[ "$mode" = install ] || exit 1
if [ "$(id -u)" -ne 0 ]; then
	say "installing needs root: sudo $0" >&2
	exit 1
fi

# Lists that are there are good enough, unless they do not know a package or its file is gone.
export DEBIAN_FRONTEND=noninteractive
install_missing() { apt-get install -y -q --no-install-recommends "${missing[@]}"; }
known() { apt-get install -s -q --no-install-recommends "${missing[@]}" >/dev/null 2>&1; }
if ! known || ! install_missing; then
	say "reading the package lists anew"
	apt-get update -q
	install_missing
fi
say "installed: ${missing[*]}"
