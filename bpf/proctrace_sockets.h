/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Sockets: connect, accept, bind. */
#ifndef BPF_PROCTRACE_SOCKETS_H
#define BPF_PROCTRACE_SOCKETS_H

#include "proctrace_call.h"

enum { UNIX_PATH_SIZE = 109 };

static __always_inline u32 protocol_of(struct sock *sk)
{
	/* A bit field before 5.6. */
	return BPF_CORE_READ_BITFIELD_PROBED(sk, sk_protocol);
}

static __always_inline void read_inet(struct endpoint *out, struct sock *sk, bool remote)
{
	if (out->family == AF_INET && remote)
		bpf_core_read(out->address, sizeof(u32), &sk->__sk_common.skc_daddr);
	else if (out->family == AF_INET)
		bpf_core_read(out->address, sizeof(u32), &sk->__sk_common.skc_rcv_saddr);
#if MAY_HAVE_IPV6
	else if (!bpf_core_field_exists(sk->__sk_common.skc_v6_daddr))
		return;
	else if (remote)
		bpf_core_read(out->address, sizeof(out->address), &sk->__sk_common.skc_v6_daddr);
	else
		bpf_core_read(out->address, sizeof(out->address), &sk->__sk_common.skc_v6_rcv_saddr);
#endif
	out->port = remote ? bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport)) :
			     BPF_CORE_READ(sk, __sk_common.skc_num);
}

/* The name of a unix socket; an abstract one starts with NUL, which is shown as "@". */
static __always_inline data_loc add_unix_path(struct record *record, struct sock *sk)
{
	struct unix_sock *socket = (void *)sk;
	struct unix_address *address;
	char *path;
	u64 size;

	/* Without CONFIG_UNIX there are none. */
	if (!bpf_core_type_exists(struct unix_sock))
		return 0;
	address = BPF_CORE_READ(socket, addr);
	if (!address_of(address))
		return 0;
	size = (u32)BPF_CORE_READ(address, len) - sizeof(u16);
	barrier_var(size); /* so that the register that is compared is the one that is used */
	path = (char *)__builtin_preserve_access_index(&address->name[0]) + sizeof(u16);
	if (size == 0 || size >= UNIX_PATH_SIZE || bpf_probe_read_kernel(room(record), size, path))
		return 0;
	if (*(char *)room(record) == 0)
		*(char *)room(record) = '@';
	else
		size--; /* the NUL */
	return keep(record, size);
}

/* One end of a socket: false when it is of no family that is told. */
static __always_inline bool read_endpoint(struct record *record, struct endpoint *out,
					  struct sock *sk, bool remote)
{
	__builtin_memset(out, 0, sizeof(*out));
	out->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	out->protocol = protocol_of(sk);
	if (out->family == AF_INET || out->family == AF_INET6) {
		read_inet(out, sk, remote);
		return true;
	}
	if (out->family != AF_UNIX)
		return false;
	if (remote && bpf_core_type_exists(struct unix_sock))
		sk = BPF_CORE_READ((struct unix_sock *)sk, peer);
	if (address_of(sk))
		out->path = add_unix_path(record, sk);
	return true;
}

static __always_inline void tell_connect(void *ctx, struct sock *sk)
{
	struct record *record = begin(ctx, EVENT_CONNECT, sizeof(record->connect));

	if (record && read_endpoint(record, &record->connect.remote, sk, true))
		finish(ctx, record, EVENT_CONNECT, 0);
}

/* Reached in the process that connects: address and port are set, the source port not yet. */
SEC("raw_tp/inet_sock_set_state")
int BPF_PROG(on_connect, struct sock *sk, int oldstate, int newstate)
{
	if (newstate == TCP_SYN_SENT)
		tell_connect(ctx, sk);
	return 0;
}

static __always_inline struct sock *sock_of_fd(s32 fd)
{
	return sock_of_file(file_of_fd((void *)bpf_get_current_task(), fd));
}

CALL_BEGINS(connect, 2)

/* All but TCP. */
static __always_inline int connected(struct trace_event_raw_sys_exit *ctx, s32 fd)
{
	struct sock *sk;

	if (result_of(ctx) < 0)
		return 0;
	sk = sock_of_fd(fd);
	if (address_of(sk) && protocol_of(sk) != IPPROTO_TCP)
		tell_connect(ctx, sk);
	return 0;
}

SEC("tp/syscalls/sys_exit_connect")
int on_other_connect(struct trace_event_raw_sys_exit *ctx)
{
	struct call call;

	return take_call(&call) ? connected(ctx, call.args[0]) : 0;
}

static __always_inline int accepted(struct trace_event_raw_sys_exit *ctx)
{
	struct record *record;
	struct sock *sk;

	if (result_of(ctx) < 0)
		return 0;
	sk = sock_of_fd(result_of(ctx));
	if (!address_of(sk))
		return 0;
	record = begin(ctx, EVENT_ACCEPT, sizeof(record->accept));
	if (!record)
		return 0;
	record->accept.local_port = 0;
	if (!read_endpoint(record, &record->accept.remote, sk, true))
		return 0;
	if (record->accept.remote.family != AF_UNIX)
		record->accept.local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
	finish(ctx, record, EVENT_ACCEPT, 0);
	return 0;
}

SEC("tp/syscalls/sys_exit_accept")
int on_accept(struct trace_event_raw_sys_exit *ctx)
{
	return accepted(ctx);
}

SEC("tp/syscalls/sys_exit_accept4")
int on_accept4(struct trace_event_raw_sys_exit *ctx)
{
	return accepted(ctx);
}

static __always_inline int bound(struct trace_event_raw_sys_exit *ctx, s32 fd)
{
	struct record *record;
	struct sock *sk;

	if (result_of(ctx) < 0)
		return 0;
	sk = sock_of_fd(fd);
	if (!address_of(sk))
		return 0;
	record = begin(ctx, EVENT_BIND, sizeof(record->bind));
	if (record && read_endpoint(record, &record->bind.local, sk, false))
		finish(ctx, record, EVENT_BIND, 0);
	return 0;
}

CALL_BEGINS(bind, 2)

SEC("tp/syscalls/sys_exit_bind")
int on_bind(struct trace_event_raw_sys_exit *ctx)
{
	struct call call;

	return take_call(&call) ? bound(ctx, call.args[0]) : 0;
}

/* 32-bit x86: the C library makes all of these through one call, with the arguments in memory. */
CALL_BEGINS(socketcall, 2)

SEC("tp/syscalls/sys_exit_socketcall")
int on_socketcall(struct trace_event_raw_sys_exit *ctx)
{
	struct call call;
	s32 fd = -1;

	if (!take_call(&call))
		return 0;
	bpf_probe_read_user(&fd, sizeof(fd), (void *)call.args[1]);
	switch (call.args[0]) {
	case SYS_BIND:
		return bound(ctx, fd);
	case SYS_CONNECT:
		return connected(ctx, fd);
	case SYS_ACCEPT:
	case SYS_ACCEPT4:
		return accepted(ctx);
	default:
		return 0;
	}
}

#endif
