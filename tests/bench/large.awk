# SPDX-License-Identifier: BSD-2-Clause
# Reads a vmlinux.h and prints the C source of a CO-RE object as large as the largest that are
# shipped: see large.sh.  The counts are those of Tracee's object, and so is the mix of kinds.
#
# Questions are taken from structs that a security tracer reads, in the order of the list below and
# of their members; nothing is random, and the same header gives the same source.

BEGIN {
	PROGRAMS = 211
	FILLER = 20              # instructions of the application's own behind each relocation

	# records of each kind, and how many of them differ
	plan("offset", 29808, 240)
	plan("type_exists", 2035, 40)
	plan("enumerator", 1377, 25)
	plan("field_exists", 1310, 60)
	plan("type_size", 221, 4)
	plan("size", 2, 2)

	split("task_struct mm_struct file path inode dentry super_block vfsmount cred nsproxy pid " \
	      "pid_namespace uts_namespace ipc_namespace net mnt_namespace cgroup cgroup_namespace " \
	      "user_namespace socket sock sock_common inet_sock unix_sock tcp_sock udp_sock sk_buff " \
	      "msghdr linux_binprm fdtable files_struct fs_struct mount qstr kernfs_node css_set " \
	      "cgroup_subsys_state signal_struct sighand_struct k_sigaction vm_area_struct module " \
	      "kernel_symbol bpf_prog bpf_prog_aux bpf_map net_device ethhdr iphdr ipv6hdr tcphdr " \
	      "udphdr icmphdr timespec64 kiocb iov_iter iovec tty_struct tty_driver block_device " \
	      "gendisk request request_queue bio key user_struct group_info kernel_clone_args rlimit " \
	      "perf_event perf_event_attr trace_event_call tracepoint ftrace_ops kprobe " \
	      "file_operations inode_operations proc_dir_entry thread_struct thread_info task_group " \
	      "sched_entity rq ns_common upid audit_context", roots, " ")
	for (i in roots)
		wanted[roots[i]] = 1
	# asked for their existence only; the last ones are of other kernels than vmlinux.h's
	split("seccomp pipe_inode_info pipe_buffer io_kiocb io_ring_ctx alarm vm_struct page " \
	      "address_space dentry_operations xattr_handler security_hook_list list_head " \
	      "hlist_node rb_node seq_operations", asked, " ")
	# members of other kernels; a tracer reads them behind bpf_core_field_exists()
	flavour("task_struct", "state recent_used_old pf_io_worker scx bpf_net_context mm_cid_active")
	flavour("file", "f_iocb_flags fu_llist f_ref f_task_work f_freeptr")
	flavour("kernfs_node", "parent __parent rcu_old attr_old priv_old")
	flavour("sock", "sk_use_task_frag sk_tsflags_old sk_frozen sk_disconnects")
	split("mnt_idmap folio_batch slab ptdesc bpf_mem_alloc rethook sched_ext_entity maple_node " \
	      "timens_offsets bpf_struct_ops_desc ksm_scan", others, " ")
}

function plan(kind, records, different) {
	record_count[kind] = records
	different_count[kind] = different
}

function flavour(root, names,    i, part) {
	root = root "___other"
	flavours[++flavour_count] = root
	members[root] = split(names, part, " ")
	for (i = 1; i in part; i++)
		member[root, i - 1] = part[i]
}

# What to ask of a kind: the C expression, or statement, in the order of asking.
function add(kind, text) {
	if (have[kind] < different_count[kind])
		question[kind, have[kind]++] = text
}

