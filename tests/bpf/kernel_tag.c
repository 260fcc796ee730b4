/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel built by clang: __user, __rcu and __percpu are type tags behind pointers. */
#define __user __attribute__((btf_type_tag("user")))
#define __rcu __attribute__((btf_type_tag("rcu")))

struct payload { int size; };
typedef struct payload __user *user_payload_t;
struct tagged {
	int first;
	struct payload __rcu *payload;
	int __user *word;
};

struct tagged tagged;
user_payload_t user_payload;
