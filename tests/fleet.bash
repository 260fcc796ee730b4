# SPDX-License-Identifier: BSD-2-Clause
# Hosts to log in to: each a dropbear in mount, UTS and PID namespaces of its own, with a root that
# has this machine's programs and nothing else of it; on ports of the loopback interface.  $shared
# (exported) is a folder that all of them see.  `load fleet`, behind helpers.
# shellcheck disable=SC2016,SC2154 # what single quotes hold the inner shell expands

# What a host's first process does: $host is its folder, $name and $port are its own, $hide says
# whether its kernel exposes BTF.
host_init='
	set -e
	mount -t tmpfs none "$host/root"
	cd "$host/root"
	mkdir -p proc sys dev/pts etc root run tmp usr var/lib var/tmp ".$shared"
	chmod 1777 tmp
	for link in bin sbin lib lib32 lib64 libx32; do
		[ ! -L "/$link" ] || cp -P "/$link" .
		[ -L "/$link" ] || [ ! -d "/$link" ] || { mkdir "$link" && mount --rbind "/$link" "$link"; }
	done
	mount --bind /usr usr
	mount -t tmpfs none usr/local
	mkdir -p usr/local/bin usr/local/sbin
	mount --rbind /dev dev
	mount -t proc proc proc
	mount --rbind /sys sys
	if [ "$hide" = yes ] && [ -e /sys/kernel/btf ]; then mount -t tmpfs none sys/kernel/btf; fi
	mount --bind "$shared" ".$shared"
	for file in ld.so.cache nsswitch.conf alternatives; do cp -a "/etc/$file" etc/; done
	echo root:x:0:0:root:/root:/bin/sh >etc/passwd
	echo root:x:0: >etc/group
	echo /bin/sh >etc/shells
	echo "root:*:19000:0:99999:7:::" >etc/shadow
	printf "ID=fleet\nVERSION_ID=1\nNAME=\"%s\"\n" "$name" >etc/os-release
	hostname "$name" 2>/dev/null || true
	mkdir -m 700 root/.ssh
	cp "$shared/key.pub" root/.ssh/authorized_keys
	# Its end is that of the host.
	exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . dropbear -F -E -s -r "$shared/host_key" \
		-p "127.0.0.1:$port" -P ""
'

needs_fleet() {
	[[ $(setarch --uname-2.6 uname -r 2>/dev/null) = 2.6.* ]] ||
		skip "this kernel gives no process another release (setarch --uname-2.6)"
	[ "$(id -u)" -eq 0 ] || skip "not root"
	[ -x "$BTFERRY_STATIC" ] || skip "instrumented, the .run is not static"
	unshare -mupf --propagation private sh -ec '
		mount -t tmpfs none /mnt
		cd /mnt
		mkdir usr proc sys dev
		mount --bind /usr usr
		mount -t proc proc proc
		mount --rbind /sys sys
		mount --rbind /dev dev' 2>/dev/null || skip "no namespaces for hosts, or no mounts in them"
}

# Starts a host; its root is $shared/NAME/root, as /proc/$(cat NAME/pid)/root shows it.
start_host() { # NAME HIDE COMMAND...
	export name=$1 hide=$2 host=$shared/$1 port
	shift 2
	mkdir -p "$host/root"
	port=$(free_port)
	echo "$port" >"$host/port"
	"$@" unshare -mupf --kill-child --propagation private sh -c "$host_init" \
		>"$host/log" 2>&1 3>&- &
	echo $! >"$host/pid"
	for _ in $(seq 100); do
		ssh -F "$shared/ssh_config" -p "$port" root@127.0.0.1 true 2>/dev/null && return
		kill -0 "$(cat "$host/pid")" 2>/dev/null || break
		sleep 0.1
	done
	cat "$host/log"
	return 1
}

# What emulates a kernel may lack something that nobody can name; a real one may not.
no_host() { # NAME
	[ ! -r /sys/kernel/btf/vmlinux ] || { echo "$1 cannot be logged in to"; return 1; }
	skip "$1 cannot be logged in to here: $(tail -n 1 "$1/log")"
}

free_port() {
	/usr/bin/python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

make_keys() {
	ssh-keygen -q -t ed25519 -N '' -f "$shared/key"
	dropbearkey -t ed25519 -f "$shared/host_key" >/dev/null 2>&1
	cat >"$shared/ssh_config" <<-END
		Host *
		IdentityFile $shared/key
		IdentitiesOnly yes
		BatchMode yes
		StrictHostKeyChecking no
		UserKnownHostsFile /dev/null
		LogLevel ERROR
	END
}

# A command on a host, as root.
on() { # NAME COMMAND...
	local name=$1
	shift
	ssh -F "$shared/ssh_config" -p "$(cat "$shared/$name/port")" root@127.0.0.1 "$@"
}

# unshare waits for its child whatever other signal comes.
stop_hosts() {
	local pid
	for pid in "$shared"/*/pid; do kill -KILL "$(cat "$pid")" 2>/dev/null || true; done
}
