# SPDX-License-Identifier: BSD-2-Clause
# Kernel images and packages around a real BTF, and what an archive then holds.  `load images` after
# helpers.

release=6.1.0-54-cloud-amd64
build='#1 SMP PREEMPT_DYNAMIC Debian 6.1.190-1 (2026-10-16)'

import() { run "$BTFPACK" import -o out "$@"; }

# What the archive holds under ID/VERSION_ID/ARCH/RELEASE is, unpacked, this file.
holds() { # KEY [FILE]
	lz4 -qdc "out/$1.btf.lz4" | cmp - "${2:-btf}"
}

nothing_half() {
	[ -z "$(find out -name '*.tmp' 2>/dev/null)" ]
	find out -name '*.btf.lz4' -exec lz4 -qtm {} +
}

need() { # PROGRAM...
	local program
	for program; do
		command -v "$program" >/dev/null || skip "$program is not installed"
	done
}

says() { # TEXT: in the output of the last run
	[[ $output == *"$1"* ]] || { printf 'not said: %s\n%s\n' "$1" "$output" >&2; return 1; }
}

le32() { # NUMBER
	# shellcheck disable=SC2059 # the inner printf makes the format
	printf "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' \
		$(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)))"
}
put() { dd of="$1" bs=1 seek=$(($2)) conv=notrunc status=none; } # FILE OFFSET <BYTES

# A kernel as it lies in memory: something before, the banner, the BTF, something behind.
flat_kernel() { # RELEASE BTF
	head -c 5000 /dev/zero
	printf '\x9f\xeb\x01\x00 looks like BTF and is none'
	printf 'Linux version %s (a@b) (gcc (Debian 12.2.0) 12.2.0, GNU ld) %s\n\0' "$1" "$build"
	head -c 3000 /dev/zero
	cat "$2"
	head -c 3000 /dev/zero
}

# A bzImage as the kernel's build makes it: PAYLOAD is the compressed kernel, all but gzip with the
# unpacked size behind it.
bzimage() { # FILE PAYLOAD UNPACKED
	local length
	head -c 1024 /dev/zero >"$1"
	printf '\x01' | put "$1" 0x1f1
	printf '\x55\xaa' | put "$1" 0x1fe
	printf 'HdrS\x0f\x02' | put "$1" 0x202
	printf '\x7f\0' | put "$1" 0x236
	length=$(stat -c %s "$2")
	[ "$(head -c 2 "$2" | od -An -tx1 | tr -d ' ')" = 1f8b ] || length=$((length + 4))
	le32 0 | put "$1" 0x248
	le32 "$length" | put "$1" 0x24c
	{
		cat "$2"
		le32 "$(stat -c %s "$3")"
		printf 'a signature may follow'
	} >>"$1"
}

arm64_image() { # RELEASE BTF
	head -c 56 /dev/zero
	printf 'ARM\x64\0\0\0\0'
	flat_kernel "$1" "$2"
}

# A Debian package of these fields around the files below tree/.
debian_package() { # PACKAGE VERSION ARCH
	mkdir -p tree/DEBIAN
	printf 'Package: %s\nVersion: %s\nArchitecture: %s\nMaintainer: %s\nDescription: d\n' \
		"$@" "${MAINTAINER:-a <a@b>}" >tree/DEBIAN/control
	dpkg-deb -b --root-owner-group "${COMPRESSION:--Zxz}" tree "$1.deb" >/dev/null
}

# An RPM of this name, version, vendor and architecture around the files below tree/.
rpm_package() { # NAME VERSION RELEASE VENDOR ARCH
	cat >"$1.spec" <<-END
		Name: $1
		Version: $2
		Release: $3
		Vendor: $4
		Summary: s
		License: GPL
		AutoReqProv: no
		%define __os_install_post %{nil}
		%define debug_package %{nil}
		%define _binary_payload ${PAYLOAD:-w3.zstdio}
		%description
		d
		%install
		mkdir -p %{buildroot}
		cp -a "$PWD/tree/." %{buildroot}
		%files
		$(cd tree && find . -type f | sed 's/^\.//')
	END
	HOME=$PWD rpmbuild -bb --quiet --target "$5" --define "_topdir $PWD/rpm" \
		--define "_rpmdir $PWD" --define "_build_name_fmt %%{NAME}.rpm" "$1.spec" >rpmbuild.log 2>&1 ||
		{ cat rpmbuild.log >&2; return 1; }
}