/^struct [a-z0-9_]+ \{$/ { owner = $2 }
/^enum bpf_func_id \{$/ { in_enum = 1 }
/^}/ { owner = ""; in_enum = 0 }

in_enum && /^\tBPF_FUNC_/ { enumerators[enumerator_count++] = $1 }

# A member at the struct's own level that has an offset in bytes.
owner in wanted && /^\t[a-z_].*;$/ && !/:/ {
	name = $0
	sub(/ __attribute__.*/, ";", name)
	if (match(name, /\(\*[a-z0-9_]+\)/))
		name = substr(name, RSTART + 2, RLENGTH - 3)
	else {
		sub(/\[.*/, "", name)
		sub(/;$/, "", name)
		sub(/.*[ *]/, "", name)
	}
	held[owner, members[owner]] = /^\tstruct [a-z0-9_]+ [a-z0-9_]+;$/ ? $2 : ""
	member[owner, members[owner]++] = name
}

# The way to a member; through a struct that is one of ours to the first member of that.
function way(root, i,    path) {
	path = member[root, i]
	if (held[root, i] in wanted && members[held[root, i]])
		path = path "." member[held[root, i], 0]
	return path
}

function add_fields(kind, first,    level, r) {
	for (level = first; have[kind] < different_count[kind]; level++)
		for (r = 1; r in roots; r++)
			if (level < members[roots[r]])
				add(kind, roots[r] " " way(roots[r], level))
}

function statement(kind, text,    part) {
	split(text, part, " ")
	if (kind == "offset")
		return "READ(" part[1] ", " part[2] ");"
	if (kind == "field_exists")
		return "KEEP(bpf_core_field_exists(((struct " part[1] " *)p)->" part[2] "));"
	if (kind == "size")
		return "KEEP(bpf_core_field_size(((struct " part[1] " *)p)->" part[2] "));"
	if (kind == "type_exists")
		return "KEEP(bpf_core_type_exists(struct " text "));"
	if (kind == "type_size")
		return "KEEP(bpf_core_type_size(struct " text "));"
	return "KEEP(bpf_core_enum_value_exists(enum bpf_func_id, " text "));"
}

function prelude(    i, k) {
	print "/* made by tests/bench/large.awk */"
	print "#include \"vmlinux.h\""
	print "#include <bpf/bpf_core_read.h>"
	print "#include <bpf/bpf_helpers.h>"
	print "\nchar LICENSE[] SEC(\"license\") = \"Dual BSD/GPL\";"
	print "volatile __u64 sink;\n"
	for (i = 1; i in others; i++)
		printf "struct %s___other { int any; } __attribute__((preserve_access_index));\n", others[i]
	for (i = 1; i in flavours; i++) {
		printf "struct %s {", flavours[i]
		for (k = 0; k < members[flavours[i]]; k++)
			printf " int %s;", member[flavours[i], k]
		print " } __attribute__((preserve_access_index));"
	}
	printf "\n#define FILLER asm volatile(\".rept %d\\n\\tr0 = r0\\n\\t.endr\" ::: \"r0\", \"memory\")\n",
		FILLER
	print "#define KEEP(value) do { sink = (value); FILLER; } while (0)"
	print "#define READ(type, way) do { __u64 to; \\"
	print "\tbpf_probe_read_kernel(&to, sizeof(to), (const void *)&((struct type *)p)->way); \\"
	print "\tsink = to; FILLER; } while (0)"
}

function gather(    i, k) {
	for (i = 1; i in flavours; i++)
		for (k = 0; k < members[flavours[i]]; k++) {
			add("offset", flavours[i] " " member[flavours[i], k])
			if (k == 0)
				add("field_exists", flavours[i] " " member[flavours[i], k])
		}
	add_fields("offset", 0)
	add_fields("field_exists", 1)
	for (i = 1; i in others; i++)
		add("type_exists", others[i] "___other")
	for (i = 1; i in asked; i++)
		add("type_exists", asked[i])
	for (i = 1; i in roots; i++)
		add("type_exists", roots[i])
	for (i = 0; i < enumerator_count; i += 8)
		add("enumerator", enumerators[i])
	for (i = 1; i in roots; i++)
		add("type_size", roots[i])
	add_fields("size", 2)
}

# The part of each kind's records that program number i holds, spread evenly.
function program(i,    kind, from, to) {
	printf "\nSEC(\"raw_tracepoint/program_%d\")\nint program_%d(void *p)\n{\n", i, i
	for (k = 1; k in kinds; k++) {
		kind = kinds[k]
		from = int(record_count[kind] * i / PROGRAMS)
		to = int(record_count[kind] * (i + 1) / PROGRAMS)
		for (; from < to; from++)
			print "\t" statement(kind, question[kind, from % different_count[kind]])
	}
	print "\treturn 0;\n}"
}

END {
	split("type_exists field_exists offset enumerator type_size size", kinds, " ")
	gather()
	for (k = 1; k in kinds; k++)
		if (have[kinds[k]] < different_count[kinds[k]]) {
			printf "large.awk: vmlinux.h has %d of the %d questions of kind %s\n", \
				have[kinds[k]], different_count[kinds[k]], kinds[k] >"/dev/stderr"
			exit 1
		}
	prelude()
	for (i = 0; i < PROGRAMS; i++)
		program(i)
}
